/** For tests: random finite fault schedules over the order world, run against a scenario, and made small when they break it. */
import * as v from 'valibot'
import { draw, drawWithin } from '../src/base/hash.ts'
import { problemLine } from '../src/base/result.ts'
import type { Model, RequestModel } from '../src/kernel/model.ts'
import { Simulation } from '../src/kernel/simulation.ts'
import { compile, readScenario } from '../src/scenario/compile.ts'
import { compileFaults, us } from '../src/scenario/compile-faults.ts'
import { ProblemList } from '../src/scenario/problems.ts'
import type { FaultInput, Scenario, ScenarioInput } from '../src/scenario/schema.ts'
import { faultSchema } from '../src/scenario/schema-fault.ts'
import type { World } from '../src/scenario/scope.ts'
import { createWorld } from '../src/scenario/world.ts'

export interface Schedule {
  readonly seed: number
  /** When each order is placed, milliseconds. */
  readonly orders: readonly number[]
  readonly faults: readonly FaultInput[]
}

/** A law's name, or `RUN` when the run did not come to rest. */
export type Broken = string

const SCHEDULE_DRAW = 0x73636864

/** Draws in a row for one seed. */
class Dice {
  private n = 0
  private readonly seed: number
  constructor(seed: number) {
    this.seed = seed
  }
  within(from: number, to: number): number {
    return drawWithin(draw(this.seed, SCHEDULE_DRAW, 0, this.n++), from, to)
  }
  one<T>(of: readonly T[]): T {
    return of[this.within(0, of.length - 1)] as T
  }
  /** True once in so many times. */
  onceIn(times: number): boolean {
    return this.within(1, times) === 1
  }
  /** Within the run as it goes without faults, or while it recovers from them. */
  moment(): number {
    return this.onceIn(2) ? this.within(0, 300) : this.within(0, 8000)
  }
  /** Mostly short, sometimes longer than every time-out. */
  span(): number {
    return this.one([this.within(1, 60), this.within(60, 2500), this.within(2500, 12_000), this.within(12_000, 60_000)])
  }
}

const asked = { payment: ['charge', 'refund'], inventory: ['reserve', 'release'], shipping: ['ship'] } as const
const replies = [
  'Charged',
  'ChargeRefused',
  'Refunded',
  'Reserved',
  'ReserveRefused',
  'Released',
  'Shipped',
  'ShipRefused',
] as const
const participants = ['payment', 'inventory', 'shipping'] as const
const messages = ['PlaceOrder', 'charge', 'refund', 'reserve', 'release', 'ship', ...replies] as const
const atOrder = [
  ...['PlaceOrder', 'relay', 'create', 'reject', 'approve', ...replies],
  // What an orchestrator decides by itself is where it can contradict itself.
  ...['timeout', 'timeout', 'timeout', 'timeout'],
]

/** One of everything that may go wrong, and that ends. */
function drawFault(dice: Dice): FaultInput {
  const kind = dice.one([
    'drop',
    'drop',
    'duplicate',
    'delay',
    'slow',
    'crash',
    'crash',
    'partition',
    'pause',
    'fail',
    'refuse',
  ] as const)
  const message = dice.onceIn(6) ? {} : { message: dice.one(messages) }
  const few = () => ({ nth: dice.within(1, 3), times: dice.one([1, 1, 2, 3, 6]) })
  switch (kind) {
    case 'drop':
      return { kind, ...message, ...few() }
    case 'duplicate':
      return { kind, ...message, ...few(), copies: dice.within(1, 2), byMs: dice.onceIn(2) ? 0 : dice.span() }
    case 'delay':
      return { kind, ...message, ...few(), byMs: dice.span() }
    case 'slow':
      return {
        kind,
        ...drawHandling(dice),
        ...few(),
        byMs: dice.span(),
        where: dice.one(['before transaction', 'in transaction']),
      }
    case 'crash': {
      const restartMs = dice.within(0, 5000)
      if (dice.onceIn(4)) return { kind, service: dice.one(['order', ...participants]), atMs: dice.moment(), restartMs }
      const point = dice.one(['on receipt', 'before commit', 'after commit', 'after send', 'ack lost'] as const)
      return { kind, ...drawHandling(dice), nth: dice.within(1, 3), point, restartMs }
    }
    case 'pause':
      return {
        kind,
        service: dice.one(['order', ...participants]),
        atMs: dice.moment(),
        forMs: dice.within(10, 12_000),
      }
    case 'partition': {
      const fromMs = dice.moment()
      const others = dice.onceIn(3) ? [...participants] : [dice.one(participants)]
      return {
        kind,
        between: [['order'], others],
        fromMs,
        untilMs: fromMs + 1 + dice.span(),
        mode: dice.one(['buffer', 'drop', 'refuse']),
        direction: dice.one(['both', 'there', 'back']),
      }
    }
    case 'fail':
      return { kind, ...drawHandling(dice), ...few(), point: dice.one(['before commit', 'after commit']) }
    case 'refuse': {
      const service = dice.one(['payment', 'inventory', 'shipping', 'shipping'] as const)
      return { kind, service, on: asked[service][0], ...few(), reason: 'NO' }
    }
  }
}

