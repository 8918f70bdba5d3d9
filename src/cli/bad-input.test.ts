import { describe, expect, it } from 'vitest'
import { counter, file, run } from '../../test/run-cli.ts'

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
