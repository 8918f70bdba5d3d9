/**
 * What sagas do to each other for want of isolation, found in the facts alone: a pure fold over a trace. Three ways in
 * which two of them meet at one row, each an interleaving that no serial run has.
 *
 * - Lost update: a saga looked at or wrote a row, somebody else changed it, and the saga overwrote that change with a
 *   value of its own, without looking again.
 * - Dirty read: a saga looked at what another one, not yet ended, had written, and the other one took it back later.
 * - Fuzzy read: a saga looked at a row twice, and somebody else had changed it in between.
 *
 * To look at a row is: a read statement, a row found by its key in an expression, a guard under the row's lock. A change
 * that only adds to what is there (`balance -= amount`) looks at nothing and overwrites nothing: it commutes.
 */
import { Kind } from './kinds.ts'
import type { RowChange, Trace } from './trace.ts'
import { NONE, type Value } from './trace-format.ts'

export type AnomalyName = 'lost update' | 'dirty read' | 'fuzzy read'

export interface Anomaly {
  readonly name: AnomalyName
  /** The saga that it happened to: its number. */
  readonly saga: number
  /** The one it met: a saga's number, or −1 for somebody who was no saga. */
  readonly other: number
  readonly table: number
  readonly row: number
  /** The row's cells at that moment. */
  readonly cells: readonly Value[] | null
  /** Position of the entry that made it one, and of the other's write. */
  readonly position: number
  readonly otherPosition: number
}

/** More than this many are not worth a list. */
export const ANOMALIES_MAX = 1000

export function findAnomalies(trace: Trace): Anomaly[] {
  const finder = new Finder(trace)
  for (let position = 0; position < trace.length && finder.found.length < ANOMALIES_MAX; position++)
    finder.take(position)
  return finder.found
}

/** Somebody who touches rows: a saga's number, or below −1 a message that belongs to none. */
type Actor = number

interface Look {
  readonly position: number
  readonly cells: readonly Value[] | null
}

interface RowStory {
  cells: readonly Value[] | null
  writer: Actor
  writtenAt: number
  /** By saga: when it last looked at the row or wrote it. */
  readonly looks: Map<Actor, Look>
  readonly touched: Map<Actor, number>
  /** What others changed since a saga last touched the row: column numbers. */
  readonly changedSince: Map<Actor, Set<number>>
  /** Looks at what a saga under way had written. */
  dirty: { readonly reader: Actor; readonly writer: Actor; readonly look: Look; readonly writtenAt: number }[]
}

/** What the statements of one handling do to a table, until it commits. */
interface Doing {
  guarded: boolean
  readonly sets: Set<string>
}

class Finder {
  readonly found: Anomaly[] = []
  private readonly trace: Trace
  private readonly rows = new Map<string, RowStory>()
  private readonly rowsOf = new Map<Actor, Set<RowStory>>()
  private readonly doing = new Map<string, Map<number, Doing>>()
  /** By saga: when it turned back, and whether it has ended. */
  private readonly turnedBack: ReadonlyMap<number, number>
  private readonly ended = new Set<number>()
  private readonly known = new Set<string>()

  constructor(trace: Trace) {
    this.trace = trace
    this.turnedBack = timesOfTurning(trace)
  }

  take(position: number): void {
    const { trace } = this
    switch (trace.at('kind', position)) {
      case Kind.begun:
      case Kind.aborted:
        this.doing.delete(this.handling(position))
        break
      case Kind.executed:
        this.execute(position)
        break
      case Kind.rowRead:
        this.look(this.story(trace.at('a', position), trace.at('b', position)), this.actor(position), {
          position,
          table: trace.at('a', position),
          row: trace.at('b', position),
        })
        break
      case Kind.rowChanged:
        this.change(position, trace.change(trace.at('a', position)))
        break
      case Kind.sagaStarted:
        this.ended.delete(trace.at('saga', position))
        break
      case Kind.sagaCompleted:
      case Kind.sagaCompensated:
      case Kind.sagaAborted:
        this.end(trace.at('saga', position))
    }
  }

  private handling(position: number): string {
    return `${this.trace.at('service', position)}/${this.trace.at('message', position)}/${this.trace.at('saga', position)}`
  }

  private actor(position: number): Actor {
    const saga = this.trace.at('saga', position)
    return saga === NONE ? -2 - this.trace.at('message', position) : saga
  }

  private execute(position: number): void {
    const statement = this.trace.header.statements[this.trace.at('a', position)]
    if (statement?.table === undefined) return
    const key = this.handling(position)
    const tables = this.doing.get(key) ?? new Map<number, Doing>()
    const doing = tables.get(statement.table) ?? { guarded: false, sets: new Set<string>() }
    if (statement.guarded) doing.guarded = true
    for (const column of statement.sets ?? []) doing.sets.add(column)
    tables.set(statement.table, doing)
    this.doing.set(key, tables)
  }

