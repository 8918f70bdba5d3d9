/** The sweep as a matrix: what is struck, row by row; what befalls it, column by column. */
import type { Cell } from '../../session/search-store.ts'

export interface MatrixRow {
  readonly name: string
  /** One place per column; undefined where that cannot happen. */
  readonly cells: readonly (Cell | undefined)[]
}

export function matrixOf(cells: readonly Cell[], columns: readonly string[]): MatrixRow[] {
  const rows = new Map<string, (Cell | undefined)[]>()
  for (const cell of cells) {
    const [at] = cell.placements
    const column = at === undefined ? -1 : columns.indexOf(at.column)
    if (at === undefined || column < 0 || cell.placements.length > 1) continue
    const row = rows.get(at.row) ?? columns.map(() => undefined)
    row[column] = cell
    rows.set(at.row, row)
  }
  return [...rows].map(([name, found]) => ({ name, cells: found }))
}

/** Shape, letter and words for each way to end. */
export const outcomeLooks = {
  completed: { sign: '✓', tone: 'ok' },
  compensated: { sign: '↺', tone: 'undo' },
  'needs a person': { sign: '!', tone: 'undo' },
  stuck: { sign: '■', tone: 'bad' },
  'promise broken': { sign: '✕', tone: 'bad' },
} as const satisfies Record<Cell['outcome'], { sign: string; tone: string }>

export function countsOf(cells: readonly Cell[]): { readonly outcome: Cell['outcome']; readonly count: number }[] {
  return (Object.keys(outcomeLooks) as Cell['outcome'][])
    .map((outcome) => ({ outcome, count: cells.filter((cell) => cell.outcome === outcome).length }))
    .filter(({ count }) => count > 0)
}

/** What a cell says to who cannot see it, and in its tooltip. */
export function cellWords(cell: Cell): string {
  const where = cell.placements.map(({ row, column }) => `${row}: ${column}`).join(', then ')
  const broken = cell.broken.length === 0 ? '' : ` (${cell.broken.join(', ')})`
  return `${where}. ${cell.outcome}${broken}`
}
