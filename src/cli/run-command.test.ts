import { describe, expect, it } from 'vitest'
import { counter, file, run, twice } from '../../test/run-cli.ts'

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
      'cycle',
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
