import {
  Ban,
  Check,
  CircleDashed,
  CircleX,
  ClockAlert,
  Ellipsis,
  type LucideIcon,
  TriangleAlert,
  Undo2,
} from 'lucide-react'
import type { StepStatus } from '../../trace/world-state.ts'
import type { Tone } from './why-layout.ts'

const signs: Record<StepStatus, { icon: LucideIcon; tone: Tone | 'ok' | 'faint' }> = {
  waiting: { icon: CircleDashed, tone: 'faint' },
  started: { icon: Ellipsis, tone: 'plain' },
  succeeded: { icon: Check, tone: 'ok' },
  refused: { icon: Ban, tone: 'bad' },
  failed: { icon: TriangleAlert, tone: 'bad' },
  'timed out': { icon: ClockAlert, tone: 'bad' },
  compensating: { icon: Undo2, tone: 'undo' },
  compensated: { icon: Undo2, tone: 'undo' },
  'compensation failed': { icon: CircleX, tone: 'bad' },
}

export function stepTone(status: StepStatus): Tone | 'ok' | 'faint' {
  return signs[status].tone
}

export function StepIcon({ status }: { status: StepStatus }) {
  const Icon = signs[status].icon
  return <Icon aria-hidden="true" />
}
