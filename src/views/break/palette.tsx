import { createPortal } from 'react-dom'
import type { FaultKind, Target } from '../../session/session-types.ts'
import { useSession } from '../../session/use-session.ts'
import { classNames } from '../../ui/class-names.ts'
import { Kbd } from '../../ui/kbd.tsx'
import type { DragEffect } from './drag-machine.ts'
import { commonKinds, type FaultKindInfo, faultKindInfo, rareKinds } from './fault-kinds.ts'
import styles from './palette.module.css'
import { useFaultDrag } from './use-fault-drag.ts'

/** The failures one can break something with: dragged onto the stage, or taken in hand and placed by keyboard. */
export function Palette() {
  const armed = useSession((session) => session.armed)
  const ready = useSession((session) => session.trace !== null)
  const pickUp = usePickUp()
  const drag = useFaultDrag(usePerform())
  const onClick = (kind: FaultKind) => {
    if (!drag.endedByDrag()) pickUp(armed === kind ? null : kind)
  }
  const button = (info: FaultKindInfo) => (
    <button
      key={info.kind}
      type="button"
      className={styles.fault}
      aria-pressed={armed === info.kind}
      disabled={!ready}
      title={info.says}
      data-fault-kind={info.kind}
      onClick={() => onClick(info.kind)}
      {...drag.handlers(info.kind)}
    >
      <info.icon className={styles.icon} aria-hidden="true" />
      {info.label}
    </button>
  )
  return (
    <>
      <div className={styles.palette}>{commonKinds.map(button)}</div>
      <details className={styles.more}>
        <summary>More</summary>
        <div className={styles.palette}>{rareKinds.map(button)}</div>
      </details>
      <Hint armed={armed} />
      {drag.state.phase === 'dragging' &&
        createPortal(<Ghost info={faultKindInfo(drag.state.kind)} {...drag.state} />, document.body)}
    </>
  )
}

function Hint({ armed }: { armed: FaultKind | null }) {
  if (armed === null) {
    return (
      <p className={styles.hint}>
        Drag onto a service or a line, or{' '}
        <span className={styles.byKeys}>
          press <Kbd>Enter</Kbd> and pick with <Kbd>Tab</Kbd>.
        </span>
        <span className={styles.byTouch}>tap it and then the target.</span>
      </p>
    )
  }
  return (
    <p className={classNames(styles.hint, styles.inHand)}>
      <b>{faultKindInfo(armed).label} in hand.</b> Choose a service or a line; <Kbd>Esc</Kbd> puts it back.
    </p>
  )
}

interface GhostProps {
  info: FaultKindInfo
  x: number
  y: number
  target: Target | null
}

function Ghost({ info, x, y, target }: GhostProps) {
  return (
    <div
      className={classNames(styles.ghost, target !== null && styles.over)}
      style={{ translate: `${x}px ${y}px` }}
      aria-hidden="true"
    >
      <info.icon className={styles.icon} />
      {info.label}
    </div>
  )
}

function usePickUp(): (kind: FaultKind | null) => void {
  const arm = useSession((session) => session.arm)
  const sheet = useSession((session) => session.sheet)
  const setSheet = useSession((session) => session.setSheet)
  return (kind) => {
    arm(kind)
    // On a phone the palette lies over the stage: step aside so that a target can be tapped.
    if (kind !== null && sheet === 'break') setSheet('none')
  }
}

function usePerform(): (effect: DragEffect) => void {
  const dropFault = useSession((session) => session.dropFault)
  const setSheet = useSession((session) => session.setSheet)
  const sheet = useSession((session) => session.sheet)
  const announce = useSession((session) => session.announce)
  return (effect) => {
    if (effect.type === 'miss') {
      announce(`${faultKindInfo(effect.kind).label} was let go beside every service and line: nothing is broken`)
      return
    }
    dropFault(effect.kind, effect.target)
    if (sheet === 'break') setSheet('none')
  }
}
