/** The trace as a list an expression can filter: `entries.filter(e, e.kind == "sent" && e.message == "refund").size()`. */

import type { Simulation } from '../kernel/simulation.ts'
import { findAnomalies } from '../trace/anomalies.ts'
import { anomalyWords } from '../trace/anomaly-text.ts'
import { type KindName, kindName } from '../trace/kinds.ts'
import { Trace } from '../trace/trace.ts'
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

export function traceEntries(sim: Simulation): object[] {
  if (sim.trace === null) return []
  const trace = new Trace(sim.model.header, [sim.trace.peek()])
  return Array.from({ length: trace.length }, (_, position) => entryObject(trace, position))
}

function entryObject(trace: Trace, position: number): object {
  const entry = trace.entry(position)
  const message = entry.message === NONE ? null : trace.message(entry.message)
  return {
    position,
    ms: entry.time / 1000,
    kind: kindName(trace.at('kind', position)),
    service: trace.header.services[entry.service]?.name ?? null,
    saga: entry.saga,
    message: message?.type ?? (entry.kind === 'published' ? trace.text(entry.a) : null),
    id: message?.logical ?? null,
    attempt: message?.attempt ?? null,
    step: message === null || message.step === NONE ? null : message.step,
    reason: message?.reason ?? null,
    detail: detailed.has(kindName(trace.at('kind', position))) && entry.a !== NONE ? trace.text(entry.a) : null,
  }
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
