/**
 * Requests that are alike: they differ only in names (texts that occur nowhere else and that nothing in the scenario can
 * tell apart but by asking whether two are equal). To swap two of them swaps their names in every state and changes no
 * verdict, so of those nothing has happened to yet it is enough to look at the first (`Fresh`).
 */
import type { Model, RequestModel } from '../kernel/model.ts'
import type { Scenario } from '../scenario/schema.ts'
import { walk } from './prove-limits.ts'

/** Names that carry a request's names wherever they go. */
const ALWAYS = ['id', 'key', 'saga', 'message', 'reason']
const BUSINESS = new Set(['refuse', 'fail', 'poison'])
/** Whatever tells texts apart by more than equality, or looks into them. */
const ORDERS = /[<>]|\b(min|max|size|string|int|join|startsWith|endsWith|contains|matches|distinct)\b/
/** Said to people, not worked out. */
const TEXTS = new Set(['title', 'text', 'broken'])
/** `a.b == c.d`, either side a path, a text or a number. */
const EQUALITY = /[\w.[\]'"]+\s*[!=]=\s*[\w.[\]'"]+/g

/** Groups of at least two alike requests, each a list of their numbers. */
export function alikeRequests(scenario: Scenario, model: Model): number[][] {
  if (model.bus.perKey || hasDraws(scenario)) return []
  const groups = new Map<string, number[]>()
  model.requests.forEach((request, number) => {
    // The time-outs of one client are set in the order of its requests.
    if (request.timeout > 0 || request.sequence !== null) return
    const text = shapeOf(request, namesOf(model.requests, request))
    groups.set(text, [...(groups.get(text) ?? []), number])
  })
  return [...groups.values()].filter(
    (group) =>
      group.length > 1 &&
      areNames(
        scenario,
        group.map((number) => model.requests[number] as RequestModel),
      ),
  )
}

/** Jitter and the choice among replicas are drawn from names. */
function hasDraws(scenario: Scenario): boolean {
  const spreads = Object.values(scenario.services).some(({ replicas, instances }) => replicas > 1 || instances > 1)
  return spreads || JSON.stringify(scenario.sagas).includes('"jitter":true')
}

/** Fields of the payload, and the key, whose text no other request has. */
function namesOf(requests: readonly RequestModel[], request: RequestModel): ReadonlySet<string> {
  const others = requests
    .filter((other) => other !== request)
    .map((other) => JSON.stringify([other.payload, other.key]))
  const isOwn = (value: unknown) =>
    typeof value === 'string' && !others.some((text) => text.includes(JSON.stringify(value)))
  return new Set([
    ...Object.keys(request.payload).filter((field) => isOwn(request.payload[field])),
    ...(isOwn(request.key) ? [KEY] : []),
  ])
}
const KEY = ' key'

/** All that is not a name; names that are equal within a request stay equal. */
function shapeOf({ to, type, payload, key, retry, keys }: RequestModel, names: ReadonlySet<string>): string {
  const firsts = new Map<string, string>()
  const shape = (field: string, value: unknown) => {
    if (!names.has(field)) return value
    if (!firsts.has(String(value))) firsts.set(String(value), field)
    return { name: firsts.get(String(value)) }
  }
  const fields = Object.entries(payload).map(([field, value]) => [field, shape(field, value)])
  return JSON.stringify([to, type, fields, shape(KEY, key), retry, keys])
}

/** Nothing knows the names, and nothing can tell which of two comes before the other. */
function areNames(scenario: Scenario, requests: readonly RequestModel[]): boolean {
  const names = requests.map((request) => namesOf(requests, request))
  const { services, sagas, properties, faults } = scenario
  const business = faults.filter(({ kind }) => BUSINESS.has(kind))
  const text = JSON.stringify([services, sagas, properties, business])
  const values = requests.flatMap((request, i) =>
    [...(names[i] as ReadonlySet<string>)].map((field) => (field === KEY ? request.key : request.payload[field])),
  )
  if (values.some((value) => text.includes(String(value)))) return false
  const carriers = new Set([...ALWAYS, ...names.flatMap((one) => [...one])])
  while (spread(scenario, carriers));
  const tables = Object.entries(services).flatMap(([service, { tables }]) =>
    Object.keys(tables).map((table) => `${service}.${table}`),
  )
  let areKnown = false
  for (const place of [services, sagas, properties]) {
    walk(place, '', (_path, key, value) => {
      if (typeof value !== 'string' || TEXTS.has(key) || !ORDERS.test(value)) return
      // A table may be called what a field is called.
      const bare = tables.reduce((text, table) => text.replaceAll(table, ''), value)
      if (mentions(bare.replace(EQUALITY, ''), carriers)) areKnown = true
    })
  }
  return !areKnown
}

/** Whatever is made of a name carries it on; true when there was something new. */
function spread(scenario: Scenario, carriers: Set<string>): boolean {
  const before = carriers.size
  for (const place of [scenario.services, scenario.sagas]) {
    walk(place, '', (_path, key, value) => {
      if (typeof value !== 'string') return
      if (mentions(value, carriers)) carriers.add(key)
      for (const [, column, made] of value.matchAll(/(\w+)\s*=(?!=)([^,]*)/g)) {
        if (mentions(made as string, carriers)) carriers.add(column as string)
      }
    })
  }
  return carriers.size > before
}

function mentions(expression: string, carriers: ReadonlySet<string>): boolean {
  return (expression.replace(/'[^']*'|"[^"]*"/g, '').match(/[A-Za-z_]\w*/g) ?? []).some((word) => carriers.has(word))
}
