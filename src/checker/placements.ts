/** Where one fault can be placed on a run that is known: each message on its way, each gap of each handling, each step. */
import type { Fault, FaultInput, Scenario } from '../scenario/schema.ts'
import { crashPoints } from '../scenario/schema-fault.ts'
import { Kind } from '../trace/kinds.ts'
import type { Trace } from '../trace/trace.ts'
import { complete } from './fault-defaults.ts'
import type { Menu } from './menu.ts'

export interface Placement {
  /** The row of the matrix: `2nd charge, Order → Payment`, or `Payment handles charge`. */
  readonly row: string
  /** The column: what befalls it. */
  readonly column: string
  readonly fault: Fault
  /** The entry of the run it was read from. */
  readonly position: number
}

export const messageColumns = ['lost', 'twice', 'late'] as const
export const refusalColumn = 'refused'

/** The columns of the matrix, in order. */
export function columnsOf(acknowledgesFirst: boolean): string[] {
  const gaps = crashPoints.filter((point) => acknowledgesFirst || point !== 'after ack')
  return [...messageColumns, ...gaps.map((point) => `crash ${point}`), refusalColumn]
}

/** Later than every time-out of the scenario, milliseconds. */
function lateBy({ sagas, workload }: Scenario): number {
  const steps = Object.values(sagas).flatMap((saga) => saga.steps)
  const timeOuts = [
    ...steps.flatMap(({ timeoutMs, compensationTimeoutMs }) => [timeoutMs ?? 0, compensationTimeoutMs ?? 0]),
    ...workload.requests.map(({ timeoutMs }) => timeoutMs ?? 0),
  ]
  return Math.max(1000, ...timeOuts) + 1000
}

/** Every placement on the run of this trace, in the order in which it would strike. */
export function placementsOn(trace: Trace, scenario: Scenario, menu: Menu): Placement[] {
  const late = lateBy(scenario)
  const refusable = new Set(menu.refusals.map(({ service, on }) => `${service} ${on}`))
  const names = trace.header.services
  const seen = new Map<string, number>()
  const next = (key: string) => {
    const nth = (seen.get(key) ?? 0) + 1
    seen.set(key, nth)
    return nth
  }
  const found: Placement[] = []
  for (let position = 0; position < trace.length; position++) {
    const kind = trace.at('kind', position)
    if (kind !== Kind.sent && kind !== Kind.received) continue
    const message = trace.message(trace.at('message', position))
    const from = names[message.from]
    const to = names[message.to]
    if (from === undefined || to === undefined) continue
    const add = (row: string, column: string, fault: FaultInput) =>
      found.push({ row, column, fault: complete(fault), position })
    if (kind === Kind.sent) {
      const nth = next(`sent ${message.from} ${message.to} ${message.type}`)
      const which = { message: message.type, from: from.name, to: to.name, nth }
      const row = `${nthOf(nth)}${message.type}, ${from.title} → ${to.title}`
      add(row, 'lost', { kind: 'drop', ...which })
      add(row, 'twice', { kind: 'duplicate', ...which })
      add(row, 'late', { kind: 'delay', ...which, byMs: late })
    } else if (to.kind === 'service') {
      const nth = next(`received ${message.to} ${message.type}`)
      const where = { service: to.name, on: message.type, nth }
      const row = `${to.title} handles ${nthOf(nth)}${message.type}`
      const isFirst = scenario.services[to.name]?.acknowledge === 'first'
      for (const point of crashPoints) {
        if (isFirst || point !== 'after ack') add(row, `crash ${point}`, { kind: 'crash', ...where, point })
      }
      if (refusable.has(`${to.name} ${message.type}`)) add(row, refusalColumn, { kind: 'refuse', ...where })
    }
  }
  return found
}

function nthOf(nth: number): string {
  if (nth === 1) return ''
  const tens = nth % 100
  return tens >= 11 && tens <= 13 ? `${nth}th ` : `${nth}${['th', 'st', 'nd', 'rd'][nth % 10] ?? 'th'} `
}
