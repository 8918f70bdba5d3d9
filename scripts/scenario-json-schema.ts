/** The scenario language as a JSON Schema, for editors: made from the schema that checks scenarios, so it cannot differ. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema'
import type * as v from 'valibot'
import { scenarioSchema } from '../src/scenario/schema.ts'

/** A JSON Schema as far as this one uses the words of the standard. */
export interface Node {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node | boolean
  readonly items?: Node | readonly Node[]
  readonly required?: readonly string[]
  readonly default?: unknown
  readonly description?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, Node>>
}

export async function scenarioJsonSchema(): Promise<Node> {
  const { $schema, ...schema } = toJsonSchema(scenarioSchema, {
    typeMode: 'input',
    errorMode: 'throw',
    // Names that every object has already cannot be said in JSON Schema; Sagascope refuses them.
    ignoreActions: ['check'],
    definitions: await definitions(),
  })
  const document = {
    $schema,
    $id: 'urn:sagascope:scenario:1',
    title: 'Sagascope scenario, version 1',
    description: 'A distributed story that can be run, broken and replayed. See docs/scenario-language.md.',
    ...(schema as JsonSchema),
  }
  // The list inside `if` and `else` is the one place that has no exported schema to name it.
  return JSON.parse(
    JSON.stringify(document).replaceAll('#/$defs/0"', '#/$defs/statements"').replace('"0":', '"statements":'),
  )
}

type Schema = v.GenericSchema
const ROOM = join(import.meta.dirname, '../src/scenario')

/** Every object of the language that has a name in the code gets that name. */
async function definitions(): Promise<Record<string, Schema>> {
  const files = readdirSync(ROOM).filter((file) => /^schema-.*\.ts$/.test(file) && file !== 'schema-words.ts')
  const modules = await Promise.all(
    files.sort().map((file) => import(pathToFileURL(join(ROOM, file)).href) as Promise<Record<string, unknown>>),
  )
  const all = modules.flatMap((exported) => Object.entries(exported)).filter(([name]) => name.endsWith('Schema'))
  // Module namespaces are not listed in the same order by every loader.
  const named = all.sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(
    named.map(([name, value]) => {
      const schema = value as Schema & { getter?: (input: undefined) => Schema }
      return [name.replace(/Schema$/, ''), schema.getter?.(undefined) ?? schema]
    }),
  )
}
