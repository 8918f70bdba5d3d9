import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toBase64Url } from '../base/base64url.ts'
import { hashText } from '../base/hash.ts'
import { library } from '../library/library.ts'
import { decodeLink, encodeLink, FRAGMENT_MAX } from './link-codec.ts'
import { type LinkPayload, type PackedStory, packStory, unpackStory } from './link-payload.ts'
import { packText, unpackText } from './link-text.ts'
import { phrases } from './link-words.ts'
import type { FaultInput, ScenarioInput } from './schema.ts'

const scenario: ScenarioInput = {
  sagascope: 1,
  id: 'mini',
  title: 'Zwei Dienste · 二',
  text: 'A lesson.',
  services: { order: {}, payment: { handlerMs: 5 } },
  faults: [{ kind: 'drop', message: 'charge' }],
  variants: { B: { title: 'slower', text: 'Watch it.', patch: { services: { payment: { handlerMs: 50 } } } } },
}
const payload: LinkPayload = {
  scenario,
  fromLibrary: false,
  variant: 'B',
  seed: 4_294_967_295,
  changed: { 0: null },
  added: [{ kind: 'crash', service: 'payment', atMs: 12.001 }],
  playhead: 41,
  speed: 0.25,
  bottom: 'space-time',
  panel: 'saga',
}
const failureOf = async (fragment: string) => {
  const result = await decodeLink(fragment)
  return result.ok ? 'none' : result.failure
}
const deflated = async (bytes: Uint8Array<ArrayBuffer>) => {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

describe('a link', () => {
  it('gives back what was put in', async () => {
    expect(await decodeLink(await encodeLink(payload))).toEqual({ ok: true, value: payload })
  })

  it('gives back any scenario, edits and view', async () => {
    const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)))
    const faults = fc.array(fc.dictionary(fc.string(), json)) as unknown as fc.Arbitrary<LinkPayload['added']>
    const scenarios = fc.dictionary(fc.string({ unit: 'grapheme' }), json) as unknown as fc.Arbitrary<ScenarioInput>
    const payloads = fc.record({
      scenario: scenarios.map((value) => JSON.parse(JSON.stringify(value)) as ScenarioInput),
      fromLibrary: fc.boolean(),
      variant: fc.option(fc.string()),
      seed: fc.option(fc.nat()),
      changed: fc.constantFrom<LinkPayload['changed']>({}, { 0: null }, { 2: { kind: 'drop' } }),
      added: faults.map((value) => JSON.parse(JSON.stringify(value)) as LinkPayload['added']),
      playhead: fc.nat(),
      speed: fc.constantFrom(0.01, 1, 8, 100),
      bottom: fc.constantFrom('timeline', 'log'),
      panel: fc.constantFrom('verdict', 'tables'),
    })
    const roundTrip = async (value: LinkPayload) => {
      expect(await decodeLink(await encodeLink(value))).toEqual({ ok: true, value })
    }
    await fc.assert(fc.asyncProperty(payloads, roundTrip), { numRuns: 200 })
  })

  it('gives back the runs that stood beside it', async () => {
    const drop: FaultInput = { kind: 'drop', message: 'charge' }
    const calm = { ...payload, scenario: { ...scenario, faults: [] } }
    const others: PackedStory[] = [
      { scenario, fromLibrary: false, variant: 'B', seed: 8, changed: {}, added: [drop] },
      { scenario: calm.scenario, fromLibrary: true, variant: null, seed: null, changed: { 0: null }, added: [] },
    ]
    const compared: LinkPayload = { ...payload, comparison: { others, time: 5010.5, nth: 2, view: 'stage' } }
    expect(await decodeLink(await encodeLink(compared))).toEqual({ ok: true, value: compared })
  })

  it('with more runs beside it than can stand there, or none, is damaged', async () => {
    const other = { scenario, fromLibrary: false, variant: null, seed: null, changed: {}, added: [] }
    for (const others of [[], [other, other, other, other]]) {
      const compared: LinkPayload = { ...payload, comparison: { others, time: 0, nth: 0, view: 'stage' } }
      expect(await failureOf(await encodeLink(compared))).toBe('damaged')
    }
  })

  it('has only characters that survive in an address', async () => {
    expect(await encodeLink(payload)).toMatch(/^#s1=[A-Za-z0-9_-]+$/)
  })

  it('is refused as damaged when any one character changes or its end is missing', async () => {
    const link = await encodeLink(payload)
    const start = '#s1='.length
    for (let at = start; at < link.length - 1; at++) {
      const other = link[at] === 'A' ? 'B' : 'A'
      expect(await failureOf(link.slice(0, at) + other + link.slice(at + 1)), `character ${at}`).not.toBe('none')
    }
    expect(await failureOf(link.slice(0, -5))).toBe('damaged')
    expect(await failureOf(`${link}!`)).toBe('damaged')
    expect(await failureOf('#s1=')).toBe('damaged')
  })

  it('never throws, whatever stands in it', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.base64String().map((tail) => `#s1=${tail}`),
    )
    await fc.assert(
      fc.asyncProperty(text, async (fragment) => {
        expect(await failureOf(fragment)).not.toBe('none')
      }),
    )
  })

  it('of something else is foreign, of a newer version is from the future', async () => {
    expect(await failureOf('#chapter-2')).toBe('foreign')
    expect(await failureOf('')).toBe('foreign')
    expect(await failureOf('#s2=AAAA')).toBe('future version')
  })

  it('longer than 64 KB is too large', async () => {
    expect(await failureOf(`#s1=${'A'.repeat(FRAGMENT_MAX)}`)).toBe('too large')
  })

  it('that would unpack to 40 MB is too large, and is not unpacked to its end', async () => {
    const bomb = toBase64Url(await deflated(new Uint8Array(40_000_000).fill(0x20)))
    expect(bomb.length).toBeLessThan(FRAGMENT_MAX)
    const before = process.memoryUsage().arrayBuffers
    expect(await failureOf(`#s1=${bomb}`)).toBe('too large')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
  })

  it('whose phrases would grow to more than 1 MB is too large', async () => {
    const bomb = toBase64Url(await deflated(new Uint8Array(900_000).fill(0x80)))
    expect(await failureOf(`#s1=${bomb}`)).toBe('too large')
  })
})

