import { describe, expect, it } from 'vitest'
import { handlerParts, reaches } from './crash-points.ts'

const gaps = (acknowledge: 'after' | 'first') =>
  handlerParts(acknowledge).flatMap((part) => (part.type === 'gap' ? [part.point] : []))

describe('the gaps of a handler', () => {
  it('come in the order a handler that acknowledges at the end meets them', () => {
    expect(gaps('after')).toEqual(['on receipt', 'before commit', 'after commit', 'after send', 'ack lost'])
  })

  it('have one after the acknowledgement when that comes first, and none where it gets lost', () => {
    expect(gaps('first')).toEqual(['on receipt', 'after ack', 'before commit', 'after commit', 'after send'])
    expect(reaches('first', 'ack lost')).toBe(false)
    expect(reaches('after', 'after ack')).toBe(false)
  })

  it('put only the gap before the commit inside the transaction', () => {
    const inside = handlerParts('after').filter((part) => part.type === 'gap' && part.inTransaction)
    expect(inside.map((part) => part.type === 'gap' && part.point)).toEqual(['before commit'])
  })
})
