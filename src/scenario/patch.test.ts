import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sameData } from '../base/same-data.ts'
import { applyVariant, mergePatch, patchBetween } from './patch.ts'
import type { ScenarioInput } from './schema.ts'

describe('a merge patch', () => {
  // The examples of RFC 7396, appendix A.
  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'],
    ['{"a":"foo"}', 'null', 'null'],
    ['{"a":"foo"}', '"bar"', '"bar"'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('%s with %s gives %s', (target, patch, result) => {
    expect(JSON.stringify(mergePatch(JSON.parse(target), JSON.parse(patch)))).toBe(result)
  })

  it('keeps a field called __proto__ a field', () => {
    const merged = mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}')) as object
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"polluted":true}}')
    expect('polluted' in merged).toBe(false)
  })

  it('changes nothing in place', () => {
    const target = { steps: [{ name: 'charge', timeoutMs: 5 }] }
    mergePatch(target, { steps: { charge: { timeoutMs: 7 } } })
    expect(target).toEqual({ steps: [{ name: 'charge', timeoutMs: 5 }] })
  })
})

describe('a list of named items', () => {
  const steps = [{ name: 'charge', timeoutMs: 5 }, { name: 'ship' }]

  it('is patched by name', () => {
    expect(mergePatch(steps, { charge: { timeoutMs: 7, retry: 'temporal' } })).toEqual([
      { name: 'charge', timeoutMs: 7, retry: 'temporal' },
      { name: 'ship' },
    ])
  })

  it('loses an item to null and gains one under an unknown name', () => {
    expect(mergePatch(steps, { charge: null, absent: null, mail: { service: 'mail' } })).toEqual([
      { name: 'ship' },
      { name: 'mail', service: 'mail' },
    ])
  })

  it('is replaced by a list', () => {
    expect(mergePatch(steps, [{ name: 'other' }])).toEqual([{ name: 'other' }])
  })
})

describe('a variant', () => {
  const base: ScenarioInput = {
    sagascope: 1,
    id: 'x',
    title: 'X',
    services: { a: { handlerMs: 5 } },
    expect: { charges: 1, order: 'APPROVED' },
    breaks: ['all or nothing'],
    variants: {
      B: { title: 'b', patch: { services: { a: { handlerMs: 9 } } }, expect: { charges: 0 } },
      C: { title: 'c', breaks: ['stock'] },
    },
  }

  it('patches the scenario and expects on top of it', () => {
    const applied = applyVariant(base, 'B')
    expect(applied.services).toEqual({ a: { handlerMs: 9 } })
    expect(applied.expect).toEqual({ charges: 0, order: 'APPROVED' })
    expect(applied.variants).toBe(base.variants)
  })

  it('has its own list of what breaks, empty when it has none', () => {
    expect(applyVariant(base, 'B').breaks).toEqual([])
    expect(applyVariant(base, 'C').breaks).toEqual(['stock'])
  })

  it('none is the scenario itself', () => {
    expect(applyVariant(base, null)).toBe(base)
  })
})

describe('the patch between two values', () => {
  const json = fc.jsonValue({ maxDepth: 4 })
  const list = fc
    .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 })
    .chain((names) => fc.tuple(...names.map((name) => fc.record({ name: fc.constant(name), value: fc.nat(3) }))))
  const data = fc.record({ list, other: json }, { requiredKeys: [] })

  it('turns the one into the other, or says that it cannot', () => {
    fc.assert(
      fc.property(data, data, (from, to) => {
        const patch = patchBetween(from, to)
        if (patch === undefined) expect(JSON.stringify(to)).toContain('null')
        else expect(sameData(mergePatch(from, patch), to)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('is empty where nothing differs, and small where little does', () => {
    const from = { steps: [{ name: 'charge', timeoutMs: 5 }, { name: 'ship' }], seed: 1 }
    expect(patchBetween(from, from)).toEqual({})
    const to = { steps: [{ name: 'charge', timeoutMs: 9 }, { name: 'ship' }], seed: 1 }
    expect(patchBetween(from, to)).toEqual({ steps: { charge: { timeoutMs: 9 } } })
  })
})
