import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { counter, file, run } from '../../test/run-cli.ts'

/** `file` gives a path in a folder of the test's own. */
const scenario = file('counter.json', { ...counter, properties: {} })
const json = async (...words: string[]) => {
  const { code, out } = await run(...words, '--json')
  return { code, document: JSON.parse(out) }
}

describe('hunt', () => {
  it('prints each finding as a line, what prevents it, and a link; and ends with 1', async () => {
    const { code, out } = await run('hunt', scenario, '--seeds', '200')
    expect(code).toBe(1)
    expect(out).toMatch(/^ONCE breaks: .*(crash|duplicate|fail)/m)
    expect(out).toMatch(/with an (idempotency key|inbox by \w+ \w+) on Counter: holds, in \d+ of \d+ variations/)
    expect(out).toMatch(/#s1=/)
    expect(out).toMatch(/The last chance passed at .* ms: /)
  })

  it('ends with 0 when nothing is found', async () => {
    const { code, out } = await run('hunt', scenario, '--seeds', '20', '--budget', 'faults=0')
    expect([code, out]).toEqual([0, expect.stringContaining('Nothing found.')])
  })

  it('hands on a scenario that breaks what it says it breaks, run by the same command line', async () => {
    const { document } = await json('hunt', scenario, '--seeds', '200', '--quick')
    const [finding] = document.findings
    const found = file('found.json', finding.scenario)
    const { code, out } = await run('check', found)
    expect([code, out]).toEqual([0, expect.stringContaining('ONCE')])
    const regression = await run('run', file('red.json', { ...finding.scenario, breaks: [] }), '--strict')
    expect(regression.code).toBe(1)
    expect(finding.test).toContain("from 'node:test'")
  })

  it('finds in shards, merged, what it finds in one go', async () => {
    const whole = await json('hunt', scenario, '--seeds', '300', '--quick')
    const parts = await Promise.all(
      ['1/2', '2/2'].map(async (shard) => {
        const { document } = await json('hunt', scenario, '--seeds', '300', '--quick', '--shard', shard)
        return file(`part-${shard[0]}.json`, document)
      }),
    )
    const merged = await json('merge', ...parts)
    const counts = (found: typeof whole) =>
      found.document.findings.map(({ promise, count }: { promise: string; count: number }) => [promise, count]).sort()
    expect(counts(merged)).toEqual(counts(whole))
    expect(merged.document.runs).toBe(300)
    expect(merged.document.seeds).toEqual([
      [1, 151],
      [151, 301],
    ])
  })

  it('writes a file that build servers read', async () => {
    const path = file('junit.xml', '')
    await run('hunt', scenario, '--seeds', '200', '--quick', '--junit', path)
    const xml = readFileSync(path, 'utf8')
    expect(xml).toMatch(/<testsuite name="hunt counter" tests="\d+" failures="1"/)
    expect(xml).toContain('<testcase classname="hunt counter" name="ONCE holds">')
  })

  it.each([
    [['--budget', 'kinds=crahs'], 'did you mean "crash"'],
    [['--budget', 'faults=99'], 'a whole number from 0 to 12'],
    [['--budget', 'at=paymnt'], 'no service "paymnt"'],
    [['--shard', '3/2'], 'is no shard'],
    [['--promises', 'TWICE'], 'no promise "TWICE"'],
    [['--seeds', 'many'], 'a whole number'],
  ])('says what is wrong with %s', async (words, sentence) => {
    const { code, error } = await run('hunt', scenario, ...words)
    expect([code, error.join('\n')]).toEqual([2, expect.stringContaining(sentence)])
  })
})

describe('sweep', () => {
  it('is a matrix of what befalls every message and every handling', async () => {
    const { code, out } = await run('sweep', scenario)
    expect(code).toBe(1)
    expect(out).toMatch(/Counter handles hit .* X /)
    expect(out).toMatch(/lost +twice +late +crash on receipt/)
  })

  it('sees in shards, merged, what it sees in one go', async () => {
    const whole = await json('sweep', 'lost-response', '--variant', 'none', '--faults', '2')
    const parts = []
    for (const shard of ['1/3', '2/3', '3/3']) {
      const { document } = await json('sweep', 'lost-response', '--variant', 'none', '--faults', '2', '--shard', shard)
      parts.push(file(`sweep-${shard[0]}.json`, document))
    }
    const merged = await json('merge', ...parts)
    const cells = ({ document }: typeof whole) =>
      document.cells.map(({ faults }: { faults: object[] }) =>
        faults
          .map((one) => JSON.stringify(one))
          .sort()
          .join(),
      )
    expect(cells(merged).sort()).toEqual(cells(whole).sort())
  }, 60_000)
})

describe('merge', () => {
  it('takes results of one search only', async () => {
    const hunt = file('hunt.json', (await json('hunt', scenario, '--seeds', '5', '--quick')).document)
    const sweep = file('sweep.json', (await json('sweep', scenario)).document)
    const { code, error } = await run('merge', hunt, sweep)
    expect([code, error.join()]).toEqual([
      2,
      expect.stringContaining('a hunt of counter and a sweep of counter are two'),
    ])
    expect((await run('merge', scenario)).code).toBe(2)
  })
})

describe('check', () => {
  it('splits its runs, and reports them to a build server', async () => {
    const path = file('check.xml', '')
    const { out } = await run('check', 'lost-response', '--shard', '1/2', '--junit', path)
    const { out: all } = await run('check', 'lost-response')
    expect(out.split('\n').length).toBeLessThan(all.split('\n').length)
    expect(readFileSync(path, 'utf8')).toContain('failures="0"')
  })
})
