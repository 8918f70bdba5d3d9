/** For tests of this room: a small trace made by hand and an engine that answers when it is told to. */
import { ok, type Result } from '../base/result.ts'
import { Kind, Outcome, Role } from '../trace/kinds.ts'
import { NONE, type TraceHeader, type TracePart } from '../trace/trace-format.ts'
import { TraceWriter } from '../trace/trace-writer.ts'
import type { EngineClient, JudgeListener, RunListener } from '../worker/client.ts'
import type { JudgedCase } from '../worker/protocol.ts'
import type { LibraryItem, RunSummary, ScenarioInput } from './session-types.ts'

export const CLIENT = 0
export const ORDER = 1
export const PAYMENT = 2

export const scenario: ScenarioInput = {
  sagascope: 1,
  id: 'two-services',
  title: 'Two services',
  seed: 7,
  services: { order: {}, payment: { operations: { charge: { do: [] } } } },
  sagas: {
    order: {
      orchestrator: 'order',
      start: 'place',
      id: 'order',
      steps: [{ name: 'charge', service: 'payment', operation: 'charge', timeoutMs: 5000 }],
    },
  },
  faults: [{ kind: 'drop', message: 'charge', nth: 1 }],
  variants: {
    calm: { title: 'nothing breaks', patch: { faults: [] } },
  },
}

const header: TraceHeader = {
  version: 1,
  scenario: { id: scenario.id, title: scenario.title, variant: null, seed: 7 },
  services: [
    { name: 'client', title: 'Client', kind: 'client', tables: [], protections: [] },
    { name: 'order', title: 'Order', kind: 'service', tables: [], protections: [] },
    { name: 'payment', title: 'Payment', kind: 'service', tables: [], protections: [] },
  ],
  tables: [],
  sagas: [],
  statements: [],
  properties: [],
  edges: [[ORDER, PAYMENT]],
  faults: [],
  initialChanges: 0,
}

function message(writer: TraceWriter, from: number, to: number, departs: number, arrives: number): number {
  const role = to === PAYMENT ? Role.command : Role.reply
  const type = writer.value(to === PAYMENT ? 'charge' : 'Charged')
  const numbers = { type, to, role, outcome: Outcome.none, saga: NONE, step: NONE, compensation: 0, attempt: 1 }
  const body = writer.body({ ...numbers, key: NONE, reason: NONE, payload: NONE, answers: NONE })
  return writer.message(body, from, writer.messages.length, departs, arrives)
}

/**
 * `rounds` times a command from Order to Payment and its reply, 100 ms apart: six entries each, of which the third and
 * the fourth happen at the same time.
 */
export function roundTrips(rounds = 1): { header: TraceHeader; part: TracePart } {
  const writer = new TraceWriter()
  const add = (time: number, kind: number, service: number, id: number) =>
    writer.append(time, kind, service, NONE, id, NONE, NONE, NONE)
  for (let round = 0; round < rounds; round++) {
    const start = round * 100_000
    const command = message(writer, ORDER, PAYMENT, start, start + 10_000)
    add(start, Kind.sent, ORDER, command)
    add(start + 10_000, Kind.received, PAYMENT, command)
    add(start + 15_000, Kind.committed, PAYMENT, command)
    const reply = message(writer, PAYMENT, ORDER, start + 15_000, start + 25_000)
    add(start + 15_000, Kind.sent, PAYMENT, reply)
    add(start + 25_000, Kind.received, ORDER, reply)
    add(start + 26_000, Kind.crashed, PAYMENT, NONE)
  }
  return { header, part: writer.take() }
}

export function summary(reason = 'at rest'): RunSummary {
  return {
    quiescent: true,
    reason,
    cycle: null,
    observables: [],
    properties: [],
    asExpected: true,
    entries: 0,
    hash: '',
  }
}

export interface FakeRun {
  readonly scenario: ScenarioInput
  readonly variant: string | null
  readonly listener: RunListener
  isCancelled: boolean
}

export interface FakeJudging {
  readonly cases: readonly JudgedCase[]
  readonly listener: JudgeListener
  isCancelled: boolean
}

export class FakeEngine implements EngineClient {
  readonly runs: FakeRun[] = []
  readonly judgings: FakeJudging[] = []
  /** Finishes every run at once with so many round trips; 0 leaves the runs to the test. */
  rounds = 1
  items: LibraryItem[] = []
  checked: Result<ScenarioInput> = ok(scenario)

  library = () => Promise.resolve(this.items)
  open = () => Promise.resolve(ok(scenario))
  check = () => Promise.resolve(this.checked)

  run(input: ScenarioInput, variant: string | null, listener: RunListener) {
    const run: FakeRun = { scenario: input, variant, listener, isCancelled: false }
    this.runs.push(run)
    if (this.rounds > 0) this.complete(run, this.rounds)
    return {
      cancel: () => {
        run.isCancelled = true
      },
      ask: (expressions: readonly string[]) =>
        Promise.resolve(expressions.map((value) => ({ ok: true, value }) as const)),
    }
  }

  judge(cases: readonly JudgedCase[], listener: JudgeListener) {
    const judging: FakeJudging = { cases, listener, isCancelled: false }
    this.judgings.push(judging)
    return {
      cancel: () => {
        judging.isCancelled = true
      },
    }
  }

  get last(): FakeRun {
    const run = this.runs.at(-1)
    if (run === undefined) throw new Error('nothing has run')
    return run
  }

  complete({ listener }: FakeRun, rounds = 1): void {
    const { header, part } = roundTrips(rounds)
    listener.started(header)
    listener.part(part, 0)
    listener.finished(summary())
  }
}

/** Frames that pass when the test says so. */
export class FakeFrames {
  private now = 0
  private waiting = new Map<number, (now: number) => void>()
  private handles = 0

  request = (callback: (now: number) => void): number => {
    this.waiting.set(++this.handles, callback)
    return this.handles
  }
  cancel = (handle: number): void => {
    this.waiting.delete(handle)
  }

  /** Lets so many milliseconds pass, in frames of 16 ms. */
  pass(ms: number, frame = 16): void {
    for (let passed = 0; passed < ms; passed += frame) this.frame(Math.min(frame, ms - passed))
  }

  frame(ms: number): void {
    this.now += ms
    const due = [...this.waiting.values()]
    this.waiting.clear()
    for (const callback of due) callback(this.now)
  }
}
