import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { draw, drawWithin, Fingerprint, hashText, TextHash } from './hash.ts'

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })

describe('a draw', () => {
  it('is the number it has always been', () => {
    // Links made today have to replay the same in five years.
    expect([draw(1, 2, 3, 4), draw(0, 0, 0, 0), draw(4_294_967_295, 1, 1, 1)]).toEqual([
      2975092614, 1027928387, 1684198899,
    ])
  })

  it('does not repeat itself: for the n-th, another entity, purpose or seed', () => {
    const seen = new Set<number>()
    for (let seed = 0; seed < 10; seed++) {
      for (let entity = 0; entity < 10; entity++)
        for (let n = 0; n < 100; n++) seen.add(draw(seed, entity % 3, entity, n))
    }
    expect(seen.size).toBeGreaterThan(9990)
  })

  it('within a range stays inside and reaches both ends', () => {
    fc.assert(
      fc.property(word, fc.integer({ min: -1000, max: 1000 }), fc.nat(2 ** 31), (bits, from, span) => {
        const drawn = drawWithin(bits, from, from + span)
        expect(drawn).toBeGreaterThanOrEqual(from)
        expect(drawn).toBeLessThanOrEqual(from + span)
        expect(Number.isInteger(drawn)).toBe(true)
        expect(drawWithin(0, from, from + span)).toBe(from)
        expect(drawWithin(2 ** 32 - 1, from, from + span)).toBe(from + span)
      }),
    )
  })

  it('takes every value of a small range about equally often', () => {
    const counts = [0, 0, 0, 0, 0, 0]
    for (let n = 0; n < 60_000; n++) counts[drawWithin(draw(7, 1, 1, n), 0, 5)]! += 1
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400)
  })
})

describe('a fingerprint', () => {
  it('tells texts apart by content, order and length', () => {
    const texts = ['', 'a', 'b', 'ab', 'ba', 'a\u0000', 'ä', 'aa']
    expect(new Set(texts.map((text) => hashText(text))).size).toBe(texts.length)
  })

  it('is the same however the words are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 50 }), fc.nat(50), (words, cut) => {
        const whole = new Fingerprint()
        whole.words(Int32Array.from(words))
        const parts = new Fingerprint()
        parts.words(Int32Array.from(words.slice(0, cut)))
        parts.words(Int32Array.from(words.slice(cut)))
        expect(parts.hex()).toBe(whole.hex())
      }),
    )
  })

  it('changes with any one bit of any one word', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 30 }),
        fc.nat(29),
        fc.nat(31),
        (words, place, bit) => {
          const print = (all: readonly number[]) => {
            const fingerprint = new Fingerprint()
            fingerprint.words(Int32Array.from(all))
            return fingerprint.hex()
          }
          const at = place % words.length
          expect(print(words.map((one, i) => (i === at ? one ^ (1 << bit) : one)))).not.toBe(print(words))
        },
      ),
    )
  })
})

describe('a hash told piece by piece', () => {
  it('is the hash of the whole text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => {
        const hash = new TextHash()
        for (const piece of pieces) hash.add(piece)
        expect(hash.hex).toBe((hashText(pieces.join('')) >>> 0).toString(16).padStart(8, '0'))
      }),
    )
  })

  it('takes values as JSON says them, quotes and half characters too', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue(), fc.constantFrom('"', '\\', '\ud800')),
        (value) => {
          const [told, whole] = [new TextHash(), new TextHash()]
          told.addJson(value)
          whole.add(JSON.stringify(value))
          expect(told.hex).toBe(whole.hex)
        },
      ),
    )
  })
})
