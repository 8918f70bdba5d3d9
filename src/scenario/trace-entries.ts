/** The trace as a list an expression can filter: `entries.filter(e, e.kind == "sent" && e.message == "refund").size()`. */

import type { Simulation } from '../kernel/simulation.ts'
import { findAnomalies } from '../trace/anomalies.ts'
import { anomalyWords } from '../trace/anomaly-text.ts'
import { Kind, type KindName } from '../trace/kinds.ts'
import { type Entry, Trace } from '../trace/trace.ts'
import { NONE } from '../trace/trace-format.ts'

/** Kinds whose column `a` is a text: why, for what, which state. */
const detailed = new Set<KindName>([
  'dropped',
  'waiting',
  'aborted',
  'refused',
  'failed',
  'deduplicated',
  'crashed',
  'forgotten',
  'circuit',
  'responded',
])

/** Kinds whose column `a` is a step of the entry's saga. */
const aboutSteps = new Set<KindName>([
  'stepStarted',
  'stepSucceeded',
  'stepRefused',
  'stepFailed',
  'stepTimedOut',
  'compensationRegistered',
  'compensationStarted',
  'stepCompensating',
  'stepCompensated',
  'compensationFailed',
  'sagaNeedsIntervention',
  'alerted',
  'replyIgnored',
])
/** Those of them whose column `b` is the attempt, and those where it says why. */
const attempts = new Set<KindName>(['stepStarted', 'stepTimedOut', 'stepCompensating'])
const reasons = new Set<KindName>([
  'stepRefused',
  'stepFailed',
  'compensationStarted',
  'compensationFailed',
  'sagaNeedsIntervention',
  'alerted',
  'replyIgnored',
])

export function traceEntries(sim: Simulation): object[] {
  if (sim.trace === null) return []
  const trace = new Trace(sim.model.header, [sim.trace.peek()])
  const sagas = startedSagas(trace)
  return Array.from({ length: trace.length }, (_, position) => entryObject(trace, sagas, position))
}

interface StartedSaga {
  readonly id: string
  readonly steps: readonly { readonly name: string }[]
}

function startedSagas(trace: Trace): ReadonlyMap<number, StartedSaga> {
  const sagas = new Map<number, StartedSaga>()
  for (let position = 0; position < trace.length; position++) {
    if (trace.at('kind', position) !== Kind.sagaStarted) continue
    const { saga, a, b } = trace.entry(position)
    sagas.set(saga, { id: trace.text(a), steps: trace.header.sagas[b]?.steps ?? [] })
  }
  return sagas
}

function entryObject(trace: Trace, sagas: ReadonlyMap<number, StartedSaga>, position: number): object {
  const entry = trace.entry(position)
  const { kind, a, b } = entry
  const message = entry.message === NONE ? null : trace.message(entry.message)
  const saga = sagas.get(entry.saga)
  const isAboutStep = aboutSteps.has(kind)
  const step = isAboutStep ? a : (message?.step ?? NONE)
  return {
    position,
    ms: entry.time / 1000,
    kind,
    service: trace.header.services[entry.service]?.name ?? null,
    saga: saga?.id ?? null,
    message: message?.type ?? (kind === 'published' ? trace.text(a) : null),
    id: message?.logical ?? null,
    from: message === null ? null : (trace.header.services[message.from]?.name ?? null),
    to: message === null ? null : (trace.header.services[message.to]?.name ?? null),
    attempt: attempts.has(kind) ? b : (message?.attempt ?? null),
    step: saga?.steps[step]?.name ?? null,
    reason: message?.reason ?? null,
    detail: detailOf(trace, entry),
  }
}

function detailOf(trace: Trace, { kind, a, b }: Entry): string | null {
  if (detailed.has(kind) && a !== NONE) return trace.text(a)
  return reasons.has(kind) && b !== NONE ? trace.text(b) : null
}

/** What sagas did to each other: `anomalies.map(a, a.name)`. */
export function anomalyList(sim: Simulation): object[] {
  if (sim.trace === null) return []
  const trace = new Trace(sim.model.header, [sim.trace.peek()])
  return findAnomalies(trace).map((anomaly) => {
    const { saga, other, row } = anomalyWords(trace, anomaly)
    return { name: anomaly.name, saga, other, row, ms: trace.timeAt(anomaly.position) / 1000 }
  })
}
