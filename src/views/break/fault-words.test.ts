import { describe, expect, it } from 'vitest'
import type { FaultInput } from '../../session/session-types.ts'
import { faultDetail } from './fault-words.ts'
import { ordinal } from './names.ts'

const titles: Record<string, string> = { order: 'Order', payment: 'Payment', stock: 'Inventory' }
const detail = (fault: FaultInput) => faultDetail(fault, (name) => titles[name] ?? name)

describe('a fault in words', () => {
  it('says where in the handler a crash strikes and how long it lasts', () => {
    expect(detail({ kind: 'crash', service: 'payment', on: 'charge', point: 'after commit', restartMs: 500 })).toBe(
      'Payment: after commit, 1st charge, down 500 ms',
    )
    expect(detail({ kind: 'crash', service: 'payment', nth: 2, afterMs: 12 })).toBe(
      'Payment: on receipt, 2nd handling after 12 ms',
    )
    expect(detail({ kind: 'crash', service: 'payment', atMs: 1500, restartMs: 'never' })).toBe(
      'Payment: at 1.500 s, down for good',
    )
  })

  it('says which messages are lost, copied or late', () => {
    expect(detail({ kind: 'drop', message: 'Charged', from: 'payment', to: 'order' })).toBe(
      '1st Charged, Payment → Order',
    )
    expect(detail({ kind: 'drop', probability: 0.125 })).toBe('12.5 % of messages')
    expect(detail({ kind: 'duplicate', to: 'payment', nth: 2, times: 3, copies: 2 })).toBe(
      '2nd to 4th message to Payment, 2 copies',
    )
    expect(detail({ kind: 'delay', from: 'order', byMs: 6000 })).toBe('1st message from Order, by 6.000 s')
  })

  it('says which handlings are slow or answered with no', () => {
    expect(detail({ kind: 'refuse', service: 'stock', on: 'reserve', times: 'always', reason: 'OUT_OF_STOCK' })).toBe(
      'Inventory: every reserve: OUT_OF_STOCK',
    )
    expect(detail({ kind: 'slow', service: 'stock', byMs: 40 })).toBe('Inventory: 1st handling, by 40 ms')
    expect(detail({ kind: 'fail', service: 'stock', nth: 3, times: 'always' })).toBe(
      'Inventory: every handling from the 3rd',
    )
  })

  it('draws the direction of a partition and says when it heals', () => {
    const between: [string[], string[]] = [['order'], ['payment', 'stock']]
    expect(detail({ kind: 'partition', between, fromMs: 20, untilMs: 5000 })).toBe(
      'Order | Payment, Inventory, 20 ms to 5.000 s',
    )
    expect(detail({ kind: 'partition', between, direction: 'back' })).toBe(
      'Order | Payment, Inventory, only from the right, from 0 ms',
    )
  })

  it('counts as people do', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal)).toEqual([
      '1st',
      '2nd',
      '3rd',
      '4th',
      '11th',
      '12th',
      '13th',
      '21st',
      '102nd',
      '111th',
    ])
  })
})
