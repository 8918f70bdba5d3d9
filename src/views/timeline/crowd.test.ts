import { expect, it } from 'vitest'
import { Crowd, crowdPath, highest } from './crowd.ts'

it('counts what lies over each pixel, at least one pixel each', () => {
  const crowd = new Crowd(6)
  crowd.add(1, 3)
  crowd.add(2.2, 2.3)
  crowd.add(-50, 1)
  crowd.add(5, Infinity)
  expect([...crowd.counts()]).toEqual([1, 1, 2, 0, 0, 1])
  expect(highest(crowd.counts())).toBe(2)
})

it('joins equal neighbours in one column of the outline', () => {
  expect(crowdPath(Int32Array.of(1, 1, 0, 2), null, 20, 5)).toBe('M0 20H2V15H0ZM3 20H4V10H3Z')
})

it('stands one outline on the other', () => {
  expect(crowdPath(Int32Array.of(1), Int32Array.of(2), 20, 5)).toBe('M0 10H1V5H0Z')
})
