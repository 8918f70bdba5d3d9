import { useState } from 'react'
import { useSession } from '../../session/use-session.ts'
import { Select } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SpanFields } from './editor-parts.tsx'
import { type Change, type FaultOf, moveToSide, patchFault, type Side, sideOf } from './fault-edit.ts'
import styles from './fault-editor.module.css'
import { titleIn } from './names.ts'

type Partition = FaultOf<'partition'>

interface PartitionFieldsProps {
  fault: Partition
  onChange: (fault: Partition) => void
}

export function PartitionFields({ fault, onChange }: PartitionFieldsProps) {
  const change: Change<Partition> = (patch) => onChange(patchFault(fault, patch))
  return (
    <>
      <Sides fault={fault} change={change} />
      <SpanFields
        legend="When"
        from={{ label: 'Begins', ms: fault.fromMs }}
        until={{ label: 'Heals', ms: fault.untilMs, open: 'never' }}
        onFrom={(fromMs) => change({ fromMs })}
        onUntil={(untilMs) => change({ untilMs })}
      />
      <fieldset className={styles.group}>
        <legend>What it does</legend>
        <Select
          label="Messages"
          choices={[
            { value: 'buffer', label: 'wait and arrive when it heals' },
            { value: 'drop', label: 'are lost' },
            { value: 'refuse', label: 'fail at once: UNREACHABLE' },
          ]}
          value={fault.mode ?? 'buffer'}
          onChange={(mode) => change({ mode })}
        />
        <Select
          label="Direction"
          choices={[
            { value: 'both', label: 'both ways' },
            { value: 'there', label: 'only from A to B' },
            { value: 'back', label: 'only from B to A' },
          ]}
          value={fault.direction ?? 'both'}
          onChange={(direction) => change({ direction })}
        />
      </fieldset>
    </>
  )
}

const sides = [
  { value: 'first', label: 'A', title: 'On side A' },
  { value: 'neither', label: '–', title: 'Reaches both sides' },
  { value: 'second', label: 'B', title: 'On side B' },
] as const satisfies readonly { value: Side; label: string; title: string }[]

function Sides({ fault, change }: { fault: Partition; change: Change<Partition> }) {
  const scenario = useSession((session) => session.effective)
  const [problem, setProblem] = useState<string>()
  const declared = Object.keys(scenario?.services ?? {})
  const services = [...new Set([...declared, ...fault.between[0], ...fault.between[1]])]
  const move = (service: string, side: Side) => {
    const moved = moveToSide(fault.between, service, side)
    setProblem(moved.ok ? undefined : moved.problems[0]?.message)
    if (moved.ok) change({ between: moved.value })
  }
  return (
    <fieldset className={styles.group}>
      <legend>Between side A and side B</legend>
      {services.map((service) => (
        <div key={service} className={styles.side}>
          <span>{titleIn(scenario, service)}</span>
          <Segmented
            label={`Side of ${titleIn(scenario, service)}`}
            size="s"
            segments={sides}
            value={sideOf(fault.between, service)}
            onChange={(side) => move(service, side)}
          />
        </div>
      ))}
      {problem !== undefined && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  )
}
