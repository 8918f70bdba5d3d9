/**
 * What a proof cannot speak about, told in sentences. In a proof messages take any time and no clock shows a number, so
 * a scenario whose answer hangs on how long something takes is turned away. Fields that measure time are known one by
 * one: a field this list does not know is turned away as well.
 */
import type { Model } from '../kernel/model.ts'
import type { Scenario } from '../scenario/schema.ts'

/** Times that only order what one clock does, and times that stand for "some time". */
const HARMLESS = new Set([
  ...['endMs', 'handlerMs', 'restartMs', 'hopMs', 'atMs', 'everyMs', 'timeoutMs', 'compensationTimeoutMs'],
  ...['initialMs', 'maxMs', 'delayedMs', 'afterMs', 'relayMs'],
])
const WHY: Readonly<Record<string, string>> = {
  visibilityMs: 'the bus hands messages out again after a time',
  timeToLiveMs: 'messages or locks expire',
  retentionMs: 'what a protection remembers expires',
  lockTimeoutMs: 'a claim can be taken over after a time',
  completerMs: 'a completer looks at the age of a claim',
  reaperMs: 'a reaper looks at the age of a row',
  lifetimeMs: 'tombstones expire',
  endedKeptMs: 'ended sagas are forgotten after a time',
  openMs: 'a circuit breaker closes after a time',
}

/** Sentences that say why this scenario cannot be proved; none when it can. */
export function limitsOf(scenario: Scenario, model: Model): string[] {
  const found = new Set<string>()
  for (const name of ['bus', 'services', 'sagas'] as const) {
    walk(scenario[name], name, (path, key, value, owner) => {
      // Defaults of a style that is turned away below.
      const counts = value !== undefined && value !== null && !path.includes('.twoPhase.')
      if (key.endsWith('Ms') && counts) addTime(found, path, key, owner)
    })
  }
  if (scenario.workload.replays.length > 0) found.add('workload.replays: a person acts at a certain time')
  for (const sentence of nowSentences(scenario)) found.add(sentence)
  for (const sentence of hastySteps(scenario)) found.add(sentence)
  if (Object.values(scenario.sagas).some(({ style }) => style === 'two-phase')) {
    found.add('sagas: a prepared transaction waits until somebody decides, which a proof does not know yet')
  }
  if (model.streams.length > 0) found.add('workload: a stream of requests has no end that could be explored')
  if (model.instances !== null) found.add('services: several processes of one service, which a proof does not know yet')
  for (const [name, { protections }] of Object.entries(scenario.services)) {
    const { outbox } = protections
    if (typeof outbox === 'object' && (outbox.relays > 1 || outbox.relayMs > 0 || outbox.reads !== 'unsent'))
      found.add(`services.${name}.protections.outbox: relays side by side, or by id, are not known to a proof yet`)
  }
  if (model.scalings.length > 0) found.add('replicas come and go at certain times')
  for (const { faults, name } of model.services) {
    for (const { kind, after, until } of faults) {
      const isOwn = kind === 'refuse' || kind === 'fail' || kind === 'poison'
      if (isOwn && (after > 0 || Number.isFinite(until)))
        found.add(`faults: "${kind}" at ${name} begins or ends at a certain time (afterMs, untilMs)`)
    }
  }
  return [...found]
}

/** A proof takes it that an answer in time comes before the time-out: a step that never waits that long is not of this world. */
function hastySteps(scenario: Scenario): string[] {
  const { hopMs } = scenario.bus
  const hop = typeof hopMs === 'number' ? hopMs : Math.max(...hopMs)
  return Object.entries(scenario.sagas).flatMap(([name, saga]) =>
    saga.steps.flatMap(({ service, operation, timeoutMs }, i) => {
      const asked = scenario.services[service]
      const handling = longest(asked?.operations[operation]?.handlerMs ?? asked?.handlerMs ?? 0)
      if (timeoutMs === undefined || timeoutMs > 2 * hop + handling) return []
      return [
        `sagas.${name}.steps[${i}].timeoutMs: ${timeoutMs} ms is no longer than the step's own way there and back`,
      ]
    }),
  )
}

/** The longest that something can take, milliseconds. */
function longest(time: Scenario['services'][string]['handlerMs']): number {
  if (typeof time === 'number') return time
  return Array.isArray(time) ? Math.max(...time) : Number.POSITIVE_INFINITY
}

function addTime(found: Set<string>, path: string, key: string, owner: object): void {
  const isLockWait = key === 'timeoutMs' && 'lock' in owner
  if (HARMLESS.has(key) && !isLockWait) return
  const why = isLockWait ? 'a handler waits for a lock only so long' : (WHY[key] ?? 'it measures time')
  found.add(`${path}: ${why}`)
}

/** `now` may be written down in a column that nothing reads; anything else would hang on the clock. */
function nowSentences(scenario: Scenario): string[] {
  const sentences: string[] = []
  const written = new Set<string>()
  walk(scenario.services, 'services', (path, key, value, owner) => {
    if (typeof value !== 'string' || !hasName(value, 'now')) return
    if (value === 'now' && isRowOf(scenario, path)) written.add(key)
    else if (!('title' in owner && key === 'title')) sentences.push(`${path}: "${value}" looks at the clock`)
  })
  walk(scenario.sagas, 'sagas', (path, _key, value) => {
    if (typeof value === 'string' && hasName(value, 'now')) sentences.push(`${path}: "${value}" looks at the clock`)
  })
  for (const column of written) {
    for (const name of ['services', 'sagas', 'properties'] as const) {
      walk(scenario[name], name, (path, key, value) => {
        const isText = key === 'title' || key === 'text' || key === 'broken' || path.includes('.columns[')
        if (typeof value === 'string' && !isText && hasName(value, column))
          sentences.push(`${path}: "${value}" looks at ${column}, which holds a time`)
      })
    }
  }
  return sentences
}

