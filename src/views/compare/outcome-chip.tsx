import { Check, CircleDashed, Hourglass, type LucideIcon, Undo2, UserRound, X } from 'lucide-react'
import type { Outcome } from '../../trace/outcome.ts'
import { Chip } from '../../ui/chip.tsx'

type Tone = 'plain' | 'ok' | 'bad' | 'undo'

export const outcomeLooks: Record<Outcome, { readonly tone: Tone; readonly Icon: LucideIcon }> = {
  completed: { tone: 'ok', Icon: Check },
  compensated: { tone: 'undo', Icon: Undo2 },
  unfinished: { tone: 'plain', Icon: CircleDashed },
  stuck: { tone: 'bad', Icon: Hourglass },
  'needs a person': { tone: 'bad', Icon: UserRound },
  'promise broken': { tone: 'bad', Icon: X },
}

/** How a run came out; nothing is said before it has. */
export function OutcomeChip({ outcome }: { outcome: Outcome | null }) {
  if (outcome === null) return <Chip>running …</Chip>
  const { tone, Icon } = outcomeLooks[outcome]
  return (
    <Chip tone={tone}>
      <Icon aria-hidden="true" />
      {outcome}
    </Chip>
  )
}
