/** Who stands where, before any pixel: hubs first, then whom they talk to, in the order of the saga's steps. */
import type { TraceHeader } from '../../trace/trace-format.ts'

export interface Ranks {
  /** Orchestrators; without one the clients, or whoever talks first. */
  readonly hubs: readonly number[]
  /** Clients beside an orchestrator. */
  readonly clients: readonly number[]
  /** Services by distance from the hubs: direct partners first. */
  readonly columns: readonly (readonly number[])[]
  /** Services nobody talks to. */
  readonly loose: readonly number[]
  /** Whether two services send each other messages. */
  talk(a: number, b: number): boolean
}

export function stageRanks(header: TraceHeader): Ranks {
  const hubs = hubsOf(header)
  const clients = numbersOf(header).filter((service) => isClient(header, service) && !hubs.includes(service))
  const distances = distancesFrom(header, hubs, clients)
  const order = stepOrder(header)
  const columns: number[][] = []
  const loose: number[] = []
  for (const service of numbersOf(header)) {
    if (hubs.includes(service) || clients.includes(service)) continue
    const distance = distances.get(service)
    if (distance === undefined) {
      loose.push(service)
      continue
    }
    while (columns.length < distance) columns.push([])
    columns[distance - 1]?.push(service)
  }
  for (const column of columns) column.sort((a, b) => (order.get(a) ?? Infinity) - (order.get(b) ?? Infinity) || a - b)
  const talk = (a: number, b: number) => header.edges.some(([p, q]) => (p === a && q === b) || (p === b && q === a))
  return { hubs, clients, columns: columns.filter((column) => column.length > 0), loose, talk }
}

function numbersOf(header: TraceHeader): number[] {
  return header.services.map((_, service) => service)
}

function isClient(header: TraceHeader, service: number): boolean {
  return header.services[service]?.kind === 'client'
}

function hubsOf(header: TraceHeader): number[] {
  const orchestrators = [...new Set(header.sagas.map((saga) => saga.orchestrator))]
  if (orchestrators.length > 0) return orchestrators
  const clients = numbersOf(header).filter((service) => isClient(header, service))
  if (clients.length > 0) return clients
  const first = header.edges[0]?.[0]
  return first === undefined ? numbersOf(header).slice(0, 1) : [first]
}

function distancesFrom(header: TraceHeader, hubs: readonly number[], clients: readonly number[]): Map<number, number> {
  const distances = new Map(hubs.map((hub) => [hub, 0]))
  let reached = [...hubs]
  for (let distance = 1; reached.length > 0; distance++) {
    const next: number[] = []
    for (const [a, b] of header.edges) {
      for (const [near, far] of [
        [a, b],
        [b, a],
      ] as const) {
        if (!reached.includes(near) || distances.has(far) || clients.includes(far)) continue
        distances.set(far, distance)
        next.push(far)
      }
    }
    reached = next
  }
  return distances
}

function stepOrder(header: TraceHeader): Map<number, number> {
  const order = new Map<number, number>()
  for (const saga of header.sagas) {
    for (const step of saga.steps) if (!order.has(step.service)) order.set(step.service, order.size)
  }
  return order
}
