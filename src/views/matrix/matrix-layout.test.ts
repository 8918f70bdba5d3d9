import { describe, expect, it } from 'vitest'
import type { Verdict } from '../../session/matrix.ts'
import type { RunSummary } from '../../session/session-types.ts'
import { brokenAt, cellWords, columnTitle, summaryText } from './matrix-layout.ts'

const property = (name: string, position: number) =>
  ({ name, when: 'always', holds: position < 0, position, time: 0, expectedToBreak: false }) as const
const summary: RunSummary = {
  quiescent: true,
  reason: 'at rest',
  cycle: null,
  asExpected: true,
  entries: 30,
  hash: '',
  observables: [{ name: 'charges', value: 2 }],
  properties: [property('MONEY', -1), property('ONCE', 21), property('ATOM', 29)],
}
const broken: Verdict = { number: 0, outcome: 'promise broken', summary, endTime: 2_025_000 }
const fine: Verdict = { number: 1, outcome: 'completed', summary: { ...summary, properties: [] }, endTime: 95_000 }
const refused: Verdict = { number: 2, refused: 'faults[0].service: no service "nobody"' }

describe('a cell', () => {
  it('names the promises that broke, and the numbers at the end', () => {
    expect(cellWords(broken)).toEqual({
      outcome: 'promise broken',
      note: 'ONCE, ATOM',
      details: ['charges 2', 'at rest, 2.025 s'],
    })
    expect(cellWords(fine).note).toBe('')
  })

  it('says why it cannot run', () => {
    expect(cellWords(refused)).toMatchObject({
      outcome: 'refused',
      details: ['faults[0].service: no service "nobody"'],
    })
  })

  it('opens just after the first promise broke', () => {
    expect([broken, fine, refused, null].map(brokenAt)).toEqual([22, null, null, null])
  })
})

describe('the matrix', () => {
  it('is summed up in a line, the best outcome first', () => {
    expect(summaryText([broken, fine, refused, null])).toBe('3 of 4 runs: 1 completed, 1 promise broken, 1 cannot run')
    expect(summaryText([null])).toBe('0 of 1 runs')
  })

  it('has a title over each column', () => {
    const fault = { kind: 'drop', message: 'Paid' } as const
    const words = () => 'Drop, 1st Paid'
    expect(columnTitle({ kind: 'one', faults: [fault] }, words)).toBe('Drop, 1st Paid')
    expect(columnTitle({ kind: 'none', faults: [] }, words)).toBe('Nothing fails')
    expect(columnTitle({ kind: 'written', faults: null }, words)).toBe('As written')
  })
})
