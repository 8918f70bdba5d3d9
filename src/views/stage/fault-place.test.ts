import { describe, expect, it } from 'vitest'
import type { FaultInput, ScenarioInput, SessionFault } from '../../session/session-types.ts'
import { badgesByService, badgeText, cutsOf, faultService } from './fault-place.ts'
import { INVENTORY, ORDER, orderHeader, PAYMENT } from './order-story.ts'

const scenario = {
  services: { order: {}, payment: { operations: { charge: { do: [], reply: 'Charged' } } } },
} as unknown as ScenarioInput

const placeOf = (fault: FaultInput) => faultService(fault, orderHeader, scenario)
const listed = (fault: FaultInput, number = 0): SessionFault => ({ origin: 'visitor', place: number, number, fault })

describe('the badge of a fault', () => {
  it('hangs at the service it is about', () => {
    expect(placeOf({ kind: 'crash', service: 'inventory' })).toBe(INVENTORY)
  })

  it('hangs at the end of a line that is not the hub', () => {
    expect(placeOf({ kind: 'drop', from: 'order', to: 'payment' })).toBe(PAYMENT)
    expect(placeOf({ kind: 'drop', from: 'payment', to: 'order' })).toBe(PAYMENT)
  })

  it('finds the service by the name of the message, as a command and as a reply', () => {
    expect(placeOf({ kind: 'drop', message: 'charge' })).toBe(PAYMENT)
    expect(placeOf({ kind: 'duplicate', message: 'Charged' })).toBe(PAYMENT)
  })

  it('hangs nowhere when it can hit anything', () => {
    expect(placeOf({ kind: 'drop', probability: 0.1 })).toBe(-1)
  })

  it('hangs at the far side of a partition', () => {
    expect(placeOf({ kind: 'partition', between: [['order'], ['payment']] })).toBe(PAYMENT)
  })

  it('does not repeat on its card what the card says', () => {
    expect(badgeText('crash · Payment after commit, 1st charge', 'Payment')).toBe('crash · after commit, 1st charge')
    expect(badgeText('refuse · Shipping, 1st message: REFUSED', 'Shipping')).toBe('refuse · 1st message: REFUSED')
    expect(badgeText('drop · 1st message from Payment to Order after 8.604 ms', 'Payment')).toBe('drop · 1st message')
    expect(badgeText('partition · Order ↔ Payment from 0 ms until 20 s', 'Payment')).toBe('partition · Order ↔ Payment')
  })

  it('knows whether its fault is switched off', () => {
    const badges = badgesByService(
      [listed({ kind: 'crash', service: 'payment', enabled: false })],
      orderHeader,
      scenario,
    )
    expect(badges.get(PAYMENT)).toMatchObject([{ on: false }])
  })
})

describe('a partition in force', () => {
  const fault = listed({ kind: 'partition', between: [['order'], ['payment']] })

  it('cuts the lines between its two sides, and only those', () => {
    expect(cutsOf(new Set([0]), [fault], orderHeader)).toEqual([{ from: ORDER, to: PAYMENT, bothWays: true }])
    expect(cutsOf(new Set(), [fault], orderHeader)).toEqual([])
  })

  it('cuts one lane when it stops one way only', () => {
    const back = listed({ kind: 'partition', between: [['order'], ['payment']], direction: 'back' })
    expect(cutsOf(new Set([0]), [back], orderHeader)).toEqual([{ from: PAYMENT, to: ORDER, bothWays: false }])
  })
})
