import { X } from 'lucide-react'
import type { SessionFault } from '../../session/session-types.ts'
import { useSession } from '../../session/use-session.ts'
import { IconButton } from '../../ui/button.tsx'
import { Switch } from '../../ui/field.tsx'
import { faultKindInfo } from './fault-kinds.ts'
import styles from './fault-list.module.css'
import { faultDetail, faultText } from './fault-words.ts'
import { titleIn } from './names.ts'
import { neverStrikes } from './struck-faults.ts'

/** The faults of this run, each with its switch; the words open the editor. */
export function FaultList() {
  const faults = useSession((session) => session.faults)
  if (faults.length === 0) {
    return <p className={styles.empty}>Nothing yet. Drag a failure onto the stage.</p>
  }
  return (
    <ul className={styles.list}>
      {faults.map((fault) => (
        <FaultRow key={`${fault.origin} ${fault.place}`} fault={fault} />
      ))}
    </ul>
  )
}

function FaultRow({ fault }: { fault: SessionFault }) {
  const scenario = useSession((session) => session.effective)
  const selection = useSession((session) => session.selection)
  const sheet = useSession((session) => session.sheet)
  const toggleFault = useSession((session) => session.toggleFault)
  const removeFault = useSession((session) => session.removeFault)
  const select = useSession((session) => session.select)
  const setPanel = useSession((session) => session.setPanel)
  const setSheet = useSession((session) => session.setSheet)
  const isSilent = useSession(
    ({ trace, run }) =>
      trace !== null &&
      run.status === 'done' &&
      neverStrikes(trace, fault.number, fault.fault.kind, fault.fault.enabled !== false),
  )
  const { icon: Icon, label } = faultKindInfo(fault.fault.kind)
  const titleOf = (service: string) => titleIn(scenario, service)
  const words = faultText(fault.fault, titleOf)
  const open = () => {
    select({ type: 'fault', number: fault.number })
    setPanel('faults')
    if (sheet !== 'none') setSheet('inspect')
  }
  const isOn = fault.fault.enabled !== false
  const isSelected = selection?.type === 'fault' && selection.number === fault.number
  return (
    <li className={styles.row} data-off={isOn ? undefined : ''} data-selected={isSelected ? '' : undefined}>
      <Switch
        label={`${words}: in force`}
        labelHidden
        checked={isOn}
        className={styles.switch}
        onChange={() => toggleFault(fault)}
      />
      <button type="button" className={styles.words} onClick={open} aria-label={`Edit ${words}`} title="Edit">
        <span className={styles.label}>
          <Icon aria-hidden="true" />
          {label}
          {!isOn && <span className={styles.off}>off</span>}
          {isSilent && (
            <span className={styles.silent} title="It is in force, and what it waits for does not come in this run.">
              never strikes
            </span>
          )}
        </span>
        <span className={styles.detail}>{faultDetail(fault.fault, titleOf)}</span>
      </button>
      <IconButton label={`Remove ${words}`} size="s" className={styles.remove} onClick={() => removeFault(fault)}>
        <X aria-hidden="true" />
      </IconButton>
    </li>
  )
}
