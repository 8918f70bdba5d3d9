import { expect, it } from 'vitest'
import { clockText } from './clock-text.ts'

it.each([
  [20_100, 95_000, '20.10 ms'],
  [20_100, 620_000, '20.1 ms'],
  [5_020_000, 5_031_000, '5.020 s'],
  [90_000_000, 3_600_000_000, '1.500 min'],
  [5_400_000_000, 86_400_000_000, '1.500 h'],
  [86_400_000_000, 864_000_000_000, '1.000 d'],
])('%d µs of %d reads %s', (time, total, text) => {
  expect(clockText(time, total)).toBe(text)
})

it('never changes its length by more than its leading digits while a run plays', () => {
  const decimals = new Set<number>()
  for (let time = 0; time <= 5_031_000; time += 12_345) decimals.add(clockText(time, 5_031_000).split('.')[1]!.length)
  expect(decimals.size).toBe(1)
})
