/** What is measured: which curves a scenario has, and where each number of the engine goes. */
import type { CurveModel } from '../kernel/curves.ts'
import type { Table } from '../kernel/disk.ts'
import { meanDuration } from '../kernel/duration.ts'
import type { LoadModel, RequestCurves, ServiceCurves, StoreCurves } from '../kernel/load.ts'
import type { RequestModel, Scaling } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { businessNumber } from '../patterns/arrival-client.ts'
import { reachedPosition } from '../patterns/await-position.ts'
import type { ProjectionModel } from '../patterns/projection-model.ts'
import { PARTS, type StreamModel } from '../patterns/stream.ts'
import { us } from './compile-faults.ts'
import { systemTables } from './compile-tables.ts'
import type { Scenario } from './schema.ts'
import type { World } from './scope.ts'

export function compileScalings(scenario: Scenario): Scaling[] {
  return Object.values(scenario.services).flatMap(({ scaling }, service) =>
    scaling.map(({ atMs, replicas }) => ({ at: us(atMs), service, replicas })),
  )
}

/** Null where nothing is measured: no stream of requests, and nobody asks. */
export function compileLoad(
  scenario: Scenario,
  world: World,
  requests: readonly RequestModel[],
  streams: readonly StreamModel[],
  projections: readonly ProjectionModel[],
  isAskedFor: boolean,
): LoadModel | null {
  if (streams.length === 0 && !isAskedFor && scenario.keep === 'everything') return null
  const curves: CurveModel[] = []
  const add = (curve: CurveModel) => curves.push(curve) - 1
  const asked = new Set([...requests, ...streams].map(({ type }) => type))
  const services = world.serviceNames.map((name) => {
    const service = scenario.services[name]
    const isIdle = service === undefined || Object.keys(service.operations).length === 0
    return isIdle && !isOrchestrator(scenario, name) ? null : serviceCurves(titleOf(scenario, name), add)
  })
  for (const projection of projections) add(lagCurve(projection))
  return {
    services,
    requests: world.messageTypes.map((name, type) => (asked.has(type) ? requestCurves(name, add) : null)),
    stores: world.tables.map((table) => storeCurves(scenario, world, streams, table, add)),
    curves,
    span: spanOf(scenario, requests, streams),
    firstRequest: requests.length,
    business: (request) => businessNumber(streams, request),
  }
}

function titleOf(scenario: Scenario, name: string): string {
  return scenario.services[name]?.title ?? name.charAt(0).toUpperCase() + name.slice(1)
}

function isOrchestrator(scenario: Scenario, name: string): boolean {
  return Object.values(scenario.sagas).some(({ orchestrator }) => orchestrator === name)
}

type Add = (curve: CurveModel) => number

function serviceCurves(about: string, add: Add): ServiceCurves {
  return {
    queue: add({ about, name: 'queue', unit: 'messages', kind: 'level' }),
    busy: add({ about, name: 'at work', unit: 'handlers', kind: 'level' }),
    wait: add({ about, name: 'waiting', unit: 'ms', kind: 'spread' }),
    handled: add({ about, name: 'throughput', unit: 'a second', kind: 'rate' }),
  }
}

/** Events between the head of the store and what the projection has applied. Nobody reports it: it is looked at. */
function lagCurve(projection: ProjectionModel): CurveModel {
  const sample = (sim: Simulation) => {
    const { nextRow } = sim.tables[projection.store.events] as Table
    return Math.max(0, nextRow - reachedPosition(sim, projection))
  }
  return { about: projection.name, name: 'lag', unit: 'events', kind: 'level', sample }
}

function requestCurves(about: string, add: Add): RequestCurves {
  return {
    arrivals: add({ about, name: 'arrivals', unit: 'a second', kind: 'rate' }),
    latency: add({ about, name: 'latency', unit: 'ms', kind: 'spread' }),
    slipped: add({ about, name: 'done again', unit: 'a second', kind: 'rate' }),
  }
}

function storeCurves(
  scenario: Scenario,
  world: World,
  streams: readonly StreamModel[],
  { name, service }: World['tables'][number],
  add: Add,
): StoreCurves | null {
  if (name !== systemTables.key && name !== systemTables.inbox) return null
  const serviceName = world.serviceNames[service] as string
  const about = `${titleOf(scenario, serviceName)} ${name === systemTables.key ? 'keys' : 'inbox'}`
  const { idempotencyKey, inbox } = scenario.services[serviceName]?.protections ?? {}
  const settings = name === systemTables.key ? idempotencyKey : inbox
  const expected = expectedSize(settings, streams, service)
  return {
    size: add({
      about,
      name: 'store',
      unit: 'records',
      kind: 'level',
      ...(expected === null ? {} : { reference: { label: 'rate × retention', value: expected } }),
    }),
    hits: add({ about, name: 'hit rate', unit: '%', kind: 'share' }),
    gone: add({ about, name: 'removed', unit: 'a second', kind: 'rate' }),
    recordBytes: settings?.recordBytes ?? 0,
  }
}

/** The closed form: so many keys come in the time that each is kept, or as many as there is room for. */
function expectedSize(
  settings: { readonly retentionMs?: number | undefined; readonly capacity?: number | undefined } | undefined,
  streams: readonly StreamModel[],
  service: number,
): number | null {
  const { retentionMs, capacity } = settings ?? {}
  const rate = streams.reduce(
    (sum, stream) => sum + (stream.to === service ? (1000 * 1000 * PARTS) / stream.every : 0),
    0,
  )
  const byTime = retentionMs === undefined || rate === 0 ? Number.POSITIVE_INFINITY : (rate * retentionMs) / 1000
  const expected = Math.min(byTime, capacity ?? Number.POSITIVE_INFINITY)
  return Number.isFinite(expected) ? expected : null
}

/** How long it is expected to take, microseconds: the first stretches of the curves are cut by it. */
function spanOf(scenario: Scenario, requests: readonly RequestModel[], streams: readonly StreamModel[]): number {
  const ends = [
    ...requests.map(({ at }) => at),
    ...streams.map(({ from, until, count, every, repeats }) => {
      const end = Math.min(until, from + (count * every) / PARTS)
      return end + Math.max(0, ...repeats.map(({ after }) => meanDuration(after)))
    }),
  ]
  return Math.min(us(scenario.endMs), Math.max(1000, ...ends))
}
