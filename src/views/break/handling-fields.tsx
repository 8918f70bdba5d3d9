import { Select } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { TextField } from '../../ui/text-fields.tsx'
import { CountField, MessageSelect, MsField, NthField, ServiceSelect, SpanFields } from './editor-parts.tsx'
import { type Change, type HandlingFault, nameProblem, patchFault } from './fault-edit.ts'
import styles from './fault-editor.module.css'

interface HandlingFieldsProps {
  fault: HandlingFault
  onChange: (fault: HandlingFault) => void
}

const reasons = { refuse: 'REFUSED', fail: 'UNAVAILABLE' }

/** Slow, refuse, fail: which handlings of a service meet it. */
export function HandlingFields({ fault, onChange }: HandlingFieldsProps) {
  const change: Change<HandlingFault> = (patch) => onChange(patchFault(fault, patch))
  return (
    <>
      <fieldset className={styles.group}>
        <legend>Which handling</legend>
        <div className={styles.pair}>
          <ServiceSelect
            label="At"
            value={fault.service}
            onChange={(service) => change({ service: service ?? fault.service, on: undefined })}
          />
          <MessageSelect label="Of" value={fault.on} to={fault.service} onChange={(on) => change({ on })} />
        </div>
      </fieldset>
      {fault.kind === 'slow' ? (
        <Dawdling fault={fault} onChange={onChange} />
      ) : (
        <fieldset className={styles.group}>
          <legend>The answer</legend>
          <TextField
            label="Reason given"
            value={fault.reason ?? ''}
            placeholder={reasons[fault.kind]}
            problemOf={nameProblem}
            onChange={(reason) => change({ reason: reason === '' ? undefined : reason })}
          />
        </fieldset>
      )}
      <HowOften fault={fault} change={change} />
      <SpanFields
        legend="Begun when"
        from={{ label: 'From', ms: fault.afterMs }}
        until={{ label: 'Until before', ms: fault.untilMs, open: 'the end' }}
        onFrom={(afterMs) => change({ afterMs })}
        onUntil={(untilMs) => change({ untilMs })}
      />
    </>
  )
}

type Slow = Extract<HandlingFault, { kind: 'slow' }>

function Dawdling({ fault, onChange }: { fault: Slow; onChange: (fault: HandlingFault) => void }) {
  return (
    <fieldset className={styles.group}>
      <legend>By how much</legend>
      <div className={styles.pair}>
        <MsField
          label="Longer by"
          value={fault.byMs}
          onChange={(byMs) => onChange(patchFault(fault, { byMs: byMs ?? 0 }))}
        />
        <Select
          label="Dawdles"
          choices={[
            { value: 'in transaction', label: 'inside the transaction' },
            { value: 'before transaction', label: 'before it begins' },
          ]}
          value={fault.where ?? 'in transaction'}
          onChange={(where) => onChange(patchFault(fault, { where }))}
        />
      </div>
    </fieldset>
  )
}

function HowOften({ fault, change }: { fault: HandlingFault; change: Change<HandlingFault> }) {
  const always = fault.times === 'always'
  return (
    <fieldset className={styles.group}>
      <legend>How often</legend>
      <Segmented
        label="How often"
        size="s"
        segments={[
          { value: false, label: 'a few times' },
          { value: true, label: 'always from then on' },
        ]}
        value={always}
        onChange={(to) => change({ times: to ? 'always' : undefined })}
      />
      <div className={styles.pair}>
        <NthField label="Starting with the" value={fault.nth ?? 1} onChange={(nth) => change({ nth })} />
        {fault.times !== 'always' && (
          <CountField label="How many in a row" value={fault.times ?? 1} onChange={(times) => change({ times })} />
        )}
      </div>
    </fieldset>
  )
}
