import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeLink } from '../scenario/link-codec.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { cli } from './cli.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sagascope-cli-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function run(...words: string[]) {
  const out: string[] = []
  const error: string[] = []
  const code = await cli(words, { out: (text) => out.push(text), error: (text) => error.push(text) })
  return { code, out: out.join('\n'), error }
}

/** One service that counts how often it was asked. */
const counter: ScenarioInput = {
  sagascope: 1,
  id: 'counter',
  title: 'Counter',
  services: {
    counter: {
      tables: { hits: { columns: ['name', 'count'], key: 'name', rows: [{ name: 'a', count: 0 }] } },
      operations: { hit: { do: [{ update: 'hits', change: 'count += 1' }] } },
    },
  },
  workload: { requests: [{ to: 'counter', message: 'hit' }] },
  observables: { count: 'counter.hits["a"].count' },
  properties: { FEW: { when: 'always', check: 'counter.hits.all(h, h.count <= 1)' } },
}
const twice = { requests: [...(counter.workload?.requests ?? []), { to: 'counter', message: 'hit', atMs: 100 }] }

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

describe('run', () => {
  it('prints a stable document', async () => {
    const { code, out } = await run('run', 'lost-reply', '--variant', 'A', '--seed', '7', '--json')
    const report = JSON.parse(out)
    expect(code).toBe(0)
    expect(Object.keys(report)).toEqual([
      'scenario',
      'title',
      'variant',
      'seed',
      'quiescent',
      'reason',
      'observables',
      'expected',
      'properties',
      'asExpected',
      'entries',
      'hash',
    ])
    expect(report).toMatchObject({ scenario: 'lost-reply', variant: 'A', seed: 7, quiescent: true, reason: 'at rest' })
    expect(report.observables).toMatchObject({ charges: 1, refunds: 0, balance: 900, order: 'REJECTED' })
    expect(report.properties.find(({ name }: { name: string }) => name === 'ATOM')).toMatchObject({
      when: 'eventually',
      holds: false,
      expectedToBreak: true,
      timeMs: 5010,
    })
    expect(report.properties.find(({ name }: { name: string }) => name === 'MONEY')).toMatchObject({
      holds: true,
      position: null,
      timeMs: null,
    })
    expect(report.hash).toMatch(/^[0-9a-f]{16}$/)
  })

  it('says the same to people', async () => {
    const { code, out } = await run('run', 'lost-reply', '--variant', 'A')
    expect(code).toBe(0)
    expect(out).toMatch(/charges +1\n/)
    expect(out).toMatch(/ATOM +eventually +broken at entry \d+, 5\.010 s +as expected/)
    expect(out).toContain('As expected: 1 of 5 properties broken.')
  })

  it('gives the same hash for the same scenario and seed, and another for another story', async () => {
    const hash = async (...words: string[]) => JSON.parse((await run('run', ...words, '--json')).out).hash
    expect(await hash('lost-reply', '--variant', 'A')).toBe(await hash('lost-reply', '--variant=A'))
    expect(await hash('lost-reply', '--variant', 'A')).not.toBe(await hash('lost-reply', '--variant', 'B'))
  })

  it('ends with 1 when an observable is not what was expected, and names both', async () => {
    const path = file('surprise.json', { ...counter, expect: { count: 5 } })
    const { code, out } = await run('run', path)
    expect(code).toBe(1)
    expect(out).toMatch(/count +1 +expected 5/)
    expect(out).toContain('Not as expected.')
  })

  it('ends with 1 when a property breaks that nobody expected to break', async () => {
    const { code, out } = await run('run', file('broken.json', { ...counter, workload: twice }))
    expect(code).toBe(1)
    expect(out).toMatch(/FEW +always +broken at entry \d+, 105 ms +expected to hold/)
  })

  it('ends with 0 when a property breaks as expected, unless asked to be strict', async () => {
    const path = file('demo.json', { ...counter, workload: twice, breaks: ['FEW'] })
    expect((await run('run', path)).code).toBe(0)
    expect((await run('run', path, '--strict')).code).toBe(1)
  })

  it('ends with 1 when a property holds that was expected to break', async () => {
    expect((await run('run', file('holds.json', { ...counter, breaks: ['FEW'] }))).code).toBe(1)
  })

  it('judges a file without expectations by its properties alone', async () => {
    const { code, out } = await run('run', file('plain.json', counter))
    expect(code).toBe(0)
    expect(out).toContain('Every property holds.')
  })

  it('answers questions the scenario did not ask', async () => {
    const { code, out } = await run(
      'run',
      'order-saga',
      '--json',
      '--observe',
      'spent=payment.ledger.map(l, l.amount).sum()',
      '--observe=row=payment.accounts["c1"]',
      '--observe',
      'commits=entries.filter(e, e.kind == "committed").size()',
    )
    expect(code).toBe(0)
    const { observables } = JSON.parse(out)
    expect(observables).toMatchObject({ spent: 100, row: { customer: 'c1', balance: 900 } })
    expect(observables.commits).toBeGreaterThan(5)
  })

  it('takes a file for a file and a name for an id', async () => {
    const path = file('order-saga.json', counter)
    expect(JSON.parse((await run('run', path, '--json')).out).scenario).toBe('counter')
    expect(JSON.parse((await run('run', 'order-saga', '--json')).out).scenario).toBe('order-saga')
  })
})

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

