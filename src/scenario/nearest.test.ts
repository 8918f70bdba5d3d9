import { describe, expect, it } from 'vitest'
import { closest, nearest } from './nearest.ts'

describe('what was meant', () => {
  it.each([
    ['chrage', 'charge'],
    ['charg', 'charge'],
    ['CHARGE', 'charge'],
    ['refnd', 'refund'],
  ])('%s means %s', (written, meant) => {
    expect(closest(written, ['charge', 'refund'])).toBe(meant)
  })

  it.each(['teleport', 'x', ''])('%j means none of them', (written) => {
    expect(closest(written, ['charge', 'refund', 'A'])).toBeNull()
  })

  it('prefers the nearer of two', () => {
    expect(closest('charges', ['changed', 'charge'])).toBe('charge')
  })
})

describe('the hint', () => {
  it('asks when something is near, lists when little is there, and is silent otherwise', () => {
    expect(nearest('chrage', ['charge'])).toBe('; did you mean "charge"?')
    expect(nearest('teleport', ['charge', 'refund'])).toBe('; there is charge, refund')
    expect(
      nearest(
        'teleport',
        Array.from({ length: 13 }, (_, i) => `operation${i}`),
      ),
    ).toBe('')
    expect(nearest('teleport', [])).toBe('')
  })
})
