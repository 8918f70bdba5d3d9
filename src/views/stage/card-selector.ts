/** What one card reads of the session. It builds anew only when something at its service has happened or grown old. */
import type { Session } from '../../session/session-types.ts'
import type { Trace } from '../../trace/trace.ts'
import type { WorldState } from '../../trace/world-state.ts'
import { type CardModel, cardModel } from './card-model.ts'
import { type Density, stepLines } from './card-size.ts'
import { type DiskLine, type Freshness, stateAt } from './disk-lines.ts'
import { downText, sharedFreshness } from './moments.ts'
import { type SagaView, sagaView } from './saga-model.ts'
import { secondEffectsOf } from './second-effects.ts'

export interface CardView extends CardModel {
  /** Why and how long it is down, null while it is up. */
  readonly down: string | null
  readonly saga: SagaView | null
  /** The latest effect that happened once more here, and how fresh it is. */
  readonly again: {
    readonly text: string
    readonly count: number
    readonly changedAt: number
    readonly state: DiskLine['state']
  } | null
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
    const hosts = stepLines(trace.header, service) > 0
    const last = world.services[service]?.lastEntry
    const stored = eventsFollowed(trace, world, service)
    const now = [trace, last, stored, down, hosts ? world : null, hosts ? session.selection : null]
    const isSame = now.every((value, i) => value === seen[i])
    if (
      view !== undefined &&
      isSame &&
      hasAge(view.lines, fresh) &&
      (view.again === null || hasAge([view.again], fresh))
    )
      return view
    const saga = hosts ? sagaView(trace.header, world, service, session.selection) : null
    const again = againAt(trace, service, playhead, fresh)
    view = { ...cardModel(trace, world, service, density, fresh), down, saga, again }
    seen = now
    return view
  }
}

/** Events in the stores its projections follow: a commit there makes it later, and nothing happens here. */
function eventsFollowed({ header }: Trace, { tables }: Pick<WorldState, 'tables'>, service: number): number {
  let stored = 0
  for (const { services, store } of header.projections ?? []) {
    if (services.includes(service)) stored += tables[header.eventStores?.[store]?.events ?? -1]?.size ?? 0
  }
  return stored
}

function againAt(trace: Trace, service: number, playhead: number, fresh: Freshness): CardView['again'] {
  const effect = secondEffectsOf(trace).latest(service, playhead)
  if (effect === undefined) return null
  const { position, count, title, cost } = effect
  return {
    text: cost === '' ? title : `${title}: ${cost}`,
    count,
    changedAt: position,
    state: stateAt(position, fresh),
  }
}

/** Whether every line still looks as fresh as it did. */
function hasAge(lines: readonly Pick<DiskLine, 'state' | 'changedAt'>[], fresh: Freshness): boolean {
  return lines.every((line) => line.state === 'empty' || line.state === stateAt(line.changedAt, fresh))
}
