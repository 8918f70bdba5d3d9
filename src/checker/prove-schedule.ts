/**
 * A counterexample told in the words of a scenario: its losses, copies, delays and crashes as faults with times, and what
 * overtakes on its path as further delays. A path knows no times, so some are tried; what is handed on has been run, and
 * breaks the same property.
 */
import type { FaultInput, ScenarioInput } from '../scenario/schema.ts'
import { Kind } from '../trace/kinds.ts'
import { Trace } from '../trace/trace.ts'
import { Dice } from './dice.ts'
import { complete } from './fault-defaults.ts'
import { type Found, makeSmall } from './found.ts'
import type { Counterexample, Proof } from './prove.ts'
import type { Schedule } from './schedule.ts'
import { Trials } from './trials.ts'

/** One fault of the path, with the different ways to say it, the likeliest first. */
type Ways = readonly [FaultInput, ...FaultInput[]]

/** Times that stand for "a little later" and "later than whatever waits", milliseconds. */
const LATER = [0, 300, 1500, 4000, 15_000, 60_000, 300_000]
const RESTARTS = [50, 500, 2000, 10_000, 60_000]
const HANDLINGS = 24
const TRIES = 6000

/** The smallest schedule found that breaks the property as the path does; null when none of those tried did. */
export function asFinding(proof: Proof, counterexample: Counterexample, input: ScenarioInput): Found | null {
  const trials = Trials.of(input, 'every commit')
  if (!trials.ok) return null
  const { weather, order } = waysOf(proof, counterexample)
  const promise = counterexample.property
  const seed = input.seed ?? 1
  for (const faults of candidates(weather, order)) {
    const schedule: Schedule = { seed, faults: faults.map(complete), more: [] }
    if (trials.value.breaks(schedule, promise)) return makeSmall(trials.value, [{ seed, promise, schedule }], 1)
  }
  return null
}

/** The likeliest first: everything as on the path; only its faults; then the same faults at other times. */
function* candidates(weather: readonly Ways[], order: readonly FaultInput[]): Generator<FaultInput[]> {
  const exact = weather.map(([first]) => first)
  yield [...exact, ...order]
  yield exact
  const dice = new Dice()
  for (let i = 0; i < TRIES; i++) {
    dice.reset(i)
    const told = weather.map((ways) => dice.one(ways))
    yield dice.onceIn(2) ? told : [...told, ...order.filter(() => dice.onceIn(2))]
  }
}

function waysOf(proof: Proof, counterexample: Counterexample): { weather: Ways[]; order: FaultInput[] } {
  const { trace: writer, replay } = proof.show(counterexample)
  const trace = new Trace(proof.model.header, [writer.take()])
  const late = new Set(counterexample.moves.flatMap((move) => (move.is === 'delay' ? [proof.typeOf(move.word)] : [])))
  const weather: Ways[] = []
  const order: FaultInput[] = []
  for (let position = 0; position < trace.length; position++) {
    const kind = trace.at('kind', position)
    if (kind === Kind.dropped) weather.push([{ kind: 'drop', ...which(trace, trace.at('message', position)) }])
    if (kind === Kind.duplicated) weather.push(copied(trace, position))
    if (kind === Kind.crashed) weather.push(crashed(trace, position))
  }
  for (const [id, by] of replay.delayed) {
    const { type } = trace.message(id)
    const message = which(trace, id)
    const byMs = Math.ceil(by / 1000) + 1
    if (late.has(type)) weather.push(timed(byMs, (ms) => ({ kind: 'delay', ...message, byMs: ms })))
    else order.push({ kind: 'delay', ...message, byMs })
  }
  return { weather, order }
}

function copied(trace: Trace, position: number): Ways {
  const copy = trace.message(trace.at('message', position))
  const original = trace.message(trace.at('a', position))
  const message = which(trace, original.id)
  const byMs = Math.max(0, Math.ceil((copy.arrives - original.arrives) / 1000))
  return timed(byMs, (ms) => ({ kind: 'duplicate', ...message, byMs: ms }))
}

/** At the time of the path, or in any gap of any handling: a crash between two steps can be told either way. */
function crashed(trace: Trace, position: number): Ways {
  const service = trace.header.services[trace.at('service', position)]?.name ?? ''
  const atMs = trace.timeAt(position) / 1000
  const crash = { kind: 'crash', service } as const
  const points = ['on receipt', 'before commit', 'after commit', 'after send', 'ack lost', 'after ack'] as const
  const ways: FaultInput[] = []
  for (let nth = 1; nth <= HANDLINGS; nth++) {
    for (const point of points) {
      ways.push({ ...crash, nth, point })
      for (const restartMs of RESTARTS) ways.push({ ...crash, nth, point, restartMs })
    }
  }
  return [{ ...crash, atMs }, ...RESTARTS.map((restartMs) => ({ ...crash, atMs, restartMs })), ...ways]
}

function timed(byMs: number, make: (ms: number) => FaultInput): Ways {
  return [make(byMs), ...LATER.map(make)]
}

/** How a fault names one message: the n-th of its kind from there to there. */
function which(trace: Trace, id: number): { message: string; from?: string; to: string; nth: number } {
  const { type, from, to } = trace.message(id)
  const copies = new Set<number>()
  for (let position = 0; position < trace.length; position++) {
    if (trace.at('kind', position) === Kind.duplicated) copies.add(trace.at('message', position))
  }
  let nth = 1
  for (let other = 0; other < id; other++) {
    const before = trace.message(other)
    if (!copies.has(other) && before.type === type && before.from === from && before.to === to) nth++
  }
  const name = (service: number) => trace.header.services[service]
  const sender = name(from)
  return {
    message: type,
    ...(sender === undefined || sender.kind === 'client' ? {} : { from: sender.name }),
    to: name(to)?.name ?? '',
    nth,
  }
}
