/**
 * The field tables of docs/scenario-language.md, made from the JSON Schema: one for each object of the language. The
 * prose around them is written by hand; a marker says where a table belongs.
 */
import type { Node } from './scenario-json-schema.ts'

/**
 * Every object's table as Markdown: `step` for one that has a name of its own, `bus.redelivery` by its place for one that
 * has none, `fault crash` and `statement update` for one of several kinds.
 */
export function fieldTables(schema: Node): Map<string, string> {
  const tables = new Map<string, string>()
  walk(schema, '', { schema, tables, seen: new Set() })
  return tables
}

interface Walk {
  readonly schema: Node
  readonly tables: Map<string, string>
  /** Named objects that have their table: most are used in several places, and a statement holds statements. */
  readonly seen: Set<string>
}

function walk(node: Node, path: string, state: Walk): void {
  const name = nameOf(node, state.schema)
  if (name !== undefined) {
    if (state.seen.has(name)) return
    state.seen.add(name)
    walkInto(resolve(node, state.schema), name, state)
  } else walkInto(node, path, state)
}

/** By reference, or by content: a named object with a description of its own is written out in full. */
function nameOf(node: Node, schema: Node): string | undefined {
  if (node.$ref !== undefined) return node.$ref.split('/').at(-1)
  const content = contentOf(node)
  if (content === undefined) return undefined
  return Object.entries(schema.$defs ?? {}).find(([, named]) => contentOf(named) === content)?.[0]
}

function contentOf({ properties, anyOf, oneOf }: Node): string | undefined {
  return JSON.stringify(properties ?? anyOf ?? oneOf)
}

function walkInto(node: Node, path: string, state: Walk): void {
  if (node.properties !== undefined) {
    state.tables.set(path === '' ? 'scenario' : path, table(node, state.schema))
    for (const [name, inner] of Object.entries(node.properties))
      walk(inner, path === '' ? name : `${path}.${name}`, state)
  }
  if (typeof node.additionalProperties === 'object') walk(node.additionalProperties, `${path}.*`, state)
  for (const item of [node.items ?? []].flat()) walk(item as Node, `${path}[]`, state)
  for (const choice of node.anyOf ?? node.oneOf ?? []) walk(choice, choicePath(choice, path), state)
}

/** Faults are told apart by `kind`, statements by their first field, anything else by being an object. */
function choicePath(choice: Node, path: string): string {
  const { properties } = choice
  if (properties === undefined) return path
  const kind = properties.kind?.const
  if (typeof kind === 'string') return `${path} ${kind}`
  return path === 'statement' ? `${path} ${Object.keys(properties)[0]}` : path
}

function resolve(node: Node, schema: Node): Node {
  const name = node.$ref?.split('/').at(-1)
  return name === undefined ? node : (schema.$defs?.[name] as Node)
}

function table(node: Node, schema: Node): string {
  const rows = Object.entries(node.properties ?? {}).map(([name, field]) => {
    const isRequired = node.required?.includes(name) ?? false
    const preset = field.default === undefined ? (isRequired ? '**required**' : '–') : code(field.default)
    const meaning = field.description ?? resolve(field, schema).description ?? ''
    return `| \`${name}\` | ${valueText(field, name, schema)} | ${preset} | ${escaped(meaning)} |`
  })
  return ['| field | value | default | meaning |', '|---|---|---|---|', ...rows].join('\n')
}

function valueText(node: Node, name: string, schema: Node): string {
  if (node.$ref !== undefined) {
    const target = resolve(node, schema)
    if (target.properties !== undefined) return 'object'
    return valueText(target, name, schema)
  }
  if (node.const !== undefined) return code(node.const)
  if (node.enum !== undefined) return node.enum.map(code).join(', ')
  const choices = node.anyOf ?? node.oneOf
  if (choices !== undefined) return choiceText(new Set(choices.map((choice) => valueText(choice, name, schema))))
  switch (node.type) {
    case 'boolean':
      return 'true, false'
    case 'number':
    case 'integer':
      return numberText(node, name)
    case 'string':
      return textText(node)
    case 'array':
      return listText(node, name, schema)
    case 'object':
      return objectText(node, schema)
    case 'null':
      return 'null'
    default:
      return 'anything'
  }
}

const CELL = ['number', 'true, false', 'null']

/** What a column can hold has a word of its own. */
function choiceText(texts: ReadonlySet<string>): string {
  const isCell = CELL.every((text) => texts.has(text))
  if (!isCell) return [...texts].join(' or ')
  return texts.has('expression') ? 'cell' : 'value'
}

function numberText(node: Node, name: string): string {
  if (/Ms$|^work$/.test(name)) return 'milliseconds'
  return node.type === 'integer' ? 'whole number' : 'number'
}

/** What kind of text, by the bounds the language gives each kind. */
function textText({ pattern, minLength, maxLength }: Node): string {
  if (pattern?.startsWith('^[A-Za-z_]\\w{0,59}$')) return 'identifier'
  if (pattern?.startsWith('^[A-Za-z][\\w .-]')) return 'name'
  if (pattern?.includes('\\.')) return 'table'
  return minLength === 1 && maxLength === 2000 ? 'expression' : 'text'
}

function listText(node: Node, name: string, schema: Node): string {
  if (Array.isArray(node.items)) return `[${node.items.map((item) => valueText(item, name, schema)).join(', ')}]`
  return node.items === undefined ? 'list' : `list of ${plural(valueText(node.items as Node, name, schema))}`
}

function objectText(node: Node, schema: Node): string {
  if (typeof node.additionalProperties !== 'object') return 'object'
  const inner = valueText(node.additionalProperties, '', schema)
  return inner === 'anything' ? 'object' : `object: name → ${inner}`
}

function plural(text: string): string {
  if (text.startsWith('list of ')) return text.replace('list', 'lists')
  return /^(object|name|identifier|expression|text|number)$/.test(text) ? `${text}s` : text
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

const MARKED = /(<!-- fields (?<path>.+?) -->\n)(?:(?!<!-- fields )[\s\S])*?(<!-- end of fields -->)/g

/** The document with every table between its markers replaced by the table of now. */
export function withTables(document: string, tables: ReadonlyMap<string, string>): string {
  return document.replace(MARKED, (_all, begin: string, path: string, end: string) => {
    const fresh = tables.get(path)
    if (fresh === undefined) throw new Error(`the document has a table for "${path}", the language has no such object`)
    return `${begin}\n${fresh}\n\n${end}`
  })
}

const KINDS = /(<!-- kinds -->\n)[\s\S]*?(<!-- end of kinds -->)/

/** The document with the names of what can happen, in the order of their codes. */
export function withKinds(document: string, kinds: readonly string[]): string {
  return document.replace(KINDS, (_all, begin: string, end: string) => `${begin}${kinds.map(code).join(', ')}.\n${end}`)
}

/** The objects the document has a marker for. */
export function markedPaths(document: string): string[] {
  return [...document.matchAll(MARKED)].map((match) => match.groups?.path as string)
}
