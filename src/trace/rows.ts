import type { RowState } from './world-state.ts'

/**
 * The rows of one table by row number: a map whose copy is one array copy, because a seek copies it. Row numbers are
 * given in order and rarely taken back, so an array wastes little.
 */
export class Rows implements ReadonlyMap<number, RowState> {
  size = 0
  private cells: (RowState | undefined)[] = []

  /** One more than the highest row number that was ever taken. */
  get end(): number {
    return this.cells.length
  }

  copy(): Rows {
    const other = new Rows()
    other.cells = this.cells.slice()
    other.size = this.size
    return other
  }

  get(row: number): RowState | undefined {
    return this.cells[row]
  }

  has(row: number): boolean {
    return this.cells[row] !== undefined
  }

  set(row: number, state: RowState): void {
    if (this.cells[row] === undefined) this.size++
    // Numbers can skip: a rolled-back insert has taken one.
    while (this.cells.length < row) this.cells.push(undefined)
    this.cells[row] = state
  }

  delete(row: number): void {
    if (this.cells[row] === undefined) return
    this.size--
    this.cells[row] = undefined
  }

  forEach(visit: (state: RowState, row: number, rows: ReadonlyMap<number, RowState>) => void): void {
    for (const [row, state] of this) visit(state, row, this)
  }

  *entries(): MapIterator<[number, RowState]> {
    for (let row = 0; row < this.cells.length; row++) {
      const state = this.cells[row]
      if (state !== undefined) yield [row, state]
    }
  }

  *keys(): MapIterator<number> {
    for (const [row] of this.entries()) yield row
  }

  *values(): MapIterator<RowState> {
    for (const [, state] of this.entries()) yield state
  }

  [Symbol.iterator](): MapIterator<[number, RowState]> {
    return this.entries()
  }
}
