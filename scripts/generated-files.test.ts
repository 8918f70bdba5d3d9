// What is generated is fresh, complete and true.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { problemLine } from '../src/base/result.ts'
import { library } from '../src/library/library.ts'
import { readScenario } from '../src/scenario/compile.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'
import { Kind } from '../src/trace/kinds.ts'
import { runScenario } from '../test/run-scenario.ts'
import { fieldTables, markedPaths, withKinds, withTables } from './field-tables.ts'
import { DOCUMENT, SCHEMA_FILE } from './generated-files.ts'
import { withRules } from './rule-tables.ts'
import { scenarioJsonSchema } from './scenario-json-schema.ts'

const document = readFileSync(DOCUMENT, 'utf8')
const schema = await scenarioJsonSchema()

describe('the JSON Schema in public/', () => {
  it('is what npm run schema would write', () => {
    expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(`${JSON.stringify(schema, null, 2)}\n`)
  })

  it('follows every reference it makes', () => {
    const text = JSON.stringify(schema)
    const missing = [...text.matchAll(/"#\/\$defs\/([^"]+)"/g)].filter(([, name]) => !schema.$defs?.[name as string])
    expect(missing.map(([, name]) => name)).toEqual([])
  })
})

describe('the document of the language', () => {
  it('has the tables npm run schema would write', () => {
    expect(document).toBe(withTables(document, fieldTables(schema)))
  })

  it('names every kind of entry', () => {
    expect(document).toBe(withKinds(document, Object.keys(Kind)))
  })

  it('lists every rule with its source', () => {
    expect(document).toBe(withRules(document))
  })

  it('has one table for each object of the language', () => {
    expect(markedPaths(document).sort()).toEqual([...fieldTables(schema).keys()].sort())
  })

  it('links to headings that are there', () => {
    const headings = [...document.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
      (title as string)
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    )
    const links = [...document.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target as string)
    expect(links.length).toBeGreaterThan(5)
    expect(links.filter((target) => !headings.includes(target))).toEqual([])
  })

  const examples = [...document.matchAll(/^```json\n([\s\S]*?)\n```$/gm)].map(
    ([, text]) => JSON.parse(text as string) as ScenarioInput,
  )
  const runs = examples.flatMap((example) =>
    [null, ...Object.keys(example.variants ?? {})].map((variant) => ({ id: example.id, example, variant })),
  )

  it.each(runs)('has an example $id ($variant) that comes out as it says', ({ example, variant }) => {
    const read = readScenario(example)
    expect(read.ok ? [] : read.problems.map(problemLine)).toEqual([])
    const { summary } = runScenario(example, variant)
    const found = Object.fromEntries(summary.observables.map(({ name, value }) => [name, value]))
    const expected = Object.fromEntries(
      summary.observables.flatMap(({ name, expected }) => (expected === undefined ? [] : [[name, expected]])),
    )
    expect(found).toEqual({ ...found, ...expected })
    expect(summary.asExpected).toBe(true)
  })

  it('has examples with ids of their own, none of the library', () => {
    const ids = [...examples, ...library].map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