  private story(table: number, row: number): RowStory {
    const key = `${table}/${row}`
    let story = this.rows.get(key)
    if (story === undefined) {
      story = {
        cells: null,
        writer: NONE,
        writtenAt: NONE,
        looks: new Map(),
        touched: new Map(),
        changedSince: new Map(),
        dirty: [],
      }
      this.rows.set(key, story)
    }
    return story
  }

  private look(story: RowStory, reader: Actor, at: { position: number; table: number; row: number }): void {
    if (reader < 0) return
    const { writer, writtenAt, cells } = story
    const look = { position: at.position, cells }
    const isForeign = writer !== NONE && writer !== reader
    if (isForeign && writer >= 0 && !this.ended.has(writer)) story.dirty.push({ reader, writer, look, writtenAt })
    const before = story.looks.get(reader)
    const isChanged = before !== undefined && isForeign && writtenAt > before.position
    if (isChanged && JSON.stringify(before.cells) !== JSON.stringify(cells)) {
      this.report('fuzzy read', reader, writer, at, cells, writtenAt)
    }
    story.looks.set(reader, look)
    this.touch(story, reader, at.position)
  }

  private change(position: number, change: RowChange): void {
    const { table, row, before, after } = change
    const actor = this.actor(position)
    const story = this.story(table, row)
    if (story.writer === NONE) story.cells = before
    const at = { position, table, row }
    const doing = this.doing.get(this.handling(position))?.get(table)
    if (doing?.guarded) this.look(story, actor, at)
    this.overwrite(story, actor, change, doing, at)
    this.takeBack(story, actor, at)
    story.cells = after
    story.writer = actor
    story.writtenAt = position
    this.touch(story, actor, position)
    const changed = (before ?? after ?? []).flatMap((cell, i) => (cell === (after?.[i] ?? null) ? [] : [i]))
    for (const [other, columns] of story.changedSince) {
      if (other !== actor) for (const column of changed) columns.add(column)
    }
  }

  private overwrite(
    story: RowStory,
    saga: Actor,
    { table, before, after }: RowChange,
    doing: Doing | undefined,
    at: { position: number; table: number; row: number },
  ): void {
    const touched = story.touched.get(saga)
    const { writer, writtenAt } = story
    if (saga < 0 || touched === undefined || doing === undefined || doing.guarded) return
    if (writer === saga || writer === NONE || writtenAt < touched) return
    const columns = this.trace.header.tables[table]?.columns ?? []
    const others = story.changedSince.get(saga)
    const isLost = columns.some(
      (name, i) => doing.sets.has(name) && others?.has(i) && (before?.[i] ?? null) !== (after?.[i] ?? null),
    )
    if (isLost) this.report('lost update', saga, writer, at, before, writtenAt)
  }

  /** A saga on its way back writes the row again: whoever had looked at what it had written has seen what never was. */
  private takeBack(
    story: RowStory,
    writer: Actor,
    { position, ...at }: { position: number; table: number; row: number },
  ): void {
    const turned = this.turnedBack.get(writer)
    if (turned === undefined || this.trace.timeAt(position) < turned) return
    const seen = story.dirty.filter((one) => one.writer === writer && one.writtenAt < position)
    if (seen.length === 0) return
    story.dirty = story.dirty.filter((one) => !seen.includes(one))
    for (const { reader, look, writtenAt } of seen) {
      this.report('dirty read', reader, writer, { ...at, position: look.position }, look.cells, writtenAt)
    }
  }

  private touch(story: RowStory, actor: Actor, position: number): void {
    if (actor < 0) return
    story.touched.set(actor, position)
    story.changedSince.set(actor, new Set())
    const rows = this.rowsOf.get(actor)
    if (rows === undefined) this.rowsOf.set(actor, new Set([story]))
    else rows.add(story)
  }

  /** What an ended saga has seen and touched no longer matters. What others have seen of it does not either. */
  private end(saga: number): void {
    this.ended.add(saga)
    for (const story of this.rowsOf.get(saga) ?? []) {
      story.looks.delete(saga)
      story.touched.delete(saga)
      story.changedSince.delete(saga)
      story.dirty = story.dirty.filter((one) => one.writer !== saga)
    }
    this.rowsOf.delete(saga)
  }

  private report(
    name: AnomalyName,
    saga: Actor,
    other: Actor,
    { position, table, row }: { position: number; table: number; row: number },
    cells: readonly Value[] | null,
    otherPosition: number,
  ): void {
    const key = `${name}/${saga}/${other}/${table}/${row}`
    if (this.known.has(key)) return
    this.known.add(key)
    this.found.push({ name, saga, other: Math.max(other, NONE), table, row, cells, position, otherPosition })
  }
}

/** When each saga turned back for the first time: local compensations are committed just before it is written down. */
function timesOfTurning(trace: Trace): Map<number, number> {
  const times = new Map<number, number>()
  for (let position = 0; position < trace.length; position++) {
    if (trace.at('kind', position) !== Kind.compensationStarted) continue
    const saga = trace.at('saga', position)
    if (!times.has(saga)) times.set(saga, trace.timeAt(position))
  }
  return times
}
