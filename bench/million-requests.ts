/** A million requests with a store of keys, as the worker runs them: no entries, only the curves; and the store alone. */
import { commit, createTables, findRow, insert, type Transaction } from '../src/kernel/disk.ts'
import type { TableModel } from '../src/kernel/model.ts'
import { keyColumns } from '../src/patterns/key-row.ts'
import { compile, readScenario } from '../src/scenario/compile.ts'
import { Run } from '../src/scenario/run.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'

const REQUESTS = 1_000_000

/** A thousand a second, one in twenty comes again, each key kept for a minute: 60,000 keys at any moment. */
const load: ScenarioInput = {
  sagascope: 1,
  id: 'million-requests',
  title: 'A million requests',
  endMs: 34_560_000_000,
  entriesMax: 20_000_000,
  keep: 'curves',
  bus: { order: 'none' },
  services: {
    payment: {
      handlerMs: 2,
      operations: { charge: { do: [] } },
      protections: { idempotencyKey: { retentionMs: 60_000, purgeMs: 0 } },
    },
  },
  workload: {
    arrivals: [
      {
        name: 'charges',
        to: 'payment',
        message: 'charge',
        rate: 1000,
        spacing: 'exponential',
        count: REQUESTS,
        payload: { order: 'o#' },
        key: 'k#',
        repeats: [{ share: 0.05, afterMs: { exponential: 2000 } }],
      },
    ],
  },
  observables: { answered: 'arrivals("charge").answered', keys: 'store("payment").max' },
}

export interface MillionRequests {
  readonly seconds: number
  readonly megabytes: number
  readonly keys: number
}

/** In slices, as the worker does, so that a cancel would be heard. */
export function millionRequests(): MillionRequests {
  const scenario = readScenario(load)
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems))
  const model = compile(scenario.value)
  if (!model.ok) throw new Error(JSON.stringify(model.problems))
  const run = new Run(model.value, scenario.value)
  let megabytes = 0
  const start = process.cpuUsage()
  while (run.advance(100_000)) megabytes = Math.max(megabytes, process.memoryUsage().rss / 1e6)
  const { user, system } = process.cpuUsage(start)
  const found = Object.fromEntries(run.summary().observables.map(({ name, value }) => [name, value as number]))
  if ((found.answered ?? 0) < REQUESTS) throw new Error(`only ${found.answered} requests were answered`)
  return { seconds: (user + system) / 1e6, megabytes, keys: found.keys ?? 0 }
}

const KEYS = 100_000
const LOOK_UPS = 1_000_000

/** Looks for keys by scope and key in a store of a hundred thousand, half of them there. */
export function lookUpRound(): () => number {
  const columns = keyColumns('single transaction', false)
  const model: TableModel = {
    name: 'idempotency_keys',
    service: 0,
    columns,
    key: -1,
    uniques: [[0, 1]],
    lookups: [],
    rows: [],
  }
  const table = createTables([model])[0] as ReturnType<typeof createTables>[number]
  const tx: Transaction = { id: 0, writes: [], waiters: [], waitsFor: null, open: true }
  for (let i = 0; i < KEYS; i++) insert(model, table, tx, ['charge', `k${i * 2}`, null, 'DONE', 'ok', i])
  commit([model], tx, () => {})
  const asked = Array.from({ length: KEYS }, (_, i) => ['charge', `k${(Math.imul(i, 7919) >>> 0) % (KEYS * 2)}`])
  return () => {
    let found = 0
    for (let i = 0; i < LOOK_UPS; i++) {
      if (findRow(model, table, 0, asked[i % KEYS] as string[]) !== undefined) found++
    }
    if (found === 0 || found === LOOK_UPS) throw new Error('half of the keys should be there')
    return LOOK_UPS
  }
}
