import { Segmented } from '../../ui/segmented.tsx'
import { NumberField } from '../../ui/text-fields.tsx'
import { CountField, MessageSelect, MsField, NthField, ServiceSelect } from './editor-parts.tsx'
import { type Change, chooseBy, type MessageFault, patchFault } from './fault-edit.ts'
import styles from './fault-editor.module.css'

interface MessageFieldsProps {
  fault: MessageFault
  onChange: (fault: MessageFault) => void
}

/** Drop, duplicate, delay: which messages on their way meet it. */
export function MessageFields({ fault, onChange }: MessageFieldsProps) {
  const change: Change<MessageFault> = (patch) => onChange(patchFault(fault, patch))
  return (
    <>
      <fieldset className={styles.group}>
        <legend>Which message</legend>
        <MessageSelect label="Name" value={fault.message} to={fault.to} onChange={(message) => change({ message })} />
        <div className={styles.pair}>
          <ServiceSelect label="From" none="anybody" value={fault.from} onChange={(from) => change({ from })} />
          <ServiceSelect label="To" none="anybody" value={fault.to} onChange={(to) => change({ to })} />
        </div>
      </fieldset>
      <HowOften fault={fault} change={change} />
      {fault.kind !== 'drop' && <ByHowMuch fault={fault} onChange={onChange} />}
      <fieldset className={styles.group}>
        <legend>Sent when</legend>
        <div className={styles.pair}>
          <MsField label="From" value={fault.afterMs ?? 0} onChange={(afterMs) => change({ afterMs })} />
          <MsField
            label="Until before"
            value={fault.untilMs}
            empty="the end"
            min={fault.afterMs ?? 0}
            onChange={(untilMs) => change({ untilMs })}
          />
        </div>
      </fieldset>
    </>
  )
}

function HowOften({ fault, change }: { fault: MessageFault; change: Change<MessageFault> }) {
  const by = fault.probability === undefined ? 'count' : 'chance'
  return (
    <fieldset className={styles.group}>
      <legend>How often</legend>
      <Segmented
        label="How often"
        size="s"
        segments={[
          { value: 'count' as const, label: 'the n-th' },
          { value: 'chance' as const, label: 'by chance' },
        ]}
        value={by}
        onChange={(to) => change(chooseBy(to))}
      />
      {by === 'count' ? (
        <div className={styles.pair}>
          <NthField label="Starting with the" value={fault.nth ?? 1} onChange={(nth) => change({ nth })} />
          <CountField label="How many in a row" value={fault.times ?? 1} onChange={(times) => change({ times })} />
        </div>
      ) : (
        <NumberField
          label="Chance for each such message"
          hint="Drawn from the scenario’s seed: the same on every run."
          value={Math.round((fault.probability ?? 0) * 1e6) / 1e4}
          min={0}
          max={100}
          step={5}
          unit="%"
          onChange={(percent) => change({ probability: (percent ?? 0) / 100 })}
        />
      )}
    </fieldset>
  )
}

type Longer = Extract<MessageFault, { kind: 'duplicate' | 'delay' }>

function ByHowMuch({ fault, onChange }: { fault: Longer; onChange: (fault: MessageFault) => void }) {
  return (
    <fieldset className={styles.group}>
      <legend>By how much</legend>
      {fault.kind === 'delay' ? (
        <MsField
          label="Longer by"
          value={fault.byMs}
          onChange={(byMs) => onChange(patchFault(fault, { byMs: byMs ?? 0 }))}
        />
      ) : (
        <div className={styles.pair}>
          <CountField
            label="More copies"
            value={fault.copies ?? 1}
            onChange={(copies) => onChange(patchFault(fault, { copies }))}
          />
          <MsField
            label="Each later by"
            value={fault.byMs ?? 0}
            onChange={(byMs) => onChange(patchFault(fault, { byMs }))}
          />
        </div>
      )}
    </fieldset>
  )
}