describe('links of version 1', () => {
  it('still open, whatever has changed since: this one was made with the first release', async () => {
    const made =
      '#s1=AX0Agv9o5xHoy9zXbWluaQEkVHdvIHNlcnZpY2VzIP8AtyD_TowirJZ9zQR1NQOleyID_CI6oJwsAtqQh6-C25ePAtsijQL9XX2ILAG_AfoDWgF-fV19LMcidqFCARNuIjo3LCJjASYwIjoEBn0sASnSpQFFfV0sycrFImmhBCEifQ'
    expect(await decodeLink(made)).toEqual({
      ok: true,
      value: {
        scenario: {
          sagascope: 1,
          id: 'mini',
          title: 'Two services · 二',
          services: {
            order: {},
            payment: {
              handlerMs: 5,
              tables: { ledger: { columns: ['order', 'type'] } },
              operations: { charge: { do: [{ insert: 'ledger', row: { order: 'order', type: "'charge'" } }] } },
            },
          },
          faults: [{ kind: 'drop', message: 'charge' }],
        },
        fromLibrary: true,
        variant: 'B',
        seed: 7,
        changed: { 0: null },
        added: [{ kind: 'crash', service: 'payment', atMs: 12.001 }],
        playhead: 41,
        speed: 0.25,
        bottom: 'space-time',
        panel: 'saga',
      },
    })
  })

  it('name phrases of a list in which no character may change', () => {
    expect([phrases.length, hashText(phrases.join('\n')) >>> 0]).toEqual([1162, 449228834])
  })
})

describe('a link of any library scenario', () => {
  const added: FaultInput[] = [
    { kind: 'crash', service: 'payment', atMs: 12.001, restartMs: 8000 },
    { kind: 'drop', from: 'payment', to: 'order', afterMs: 25.001, nth: 1 },
    { kind: 'delay', to: 'inventory', afterMs: 41.001, nth: 1, byMs: 8000 },
    { kind: 'slow', service: 'shipping', afterMs: 31.123, nth: 1, byMs: 8000 },
    { kind: 'partition', between: [['payment'], ['order', 'inventory']], fromMs: 55.001, untilMs: 10_055.001 },
  ]
  const view = { playhead: 41, speed: 0.25, bottom: 'space-time', panel: 'tables' }
  const origin = 'https://somebody-with-a-name.github.io/sagascope/'

  it.each(library.map((scenario) => [scenario.id, scenario] as const))(
    '%s has at most 2,000 characters in each variant, with five faults',
    async (_id, scenario) => {
      for (const variant of [null, ...Object.keys(scenario.variants ?? {})]) {
        const story = packStory({ scenario, variant, seed: 4_294_967_295, changed: {}, added }, scenario)
        const link = origin + (await encodeLink({ ...story, ...view }))
        expect(link.length, `variant ${variant}`).toBeLessThanOrEqual(2000)
      }
    },
  )
})