/** The path of a cell of an `insert`: services.S.operations.O.do[0].row.COLUMN */
function isRowOf(_scenario: Scenario, path: string): boolean {
  return /\.row\.\w+$/.test(path)
}

/** The word stands in the text, outside of quotation marks. */
function hasName(text: string, name: string): boolean {
  const bare = text.replace(/'[^']*'|"[^"]*"/g, "''")
  return new RegExp(`(^|[^\\w.])${name}\\b|\\.${name}\\b`).test(bare)
}

type Visit = (path: string, key: string, value: unknown, owner: object) => void

/** Every field of a value and of what is in it, with its path, its name and its owner. */
export function walk(value: unknown, path: string, visit: Visit): void {
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`
    visit(place, key, item, value)
    walk(item, place, visit)
  }
}

/** Somebody in the model goes by the numbers of messages, so that two alike are not the same. */
export function hasIdentity(scenario: Scenario): boolean {
  let found = Object.values(scenario.sagas).some(
    (saga) => saga.style === 'orchestrated' && (!saga.unique || saga.concurrency === 'none' || saga.ended === 'remove'),
  )
  for (const { protections } of Object.values(scenario.services)) {
    if (protections.inbox?.by === 'message id') found = true
  }
  walk(scenario.services, 'services', (_path, key, value) => {
    if (key === 'call' && typeof value === 'string') found = true
  })
  return found || scenario.faults.some(({ kind }) => kind === 'poison')
}

const PLAIN_STATEMENTS = new Set(['update', 'insert', 'delete', 'check', 'if', 'read', 'return', 'send', 'publish'])
const PLAIN_PROTECTIONS = new Set(['idempotencyKey', 'inbox', 'outbox', 'fence'])

/**
 * Services whose handlings nobody can watch half-way. Before its time has passed such a handling only takes its
 * message, claims rows of its own protections in a transaction that others wait for, and loads its saga, which it looks
 * at again before it goes on; so the same outcome is reached when all of it happens at once, a little later.
 */
export function atomicServices(scenario: Scenario, model: Model): Set<number> {
  const atomic = new Set<number>()
  if (model.bus.deliveriesMax > 0 || model.bus.redelivery !== null) return atomic
  if (Object.values(scenario.sagas).some(({ style }) => style === 'choreographed')) return atomic
  model.services.forEach(({ name, isClient, queueMax, replicas }, number) => {
    if (isClient || replicas > 1 || Number.isFinite(queueMax)) return
    const service = scenario.services[name]
    if (service !== undefined && isPlain(service) && isGuarded(scenario, name)) atomic.add(number)
  })
  return atomic
}

function isPlain(service: Scenario['services'][string]): boolean {
  if (service.isolation !== 'read committed' || service.instances > 1) return false
  if (Object.keys(service.projections).length > 0) return false
  const { protections } = service
  const isOff = (value: unknown) => value === undefined || value === false
  const known = Object.entries(protections).every(([name, value]) => isOff(value) || PLAIN_PROTECTIONS.has(name))
  if (!known || (protections.idempotencyKey?.mode ?? 'single transaction') !== 'single transaction') return false
  if (protections.idempotencyKey?.capacity !== undefined || protections.inbox?.capacity !== undefined) return false
  return Object.values(service.operations).every((operation) => operation.do.every(isPlainStatement))
}

function isPlainStatement(statement: object): boolean {
  const [word] = Object.keys(statement)
  if (word === undefined || !PLAIN_STATEMENTS.has(word)) return false
  if ('when' in statement && statement.when === 'at once') return false
  const inside = [
    ...('do' in statement && Array.isArray(statement.do) ? statement.do : []),
    ...('else' in statement && Array.isArray(statement.else) ? statement.else : []),
  ]
  return inside.every((one) => isPlainStatement(one as object))
}

/** An orchestrator notices when somebody else has changed the saga while it was at work. */
function isGuarded(scenario: Scenario, name: string): boolean {
  return Object.values(scenario.sagas).every(
    (saga) => saga.orchestrator !== name || saga.concurrency === 'optimistic' || saga.concurrency === 'pessimistic',
  )
}

/** System tables that no property, observable or statement mentions: what is done with in them can be forgotten. */
export function hiddenTables(scenario: Scenario, model: Model): Set<number> {
  const hidden = new Set<number>()
  model.tables.forEach(({ name }, number) => {
    if (name !== 'outbox' || !model.header.tables[number]?.system) return
    let isNamed = false
    for (const place of ['services', 'sagas', 'properties', 'observables'] as const) {
      walk(scenario[place], place, (_path, _key, value) => {
        if (typeof value === 'string' && hasName(value, name)) isNamed = true
      })
    }
    if (!isNamed) hidden.add(number)
  })
  return hidden
}
