import { expect, it } from 'vitest'
import { compile, readScenario } from '../scenario/compile.ts'
import { Run } from '../scenario/run.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { Trace } from '../trace/trace.ts'

/** Two requests, 100 ms apart; hops of 10 ms, answers at once. */
const echo: ScenarioInput = {
  sagascope: 1,
  id: 'echo',
  title: 'Echo',
  bus: { order: 'none', hopMs: 10 },
  services: { echo: { operations: { say: { do: [] } } } },
  workload: { requests: [{ to: 'echo', message: 'say', copies: 2, everyMs: 100 }] },
}

function traceOf(scenario: ScenarioInput): Trace {
  const read = readScenario(scenario)
  const model = read.ok ? compile(read.value) : read
  if (!read.ok || !model.ok) throw new Error(JSON.stringify(read.ok ? model : read.problems))
  const run = new Run(model.value, read.value).runToEnd()
  return new Trace(run.header, [run.takePart()])
}

function positionsOf(trace: Trace, kind: string): number[] {
  return Array.from({ length: trace.length }, (_, i) => i).filter((i) => trace.entry(i).kind === kind)
}

it('every message has a row of its own, whatever memory it was written from', () => {
  const trace = traceOf(echo)
  const messages = Array.from({ length: trace.messageCount }, (_, id) => trace.message(id))
  expect(messages.map(({ logical }) => logical)).toEqual([0, 1, 2, 3])
  expect(messages.map(({ answers }) => answers)).toEqual([-1, 0, -1, 2])
  expect(messages.map(({ departs }) => departs / 1000)).toEqual([0, 5, 100, 105])
})

it('a broker that forgets what it has just accepted does not lose an answer its receiver has had', () => {
  const trace = traceOf({ ...echo, faults: [{ kind: 'amnesia', atMs: 50, windowMs: 50 }] })
  expect(positionsOf(trace, 'dropped')).toEqual([])
  expect(positionsOf(trace, 'responded')).toHaveLength(2)
})

it('a copy of a message says the same', () => {
  const trace = traceOf({ ...echo, faults: [{ kind: 'duplicate', message: 'say', nth: 1, byMs: 5 }] })
  const [copied] = positionsOf(trace, 'duplicated').map((i) => trace.entry(i))
  const { message = -1, a = -1 } = copied ?? {}
  expect(trace.messageAt('body', message)).toBe(trace.messageAt('body', a))
  const { id: _, logical, arrives, ...said } = trace.message(message)
  expect(trace.message(a)).toMatchObject({ ...said, id: a, logical })
  expect(arrives).toBe(trace.message(a).arrives + 5000)
})
