/**
 * What an event store is made of: its tables on a service's disk, the event types it knows, the aggregates that are
 * folded from it. An event is a row; it is never changed, and its place in the stream is guarded by a unique index.
 */
import type { Env } from '../kernel/evaluation.ts'
import { EvaluationError } from '../kernel/evaluation.ts'
import type { Payload } from '../kernel/model.ts'
import type { Value } from '../trace/trace-format.ts'

/** `position` is drawn when the event is inserted, before the commit: it has gaps, and is not the order of commits. */
export const eventColumns = [
  'position',
  'stream',
  'version',
  'type',
  'id',
  'data',
  'schema',
  'effective',
  'recorded',
  'causation',
  'correlation',
] as const
export const Column = {
  position: 0,
  stream: 1,
  version: 2,
  type: 3,
  id: 4,
  data: 5,
  schema: 6,
  effective: 7,
  recorded: 8,
} as const
export const STREAM_AND_VERSION = [Column.stream, Column.version] as const

export const snapshotColumns = ['stream', 'version', 'revision', 'state'] as const

export type State = { [field: string]: Value }

export interface EventTypeModel {
  /** The schema version that is written today. */
  readonly version: number
  /** Fields that a reader needs. */
  readonly fields: readonly string[]
  readonly defaults: Payload
}

/** From one schema version of an event to a later one; what is stored stays as it is. */
export interface Upcaster {
  readonly to: number
  readonly as: string | null
  readonly apply: (env: Env) => Payload
}

export interface StoreModel {
  readonly service: number
  readonly serviceName: string
  readonly events: number
  /** −1: no aggregate takes snapshots. */
  readonly snapshots: number
  readonly types: ReadonlyMap<string, EventTypeModel>
  /** By `type/version`. */
  readonly upcasters: ReadonlyMap<string, Upcaster>
  readonly aggregates: ReadonlyMap<string, AggregateModel>
  /** Microseconds to read one event. */
  readonly readTime: number
  /** Tables that its folds and upcasters look into: what was true once depends on what stood there then. */
  readonly looksInto: ReadonlySet<number>
}

export interface AggregateModel {
  readonly name: string
  readonly initial: State
  /** By event type: changes the environment's state. */
  readonly rules: ReadonlyMap<string, (env: Env) => void>
  /** An event without a rule is an error. */
  readonly strict: boolean
  /** 0 = no snapshots. */
  readonly snapshotEvery: number
  readonly revision: number
  readonly checkRevision: boolean
}

/** An event as its readers see it. */
export interface ReadEvent {
  readonly position: number
  readonly stream: string
  readonly version: number
  readonly type: string
  readonly id: string
  readonly data: Payload
  readonly schema: number
  readonly effective: number
  readonly recorded: number
  readonly causation: string | null
  readonly correlation: string | null
}

/** The stored row in today's form: upcast, with defaults; an error when a field that readers need is missing. */
export function readEvent(store: StoreModel, cells: readonly Value[], env: Env): ReadEvent {
  let type = cells[Column.type] as string
  let data = cells[Column.data] as Payload
  let schema = cells[Column.schema] as number
  if (store.upcasters.size > 0) {
    for (let rounds = 0; rounds < UPCASTS_MAX; rounds++) {
      const upcaster = store.upcasters.get(`${type}/${schema}`)
      if (upcaster === undefined) break
      data = naming(cells, type, `upcaster to version ${upcaster.to}`, () => {
        env.request = data
        env.row = null
        return upcaster.apply(env)
      })
      type = upcaster.as ?? type
      schema = upcaster.to
    }
  }
  const known = store.types.get(type)
  if (known !== undefined) data = complete(cells, type, known, data)
  const [position, stream, version, , id, , , effective, recorded, causation, correlation] = cells
  return {
    position: position as number,
    stream: stream as string,
    version: version as number,
    type,
    id: id as string,
    data,
    schema,
    effective: effective as number,
    recorded: recorded as number,
    causation: causation as string | null,
    correlation: correlation as string | null,
  }
}
const UPCASTS_MAX = 100

function complete(cells: readonly Value[], type: string, known: EventTypeModel, data: Payload): Payload {
  let full = data
  for (const field of known.fields) {
    if (full[field] !== undefined && full[field] !== null) continue
    if (!Object.hasOwn(known.defaults, field))
      throw new EvaluationError(`${eventName(cells, type)}: no field "${field}"`)
    full = { ...full, [field]: known.defaults[field] as Value }
  }
  return full
}

/** `event 3 of account-1 (Charged)`: where something went wrong. */
export function eventName(cells: readonly Value[], type: string): string {
  return `event ${cells[Column.version]} of ${cells[Column.stream]} (${type})`
}

/** Whatever goes wrong with a value is said with the event it went wrong on. */
function naming<T>(cells: readonly Value[], type: string, what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error
    throw new EvaluationError(`${eventName(cells, type)}, ${what}: ${error.message}`)
  }
}

/** One event applied to the state, which it changes. */
export function evolve(
  aggregate: AggregateModel,
  event: ReadEvent,
  cells: readonly Value[],
  state: State,
  env: Env,
): void {
  const rule = aggregate.rules.get(event.type)
  if (rule === undefined) {
    if (aggregate.strict)
      throw new EvaluationError(`${eventName(cells, event.type)}: ${aggregate.name} has no rule for it`)
    return
  }
  env.state = state
  env.event = event as unknown as Payload
  env.request = event.data
  env.row = null
  naming(cells, event.type, `fold of ${aggregate.name}`, () => rule(env))
}