function drawHandling(dice: Dice) {
  const service = dice.one(['order', 'order', ...participants] as const)
  return { service, on: service === 'order' ? dice.one(atOrder) : dice.one(asked[service]) }
}

export function drawSchedule(seed: number): Schedule {
  const dice = new Dice(seed)
  const orders = dice.onceIn(3) ? [0, dice.within(0, 3000)] : [0]
  const faults = Array.from({ length: dice.within(1, 8) }, () => drawFault(dice))
  return { seed, orders, faults }
}

/** A scenario compiled once; only the faults and the orders differ from run to run. */
export class FaultBench {
  private readonly scenario: Scenario
  private readonly model: Model
  private readonly world: World

  constructor(input: ScenarioInput) {
    const [request] = input.workload?.requests ?? []
    if (request === undefined) throw new Error(`${input.id} has no request`)
    const second = { ...request, payload: { ...request.payload, order: 'o2' } }
    const read = readScenario({
      ...input,
      faults: [],
      observables: {},
      expect: {},
      variants: {},
      workload: { requests: [request, second] },
    })
    if (!read.ok) throw new Error(read.problems.map(problemLine).join('\n'))
    const compiled = compile(read.value)
    if (!compiled.ok) throw new Error(compiled.problems.map(problemLine).join('\n'))
    this.scenario = read.value
    this.model = compiled.value
    this.world = createWorld(read.value, new ProblemList())
  }

  /** How many things happen. */
  actions(schedule: Schedule): number {
    return new Simulation(this.modelFor(schedule), { seed: schedule.seed, checking: 'never' }).run().actions
  }

  /** The laws this schedule breaks, in the order of the scenario. */
  run(schedule: Schedule): Broken[] {
    const simulation = new Simulation(this.modelFor(schedule), { seed: schedule.seed }).run()
    const broken = this.model.properties.flatMap(({ name }, i) => (simulation.propertyStates[i] === 2 ? [name] : []))
    return simulation.quiescent ? broken : [...broken, 'RUN']
  }

  private modelFor({ orders, faults }: Schedule): Model {
    const { model, world } = this
    const problems = new ProblemList()
    const compiled = compileFaults({ ...this.scenario, faults: v.parse(v.array(faultSchema), faults) }, world, problems)
    if (!problems.isEmpty) throw new Error(JSON.stringify(problems.problems))
    return {
      ...model,
      requests: orders.map((atMs, i) => ({ ...(model.requests[i] as RequestModel), at: us(atMs) })),
      services: model.services.map((service, i) => ({ ...service, faults: compiled.handling[i] ?? [] })),
      messageFaults: compiled.messageFaults,
      partitions: compiled.partitions,
      crashes: compiled.crashes,
      pauses: compiled.pauses,
      header: { ...model.header, faults: faults.map(({ kind }) => kind) },
    }
  }
}

/** The same failure with as little as possible: fewer orders, fewer faults, fewer times. */
export function shrink(schedule: Schedule, fails: (smaller: Schedule) => boolean): Schedule {
  const next = smaller(schedule).find(fails)
  return next === undefined ? schedule : shrink(next, fails)
}

function smaller(schedule: Schedule): Schedule[] {
  const { orders, faults } = schedule
  const withFaults = (change: readonly FaultInput[]) => ({ ...schedule, faults: change })
  return [
    ...(orders.length > 1 ? [{ ...schedule, orders: orders.slice(0, -1) }] : []),
    ...faults.map((_, i) => withFaults(faults.filter((_, j) => j !== i))),
    ...faults.flatMap((fault, i) =>
      'times' in fault && fault.times !== 1 ? [withFaults(faults.with(i, { ...fault, times: 1 }))] : [],
    ),
    ...faults.flatMap((fault, i) =>
      'nth' in fault && (fault.nth ?? 1) > 1 ? [withFaults(faults.with(i, { ...fault, nth: 1 }))] : [],
    ),
    ...faults.flatMap((fault, i) =>
      'byMs' in fault && (fault.byMs ?? 0) > 0 && fault.kind === 'duplicate'
        ? [withFaults(faults.with(i, { ...fault, byMs: 0 }))]
        : [],
    ),
  ]
}

/** The first seeds of a range whose schedule breaks one of the laws. */
export function* hunt(bench: FaultBench, from: number, to: number, laws?: readonly Broken[]) {
  for (let seed = from; seed < to; seed++) {
    const schedule = drawSchedule(seed)
    const broken = bench.run(schedule)
    if (broken.some((law) => laws === undefined || laws.includes(law))) yield { schedule, broken }
  }
}
