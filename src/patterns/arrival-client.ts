/**
 * The client of one request of a stream: asks, waits, asks again, gives up; and the proxy before it that asks again by
 * itself. Keeps a request only as long as somebody waits for it.
 */
import { send } from '../kernel/bus.ts'
import { Counted, countRequest, recordLatency } from '../kernel/load.ts'
import { retryWait, type Timer } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Message } from '../kernel/task.ts'
import { Outcome, Role } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { noteAnswer } from './client.ts'
import { ARRIVAL_PATTERN } from './pattern-numbers.ts'
import { payloadOf, type StreamModel, textOf } from './stream.ts'

export interface ArrivalsState {
  /** By source: the next request and its time in the stream, in parts of a microsecond. */
  readonly cursors: { n: number; at: number }[]
  /** Requests that wait for an answer, by number. */
  readonly live: Map<number, LiveRequest>
  /** Numbers of the groups that have a name. */
  readonly groups: Map<string, number>
}

export function arrivalsOf(sim: Simulation): ArrivalsState {
  return sim.patterns[ARRIVAL_PATTERN] as ArrivalsState
}

export interface LiveRequest {
  attempt: number
  /** How often the proxy has sent this attempt. */
  sent: number
  /** Which wait it is: of the client, and of the proxy. */
  token: number
  proxyToken: number
  readonly since: number
}

const TIMEOUT = 1
const RETRY = 2
const PROXY = 3

/** Of a stream, request n, and which time it is asked for: 0 the first, k its k-th repeat. */
interface Asked {
  readonly stream: StreamModel
  readonly n: number
  readonly k: number
  readonly number: number
}

export function firstAsk(sim: Simulation, stream: StreamModel, n: number, k: number, cause: number): void {
  countRequest(sim, stream.type, k === 0 ? Counted.requests : Counted.repeats)
  const number = stream.base + n * (stream.repeats.length + 1) + k
  const live: LiveRequest = { attempt: 0, sent: 0, token: 0, proxyToken: 0, since: sim.now }
  if (!stream.isStart) arrivalsOf(sim).live.set(number, live)
  ask(sim, { stream, n, k, number }, live, cause)
}

function ask(sim: Simulation, asked: Asked, live: LiveRequest, cause: number): void {
  const { stream } = asked
  live.attempt++
  live.sent = 1
  const position = sendRequest(sim, asked, live.attempt, cause)
  if (stream.isStart) return
  if (stream.timeout > 0) wait(sim, asked, TIMEOUT, ++live.token, stream.timeout, position)
  if (stream.proxy !== null) wait(sim, asked, PROXY, ++live.proxyToken, stream.proxy.timeout, position)
}

function sendRequest(sim: Simulation, asked: Asked, attempt: number, cause: number): number {
  const { stream, n, number } = asked
  const message = send(
    sim,
    sim.model.client,
    {
      type: stream.type,
      to: stream.to,
      role: stream.isStart ? Role.command : Role.request,
      outcome: Outcome.none,
      saga: NONE,
      step: NONE,
      compensation: false,
      attempt,
      key: keyOf(sim, asked, attempt),
      reason: null,
      payload: payloadOf(stream, sim.seed, n),
      answers: NONE,
      group: groupOf(sim, asked),
      request: number,
      hops: 0,
      delay: 0,
      subscribers: NONE,
    },
    cause,
  )
  return message.position
}

function keyOf(sim: Simulation, { stream, n, k }: Asked, attempt: number): string | null {
  if (stream.key === null || stream.keys === 'none') return null
  const key = textOf(stream.key, stream.entity, sim.seed, n)
  const clicked = k > 0 && stream.repeats[k - 1]?.freshKey ? `${key}~${k}` : key
  return stream.keys === 'fresh' && attempt > 1 ? `${clicked}-${attempt}` : clicked
}

function groupOf(sim: Simulation, { stream, n, number }: Asked): number {
  if (stream.group === null) return -1 - number
  const { groups } = arrivalsOf(sim)
  const name = textOf(stream.group, stream.entity, sim.seed, n)
  const known = groups.get(name) ?? -1 - number
  groups.set(name, known)
  return known
}

/** The number all askings for the same thing share: of the first one, unless the client has made it another request. */
export function businessNumber(streams: readonly StreamModel[], request: number): number {
  const asked = find(streams, request)
  if (asked === null) return request
  return asked.k > 0 && asked.stream.repeats[asked.k - 1]?.freshKey ? request : request - asked.k
}

function find(streams: readonly StreamModel[], number: number): Asked | null {
  for (let i = streams.length - 1; i >= 0; i--) {
    const stream = streams[i] as StreamModel
    if (number < stream.base) continue
    const each = stream.repeats.length + 1
    const k = (number - stream.base) % each
    return { stream, n: (number - stream.base - k) / each, k, number }
  }
  return null
}

export function answerArrives(sim: Simulation, streams: readonly StreamModel[], message: Message): void {
  const asked = find(streams, message.body.request)
  if (asked === null) return
  const position = noteAnswer(sim, message)
  const { live: waiting } = arrivalsOf(sim)
  const live = waiting.get(asked.number)
  const { type } = asked.stream
  if (live === undefined) return countRequest(sim, type, Counted.late)
  const { outcome } = message.body
  if (outcome === Outcome.failed && live.attempt < asked.stream.retry.attemptsMax) {
    live.proxyToken++
    retryLater(sim, asked, live, position)
    return
  }
  waiting.delete(asked.number)
  if (outcome === Outcome.failed) return countRequest(sim, type, Counted.failed)
  countRequest(sim, type, outcome === Outcome.ok ? Counted.answered : Counted.refused)
  recordLatency(sim, type, sim.now - live.since)
}

export function isTimerStale(state: ArrivalsState, timer: Timer): boolean {
  const live = state.live.get(timer.subject)
  return live === undefined || timer.token !== (timer.step === PROXY ? live.proxyToken : live.token)
}

export function timerFires(sim: Simulation, streams: readonly StreamModel[], timer: Timer): void {
  const asked = find(streams, timer.subject)
  const live = arrivalsOf(sim).live.get(timer.subject)
  if (asked === null || live === undefined || isTimerStale(arrivalsOf(sim), timer)) return
  const { stream } = asked
  if (timer.step === PROXY) {
    if (stream.proxy === null || live.sent >= stream.proxy.attemptsMax) return
    live.sent++
    countRequest(sim, stream.type, Counted.proxied)
    const position = sendRequest(sim, asked, live.attempt, timer.cause)
    wait(sim, asked, PROXY, ++live.proxyToken, stream.proxy.timeout, position)
  } else if (timer.step === RETRY) {
    countRequest(sim, stream.type, Counted.retries)
    ask(sim, asked, live, timer.cause)
  } else if (live.attempt < stream.retry.attemptsMax) {
    retryLater(sim, asked, live, timer.cause)
  } else {
    arrivalsOf(sim).live.delete(asked.number)
    countRequest(sim, stream.type, Counted.gaveUp)
  }
}

function retryLater(sim: Simulation, asked: Asked, live: LiveRequest, cause: number): void {
  const { stream, number } = asked
  wait(sim, asked, RETRY, ++live.token, retryWait(stream.retry, live.attempt, sim.seed, number), cause)
}

function wait(sim: Simulation, asked: Asked, step: number, token: number, time: number, cause: number): void {
  const subject = asked.number
  const timer = { pattern: ARRIVAL_PATTERN, service: sim.model.client, subject, step, token, durable: true, cause }
  sim.setTimer(timer, sim.now + time)
}
