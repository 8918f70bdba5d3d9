import { useSession } from '../../session/use-session.ts'
import { Select } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { CrashPointStrip } from './crash-point-strip.tsx'
import { MessageSelect, MsField, NthField, ServiceSelect } from './editor-parts.tsx'
import { type Change, crashWhen, type FaultOf, patchFault } from './fault-edit.ts'
import styles from './fault-editor.module.css'

type Crash = FaultOf<'crash'>

interface CrashFieldsProps {
  fault: Crash
  onChange: (fault: Crash) => void
}

export function CrashFields({ fault, onChange }: CrashFieldsProps) {
  const change: Change<Crash> = (patch) => onChange(patchFault(fault, patch))
  const when = fault.atMs === undefined ? 'gap' : 'time'
  return (
    <>
      <fieldset className={styles.group}>
        <legend>Who and when</legend>
        <ServiceSelect
          label="Service"
          value={fault.service}
          onChange={(service) => change({ service: service ?? fault.service, on: undefined, replica: undefined })}
        />
        <ReplicaSelect fault={fault} change={change} />
        <Segmented
          label="When"
          size="s"
          segments={[
            { value: 'gap' as const, label: 'while handling' },
            { value: 'time' as const, label: 'at a time' },
          ]}
          value={when}
          onChange={(to) => change(crashWhen(to, fault))}
        />
        {when === 'time' ? (
          <MsField label="At" value={fault.atMs} onChange={(atMs) => change({ atMs: atMs ?? 0 })} />
        ) : (
          <WhileHandling fault={fault} change={change} />
        )}
      </fieldset>
      <Down fault={fault} change={change} />
    </>
  )
}

/** One of a service's replicas, where it has several. */
function ReplicaSelect({ fault, change }: { fault: Crash; change: Change<Crash> }) {
  const service = useSession((session) => session.effective?.services[fault.service])
  const count = Math.max(service?.replicas ?? 1, ...(service?.scaling ?? []).map(({ replicas }) => replicas))
  if (count === 1 && fault.replica === undefined) return null
  const numbers = Array.from({ length: Math.min(count, LISTED) }, (_, i) => String(i + 1))
  const onChange = (value: string) => {
    if (value === 'all') change({ replica: undefined })
    else change({ replica: value === 'at work' ? value : Number(value) })
  }
  return (
    <Select
      label="What crashes"
      value={String(fault.replica ?? 'all')}
      choices={[
        { value: 'all', label: 'the whole service' },
        ...(fault.atMs === undefined ? [{ value: 'at work', label: 'the replica at work on it' }] : []),
        ...numbers.map((value) => ({ value, label: `replica ${value}` })),
      ]}
      onChange={onChange}
    />
  )
}
const LISTED = 64

function WhileHandling({ fault, change }: { fault: Crash; change: Change<Crash> }) {
  const acknowledge = useSession((session) => session.effective?.services[fault.service]?.acknowledge) ?? 'after'
  return (
    <>
      <MessageSelect label="Message" value={fault.on} to={fault.service} onChange={(on) => change({ on })} />
      <div className={styles.pair}>
        <NthField label="At the" value={fault.nth ?? 1} onChange={(nth) => change({ nth })} />
        <MsField label="Counted from" value={fault.afterMs ?? 0} onChange={(afterMs) => change({ afterMs })} />
      </div>
      <CrashPointStrip
        acknowledge={acknowledge}
        value={fault.point ?? 'on receipt'}
        onChange={(point) => change({ point })}
      />
    </>
  )
}

type Length = 'usual' | 'for' | 'never'
/** A span long enough to be seen and short enough not to hide the rest. */
const FIRST_SPAN_MS = 500

function Down({ fault, change }: { fault: Crash; change: Change<Crash> }) {
  const { restartMs } = fault
  const usual = useSession((session) => session.effective?.services[fault.service]?.restartMs) ?? 1000
  const length: Length = restartMs === undefined ? 'usual' : restartMs === 'never' ? 'never' : 'for'
  const next = { usual: undefined, never: 'never', for: FIRST_SPAN_MS } as const
  return (
    <fieldset className={styles.group}>
      <legend>Then it is down</legend>
      <Segmented
        label="How long it is down"
        size="s"
        segments={[
          { value: 'usual' as const, label: `${usual} ms, as usual` },
          { value: 'for' as const, label: 'for …' },
          { value: 'never' as const, label: 'for good' },
        ]}
        value={length}
        onChange={(to) => change({ restartMs: next[to] })}
      />
      {typeof restartMs === 'number' && (
        <MsField label="Down for" value={restartMs} onChange={(ms) => change({ restartMs: ms ?? 0 })} />
      )}
    </fieldset>
  )
}
