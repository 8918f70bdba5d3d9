/** Appends and projection updates: one store, one projection that counts, events appended a hundred at a time. */
import type { Model } from '../src/kernel/model.ts'
import { Simulation } from '../src/kernel/simulation.ts'
import { compile, observe, readScenario } from '../src/scenario/compile.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'
import { TraceWriter } from '../src/trace/trace-writer.ts'

const BATCH = 100
const REQUESTS = 500
const EVENTS = 1_000_000

export function storeScenario(projected: boolean, requests = REQUESTS): ScenarioInput {
  const projections = {
    sums: {
      from: 'orders',
      prefetch: 1000,
      on: { Placed: [{ update: 'sums', where: { id: "'all'" }, change: ['count += 1', 'total += amount'] }] },
    },
  }
  return {
    sagascope: 1,
    id: 'store-bench',
    title: 'Store bench',
    bus: { hopMs: 0 },
    entriesMax: 20_000_000,
    services: {
      orders: {
        handlerMs: 0,
        store: { aggregates: { order: { state: { total: 0 }, evolve: { Placed: 'total += amount' } } } },
        operations: {
          place: {
            do: [
              {
                append: Array.from({ length: BATCH }, () => ({ event: 'Placed', with: { amount: 1 } })),
                stream: "'order-' + order",
                expected: 'no stream',
              },
            ],
          },
        },
      },
      view: {
        handlerMs: 0,
        tables: { sums: { columns: ['id', 'count', 'total'], key: 'id', rows: [{ id: 'all', count: 0, total: 0 }] } },
        projections: projected ? projections : {},
      },
    },
    workload: {
      requests: [{ to: 'orders', message: 'place', copies: requests, everyMs: 1, payload: { order: 'o#' } }],
    },
  }
}

/** A million orders come one by one, a thousand a second: one event each, which a projection counts. */
export function eventsUnderLoad(): ScenarioInput {
  const story = storeScenario(true)
  const { orders, view } = story.services
  return {
    ...story,
    id: 'events-under-load',
    title: 'A million events under load',
    keep: 'curves',
    endMs: 2_000_000,
    bus: { order: 'none' },
    services: {
      orders: {
        ...orders,
        operations: {
          place: {
            do: [{ append: 'Placed', with: { amount: 'amount' }, stream: "'order-' + order", expected: 'no stream' }],
          },
        },
      },
      view: view as NonNullable<typeof view>,
    },
    workload: {
      arrivals: [
        {
          name: 'orders',
          to: 'orders',
          message: 'place',
          rate: 1000,
          spacing: 'exponential',
          count: EVENTS,
          payload: { order: 'o#', amount: 1 },
        },
      ],
    },
  }
}

function model(projected: boolean): Model {
  const read = readScenario(storeScenario(projected))
  if (!read.ok) throw new Error(read.problems[0]?.message)
  const compiled = compile(read.value)
  if (!compiled.ok) throw new Error(compiled.problems[0]?.message)
  return compiled.value
}

/** Events per round: appended, and where `projected`, applied by the projection too. */
export function storeRound(projected: boolean, withTrace: boolean): () => number {
  const sim = new Simulation(model(projected), { trace: withTrace ? new TraceWriter() : null, checking: 'never' })
  let seed = 0
  return () => {
    sim.reset(seed++)
    sim.run()
    return BATCH * REQUESTS
  }
}

const QUESTIONS = 400

/** One stream of a million events, asked about at random versions: milliseconds per answer, once the first is given. */
export function asOfFigures(): { median: number; p99: number } {
  const appended = { event: 'Placed', with: { amount: 1 } }
  const place = { do: [{ append: Array.from({ length: BATCH }, () => appended), stream: "'order-1'" }] }
  const story = storeScenario(false)
  const read = readScenario({
    ...story,
    services: { orders: { ...story.services.orders, operations: { place } } },
    workload: { requests: [{ to: 'orders', message: 'place', copies: EVENTS / BATCH, everyMs: 1 }] },
  })
  if (!read.ok) throw new Error(read.problems[0]?.message)
  const compiled = compile(read.value)
  if (!compiled.ok) throw new Error(compiled.problems[0]?.message)
  const sim = new Simulation(compiled.value, { checking: 'never' }).run()
  const times: number[] = []
  for (let i = 0, draw = 1; i <= QUESTIONS; i++) {
    draw = (draw * 48_271) % 2_147_483_647
    const version = 1 + (draw % EVENTS)
    const question = observe(read.value, `stateAtVersion("order", "1", ${version}).total`)
    if (!question.ok) throw new Error(question.problems[0]?.message)
    const begun = performance.now()
    if (question.value.value(sim) !== version) throw new Error(`the state after ${version} events is wrong`)
    if (i > 0) times.push(performance.now() - begun)
  }
  times.sort((a, b) => a - b)
  return { median: times[QUESTIONS / 2] as number, p99: times[Math.floor(QUESTIONS * 0.99)] as number }
}