describe('a link of a comparison', () => {
  const compared = library.filter(({ variants = {} }) => Object.keys(variants).length > 1)
  const origin = 'https://somebody-with-a-name.github.io/sagascope/'
  const added: FaultInput[] = [
    { kind: 'crash', service: 'payment', atMs: 12.001, restartMs: 8000 },
    { kind: 'drop', from: 'payment', to: 'order', afterMs: 25.001, nth: 1 },
  ]

  it.each(compared.map((scenario) => [scenario.id, scenario] as const))(
    '%s has at most 2,000 characters with up to four variants and two faults, and gives them back',
    async (_id, scenario) => {
      const stories = Object.keys(scenario.variants ?? {})
        .slice(0, 4)
        .map((variant) => {
          return packStory({ scenario, variant, seed: 4_294_967_295, changed: {}, added }, scenario)
        })
      const [first, ...others] = stories as [(typeof stories)[number], ...typeof stories]
      const view = { playhead: 41, speed: 0.25, bottom: 'space-time', panel: 'tables' }
      const link = await encodeLink({
        ...first,
        ...view,
        comparison: { others, time: 5_010_000, nth: 3, view: 'stage' },
      })
      expect(origin.length + link.length).toBeLessThanOrEqual(2000)
      const opened = await decodeLink(link)
      if (!opened.ok) throw new Error('damaged')
      const back = opened.value.comparison?.others.map((other) => unpackStory(other, scenario))
      expect(back).toEqual(others.map((other) => unpackStory(other, scenario)))
      expect(back?.map(({ variant }) => variant)).toEqual(others.map(({ variant }) => variant))
    },
  )
})

describe('the text of a link', () => {
  it('survives packing, also with characters outside ASCII and broken surrogates', () => {
    const units = fc.string({ unit: 'binary' })
    fc.assert(fc.property(units, (text) => unpackText(packText(text), 1_000_000) === text))
    expect(unpackText(packText('\ud800"\u007f'), 100)).toBe('\ud800"\u007f')
  }, 30_000)
})

describe('a library scenario in a link', () => {
  const story = { scenario, variant: 'B', seed: null, changed: {}, added: [] }
  const rest = { playhead: 0, speed: 1, bottom: 'timeline', panel: 'verdict' }
  const packed = packStory(story, scenario)

  it('leaves lesson text and variants at home', () => {
    expect(packed.fromLibrary).toBe(true)
    expect(packed.scenario).not.toHaveProperty('text')
    expect(packed.scenario).not.toHaveProperty('variants')
    expect(packed.scenario.services.payment).toEqual({ handlerMs: 50 })
  })

  it('gets them back where the library still has the same scenario, also with another lesson text', () => {
    const reworded = { ...scenario, text: 'A better lesson.' }
    expect(unpackStory({ ...packed, ...rest }, reworded)).toEqual({ ...rest, ...story, scenario: reworded })
  })

  it('runs alone where the library has changed or lost it', () => {
    const changed = { ...scenario, seed: 99 }
    for (const library of [undefined, changed, { ...scenario, variants: {} }]) {
      const alone = unpackStory({ ...packed, ...rest }, library)
      expect(alone).toMatchObject({ variant: null, scenario: { services: { payment: { handlerMs: 50 } } } })
    }
  })

  it('that the visitor changed in a file is carried whole, with its variants', () => {
    const other = packStory(story, { ...scenario, title: 'Other' })
    expect(other).toEqual({ ...story, fromLibrary: false })
    expect(unpackStory({ ...other, ...rest }, undefined)).toEqual({ ...rest, ...story })
  })
})
