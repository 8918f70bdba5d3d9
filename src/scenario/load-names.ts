/** Names for what is measured of a run under load: `latency("charge").p99`, `queue("payment").max`. Times in milliseconds. */
import { type Histogram, mean, percentile } from '../base/histogram.ts'
import { type Curve, type Curves, meanLevel } from '../kernel/curves.ts'
import type { Env } from '../kernel/evaluation.ts'
import { COUNTED, Counted, type CountedName, type LoadModel, type LoadState, type StoreCounts } from '../kernel/load.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { systemTables } from './compile-tables.ts'
import type { Compiled, Parts } from './expression.ts'
import { ExpressionError } from './expression-error.ts'
import { nearest } from './nearest.ts'
import { tableNumber, type World } from './scope.ts'

type Measured = (world: World, args: readonly (string | null)[]) => Compiled

export const loadFunctions: Readonly<Record<string, Measured>> = {
  latency: (world, args) =>
    item(
      messageNumber(world, 'latency', args),
      spreadParts(({ requests }, n) => requests[n]?.latency),
    ),
  wait: (world, args) =>
    item(
      serviceNumber(world, 'wait', args),
      spreadParts(({ services }, n) => services[n]?.wait),
    ),
  queue: (world, args) =>
    item(
      serviceNumber(world, 'queue', args),
      levelParts(({ services }, n) => services[n]?.queue),
    ),
  busy: (world, args) =>
    item(
      serviceNumber(world, 'busy', args),
      levelParts(({ services }, n) => services[n]?.busy),
    ),
  throughput: (world, args) => {
    const service = serviceNumber(world, 'throughput', args)
    return value((env) =>
      perSecond(
        env.sim,
        curveOf(env, ({ services }) => services[service]?.handled),
      ),
    )
  },
  utilisation: (world, args) => {
    const service = serviceNumber(world, 'utilisation', args)
    return value((env) => {
      const { replicas } = env.sim.services[service] as Simulation['services'][number]
      const { concurrency } = env.sim.model.services[service] as Simulation['model']['services'][number]
      const busy = meanOf(env, ({ services }) => services[service]?.busy)
      return busy === null ? null : busy / (replicas * concurrency)
    })
  },
  store: (world, args) => item(storeNumber(world, args), storeParts),
  arrivals: (world, args) => item(messageNumber(world, 'arrivals', args), arrivalParts),
}

function item(number: number, parts: Parts): Compiled {
  return { shape: { is: 'item', parts }, get: () => number }
}

function value(get: Compiled['get']): Compiled {
  return { shape: { is: 'any' }, get }
}

type Pick = (load: LoadModel, number: number) => number | undefined

function stateOf(env: Env): { model: LoadModel; state: LoadState } | null {
  const { load } = env.sim
  const model = env.sim.model.load
  return load === null || model === null ? null : { model, state: load }
}

function curveNumber(env: Env, pick: Pick, number: number): { curves: Curves; at: number } | null {
  const load = stateOf(env)
  const at = load === null ? undefined : pick(load.model, number)
  return load === null || at === undefined ? null : { curves: load.state.curves, at }
}

function curveOf(env: Env, pick: Pick, number = 0): Curve | null {
  const found = curveNumber(env, pick, number)
  return found === null ? null : (found.curves.list[found.at] as Curve)
}

function meanOf(env: Env, pick: Pick, number = 0): number | null {
  const found = curveNumber(env, pick, number)
  return found === null ? null : meanLevel(found.curves, found.at, env.sim.now)
}

/** Things per second over the whole run. */
function perSecond(sim: Simulation, curve: Curve | null): number | null {
  return curve === null || sim.now === 0 ? null : (curve.total * 1_000_000) / sim.now
}

const percents: Readonly<Record<string, number>> = { p50: 50, p90: 90, p95: 95, p99: 99, max: 100 }

function spreadParts(pick: Pick): Parts {
  const of = (read: (histogram: Histogram) => number | null) => (env: Env, number: unknown) => {
    const curve = curveOf(env, pick, number as number)
    return curve === null ? null : read(curve.whole)
  }
  const ms = (microseconds: number | null) => (microseconds === null ? null : microseconds / 1000)
  return {
    count: of(({ count }) => count),
    mean: of((histogram) => ms(mean(histogram))),
    ...Object.fromEntries(
      Object.entries(percents).map(([name, percent]) => [name, of((histogram) => ms(percentile(histogram, percent)))]),
    ),
  }
}

function levelParts(pick: Pick): Parts {
  const of = (read: (curve: Curve) => number) => (env: Env, number: unknown) => {
    const curve = curveOf(env, pick, number as number)
    return curve === null ? null : read(curve)
  }
  return {
    now: of(({ level }) => level),
    max: of(({ highest }) => highest),
    mean: (env, number) => meanOf(env, pick, number as number),
  }
}

const arrivalParts: Parts = Object.fromEntries(
  (Object.keys(Counted) as CountedName[]).map((name) => [
    name,
    (env, type) => stateOf(env)?.state.counts[(type as number) * COUNTED + Counted[name]] ?? null,
  ]),
)

const counted = (name: keyof StoreCounts) => (env: Env, table: unknown) =>
  stateOf(env)?.state.stores[table as number]?.[name] ?? null

const storeParts: Parts = {
  ...levelParts(({ stores }, table) => stores[table]?.size),
  bytes: (env, table) => {
    const load = stateOf(env)
    const curves = load?.model.stores[table as number]
    if (load === null || curves === null || curves === undefined) return null
    return (load.state.curves.list[curves.size] as Curve).highest * curves.recordBytes
  },
  hits: counted('hits'),
  misses: counted('misses'),
  evicted: counted('evicted'),
  expired: counted('expired'),
}

function messageNumber(world: World, name: string, [given]: readonly (string | null)[]): number {
  if (given === undefined || given === null)
    throw new ExpressionError(`${name}(…) takes the name of a message, for example ${name}("charge")`)
  const number = world.messageTypes.indexOf(given)
  if (number < 0) throw new ExpressionError(`no message is called "${given}"${nearest(given, world.messageTypes)}`)
  return number
}

function serviceNumber(world: World, name: string, [given]: readonly (string | null)[]): number {
  if (given === undefined || given === null)
    throw new ExpressionError(`${name}(…) takes the name of a service, for example ${name}("payment")`)
  const number = world.serviceNames.indexOf(given)
  if (number < 0) throw new ExpressionError(`no service "${given}"${nearest(given, world.serviceNames)}`)
  return number
}

/** The keys of a service, or its inbox when it has no keys, or the one that is named. */
function storeNumber(world: World, args: readonly (string | null)[]): number {
  serviceNumber(world, 'store', args)
  const [service, which] = args as [string, string | null | undefined]
  const names = which === undefined ? [systemTables.key, systemTables.inbox] : [which ?? '']
  const found = names.map((name) => tableNumber(world, service, name)).find((table) => table >= 0)
  if (found === undefined)
    throw new ExpressionError(`service ${service} keeps no ${which ?? 'idempotency keys and no inbox'}`)
  return found
}
