/** Every field name of the scenario language, read off the schema: for "did you mean". */
import { scenarioSchema } from './schema.ts'

export const fieldNames: readonly string[] = [...collect(scenarioSchema, new Set(), new Set())]

function collect(schema: unknown, names: Set<string>, visited: Set<unknown>): Set<string> {
  if (schema === null || typeof schema !== 'object' || visited.has(schema)) return names
  visited.add(schema)
  const { entries, wrapped, item, items, options, pipe, value, getter } = schema as Record<string, unknown>
  if (entries !== null && typeof entries === 'object') {
    for (const [name, inner] of Object.entries(entries)) {
      names.add(name)
      collect(inner, names, visited)
    }
  }
  for (const inner of [wrapped, item, value]) collect(inner, names, visited)
  for (const list of [items, options, pipe])
    if (Array.isArray(list)) for (const inner of list) collect(inner, names, visited)
  if (typeof getter === 'function') collect(getter(undefined), names, visited)
  return names
}
