// A table at a moment is a map of rows whose copies share what they have in common, and never each other's changes.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PageIndex } from './page-index.ts'
import { changedRows, ROWS_OF_PAGE, Rows } from './rows.ts'
import { Trace } from './trace.ts'
import type { TraceHeader, Value } from './trace-format.ts'
import { TraceWriter } from './trace-writer.ts'

const CHANGES = 200
const header = { tables: [{ name: 'numbers', columns: ['n'] }], services: [] } as unknown as TraceHeader

/** A trace whose entry i writes the row [i] into whatever row somebody says. */
function traceOfNumbers(): Trace {
  const writer = new TraceWriter()
  for (let i = 0; i < CHANGES; i++) writer.append(i, 0, 0, -1, -1, -1, writer.change(0, i, -1, writer.row([i])), -1)
  return new Trace(header, [writer.take()])
}
const trace = traceOfNumbers()

const deed = fc.oneof(
  fc.record({ does: fc.constant('set' as const), row: fc.nat(3 * ROWS_OF_PAGE), by: fc.nat(CHANGES - 1) }),
  fc.record({ does: fc.constant('delete' as const), row: fc.nat(3 * ROWS_OF_PAGE), by: fc.constant(0) }),
)
type Deed = { does: 'set' | 'delete'; row: number; by: number }

function apply(rows: Rows, model: Map<number, number>, deeds: readonly Deed[]): void {
  for (const { does, row, by } of deeds) {
    if (does === 'delete') {
      rows.delete(row)
      model.delete(row)
    } else {
      rows.set(row, by, by)
      model.set(row, by)
    }
  }
}

function contents(rows: Rows): [number, Value][] {
  return [...rows].map(([row, { cells }]) => [row, cells[0] as Value])
}
const inOrder = (model: Map<number, number>) => [...model].sort(([a], [b]) => a - b)

describe('the rows of a table', () => {
  it('are what a map would hold, in the original and in every copy, whoever is written to', () => {
    fc.assert(
      fc.property(fc.array(deed), fc.array(deed), fc.array(deed), (first, own, others) => {
        const rows = new Rows(trace)
        const model = new Map<number, number>()
        apply(rows, model, first)
        const copy = rows.copy()
        const modelOfCopy = new Map(model)
        apply(rows, model, own)
        apply(copy, modelOfCopy, others)
        expect(contents(rows)).toEqual(inOrder(model))
        expect(contents(copy)).toEqual(inOrder(modelOfCopy))
        expect([rows.size, copy.size]).toEqual([model.size, modelOfCopy.size])
        const differing = new Set([...model.keys(), ...modelOfCopy.keys()])
        const expected = [...differing].filter((row) => model.get(row) !== modelOfCopy.get(row))
        expect([...changedRows(rows, copy)]).toEqual(expected.sort((a, b) => a - b))
      }),
    )
  })

  it('name those changed last, the latest first, and of those from the start the first ones', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(3 * ROWS_OF_PAGE), { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        (taken, count) => {
          const rows = new Rows(trace)
          for (const [by, row] of taken.entries()) rows.set(row, by < 3 ? -1 : by, by)
          const straight = [...rows.values()].sort((a, b) => b.changedAt - a.changedAt).slice(0, count)
          expect(rows.latest(count)).toEqual(straight)
          expect(rows.last(count)).toEqual([...rows.keys()].slice(-count))
        },
      ),
    )
  })
})

describe('what is kept with a page', () => {
  it('is worked out again for the pages a moment does not share', () => {
    const worked: number[] = []
    const sums = new PageIndex((rows, from, to) => {
      worked.push(from / ROWS_OF_PAGE)
      let sum = 0
      for (let row = from; row < to; row++) sum += Number(rows.cell(row, 0) ?? 0)
      return sum
    })
    const rows = new Rows(trace)
    rows.set(0, 5, 5)
    rows.set(ROWS_OF_PAGE, 7, 7)
    expect([sums.of(rows, 0), sums.of(rows, 1), sums.of(rows, 2)]).toEqual([5, 7, undefined])
    const later = rows.copy()
    later.set(ROWS_OF_PAGE + 1, 10, 10)
    expect([sums.of(later, 0), sums.of(later, 1), sums.of(rows, 1)]).toEqual([5, 17, 7])
    expect(worked).toEqual([0, 1, 1])
  })
})
