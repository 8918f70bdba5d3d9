import type { Session } from '../../session/session-types.ts'
import { useSession } from '../../session/use-session.ts'
import { type Badge, badgesByService } from './fault-place.ts'

type Read = Pick<Session, 'faults' | 'trace' | 'effective'>

let last: { key: readonly unknown[]; badges: Map<number, Badge[]> } | null = null
const none: readonly Badge[] = []

/** Every card asks for its own; the places are worked out once for all of them. */
function badgesOf({ faults, trace, effective }: Read): Map<number, Badge[]> | null {
  if (trace === null) return null
  const key = [faults, trace, effective]
  if (last === null || key.some((value, i) => value !== last?.key[i])) {
    last = { key, badges: badgesByService(faults, trace.header, effective) }
  }
  return last.badges
}

export function useBadges(service: number): readonly Badge[] {
  return useSession((session) => badgesOf(session)?.get(service) ?? none)
}
