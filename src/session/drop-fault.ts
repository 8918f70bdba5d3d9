/** A fault dropped at a moment: sensible settings, chosen so that everything up to that moment stays as it was. */
import { assertNever } from '../base/assert.ts'
import type { Trace } from '../trace/trace.ts'
import { type Ends, hasHandling, hasWork, nextMessage } from './look-ahead.ts'
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
      const { ends, bites } = messageAfter(trace, target, after)
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
      return crashFrom(at, after, place)
    }
    case 'poison': {
      const at = servingEnd(trace, target)
      if (at === undefined) return undefined
      return { fault: { kind, service: nameOf(trace, at), afterMs, nth: 1 }, bites: hasHandling(trace, at, after) }
    }
    case 'pause': {
      const at = servingEnd(trace, target)
      if (at === undefined) return undefined
      const pause = { kind, service: nameOf(trace, at), atMs: afterMs, forMs: outlasting(scenario) }
      return { fault: pause, bites: hasWork(trace, at, after) }
    }
    case 'skew': {
      const at = servingEnd(trace, target)
      if (at === undefined) return undefined
      const skew = { kind, service: nameOf(trace, at), offsetMs: outlasting(scenario), fromMs: afterMs }
      return { fault: skew, bites: hasWork(trace, at, after) }
    }
    case 'amnesia':
      return { fault: { kind, atMs: afterMs }, bites: nextMessage(trace, after, () => true) !== undefined }
    case 'partition': {
      const sides = sidesOf(trace, target)
      return sides && partitionFrom(trace, sides, after)
    }
    default:
      return assertNever(kind)
  }
}

/** From the start of a run a crash waits for the first message, so that it hits something. */
function crashFrom(at: number, after: number, { trace, scenario }: DropPlace): Candidate {
  const service = nameOf(trace, at)
  const restartMs = outlasting(scenario)
  const isFirst = after === 0 && hasWork(trace, at, 0)
  return {
    fault: isFirst
      ? { kind: 'crash', service, nth: 1, point: 'on receipt', restartMs }
      : { kind: 'crash', service, atMs: toMs(after), restartMs },
    bites: hasWork(trace, at, after),
  }
}

/** Long enough that the saga notices: more than its longest step time-out, else a second. */
function outlasting(scenario: ScenarioInput): number {
  const steps = Object.values(scenario.sagas ?? {}).flatMap((saga) => saga.steps)
  const longest = Math.max(0, ...steps.map((step) => step.timeoutMs ?? 0))
  return longest === 0 ? 1000 : Math.round(longest * 1.6)
}

/** The next message on a line, whichever way it goes, or the next one to a service. */
function messageAfter(trace: Trace, target: Target, after: number) {
  if (target.type === 'service') {
    const next = nextMessage(trace, after, ({ to }) => to === target.service)
    return { ends: { to: nameOf(trace, target.service) }, bites: next !== undefined }
  }
  const isOnLine = ({ from, to }: Ends) =>
    (from === target.from && to === target.to) || (from === target.to && to === target.from)
  const next = nextMessage(trace, after, isOnLine)
  const { from, to } = next ?? target
  return { ends: { from: nameOf(trace, from), to: nameOf(trace, to) }, bites: next !== undefined }
}

function partitionFrom(trace: Trace, [left, right]: Sides, after: number): Candidate {
  const isCut = ({ from, to }: Ends) =>
    (left.includes(from) && right.includes(to)) || (right.includes(from) && left.includes(to))
  const names = (side: readonly number[]) => side.map((service) => nameOf(trace, service))
  const fromMs = toMs(after)
  return {
    fault: { kind: 'partition', between: [names(left), names(right)], fromMs, untilMs: fromMs + PARTITION_MS },
    bites: nextMessage(trace, after, isCut) !== undefined,
  }
}

function isClient(trace: Trace, service: number): boolean {
  return trace.header.services[service]?.kind === 'client'
}

/** On an edge, the end that does the work: the receiving one, unless that is the client. */
function servingEnd(trace: Trace, target: Target): number | undefined {
  if (target.type === 'service') return isClient(trace, target.service) ? undefined : target.service
  return [target.to, target.from].find((service) => !isClient(trace, service))
}

type Sides = readonly [readonly number[], readonly number[]]

/** The two ends of a line, or a service and everybody else. */
function sidesOf(trace: Trace, target: Target): Sides | undefined {
  if (target.type === 'edge') {
    const { from, to } = target
    return isClient(trace, from) || isClient(trace, to) ? undefined : [[from], [to]]
  }
  if (isClient(trace, target.service)) return undefined
  const others = [...trace.header.services.keys()].filter((one) => one !== target.service && !isClient(trace, one))
  return others.length === 0 ? undefined : [[target.service], others]
}

function nameOf(trace: Trace, service: number): string {
  return trace.header.services[service]?.name ?? ''
}

/** Whole microseconds as milliseconds with at most three decimals. */
function toMs(time: number): number {
  return Number((time / 1000).toFixed(3))
}
