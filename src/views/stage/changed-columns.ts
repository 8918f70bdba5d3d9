import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'

/** So many entries are read to learn which columns a run writes; later ones rarely write others. */
const READ_MAX = 20_000

interface Known {
  read: number
  readonly columns: Map<number, Set<number>>
}

const known = new WeakMap<Trace, Known>()

/** The columns of a table that updates write: the ones worth a line on the card. Reads on where it left off. */
export function changedColumns(trace: Trace, table: number): ReadonlySet<number> {
  let state = known.get(trace)
  if (state === undefined) {
    state = { read: 0, columns: new Map() }
    known.set(trace, state)
  }
  const end = Math.min(trace.length, READ_MAX)
  for (; state.read < end; state.read++) {
    if (trace.at('kind', state.read) === Kind.rowChanged) note(trace, trace.at('a', state.read), state.columns)
  }
  return state.columns.get(table) ?? none
}

const none: ReadonlySet<number> = new Set()

function note(trace: Trace, id: number, columns: Map<number, Set<number>>): void {
  const { table, before, after } = trace.change(id)
  if (before === null || after === null) return
  let changed = columns.get(table)
  if (changed === undefined) {
    changed = new Set()
    columns.set(table, changed)
  }
  for (let i = 0; i < after.length; i++) if (before[i] !== after[i]) changed.add(i)
}
