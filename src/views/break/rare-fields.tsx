import type { FaultInput } from '../../session/session-types.ts'
import { NumberField } from '../../ui/text-fields.tsx'
import { CountField, MessageSelect, MsField, ServiceSelect, SpanFields } from './editor-parts.tsx'
import { patchFault } from './fault-edit.ts'
import styles from './fault-editor.module.css'

type Poison = Extract<FaultInput, { kind: 'poison' }>
type Pause = Extract<FaultInput, { kind: 'pause' }>
type Skew = Extract<FaultInput, { kind: 'skew' }>
type Amnesia = Extract<FaultInput, { kind: 'amnesia' }>

/** Which message can never be handled, and until when. */
export function PoisonFields({ fault, onChange }: { fault: Poison; onChange: (fault: Poison) => void }) {
  const change = (patch: Partial<Poison>) => onChange(patchFault(fault, patch))
  return (
    <>
      <fieldset className={styles.group}>
        <legend>Which message</legend>
        <div className={styles.pair}>
          <ServiceSelect
            label="At"
            value={fault.service}
            onChange={(service) => change({ service: service ?? fault.service, on: undefined })}
          />
          <MessageSelect label="Of" value={fault.on} to={fault.service} onChange={(on) => change({ on })} />
          <CountField label="The n-th" value={fault.nth ?? 1} onChange={(nth) => change({ nth })} />
        </div>
      </fieldset>
      <SpanFields
        legend="When"
        from={{ label: 'Counted from', ms: fault.afterMs }}
        until={{ label: 'Mended at', ms: fault.untilMs, open: 'never' }}
        onFrom={(afterMs) => change({ afterMs })}
        onUntil={(untilMs) => change({ untilMs })}
      />
    </>
  )
}

/** When the broker forgets, and how far back. */
export function AmnesiaFields({ fault, onChange }: { fault: Amnesia; onChange: (fault: Amnesia) => void }) {
  return (
    <fieldset className={styles.group}>
      <legend>What the broker loses</legend>
      <div className={styles.pair}>
        <MsField
          label="At"
          value={fault.atMs}
          onChange={(atMs) => onChange(patchFault(fault, { atMs: atMs ?? fault.atMs }))}
        />
        <MsField
          label="Accepted in the last"
          value={fault.windowMs ?? 1000}
          onChange={(windowMs) => onChange(patchFault(fault, { windowMs }))}
        />
      </div>
    </fieldset>
  )
}

/** Who stands still, from when, and for how long. */
export function PauseFields({ fault, onChange }: { fault: Pause; onChange: (fault: Pause) => void }) {
  const change = (patch: Partial<Pause>) => onChange(patchFault(fault, patch))
  return (
    <fieldset className={styles.group}>
      <legend>Stands still</legend>
      <div className={styles.pair}>
        <ServiceSelect
          label="Who"
          value={fault.service}
          onChange={(service) => change({ service: service ?? fault.service })}
        />
        {fault.atMs !== undefined && (
          <MsField label="From" value={fault.atMs} onChange={(atMs) => change({ atMs: atMs ?? fault.atMs })} />
        )}
        <MsField label="For" value={fault.forMs} onChange={(forMs) => change({ forMs: forMs ?? fault.forMs })} />
      </div>
    </fieldset>
  )
}

/** Whose clock is wrong, by how much, and when. */
export function SkewFields({ fault, onChange }: { fault: Skew; onChange: (fault: Skew) => void }) {
  const change = (patch: Partial<Skew>) => onChange(patchFault(fault, patch))
  return (
    <>
      <fieldset className={styles.group}>
        <legend>A wrong clock</legend>
        <div className={styles.pair}>
          <ServiceSelect
            label="Whose"
            value={fault.service}
            onChange={(service) => change({ service: service ?? fault.service })}
          />
          <MsField
            label="Ahead by"
            value={fault.offsetMs ?? 0}
            min={-OFFSET_MAX}
            onChange={(offsetMs) => change({ offsetMs })}
          />
          <NumberField
            label="Gains"
            value={fault.driftPpm ?? 0}
            whole
            min={-500_000}
            max={500_000}
            unit="ppm"
            onChange={(driftPpm) => change({ driftPpm })}
          />
        </div>
      </fieldset>
      <SpanFields
        legend="When"
        from={{ label: 'From', ms: fault.fromMs }}
        until={{ label: 'Put right at', ms: fault.untilMs, open: 'never' }}
        onFrom={(fromMs) => change({ fromMs })}
        onUntil={(untilMs) => change({ untilMs })}
      />
    </>
  )
}
const OFFSET_MAX = 34_560_000_000
