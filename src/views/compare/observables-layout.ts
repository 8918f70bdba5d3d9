/** The numbers of several runs, row by row, and where they differ. */
import type { RunSummary } from '../../session/session-types.ts'
import { timeText, valueText } from '../../trace/describe.ts'
import type { Value } from '../../trace/trace-format.ts'

/** One run; null while it has not ended. */
export interface Column {
  readonly summary: RunSummary | null
  /** Virtual time of its last entry, microseconds. */
  readonly endTime: number
}

export interface Row {
  readonly name: string
  /** What a number stands for, or what is promised: it is not an observable of the scenario. */
  readonly kind: 'observable' | 'run'
  /** One for each run; null for what is not known (yet) or not counted there. */
  readonly cells: readonly (string | null)[]
  /** Known of at least two runs, and not the same in all of which it is known. */
  readonly differs: boolean
}

/** What differs comes first: a long table shows it without scrolling. */
export function comparedRows(columns: readonly Column[]): Row[] {
  const rows = [
    row('broken promises', 'run', columns, ({ properties }) => {
      const broken = properties.filter(({ holds }) => !holds).map(({ name }) => name)
      return broken.length === 0 ? 'none' : broken.join(', ')
    }),
    ...observableNames(columns).map((name) => {
      return row(name, 'observable', columns, ({ observables }) => {
        const found = observables.find((observable) => observable.name === name)
        return found === undefined ? null : shortText(found.value)
      })
    }),
    row('ends', 'run', columns, ({ reason }, { endTime }) => `${timeText(endTime)}, ${reason}`),
  ]
  return [...rows.filter(({ differs }) => differs), ...rows.filter(({ differs }) => !differs)]
}

/** Those of the first run in their order, then what only others count. */
function observableNames(columns: readonly Column[]): string[] {
  return [...new Set(columns.flatMap(({ summary }) => summary?.observables.map(({ name }) => name) ?? []))]
}

function row(
  name: string,
  kind: Row['kind'],
  columns: readonly Column[],
  read: (summary: RunSummary, column: Column) => string | null,
): Row {
  const cells = columns.map((column) => (column.summary === null ? null : read(column.summary, column)))
  const known = cells.filter((cell) => cell !== null)
  return { name, kind, cells, differs: new Set(known).size > 1 }
}

/** A list without its brackets and quotes. */
function shortText(value: Value): string {
  return Array.isArray(value) && value.length > 0 ? value.map(shortText).join(', ') : valueText(value)
}
