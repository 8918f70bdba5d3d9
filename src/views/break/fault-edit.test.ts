import { describe, expect, it } from 'vitest'
import { chooseBy, crashWhen, moveToSide, nameProblem, patchFault, sideOf } from './fault-edit.ts'

describe('editing a fault', () => {
  it('leaves out what the language assumes anyway, so that the link stays short', () => {
    expect(patchFault({ kind: 'drop', message: 'charge', nth: 2, afterMs: 10 }, { nth: 1, afterMs: 0 })).toEqual({
      kind: 'drop',
      message: 'charge',
    })
  })

  it('keeps a delay of zero, which has no default', () => {
    expect(patchFault({ kind: 'delay', byMs: 10 }, { byMs: 0 })).toEqual({ kind: 'delay', byMs: 0 })
  })

  it('never has both a count and a chance', () => {
    const byChance = patchFault({ kind: 'drop', nth: 3, times: 2 }, chooseBy('chance'))
    expect(byChance).toEqual({ kind: 'drop', probability: 0.5 })
    expect(patchFault(byChance, chooseBy('count'))).toEqual({ kind: 'drop' })
  })

  it('turns a crash at a gap into one at a time, and back without losing the moment', () => {
    const atGap = {
      kind: 'crash',
      service: 'payment',
      on: 'charge',
      nth: 2,
      point: 'after commit',
      afterMs: 20,
    } as const
    const atTime = patchFault({ ...atGap, restartMs: 'never' }, crashWhen('time', atGap))
    expect(atTime).toEqual({ kind: 'crash', service: 'payment', atMs: 20, restartMs: 'never' })
    expect(patchFault(atTime, crashWhen('gap', atTime))).toEqual({
      kind: 'crash',
      service: 'payment',
      afterMs: 20,
      restartMs: 'never',
    })
  })
})

describe('the sides of a partition', () => {
  const between: [string[], string[]] = [['order'], ['payment', 'stock']]

  it('moves a service from one side to the other', () => {
    const moved = moveToSide(between, 'stock', 'first')
    expect(moved).toEqual({ ok: true, value: [['order', 'stock'], ['payment']] })
  })

  it('lets a service stand on neither side', () => {
    const moved = moveToSide(between, 'stock', 'neither')
    expect(moved.ok && sideOf(moved.value, 'stock')).toBe('neither')
  })

  it('refuses to empty a side, with a sentence', () => {
    expect(moveToSide(between, 'order', 'second')).toEqual({
      ok: false,
      problems: [{ path: 'between', message: 'Then one side would be empty: put another service there first.' }],
    })
  })
})

describe('the reason of a refusal', () => {
  it('is a name, or empty for the usual one', () => {
    expect(nameProblem('OUT_OF_STOCK')).toBeUndefined()
    expect(nameProblem('')).toBeUndefined()
    expect(nameProblem('1 reason!')).toMatch(/starts with a letter/)
  })
})
