/** An anomaly in words: its name, the two that met, the row. */
import type { Anomaly, AnomalyName } from './anomalies.ts'
import { valueText } from './describe.ts'
import { Kind } from './kinds.ts'
import type { Trace } from './trace.ts'
import { NONE } from './trace-format.ts'

export interface AnomalyWords {
  /** `order o1`; of somebody who is no saga, the message: `raise`. */
  readonly saga: string
  readonly other: string
  /** `payment.accounts c1`. */
  readonly row: string
  /** What happened, in one sentence. */
  readonly text: string
}

const sentences: Record<AnomalyName, (saga: string, other: string, row: string) => string> = {
  'lost update': (saga, other, row) => `${saga} overwrote what ${other} had changed in ${row}, without looking again`,
  'dirty read': (saga, other, row) =>
    `${saga} saw ${row} as ${other} had left it for the time being; ${other} took it back`,
  'fuzzy read': (saga, other, row) => `${saga} looked at ${row} twice, and ${other} had changed it in between`,
}

export function anomalyWords(trace: Trace, anomaly: Anomaly): AnomalyWords {
  const saga = actorName(trace, anomaly.saga, anomaly.position)
  const other = actorName(trace, anomaly.other, anomaly.otherPosition)
  const row = rowName(trace, anomaly)
  return { saga, other, row, text: sentences[anomaly.name](saga, other, row) }
}

function actorName(trace: Trace, saga: number, position: number): string {
  if (saga === NONE) {
    const message = trace.at('message', position)
    return message === NONE ? 'a timer' : trace.text(trace.messageAt('type', message))
  }
  return sagaNames(trace).get(saga) ?? `saga ${saga + 1}`
}

const known = new WeakMap<Trace, { readonly length: number; readonly names: ReadonlyMap<number, string> }>()
function sagaNames(trace: Trace): ReadonlyMap<number, string> {
  const before = known.get(trace)
  if (before?.length === trace.length) return before.names
  const names = new Map<number, string>()
  for (let at = 0; at < trace.length; at++) {
    if (trace.at('kind', at) !== Kind.sagaStarted) continue
    const definition = trace.header.sagas[trace.at('b', at)]?.name ?? 'saga'
    names.set(trace.at('saga', at), `${definition} ${trace.text(trace.at('a', at))}`)
  }
  known.set(trace, { length: trace.length, names })
  return names
}

function rowName(trace: Trace, { table: number, row, cells }: Anomaly): string {
  const table = trace.header.tables[number]
  if (table === undefined) return `row ${row + 1}`
  const name = `${trace.header.services[table.service]?.name ?? ''}.${table.name}`
  const key = table.key === null ? -1 : table.columns.indexOf(table.key)
  return key < 0 || cells === null ? `${name} row ${row + 1}` : `${name} ${valueText(cells[key] ?? null)}`
}