describe('input that cannot be used', () => {
  it.each([
    ['nothing', [], 'Sagascope without a browser'],
    ['an unknown command', ['rnu', 'order-saga'], 'no command "rnu"; did you mean "run"?'],
    ['an unknown option', ['run', 'order-saga', '--sede', '4'], 'unknown option --sede; did you mean "seed"?'],
    ['an option without its value', ['run', 'order-saga', '--seed'], '--seed needs a value'],
    ['a switch with a value', ['run', 'order-saga', '--json=yes'], '--json takes no value'],
    [
      'a bad seed',
      ['run', 'order-saga', '--seed', '1.5'],
      '--seed: a seed is a whole number from 0 to 4294967295, not "1.5"',
    ],
    ['a seed too large', ['run', 'order-saga', '--seed', '4294967296'], '--seed: a seed is a whole number'],
    ['an unknown id', ['run', 'lost-replay'], 'no scenario "lost-replay" in the library; did you mean "lost-reply"?'],
    ['no scenario', ['run'], 'run needs a scenario: a file, or an id that "list" shows'],
    ['two scenarios', ['run', 'trip', 'order-saga'], 'run takes one scenario; what is "order-saga"?'],
    ['an unknown variant', ['run', 'lost-reply', '--variant', 'Z'], 'lost-reply: no variant "Z"; there is A, B, C, D'],
    ['a variant of a story without any', ['run', 'order-saga', '--variant', 'A'], 'no variant "A"; it has no variants'],
    ['a missing file', ['run', 'no/such.json'], 'no/such.json: there is no such file'],
    ['a folder', ['run', './src/'], './src/: this is not a file'],
    ['a question without a name', ['run', 'trip', '--observe', '1+1'], '--observe takes NAME=EXPRESSION'],
    ['a question twice', ['run', 'trip', '--observe', 'a=1', '--observe', 'a=2'], '--observe a: asked for twice'],
    ['a question that is asked already', ['run', 'trip', '--observe', 'saga=1'], '--observe saga: the scenario has'],
    ['a question with a typo', ['run', 'trip', '--observe', 'n=trip.size()'], '--observe n: unknown name "trip"'],
    ['a question without an answer', ['run', 'trip', '--observe', 'n=1 + "a"'], '--observe n: cannot add 1 and a'],
    ['a base that is no address', ['link', 'trip', '--base', 'here'], '--base: "here" is no address'],
    ['a word too many', ['list', 'trip'], 'list takes no names; what is "trip"?'],
  ])('%s: exit 2 and one line', async (_, words, line) => {
    const { code, out, error } = await run(...words)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(error).toHaveLength(1)
    expect(error[0]).toContain(line)
    expect(error[0]).not.toMatch(/\n\s+at /)
  })

  it.each([
    ['no JSON', '{"sagascope": 1,', 'this is not JSON: '],
    ['an empty file', '', 'this is not JSON: '],
    ['10 MB', ' '.repeat(10_000_000), 'the file is too large: 10000000 bytes, at most 1000000 characters'],
    ['a list', '[]', 'a scenario is one JSON object'],
    [
      'a future version',
      JSON.stringify({ ...counter, sagascope: 2 }),
      'sagascope: this Sagascope reads scenarios of version 1, not 2',
    ],
    ['deep nesting', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'this is nested deeper than 40 levels'],
    ['a poisoned key', '{"sagascope":1,"__proto__":{"id":"x"}}', '__proto__: this name is taken'],
  ])('%s: the file is named', async (_, text, line) => {
    const path = file('unusable.json', text)
    const { code, error } = await run('run', path)
    expect(code).toBe(2)
    expect(error).toHaveLength(1)
    expect(error[0]).toContain(`${path}: ${line}`)
  })

  it('says all of it at once, one line per problem, place first', async () => {
    const path = file('several.json', {
      ...counter,
      workload: { requests: [{ to: 'countr', message: 'hit' }] },
      properties: { FEW: { when: 'always', check: 'counter.hist.size() > 0' } },
    })
    const { code, error } = await run('run', path)
    expect(code).toBe(2)
    expect(error).toEqual([
      `${path}: workload.requests[0].to: no service "countr"; did you mean "counter"?`,
      `${path}: properties.FEW.check: no table "hist" in service counter; did you mean "hits"?`,
    ])
  })

  it('names the property whose expression meets a value it cannot work with', async () => {
    const path = file('compares.json', {
      ...counter,
      properties: { FEW: { when: 'always', check: 'counter.hits.all(h, h.name < 3)' } },
    })
    const { code, error } = await run('run', path)
    expect(code).toBe(2)
    expect(error).toEqual([`${path}: properties.FEW.check: cannot compare a < 3`])
  })

  it('reads a file that begins with a byte order mark', async () => {
    expect((await run('run', file('bom.json', `\uFEFF${JSON.stringify(counter)}`))).code).toBe(0)
  })
})

describe('help', () => {
  it.each([[['help']], [['--help']], [['run', '--help']]])('%j prints every command and ends with 0', async (words) => {
    const { code, out } = await run(...words)
    expect(code).toBe(0)
    for (const command of ['run', 'check', 'list', 'trace', 'link'])
      expect(out).toMatch(new RegExp(`^  ${command}`, 'm'))
  })
})
