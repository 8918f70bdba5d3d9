import {
  Ban,
  Clock,
  ClockAlert,
  Copy,
  Eraser,
  Gauge,
  type LucideIcon,
  Pause,
  SeparatorVertical,
  Skull,
  TriangleAlert,
  Unlink,
  Zap,
} from 'lucide-react'
import type { FaultKind } from '../../session/session-types.ts'

export interface FaultKindInfo {
  readonly kind: FaultKind
  readonly label: string
  readonly icon: LucideIcon
  /** What it does to the run, in one sentence. */
  readonly says: string
}

/** The palette, in the order it is shown: what is reached for first. */
export const commonKinds: readonly FaultKindInfo[] = [
  { kind: 'crash', label: 'Crash', icon: Zap, says: 'The service stops at once: memory is gone, disk stays.' },
  { kind: 'drop', label: 'Drop', icon: Unlink, says: 'A message is lost on its way.' },
  { kind: 'duplicate', label: 'Duplicate', icon: Copy, says: 'The bus delivers a message more than once.' },
  { kind: 'delay', label: 'Delay', icon: Clock, says: 'A message takes longer.' },
  { kind: 'slow', label: 'Slow', icon: Gauge, says: 'A handler takes longer.' },
  { kind: 'refuse', label: 'Refuse', icon: Ban, says: 'A definitive business no.' },
  { kind: 'fail', label: 'Fail', icon: TriangleAlert, says: 'A transient error: asking again may work.' },
  {
    kind: 'partition',
    label: 'Partition',
    icon: SeparatorVertical,
    says: 'Services cannot reach each other for a while.',
  },
]

/** And what is folded away below it. */
export const rareKinds: readonly FaultKindInfo[] = [
  { kind: 'pause', label: 'Pause', icon: Pause, says: 'The service stands still and does not know it.' },
  {
    kind: 'poison',
    label: 'Poison',
    icon: Skull,
    says: 'A message that no handler can handle, however often it comes.',
  },
  { kind: 'skew', label: 'Clock', icon: ClockAlert, says: 'The service’s clock is wrong; it does not know it.' },
  { kind: 'amnesia', label: 'Amnesia', icon: Eraser, says: 'The broker loses messages it has acknowledged.' },
]

const faultKinds = [...commonKinds, ...rareKinds]

export function faultKindInfo(kind: FaultKind): FaultKindInfo {
  return faultKinds.find((info) => info.kind === kind) as FaultKindInfo
}
