import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import styles from './field.module.css'
import { Field } from './field.tsx'
import { type NumberRules, readNumber, stepNumber } from './number-text.ts'

/** After so long without a key the text counts as meant, so that typing 250 does not first apply 2 and 25. */
const SETTLE_MS = 350

interface DraftTextProps<T> {
  value: T
  toText: (value: T) => string
  read: (text: string) => { ok: true; value: T } | { ok: false; problem: string }
  onChange: (value: T) => void
}

/** Text being typed: applied when it settles, on Enter and on leaving; a text that cannot be read changes nothing. */
function useDraftText<T>({ value, toText, read, onChange }: DraftTextProps<T>) {
  const [draft, setDraft] = useState<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const text = draft ?? toText(value)
  const reading = draft === null ? undefined : read(draft)

  const apply = (typed: string) => {
    clearTimeout(timer.current)
    const result = read(typed)
    if (result.ok && result.value !== value) onChange(result.value)
    return result.ok
  }
  return {
    text,
    problem: reading?.ok === false ? reading.problem : undefined,
    type: (typed: string) => {
      setDraft(typed)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => apply(typed), SETTLE_MS)
    },
    /** A text that cannot be read stays, with its problem beside it. */
    settle: () => {
      if (draft !== null && apply(draft)) setDraft(null)
    },
    forget: () => {
      clearTimeout(timer.current)
      setDraft(null)
    },
  }
}

interface CommonProps {
  label: ReactNode
  hint?: ReactNode
  className?: string
  placeholder?: string
}

interface NumberFieldProps extends CommonProps, NumberRules {
  value: number | undefined
  onChange: (value: number | undefined) => void
  /** What an arrow key adds. */
  step?: number
  unit?: string
}

export function NumberField({
  label,
  hint,
  className,
  placeholder,
  value,
  onChange,
  step = 1,
  unit,
  ...rules
}: NumberFieldProps) {
  const draft = useDraftText({
    value,
    toText: (known) => (known === undefined ? '' : String(known)),
    read: (text) => readNumber(text, rules),
    onChange,
  })
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') draft.settle()
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    event.preventDefault()
    const known = readNumber(draft.text, rules)
    draft.forget()
    onChange(stepNumber(known.ok ? known.value : value, event.key === 'ArrowUp' ? step : -step, rules))
  }
  return (
    <Field label={label} hint={hint} problem={draft.problem} className={className}>
      {(control) => (
        <span className={styles.withUnit}>
          <input
            {...control}
            className={styles.control}
            type="text"
            inputMode="decimal"
            autoComplete="off"
            placeholder={placeholder}
            value={draft.text}
            onChange={(event) => draft.type(event.currentTarget.value)}
            onBlur={draft.settle}
            onKeyDown={onKeyDown}
          />
          {unit !== undefined && <span className={styles.unit}>{unit}</span>}
        </span>
      )}
    </Field>
  )
}

interface TextFieldProps extends CommonProps {
  value: string
  onChange: (value: string) => void
  /** A sentence when the text will not do. */
  problemOf?: (text: string) => string | undefined
}

export function TextField({ label, hint, className, placeholder, value, onChange, problemOf }: TextFieldProps) {
  const draft = useDraftText({
    value,
    toText: (known) => known,
    read: (text) => {
      const problem = problemOf?.(text)
      return problem === undefined ? { ok: true, value: text } : { ok: false, problem }
    },
    onChange,
  })
  return (
    <Field label={label} hint={hint} problem={draft.problem} className={className}>
      {(control) => (
        <input
          {...control}
          className={styles.control}
          type="text"
          autoComplete="off"
          placeholder={placeholder}
          value={draft.text}
          onChange={(event) => draft.type(event.currentTarget.value)}
          onBlur={draft.settle}
          onKeyDown={(event) => event.key === 'Enter' && draft.settle()}
        />
      )}
    </Field>
  )
}
