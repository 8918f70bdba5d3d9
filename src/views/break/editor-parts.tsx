/** Fields that several kinds of fault share. */
import { useSession } from '../../session/use-session.ts'
import { Select } from '../../ui/field.tsx'
import { NumberField } from '../../ui/text-fields.tsx'
import styles from './fault-editor.module.css'
import { messageChoices, messageNames } from './message-choices.ts'
import { ordinal, titleIn } from './names.ts'

/** The longest time the language knows, 400 days in milliseconds. */
const MS_MAX = 34_560_000_000

interface ServiceSelectProps {
  label: string
  value: string | undefined
  onChange: (service: string | undefined) => void
  /** What choosing none means; without it one has to be chosen. */
  none?: string
}

export function ServiceSelect({ label, value, onChange, none }: ServiceSelectProps) {
  const scenario = useSession((session) => session.effective)
  const services = Object.keys(scenario?.services ?? {})
  const listed = value === undefined || services.includes(value) ? services : [...services, value]
  const choices = listed.map((service) => ({ value: service, label: titleIn(scenario, service) }))
  return (
    <Select
      label={label}
      choices={none === undefined ? choices : [{ value: '', label: none }, ...choices]}
      value={value ?? ''}
      onChange={(service) => onChange(service === '' ? undefined : service)}
    />
  )
}

interface MessageSelectProps {
  label: string
  value: string | undefined
  /** Only messages this service receives. */
  to?: string | undefined
  onChange: (message: string | undefined) => void
}

export function MessageSelect({ label, value, to, onChange }: MessageSelectProps) {
  const scenario = useSession((session) => session.effective)
  const trace = useSession((session) => session.trace)
  const names = scenario === null ? [] : messageNames(scenario, trace)
  return (
    <Select
      label={label}
      choices={messageChoices(names, to, value)}
      value={value ?? ''}
      onChange={(message) => onChange(message === '' ? undefined : message)}
    />
  )
}

interface MsFieldProps {
  label: string
  value: number | undefined
  onChange: (value: number | undefined) => void
  /** May be left empty, and what that means. */
  empty?: string
  min?: number
}

/** A time in milliseconds. */
export function MsField({ label, value, onChange, empty, min = 0 }: MsFieldProps) {
  return (
    <NumberField
      label={label}
      value={value}
      onChange={onChange}
      optional={empty !== undefined}
      placeholder={empty ?? ''}
      min={min}
      max={MS_MAX}
      step={5}
      unit="ms"
    />
  )
}

interface CountFieldProps {
  label: string
  value: number
  onChange: (value: number) => void
}

/** A count from one. */
export function CountField({ label, value, onChange }: CountFieldProps) {
  return (
    <NumberField label={label} value={value} onChange={(count) => onChange(count ?? 1)} whole min={1} max={1_000_000} />
  )
}

/** Which of a series, from one: `2 nd`. */
export function NthField({ label, value, onChange }: CountFieldProps) {
  return (
    <NumberField
      label={label}
      value={value}
      onChange={(nth) => onChange(nth ?? 1)}
      whole
      min={1}
      max={1_000_000}
      unit={ordinal(value).slice(String(value).length)}
    />
  )
}

interface SpanFieldsProps {
  legend: string
  from: { readonly label: string; readonly ms: number | undefined }
  /** `open`: what it means when there is no end. */
  until: { readonly label: string; readonly ms: number | undefined; readonly open: string }
  onFrom: (ms: number | undefined) => void
  onUntil: (ms: number | undefined) => void
}

/** From when until when a fault is there. */
export function SpanFields({ legend, from, until, onFrom, onUntil }: SpanFieldsProps) {
  return (
    <fieldset className={styles.group}>
      <legend>{legend}</legend>
      <div className={styles.pair}>
        <MsField label={from.label} value={from.ms ?? 0} onChange={onFrom} />
        <MsField label={until.label} value={until.ms} empty={until.open} min={from.ms ?? 0} onChange={onUntil} />
      </div>
    </fieldset>
  )
}
