import { Trash2 } from 'lucide-react'
import { assertNever } from '../../base/assert.ts'
import type { FaultInput, SessionFault } from '../../session/session-types.ts'
import { useSession } from '../../session/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { Switch } from '../../ui/field.tsx'
import { CrashFields } from './crash-fields.tsx'
import { patchFault } from './fault-edit.ts'
import styles from './fault-editor.module.css'
import { faultKindInfo } from './fault-kinds.ts'
import { faultDetail } from './fault-words.ts'
import { HandlingFields } from './handling-fields.tsx'
import { MessageFields } from './message-fields.tsx'
import { titleIn } from './names.ts'
import { PartitionFields } from './partition-fields.tsx'
import { AmnesiaFields, PauseFields, PoisonFields, SkewFields } from './rare-fields.tsx'

/** Everything about one fault, in force as soon as it is changed. */
export function FaultEditor({ fault }: { fault: SessionFault }) {
  const scenario = useSession((session) => session.effective)
  const changeFault = useSession((session) => session.changeFault)
  const removeFault = useSession((session) => session.removeFault)
  const { icon: Icon, label, says } = faultKindInfo(fault.fault.kind)
  const isOn = fault.fault.enabled !== false
  const change = (to: FaultInput) => changeFault(fault, to)
  return (
    <div className={styles.editor}>
      <header className={styles.head} data-off={isOn ? undefined : ''}>
        <h3>
          <Icon aria-hidden="true" />
          {label}
        </h3>
        <p className={styles.detail}>{faultDetail(fault.fault, (service) => titleIn(scenario, service))}</p>
        <p className={styles.says}>
          {says} {fault.origin === 'scenario' ? 'Part of the scenario.' : 'Added by you.'}
        </p>
        <div className={styles.actions}>
          <Switch
            label={isOn ? 'In force' : 'Switched off'}
            checked={isOn}
            onChange={(enabled) => change(patchFault(fault.fault, { enabled }))}
          />
          <Button tone="danger" size="s" icon={<Trash2 aria-hidden="true" />} onClick={() => removeFault(fault)}>
            Remove
          </Button>
        </div>
      </header>
      <KindFields fault={fault.fault} onChange={change} />
    </div>
  )
}

interface KindFieldsProps {
  fault: FaultInput
  onChange: (fault: FaultInput) => void
}

function KindFields({ fault, onChange }: KindFieldsProps) {
  switch (fault.kind) {
    case 'crash':
      return <CrashFields fault={fault} onChange={onChange} />
    case 'drop':
    case 'duplicate':
    case 'delay':
      return <MessageFields fault={fault} onChange={onChange} />
    case 'slow':
    case 'refuse':
    case 'fail':
      return <HandlingFields fault={fault} onChange={onChange} />
    case 'poison':
      return <PoisonFields fault={fault} onChange={onChange} />
    case 'pause':
      return <PauseFields fault={fault} onChange={onChange} />
    case 'skew':
      return <SkewFields fault={fault} onChange={onChange} />
    case 'amnesia':
      return <AmnesiaFields fault={fault} onChange={onChange} />
    case 'partition':
      return <PartitionFields fault={fault} onChange={onChange} />
    default:
      return assertNever(fault)
  }
}
