/** What loading aggregates has cost: events read per load against the length of the stream, from the trace. */
import { Kind } from '../../trace/kinds.ts'
import { EventCell } from '../../trace/projection-state.ts'
import type { Trace } from '../../trace/trace.ts'

export interface Load {
  /** Position of the entry. */
  readonly at: number
  readonly stream: string
  /** Events the stream had. */
  readonly length: number
  readonly read: number
}

/** All loads of a run so far; read on as the trace grows. */
class Loads {
  readonly all: Load[] = []
  private readonly trace: Trace
  private readonly lengths = new Map<string, number>()
  private readonly stores: ReadonlySet<number>
  private position = 0

  constructor(trace: Trace) {
    this.trace = trace
    this.stores = new Set((trace.header.eventStores ?? []).map(({ events }) => events))
    for (let id = 0; id < trace.header.initialChanges; id++) this.note(id)
  }

  readOn(): readonly Load[] {
    const { trace } = this
    for (; this.position < trace.length; this.position++) {
      const kind = trace.at('kind', this.position)
      if (kind === Kind.rowChanged) this.note(trace.at('a', this.position))
      if (kind !== Kind.loaded) continue
      const stream = trace.text(trace.at('a', this.position))
      const read = trace.at('b', this.position)
      this.all.push({ at: this.position, stream, length: this.lengths.get(stream) ?? 0, read })
    }
    return this.all
  }

  private note(id: number): void {
    const { table, after } = this.trace.change(id)
    if (after === null || !this.stores.has(table)) return
    const stream = after[EventCell.stream] as string
    this.lengths.set(stream, Math.max(this.lengths.get(stream) ?? 0, after[EventCell.version] as number))
  }
}

const known = new WeakMap<Trace, Loads>()

export function loadsOf(trace: Trace): readonly Load[] {
  let loads = known.get(trace)
  if (loads === undefined) {
    loads = new Loads(trace)
    known.set(trace, loads)
  }
  return loads.readOn()
}

export interface CostChart {
  /** Right and upper end of both axes, events. */
  readonly top: number
  readonly points: readonly (Load & { readonly isPast: boolean })[]
  /** Up to the playhead. */
  readonly loads: number
  readonly read: number
  /** What these loads would have read without snapshots: all events of their streams. */
  readonly without: number
  readonly snapshots: number
}

const POINTS_MAX = 600

export function costChart(trace: Trace, playhead: number): CostChart {
  const all = loadsOf(trace)
  const past = all.filter(({ at }) => at < playhead)
  const step = Math.max(1, Math.ceil(all.length / POINTS_MAX))
  const points = all.filter((_, i) => i % step === 0).map((load) => ({ ...load, isPast: load.at < playhead }))
  let snapshots = 0
  for (let at = 0; at < playhead; at++) if (trace.at('kind', at) === Kind.snapshotTaken) snapshots++
  return {
    top: niceTop(Math.max(1, ...points.map(({ length, read }) => Math.max(length, read)))),
    points,
    loads: past.length,
    read: past.reduce((sum, { read }) => sum + read, 0),
    without: past.reduce((sum, { length, read }) => sum + Math.max(length, read), 0),
    snapshots,
  }
}

/** Events between two snapshots, of the first aggregate that takes any; null where none does. */
export function snapshotEvery(scenario: Services | null): number | null {
  for (const { store } of Object.values(scenario?.services ?? {})) {
    for (const { snapshot } of Object.values(store?.aggregates ?? {})) if (snapshot !== undefined) return snapshot.every
  }
  return null
}

/** As much of a scenario as is looked at. */
interface Services {
  readonly services: Readonly<
    Record<
      string,
      { readonly store?: { readonly aggregates?: Readonly<Record<string, { readonly snapshot?: { every: number } }>> } }
    >
  >
}

const TEETH_MAX = 120

/** What a load reads by the rule of a snapshot every so many events, as corners of a line: it grows and falls back to none. */
export function snapshotRule(every: number, top: number): readonly (readonly [number, number])[] {
  if (top / every > TEETH_MAX) {
    return [
      [0, every],
      [top, every],
    ]
  }
  const corners: [number, number][] = []
  for (let at = 0; at < top; at += every) {
    const end = Math.min(top, at + every)
    corners.push([at, 0], [end, end - at])
  }
  return corners
}

/** The next of 1, 2, 5, 10, 20, 50 … */
export function niceTop(value: number): number {
  for (let unit = 1; ; unit *= 10) {
    for (const step of [1, 2, 5]) if (step * unit >= value) return step * unit
  }
}
