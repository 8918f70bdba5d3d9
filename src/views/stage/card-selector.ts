/** What one card reads of the session. It builds anew only when something at its service has happened or grown old. */
import type { Session } from '../../session/session-types.ts'
import type { Trace } from '../../trace/trace.ts'
import type { WorldState } from '../../trace/world-state.ts'
import { type CardModel, cardModel } from './card-model.ts'
import { type Density, stepLines } from './card-size.ts'
import { downText, sharedFreshness } from './moments.ts'
import { type SagaView, sagaView } from './saga-model.ts'

export interface CardView extends CardModel {
  /** Why and how long it is down, null while it is up. */
  readonly down: string | null
  readonly saga: SagaView | null
}

type Read = Pick<Session, 'trace' | 'world' | 'fold' | 'time' | 'playhead' | 'run' | 'selection'>

export function cardSelector(
  service: number,
  density: Density,
  reduced: boolean,
): (session: Read) => CardView | undefined {
  let seen: readonly unknown[] = []
  let view: CardView | undefined
  return (session) => {
    const { trace, world, fold, time, playhead } = session
    if (trace === null || world === null || fold === null) return undefined
    const fresh = sharedFreshness(trace, fold, time, playhead, reduced)
    const down = downText(trace, world, service, time, session.run.status !== 'running')
    const last = world.services[service]?.lastEntry ?? -1
    // Whatever happened here longer ago than the news cannot change its look any more.
    const age = last >= fresh.news ? [fresh.news, fresh.flash] : []
    const hosts = stepLines(trace.header, service) > 0
    const now = [trace, last, down, hosts ? world : null, hosts ? session.selection : null, ...age]
    if (view !== undefined && now.length === seen.length && now.every((value, i) => value === seen[i])) return view
    view = build(trace, world, hosts ? session.selection : null)
    seen = now
    return view

    function build(at: Trace, state: WorldState, selection: Session['selection']): CardView {
      const saga = hosts ? sagaView(at.header, state, service, selection) : null
      return { ...cardModel(at, state, service, density, fresh), down, saga }
    }
  }
}
