/**
 * Marks along a stream that is asked about again and again: the state after every so many events, kept as long as nothing
 * is committed. A cache, no truth: what it answers is what folding from the first event answers.
 */
import type { Row } from '../kernel/disk.ts'
import type { Env } from '../kernel/evaluation.ts'
import { type AggregateModel, Column, evolve, readEvent, type State, type StoreModel } from './store-model.ts'

const EVERY = 512
/** Shorter streams are folded faster than they are marked. */
export const WORTH_MARKING = 2 * EVERY

interface Marks {
  /** Of the table: another one means that something was committed since. */
  readonly version: number
  readonly aggregate: string
  readonly states: readonly State[]
  /** Recorded and effective in the order of versions: then every moment is a beginning of the stream. */
  readonly inOrder: boolean
}

const known = new WeakMap<readonly Row[], Marks>()

/** The state after the first `count` events of a stream without gaps; null when its moments are no beginnings of it. */
export function stateAfter(
  store: StoreModel,
  aggregate: AggregateModel,
  rows: readonly Row[],
  tableVersion: number,
  env: Env,
  countOf: (cells: readonly unknown[]) => boolean,
): State | null {
  let marks = known.get(rows)
  if (marks === undefined || marks.version !== tableVersion || marks.aggregate !== aggregate.name) {
    marks = mark(store, aggregate, rows, tableVersion, env)
    known.set(rows, marks)
  }
  if (!marks.inOrder) return null
  const count = beginning(rows, countOf)
  const from = Math.floor(count / EVERY)
  const state = { ...(marks.states[from] as State) }
  foldRange(store, aggregate, rows, from * EVERY, count, state, env)
  return state
}

function mark(store: StoreModel, aggregate: AggregateModel, rows: readonly Row[], version: number, env: Env): Marks {
  const state: State = { ...aggregate.initial }
  const states: State[] = [{ ...state }]
  if (!isInOrder(rows)) return { version, aggregate: aggregate.name, states, inOrder: false }
  for (let from = 0; from + EVERY <= rows.length; from += EVERY) {
    foldRange(store, aggregate, rows, from, from + EVERY, state, env)
    states.push({ ...state })
  }
  return { version, aggregate: aggregate.name, states, inOrder: true }
}

function isInOrder(rows: readonly Row[]): boolean {
  let before: Row['cells'] = null
  for (const { cells } of rows) {
    if (cells === null) return false
    for (const column of [Column.effective, Column.recorded]) {
      if (before !== null && (before[column] as number) > (cells[column] as number)) return false
    }
    before = cells
  }
  return true
}

/** How many events from the first on belong to the moment. */
function beginning(rows: readonly Row[], belongs: (cells: readonly unknown[]) => boolean): number {
  let from = 0
  let to = rows.length
  while (from < to) {
    const middle = (from + to) >> 1
    if (belongs((rows[middle] as Row).cells as readonly unknown[])) from = middle + 1
    else to = middle
  }
  return from
}

function foldRange(
  store: StoreModel,
  aggregate: AggregateModel,
  rows: readonly Row[],
  from: number,
  to: number,
  state: State,
  env: Env,
): void {
  for (let i = from; i < to; i++) {
    const cells = (rows[i] as Row).cells as NonNullable<Row['cells']>
    evolve(aggregate, readEvent(store, cells, env), cells, state, env)
  }
}
