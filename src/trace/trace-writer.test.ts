import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CHUNK_LENGTH } from './columns.ts'
import { Kind } from './kinds.ts'
import { Trace } from './trace.ts'
import type { TraceHeader, TracePart, Value } from './trace-format.ts'
import { TraceWriter } from './trace-writer.ts'

const header: TraceHeader = {
  version: 1,
  scenario: { id: 'x', title: 'X', variant: null, seed: 1 },
  services: [{ name: 'a', title: 'A', kind: 'service', tables: [0], protections: [] }],
  tables: [{ name: 't', service: 0, columns: ['k', 'v'], key: 'k', system: false }],
  sagas: [],
  statements: [],
  properties: [],
  edges: [],
  faults: [],
  initialChanges: 0,
}

const cell = fc.oneof(
  fc.integer(),
  fc.constantFrom(2 ** 29, -(2 ** 29), 2 ** 29 - 1, 0, 2 ** 40, 0.5),
  fc.string({ maxLength: 4 }),
  fc.constantFrom(null, true, false),
)
const fact = fc.record({
  time: fc.integer({ min: 0, max: 2 ** 45 }),
  kind: fc.constantFrom(...Object.values(Kind)),
  saga: fc.integer({ min: -1, max: 5 }),
  a: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  row: fc.option(fc.tuple(cell, cell), { nil: null }),
})
const facts = fc.array(fact, { maxLength: 60 })
type Fact = typeof fact extends fc.Arbitrary<infer T> ? T : never

function writeFact(writer: TraceWriter, { time, kind, saga, a, row }: Fact, i: number): void {
  if (row !== null) writer.change(0, i, -1, writer.row(row))
  writer.append(time, kind, 0, saga, -1, i - 1, a, row === null ? -1 : writer.value(row[1]))
}

/** Writes the facts, taking a part after each fact whose place is in `cuts`. */
function write(all: readonly Fact[], cuts: ReadonlySet<number>): { parts: TracePart[]; hash: string } {
  const writer = new TraceWriter()
  writer.reset(['a name'])
  const parts: TracePart[] = []
  all.forEach((one, i) => {
    writeFact(writer, one, i)
    if (cuts.has(i)) parts.push(writer.take())
  })
  parts.push(writer.take())
  return { parts, hash: writer.hash(header) }
}

