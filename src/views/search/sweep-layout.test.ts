import { describe, expect, it } from 'vitest'
import type { Cell } from '../../session/search-store.ts'
import { cellWords, countsOf, matrixOf } from './sweep-layout.ts'

const cell = (row: string, column: string, outcome: Cell['outcome'], broken: string[] = []): Cell => ({
  placements: [{ row, column }],
  schedule: { seed: 1, faults: [], more: [] },
  outcome,
  broken,
  difference: 3,
})
const lost = cell('charge', 'lost', 'stuck')
const twice = cell('charge', 'twice', 'promise broken', ['ONCE'])
const reply = cell('Charged', 'lost', 'completed')

describe('the matrix', () => {
  it('has a row for all that is struck and a place for all that can befall it', () => {
    expect(matrixOf([lost, twice, reply], ['lost', 'twice'])).toEqual([
      { name: 'charge', cells: [lost, twice] },
      { name: 'Charged', cells: [reply, undefined] },
    ])
  })

  it('counts how it ended, the best first', () => {
    expect(countsOf([lost, twice, reply, reply])).toEqual([
      { outcome: 'completed', count: 2 },
      { outcome: 'stuck', count: 1 },
      { outcome: 'promise broken', count: 1 },
    ])
  })

  it('says of a cell where, what and how it ended', () => {
    expect(cellWords(twice)).toBe('charge: twice. promise broken (ONCE)')
  })
})
