import type { Session } from '../../session/session-types.ts'
import { useSession } from '../../session/use-session.ts'
import { type Badge, badgesByService } from './fault-place.ts'

type Read = Pick<Session, 'faults' | 'trace' | 'effective'>

interface Known {
  readonly header: unknown
  readonly effective: unknown
  readonly badges: Map<number, Badge[]>
}
/** By the list of faults: every session on the page has one of its own. */
const known = new WeakMap<Read['faults'], Known>()
const none: readonly Badge[] = []

/** Every card asks for its own; the places are worked out once for all of them. */
function badgesOf({ faults, trace, effective }: Read): Map<number, Badge[]> | null {
  if (trace === null) return null
  const { header } = trace
  const last = known.get(faults)
  if (last !== undefined && last.header === header && last.effective === effective) return last.badges
  const badges = badgesByService(faults, header, effective)
  known.set(faults, { header, effective, badges })
  return badges
}

export function useBadges(service: number): readonly Badge[] {
  return useSession((session) => badgesOf(session)?.get(service) ?? none)
}
