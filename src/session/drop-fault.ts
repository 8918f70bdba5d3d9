/** A fault dropped at a moment: sensible settings, chosen so that everything up to that moment stays as it was. */
import { assertNever } from '../base/assert.ts'
import { Kind } from '../trace/kinds.ts'
import type { Trace } from '../trace/trace.ts'
import type { FaultInput, FaultKind, ScenarioInput, Target } from './session-types.ts'

export interface Drop {
  readonly fault: FaultInput
  /** Nothing it could hit comes after the moment, so it was put at the start of the run. */
  readonly rewound: boolean
}

/** What the choice depends on. `time` in microseconds. */
export interface DropPlace {
  readonly trace: Trace
  readonly time: number
  readonly scenario: ScenarioInput
}

const PARTITION_MS = 10_000

/** Undefined when the target cannot take this kind of fault: a client does not crash. */
export function dropAt(kind: FaultKind, target: Target, place: DropPlace): Drop | undefined {
  // Strictly after the moment: whatever happened at it stays.
  const after = Math.floor(place.time) + 1
  const later = faultFrom(kind, target, place, after)
  if (later === undefined) return undefined
  if (later.bites) return { fault: later.fault, rewound: false }
  const first = faultFrom(kind, target, place, 0)
  return first?.bites ? { fault: first.fault, rewound: true } : { fault: later.fault, rewound: false }
}

interface Candidate {
  readonly fault: FaultInput
  /** Whether the run as it is has something for it to hit. */
  readonly bites: boolean
}

function faultFrom(kind: FaultKind, target: Target, place: DropPlace, after: number): Candidate | undefined {
  const { trace, scenario } = place
  const afterMs = toMs(after)
  switch (kind) {
    case 'drop':
    case 'duplicate':
    case 'delay': {
      const { ends, bites } = nextMessage(trace, target, after)
      const which = { ...ends, afterMs, nth: 1 }
      if (kind === 'drop') return { fault: { kind, ...which }, bites }
      if (kind === 'duplicate') return { fault: { kind, ...which, byMs: 20 }, bites }
      return { fault: { kind, ...which, byMs: outlasting(scenario) }, bites }
    }
    case 'slow':
    case 'refuse':
    case 'fail': {
      const at = servingEnd(trace, target)
      if (at === undefined) return undefined
      const handling = { service: nameOf(trace, at), afterMs, nth: 1 }
      const bites = hasHandling(trace, at, after)
      return kind === 'slow'
        ? { fault: { kind, ...handling, byMs: outlasting(scenario) }, bites }
        : { fault: { kind, ...handling }, bites }
    }
    case 'crash': {
      const at = servingEnd(trace, target)
      if (at === undefined) return undefined
      return crashFrom(nameOf(trace, at), after, after === 0 && hasHandling(trace, at, 0), place)
    }
    case 'partition': {
      const between = sidesOf(trace, target)
      if (between === undefined) return undefined
      const fault: FaultInput = { kind, between, fromMs: afterMs, untilMs: afterMs + PARTITION_MS }
      return { fault, bites: after < trace.endTime }
    }
    default:
      return assertNever(kind)
  }
}

/** From the start of a run a crash waits for the first message, so that it hits something. */
function crashFrom(service: string, after: number, onReceipt: boolean, place: DropPlace): Candidate {
  const restartMs = outlasting(place.scenario)
  return {
    fault: onReceipt
      ? { kind: 'crash', service, nth: 1, point: 'on receipt', restartMs }
      : { kind: 'crash', service, atMs: toMs(after), restartMs },
    bites: after < place.trace.endTime,
  }
}

/** Long enough that the saga notices: more than its longest step time-out, else a second. */
function outlasting(scenario: ScenarioInput): number {
  const steps = Object.values(scenario.sagas ?? {}).flatMap((saga) => saga.steps)
  const longest = Math.max(0, ...steps.map((step) => step.timeoutMs ?? 0))
  return longest === 0 ? 1000 : Math.round(longest * 1.6)
}

function nextMessage(trace: Trace, target: Target, after: number) {
  const isEdge = target.type === 'edge'
  for (let id = 0; id < trace.messageCount; id++) {
    if (trace.messageAt('departs', id) < after || trace.messageAt('logical', id) !== id) continue
    const from = trace.messageAt('from', id)
    const to = trace.messageAt('to', id)
    if (!isEdge && to === target.service) return { ends: { to: nameOf(trace, to) }, bites: true }
    if (!isEdge) continue
    // The next one on the line, whichever way it goes.
    if ((from === target.from && to === target.to) || (from === target.to && to === target.from)) {
      return { ends: endsOf(trace, from, to), bites: true }
    }
  }
  const ends = isEdge ? endsOf(trace, target.from, target.to) : { to: nameOf(trace, target.service) }
  return { ends, bites: false }
}

function endsOf(trace: Trace, from: number, to: number) {
  return { from: nameOf(trace, from), to: nameOf(trace, to) }
}

function hasHandling(trace: Trace, service: number, after: number): boolean {
  for (let position = trace.length - 1; position >= 0 && trace.timeAt(position) >= after; position--) {
    if (trace.at('kind', position) === Kind.received && trace.at('service', position) === service) return true
  }
  return false
}

function isClient(trace: Trace, service: number): boolean {
  return trace.header.services[service]?.kind === 'client'
}

/** On an edge, the end that does the work: the receiving one, unless that is the client. */
function servingEnd(trace: Trace, target: Target): number | undefined {
  if (target.type === 'service') return isClient(trace, target.service) ? undefined : target.service
  return [target.to, target.from].find((service) => !isClient(trace, service))
}

function sidesOf(trace: Trace, target: Target): [string[], string[]] | undefined {
  if (target.type === 'edge') {
    const ends = [target.from, target.to]
    return ends.some((end) => isClient(trace, end))
      ? undefined
      : [[nameOf(trace, target.from)], [nameOf(trace, target.to)]]
  }
  if (isClient(trace, target.service)) return undefined
  const name = nameOf(trace, target.service)
  const others = trace.header.services.filter((service) => service.kind === 'service' && service.name !== name)
  return others.length === 0 ? undefined : [[name], others.map((service) => service.name)]
}

function nameOf(trace: Trace, service: number): string {
  return trace.header.services[service]?.name ?? ''
}

/** Whole microseconds as milliseconds with at most three decimals. */
function toMs(time: number): number {
  return Number((time / 1000).toFixed(3))
}
