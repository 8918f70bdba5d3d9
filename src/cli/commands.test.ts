import { describe, expect, it } from 'vitest'
import { counter, file, run, twice } from '../../test/run-cli.ts'
import { decodeLink } from '../scenario/link-codec.ts'

describe('check', () => {
  it('finds the whole library as expected', async () => {
    const { code, out } = await run('check')
    expect(code).toBe(0)
    expect(out).toMatch(/S05 +lost-reply +A +ATOM +as expected/)
    expect(out).toMatch(/\d+ as expected, 0 not$/)
  }, 30_000)

  it('runs the file itself and every variant of it', async () => {
    const path = file('variants.json', {
      ...counter,
      expect: { count: 1 },
      variants: {
        good: { title: 'two', patch: { workload: twice }, expect: { count: 2 }, breaks: ['FEW'] },
        wrong: { title: 'two, unexpected', patch: { workload: twice } },
      },
    })
    const { code, out } = await run('check', path)
    expect(code).toBe(1)
    expect(out).toMatch(/good +FEW +as expected/)
    expect(out).toContain('NOT AS EXPECTED: count is 2, expected 1; FEW is broken, expected to hold')
    expect(out).toContain('2 as expected, 1 not')
  })

  it('goes on with the other files when one is bad input, and ends with 2', async () => {
    const good = file('good.json', counter)
    const bad = file('bad.json', { ...counter, seed: -1 })
    const { code, out, error } = await run('check', bad, good)
    expect(code).toBe(2)
    expect(error).toEqual([`${bad}: seed: expected at least 0, got -1`])
    expect(out).toContain('1 as expected, 0 not')
  })

  it('names the variant whose patch makes the scenario invalid', async () => {
    const path = file('bad-variant.json', {
      ...counter,
      variants: {
        slow: { title: 'slow', patch: { services: { counter: { handlerMs: -5 } } } },
        gone: { title: 'gone', expect: { cuont: 1 } },
      },
    })
    const { code, error } = await run('check', path)
    expect(code).toBe(2)
    expect(error).toEqual([
      `${path}: variants.slow: services.counter.handlerMs: a time cannot be negative`,
      `${path}: variants.gone: expect.cuont: no observable "cuont"; did you mean "count"?`,
    ])
  })
})

describe('list', () => {
  it('names id, title, case and variants of every story', async () => {
    const stories = JSON.parse((await run('list', '--json')).out)
    expect(stories[0]).toEqual({ id: 'order-saga', title: 'Happy path', case: 'S01', variants: [] })
    expect(stories.find(({ id }: { id: string }) => id === 'lost-reply').variants).toEqual(['A', 'B', 'C', 'D'])
  })

  it('is a table for people', async () => {
    const { code, out } = await run('list')
    expect(code).toBe(0)
    expect(out).toMatch(/lost-reply +S05 +Lost reply after the commit +A, B, C, D/)
  })
})

describe('trace', () => {
  it('prints position, time and sentence of every entry', async () => {
    const { code, out } = await run('trace', 'lost-reply', '--variant', 'B')
    const lines = out.split('\n')
    expect(code).toBe(0)
    expect(lines[0]).toMatch(/^ *1 +0 ms {2}Client sent PlaceOrder \(Client → Order\)$/)
    expect(out).toMatch(/5\.010 s {2}step charge timed out, attempt 1/)
    expect(lines.at(-1)).toMatch(/the run ended: at rest$/)
  })
})

describe('link', () => {
  it('opens exactly this: scenario, variant and seed', async () => {
    const { code, out } = await run('link', 'lost-reply', '--variant', 'B', '--seed', '9')
    expect(code).toBe(0)
    const [address, fragment] = out.split('#')
    expect(address).toBe('http://localhost:4173/')
    const decoded = await decodeLink(`#${fragment}`)
    expect(decoded).toMatchObject({ ok: true, value: { variant: 'B', seed: 9, fromLibrary: true, playhead: 0 } })
  })

  it('carries a file whole', async () => {
    const path = file('carried.json', counter)
    const { out } = await run('link', path, '--base', 'https://example.org/scope/#old')
    expect(out.startsWith('https://example.org/scope/#s1=')).toBe(true)
    expect(await decodeLink(out.slice(out.indexOf('#')))).toMatchObject({ value: { scenario: counter } })
  })

  it('stays below 2,000 characters for every story of the library', async () => {
    const stories = JSON.parse((await run('list', '--json')).out) as { id: string; variants: string[] }[]
    const lengths = await Promise.all(
      stories.flatMap(({ id, variants }) =>
        [[], ...variants.map((name) => ['--variant', name])].map(async (words) => {
          const { out } = await run('link', id, ...words)
          return { story: [id, ...words].join(' '), length: out.length }
        }),
      ),
    )
    expect(lengths.filter(({ length }) => length > 2000)).toEqual([])
  }, 30_000)
})

describe('help', () => {
  it.each([[['help']], [['--help']], [['run', '--help']]])('%j prints every command and ends with 0', async (words) => {
    const { code, out } = await run(...words)
    expect(code).toBe(0)
    for (const command of ['run', 'check', 'list', 'trace', 'link'])
      expect(out).toMatch(new RegExp(`^  ${command}`, 'm'))
  })
})
