import { describe, expect, it } from 'vitest'
import { newDraft } from '../../session/draft.ts'
import type { Branch, ScenarioInput } from '../../session/session-types.ts'
import { branchRows } from './branch-tree.ts'

const scenario: ScenarioInput = { sagascope: 1, id: 'paying', title: 'Paying', services: { payment: {} } }
const draft = newDraft(scenario)
const branch = (id: number, parent: number | null, change: Partial<Branch> = {}): Branch => ({
  id,
  name: `branch ${id}`,
  parent,
  from: parent,
  origin: 'act',
  forkedAt: null,
  first: draft,
  draft,
  past: [],
  future: [],
  playhead: 0,
  time: 0,
  ...change,
})

describe('the tree of branches', () => {
  it('puts each below what it grew from, whenever it was made', () => {
    const rows = branchRows([branch(1, null), branch(2, 1), branch(3, 1), branch(4, 2)], 4)
    expect(rows.map(({ name, depth, isCurrent }) => [name, depth, isCurrent])).toEqual([
      ['branch 1', 0, false],
      ['branch 2', 1, false],
      ['branch 4', 2, true],
      ['branch 3', 1, false],
    ])
  })

  it('loses no branch whose parent is gone', () => {
    expect(branchRows([branch(2, 1)], 2).map(({ depth }) => depth)).toEqual([0])
  })

  it('says what each is about', () => {
    const act = branch(1, null, {
      forkedAt: 5_010_000,
      draft: { ...draft, seed: 7, added: [{ kind: 'crash', service: 'payment', atMs: 1 }] },
    })
    const found = branch(2, null, { origin: 'finding', name: '' })
    expect(branchRows([act, found], 1).map(({ name, about }) => [name, about])).toEqual([
      ['branch 1', 'begun at 5.010 s · seed 7 · 1 failure'],
      ['Paying', 'found · no failures'],
    ])
  })
})