describe('a trace', () => {
  it('gives back what was written, wherever it was cut into parts', () => {
    fc.assert(
      fc.property(facts, fc.array(fc.nat(60)), (all, cuts) => {
        const trace = new Trace(header, write(all, new Set(cuts)).parts)
        expect(trace.length).toBe(all.length)
        let changes = 0
        all.forEach(({ time, saga, a, row }, i) => {
          expect(trace.entry(i)).toMatchObject({ position: i, time, saga, a, cause: i - 1 })
          if (row === null) return
          const [key, value] = row
          // A text the value table holds is stored once; −0 is 0 to everybody.
          expect(trace.change(changes++).after).toEqual([
            Object.is(key, -0) ? 0 : key,
            Object.is(value, -0) ? 0 : value,
          ])
          expect(trace.value(trace.at('b', i))).toEqual(value)
        })
      }),
    )
  })

  it('has the same fingerprint wherever it was cut', () => {
    fc.assert(
      fc.property(facts, fc.array(fc.nat(60)), fc.array(fc.nat(60)), (all, cuts, others) => {
        expect(write(all, new Set(cuts)).hash).toBe(write(all, new Set(others)).hash)
      }),
    )
  })

  it('has another fingerprint when any number of any fact differs', () => {
    fc.assert(
      fc.property(
        fc.array(fact, { minLength: 1, maxLength: 20 }),
        fc.nat(19),
        fc.constantFrom('time', 'saga', 'a'),
        (all, place, field) => {
          const at = place % all.length
          const changed = all.map((one, i) => (i === at ? { ...one, [field]: one[field as 'time'] ^ 1 } : one))
          expect(write(changed, new Set()).hash).not.toBe(write(all, new Set()).hash)
        },
      ),
    )
  })

  it('gives back every message with what it says, wherever it was cut, and keeps once what several say', () => {
    const numbers = {
      to: 0,
      role: 1,
      outcome: 0,
      saga: -1,
      step: -1,
      compensation: 0,
      key: -1,
      reason: -1,
      answers: -1,
    }
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(9), fc.boolean(), fc.boolean()), { maxLength: 40 }), (all) => {
        const writer = new TraceWriter()
        const parts: TracePart[] = []
        const said: number[] = []
        let body = -1
        for (const [attempt, saysTheSame, cut] of all) {
          if (body < 0 || !saysTheSame) {
            body = writer.body({ ...numbers, attempt, type: writer.value('ping'), payload: writer.value({ attempt }) })
            said.push(attempt)
          }
          const id = writer.message(body, 0, writer.messages.length, 5, Number.POSITIVE_INFINITY)
          expect(id).toBe(writer.messages.length - 1)
          if (cut) parts.push(writer.take())
        }
        parts.push(writer.take())
        const trace = new Trace(header, parts)
        expect(trace.messageCount).toBe(all.length)
        let next = -1
        all.forEach(([, saysTheSame], id) => {
          if (next < 0 || !saysTheSame) next++
          const attempt = said[next]
          expect(trace.message(id)).toMatchObject({
            id,
            type: 'ping',
            role: 1,
            attempt,
            payload: { attempt },
            departs: 5,
          })
          expect(trace.messageAt('attempt', id)).toBe(attempt)
        })
        expect(parts.flatMap((part) => part.bodies).reduce((sum, { length }) => sum + length, 0)).toBe(said.length)
      }),
    )
  })

  it('has another fingerprint under another header', () => {
    const writer = new TraceWriter()
    expect(writer.hash(header)).not.toBe(writer.hash({ ...header, faults: ['crash'] }))
  })

  it('is filled again after a reset as if it were new', () => {
    fc.assert(
      fc.property(facts, facts, (first, second) => {
        const writer = new TraceWriter()
        first.forEach((one, i) => {
          writeFact(writer, one, i)
        })
        writer.take()
        writer.reset(['a name'])
        second.forEach((one, i) => {
          writeFact(writer, one, i)
        })
        const part = writer.take()
        const { parts, hash } = write(second, new Set())
        expect(writer.hash(header)).toBe(hash)
        expect(new Trace(header, [part]).length).toBe(new Trace(header, parts).length)
      }),
    )
  })

  it('shows what has not been taken yet without taking it', () => {
    const writer = new TraceWriter()
    writer.append(5, Kind.sent, 0, -1, -1, -1, -1, -1)
    expect(new Trace(header, [writer.peek()]).length).toBe(1)
    expect(new Trace(header, [writer.take()]).length).toBe(1)
    expect(new Trace(header, [writer.take()]).length).toBe(0)
  })

  it('goes on over the edge of a chunk', () => {
    const writer = new TraceWriter()
    const count = CHUNK_LENGTH * 2 + 3
    for (let i = 0; i < count; i++) writer.append(i, Kind.sent, 0, -1, -1, -1, i, -1)
    const trace = new Trace(header, [writer.take()])
    expect(trace.length).toBe(count)
    for (const i of [0, CHUNK_LENGTH - 1, CHUNK_LENGTH, CHUNK_LENGTH * 2, count - 1]) {
      expect(trace.entry(i)).toMatchObject({ time: i, a: i })
    }
    expect(() => trace.entry(count)).toThrow(RangeError)
  })

  it('keeps equal texts once', () => {
    const writer = new TraceWriter()
    const values: Value[] = ['a', 'b', 'a']
    expect(values.map((value) => writer.value(value))).toEqual([0, 1, 0])
  })
})
