import { describe, expect, it } from 'vitest'
import { lostReply } from '../timeline/hand-trace.ts'
import { LogSearch } from './log-filter.ts'
import type { LogGroup } from './log-groups.ts'
import { allRows, foundRows, PAGE_ROWS, pageOf } from './log-rows.ts'

const trace = lostReply().trace()
const find = (text: string, ...groups: LogGroup[]) => {
  const search = new LogSearch(trace, { text, groups: new Set(groups) })
  while (search.scan(2));
  return search.found.map((position) => trace.entry(position).kind)
}

describe('the filter', () => {
  it('finds words of the sentence', () => {
    expect(find('was lost')).toEqual(['dropped'])
  })

  it('finds a time', () => {
    expect(find('5.031 s')).toEqual(['violated', 'ended'])
  })

  it('keeps the kinds asked for', () => {
    expect(find('', 'faults', 'violations')).toEqual(['dropped', 'violated'])
  })

  it('wants both when words and kinds are given', () => {
    expect(find('charge', 'transactions')).toEqual(['begun', 'committed'])
  })

  it('goes on where it stopped when the trace has grown', () => {
    const search = new LogSearch(trace, { text: '', groups: new Set(['violations']) })
    expect(search.scan(5)).toBe(true)
    expect(search.scan(1000)).toBe(false)
    expect(search.scanned).toBe(trace.length)
    expect(search.found).toHaveLength(1)
  })
})

describe('rows', () => {
  it('know where an entry is, or the last one before it', () => {
    const rows = foundRows([3, 8, 20])
    expect([2, 3, 10, 99].map((position) => rows.rowAt(position))).toEqual([-1, 0, 1, 2])
  })

  it('of a million entries come in pages a browser can scroll', () => {
    const rows = allRows(1_000_000)
    const page = pageOf(rows, 9)
    expect(page.positions).toHaveLength(PAGE_ROWS)
    expect([page.first, page.positions[0], page.positions.at(-1)]).toEqual([900_000, 900_000, 999_999])
  })
})
