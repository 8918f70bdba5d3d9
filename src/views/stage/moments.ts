/** Positions and times around the playhead that several cards need: worked out once per moment, then shared. */

import { positionAtTime } from '../../trace/history.ts'
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import type { WorldState } from '../../trace/world-state.ts'
import type { Freshness } from './disk-lines.ts'
import type { Fold } from './token.ts'
import { FLASH_SHOWN } from './token-motion.ts'

/** For so many seconds a change shows what it replaced. */
const NEWS_SHOWN = 4

/** From which positions on changes are news, and flash. What happened at the playhead itself always does. */
export function freshnessAt(trace: Trace, fold: Fold, time: number, playhead: number, reduced: boolean): Freshness {
  const now = fold.toFolded(time)
  const since = (seconds: number) => {
    const from = now - seconds
    return from < 0 ? 0 : Math.min(positionAtTime(trace, fold.toTime(from)), Math.max(0, playhead - 1))
  }
  return { news: since(NEWS_SHOWN), flash: reduced ? Infinity : since(FLASH_SHOWN) }
}

interface Known {
  readonly fold: Fold
  readonly time: number
  readonly playhead: number
  readonly reduced: boolean
  readonly fresh: Freshness
}
const lastKnown = new WeakMap<Trace, Known>()

/** Five hundred cards ask in one frame; all get the one answer. */
export function sharedFreshness(trace: Trace, fold: Fold, time: number, playhead: number, reduced: boolean): Freshness {
  let known = lastKnown.get(trace)
  const isSame = known?.fold === fold && known.time === time && known.playhead === playhead && known.reduced === reduced
  if (known === undefined || !isSame) {
    known = { fold, time, playhead, reduced, fresh: freshnessAt(trace, fold, time, playhead, reduced) }
    lastKnown.set(trace, known)
  }
  return known.fresh
}

const endings = new WeakMap<Trace, Map<number, { length: number; position: number }>>()

/** Where what began at a service at a position ends, −1 when it does not (yet). Looks ahead in the trace. */
function endAfter(trace: Trace, service: number, began: number, kind: number): number {
  let known = endings.get(trace)
  if (known === undefined) {
    known = new Map()
    endings.set(trace, known)
  }
  const entry = known.get(began) ?? { length: began + 1, position: -1 }
  for (; entry.position < 0 && entry.length < trace.length; entry.length++) {
    const { length } = entry
    const found = trace.at('kind', length) === kind && trace.at('service', length) === service
    if (found) entry.position = length
  }
  known.set(began, entry)
  return entry.position
}

/** The position at which a crashed service comes back, −1 when it does not (yet). */
export function recoveryAfter(trace: Trace, service: number, crashedAt: number): number {
  return endAfter(trace, service, crashedAt, Kind.recovered)
}

/** `down · 0.8 s left`, `down for good`, `stands still · 2 s left`; null for a service that is up and about. */
export function downText(
  trace: Trace,
  world: WorldState,
  service: number,
  time: number,
  ended: boolean,
): string | null {
  const state = world.services[service]
  if (state === undefined) return null
  if (!state.up) {
    const back = recoveryAfter(trace, service, state.crashedAt)
    if (back < 0) return ended ? 'down for good' : 'down'
    return `down · ${leftText(trace.timeAt(back) - time)} left`
  }
  if (state.paused === undefined) return null
  const end = endAfter(trace, service, state.paused, Kind.unpaused)
  return end < 0 ? 'stands still' : `stands still · ${leftText(trace.timeAt(end) - time)} left`
}

/** In steps of a tenth, so that the badge does not flicker. */
function leftText(microseconds: number): string {
  const ms = Math.max(0, microseconds / 1000)
  if (ms < 100) return `${Math.ceil(ms)} ms`
  return ms < 10_000 ? `${(Math.ceil(ms / 100) / 10).toFixed(1)} s` : `${Math.ceil(ms / 1000)} s`
}
