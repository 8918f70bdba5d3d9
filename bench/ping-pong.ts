/** 100 processes, each with one ball in play: the kernel with full trace beside a bare loop that does as little as can be. */
import { Agenda } from '../src/kernel/agenda.ts'
import { send } from '../src/kernel/bus.ts'
import type { Model } from '../src/kernel/model.ts'
import { Simulation } from '../src/kernel/simulation.ts'
import type { Message, Outgoing } from '../src/kernel/task.ts'
import { compile, readScenario } from '../src/scenario/compile.ts'
import { ColumnWriter } from '../src/trace/columns.ts'
import { Outcome, Role } from '../src/trace/kinds.ts'
import { entrySpec, messageSpec, NONE } from '../src/trace/trace-format.ts'
import { TraceWriter } from '../src/trace/trace-writer.ts'

const PROCESSES = 100
export const MESSAGES = 500_000

/** A model of processes that answer every message at once, with full trace. */
export function kernelRound(): () => number {
  const model = pingPongModel()
  const trace = new TraceWriter()
  const sim = new Simulation(model, { trace })
  return () => {
    sim.reset(1)
    for (let i = 0; i < PROCESSES; i++) send(sim, i, ball(i ^ 1, i), NONE)
    while (sim.messageCount < MESSAGES && sim.advance(10_000));
    return sim.messageCount
  }
}

function pingPongModel(): Model {
  const services = Object.fromEntries(
    Array.from({ length: PROCESSES }, (_, i) => [`p${i}`, { operations: { ping: { do: [] } } }]),
  )
  const scenario = readScenario({
    sagascope: 1,
    id: 'ping-pong',
    title: 'Ping-pong',
    services,
    endMs: 1e9,
    entriesMax: 20_000_000,
    bus: { order: 'none' },
  })
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems))
  const model = compile(scenario.value)
  if (!model.ok) throw new Error(JSON.stringify(model.problems))
  // What a ball says never changes, so every process keeps the one it sends.
  const balls = Array.from({ length: PROCESSES }, (_, i) => ball(i ^ 1, i))
  const receive = (sim: Simulation, message: Message) => {
    send(sim, message.body.to, balls[message.body.to] as Outgoing, message.position)
  }
  return { ...model.value, services: model.value.services.map((service) => ({ ...service, receive })) }
}

const payload = {}
function ball(to: number, group: number): Outgoing {
  return {
    type: 0,
    to,
    role: Role.event,
    outcome: Outcome.none,
    saga: NONE,
    step: NONE,
    compensation: false,
    attempt: 1,
    key: null,
    reason: null,
    payload,
    answers: NONE,
    group,
    request: NONE,
    hops: 1,
    delay: 0,
    subscribers: NONE,
  }
}

/**
 * The same number of heap operations and the same two entries a message, with nothing else around them; with
 * `wholeTrace` it also writes the message's own row, as the kernel does.
 */
export function bareRound(wholeTrace: boolean): () => number {
  const agenda = new Agenda()
  const entries = new ColumnWriter(entrySpec)
  const rows = new ColumnWriter(messageSpec)
  return () => {
    agenda.clear()
    entries.reset()
    rows.reset()
    for (let i = 0; i < PROCESSES; i++) agenda.push(10_000 + i, 0, i, i ^ 1)
    let messages = PROCESSES
    while (messages < MESSAGES) {
      agenda.pop()
      const { time, a, b } = agenda
      append(entries, time, 2, b)
      append(entries, time, 1, b)
      if (wholeTrace) describe(rows, time, a)
      agenda.push(time + 10_000, 0, b, a)
      messages++
    }
    return messages
  }
}

function append(entries: ColumnWriter<typeof entrySpec>, time: number, kind: number, service: number): void {
  const row = entries.reserve()
  const to = entries.arrays
  to.time[row] = time
  to.kind[row] = kind
  to.service[row] = service
  to.saga[row] = NONE
  to.message[row] = NONE
  to.cause[row] = NONE
  to.a[row] = NONE
  to.b[row] = NONE
}

function describe(rows: ColumnWriter<typeof messageSpec>, time: number, from: number): void {
  const row = rows.reserve()
  const to = rows.arrays
  to.body[row] = from
  to.from[row] = from
  to.logical[row] = row
  to.departs[row] = time
  to.arrives[row] = time + 10_000
}
