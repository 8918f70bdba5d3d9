/**
 * What can be struck: the messages, handlings, refusals and services of a scenario. Learned by looking, not from names:
 * the calm run, then one run each in which one kind of message is lost for good or one operation refused or failing.
 */
import { problemLine } from '../base/result.ts'
import { Simulation } from '../kernel/simulation.ts'
import { compile } from '../scenario/compile.ts'
import type { Scenario } from '../scenario/schema.ts'
import { Kind } from '../trace/kinds.ts'
import { Trace } from '../trace/trace.ts'
import { TraceWriter } from '../trace/trace-writer.ts'
import { complete } from './fault-defaults.ts'

export interface Handling {
  readonly service: string
  readonly on: string
}

export interface Sending {
  readonly message: string
  readonly from: string
  readonly to: string
}

export interface Menu {
  readonly services: readonly string[]
  readonly sendings: readonly Sending[]
  /** What services handle, those more often at which a service decides by itself. */
  readonly handlings: readonly Handling[]
  /** Operations that a business no can come from: not compensations, not what comes after a pivot. */
  readonly refusals: readonly Handling[]
}

/** Long enough for any story to show what it sends; a search need not learn the millionth message's name. */
const LEARN_ACTIONS_MAX = 20_000
const FOR_GOOD = 1000

export function learnMenu(scenario: Scenario): Menu {
  const services = Object.keys(scenario.services)
  const found = new Sightings()
  found.look(scenario, [])
  for (const { message } of found.sendings()) found.look(scenario, [{ kind: 'drop', message, times: FOR_GOOD }])
  const refusals = refusable(scenario, found.handlings())
  for (const { service, on } of refusals) {
    found.look(scenario, [{ kind: 'refuse', service, on, times: FOR_GOOD }])
    found.look(scenario, [{ kind: 'fail', service, on, times: FOR_GOOD }])
  }
  return {
    services,
    sendings: found.sendings(),
    handlings: [...found.handlings(), ...ownDecisions(scenario)],
    refusals,
  }
}

class Sightings {
  private readonly sent = new Map<string, Sending>()
  private readonly handled = new Map<string, Handling>()

  sendings(): Sending[] {
    return [...this.sent.values()]
  }

  handlings(): Handling[] {
    return [...this.handled.values()]
  }

  look(scenario: Scenario, faults: readonly Parameters<typeof complete>[0][]): void {
    const trace = tracedRun({ ...scenario, faults: faults.map(complete) })
    const name = (service: number) => trace.header.services[service]?.name ?? ''
    for (let position = 0; position < trace.length; position++) {
      const kind = trace.at('kind', position)
      if (kind !== Kind.sent && kind !== Kind.received) continue
      const message = trace.message(trace.at('message', position))
      const from = name(message.from)
      const to = name(message.to)
      const { type } = message
      if (kind === Kind.sent) this.sent.set(`${from} ${to} ${type}`, { message: type, from, to })
      else this.handled.set(`${to} ${type}`, { service: to, on: type })
    }
  }
}

function tracedRun(scenario: Scenario): Trace {
  const model = compile(scenario)
  if (!model.ok) throw new Error(model.problems.map(problemLine).join('\n'))
  const writer = new TraceWriter()
  const simulation = new Simulation(model.value, { trace: writer, checking: 'never' })
  simulation.advance(LEARN_ACTIONS_MAX)
  return new Trace(model.value.header, [writer.take()])
}

function refusable(scenario: Scenario, handlings: readonly Handling[]): Handling[] {
  const undoing = new Set<string>()
  const afterPivot = new Set<string>()
  for (const saga of Object.values(scenario.sagas)) {
    for (const step of saga.steps) {
      if (step.compensation !== undefined) undoing.add(`${step.service} ${step.compensation}`)
      if (step.kind === 'retriable') afterPivot.add(`${step.service} ${step.operation}`)
    }
  }
  return handlings.filter(({ service, on }) => {
    const isOperation = Object.hasOwn(scenario.services[service]?.operations ?? {}, on)
    return isOperation && !undoing.has(`${service} ${on}`) && !afterPivot.has(`${service} ${on}`)
  })
}

/** What a service does without a message of that name: time-outs, local steps, relays, restarts. */
function ownDecisions(scenario: Scenario): Handling[] {
  const sagas = Object.values(scenario.sagas).flatMap(({ orchestrator, steps, onRestart, style }) => {
    if (style === 'choreographed') return []
    const hasTimers = steps.some(({ timeoutMs, retry, compensationTimeoutMs, compensationRetry }) =>
      [timeoutMs, retry, compensationTimeoutMs, compensationRetry].some((one) => one !== undefined),
    )
    const local = steps.filter(({ service }) => service === orchestrator)
    const names = local.flatMap(({ operation, compensation }) =>
      compensation === undefined ? [operation] : [operation, compensation],
    )
    // What an orchestrator decides by itself is where it can contradict itself.
    const timers = hasTimers ? ['timeout', 'timeout', 'timeout', 'timeout'] : []
    return [...names, ...timers, ...(onRestart === 'wait' ? [] : ['restart'])].map((on) => ({
      service: orchestrator,
      on,
    }))
  })
  const relays = Object.entries(scenario.services).flatMap(([service, { protections }]) =>
    protections.outbox ? [{ service, on: 'relay' }] : [],
  )
  return [...sagas, ...relays]
}

/** The menu with only what concerns these services. */
export function menuAt(menu: Menu, services: readonly string[]): Menu {
  if (services.length === 0) return menu
  const has = ({ service }: Handling) => services.includes(service)
  return {
    services: menu.services.filter((service) => services.includes(service)),
    sendings: menu.sendings.filter(({ from, to }) => services.includes(from) || services.includes(to)),
    handlings: menu.handlings.filter(has),
    refusals: menu.refusals.filter(has),
  }
}
