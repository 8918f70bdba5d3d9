/** Clients: they send requests, wait, ask again, and remember what they were told. A client has no disk to lose. */
import { send } from '../kernel/bus.ts'
import { type PatternModel, type Payload, type RequestModel, retryWait, type ServiceModel } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Message } from '../kernel/task.ts'
import { Kind, Outcome, Role } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { CLIENT_PATTERN } from './pattern-numbers.ts'

export interface ClientRequest {
  attempt: number
  answered: boolean
  token: number
  /** Every answer, in order: `ok`, `refused REASON`, `error REASON`. */
  readonly answers: string[]
  /** The status of every answer. */
  readonly statuses: number[]
  /** When each answer came, milliseconds. */
  readonly times: number[]
  /** The fields of the last answer that said ok; null for none. */
  response: Payload | null
  /** The last attempt was over before any answer that settles it. */
  gaveUp: boolean
}

export const CLIENT = 'client'
const AT_TIME = 0
const TIMEOUT = 1

/** Does the start of a saga get an answer? No: a client of a saga does not wait. */
export function clientPattern(sagaStarts: ReadonlySet<number>): PatternModel {
  return {
    name: CLIENT,
    init: (sim): ClientRequest[] =>
      sim.model.requests.map(() => ({
        attempt: 0,
        answered: false,
        token: 0,
        answers: [],
        statuses: [],
        times: [],
        response: null,
        gaveUp: false,
      })),
    isStale: (sim, timer) => {
      const request = clientRequests(sim)[timer.subject] as ClientRequest
      return request.answered || (timer.step !== AT_TIME && request.token !== timer.token)
    },
    tidy: (sim) => {
      clientRequests(sim).forEach((request, number) => {
        for (const timer of sim.timers) {
          if (timer?.pattern === CLIENT_PATTERN && timer.subject === number)
            timer.token = timer.token === request.token ? 1 : 0
        }
        request.token = 1
      })
    },
    onTimer: (sim, timer) => {
      const request = clientRequests(sim)[timer.subject] as ClientRequest
      if (request.answered || (timer.step !== AT_TIME && request.token !== timer.token)) return
      const model = sim.model.requests[timer.subject] as RequestModel
      if (timer.step === TIMEOUT) tryAgainOrGiveUp(sim, timer.subject, request, model, timer.cause)
      else ask(sim, timer.subject, request, model, timer.cause, sagaStarts.has(model.type))
    },
  }
}
const RETRY = 2

export function clientRequests(sim: Simulation): ClientRequest[] {
  return sim.patterns[CLIENT_PATTERN] as ClientRequest[]
}

function ask(
  sim: Simulation,
  number: number,
  request: ClientRequest,
  model: RequestModel,
  cause: number,
  isStart: boolean,
): void {
  request.attempt++
  const message = send(
    sim,
    sim.model.client,
    {
      type: model.type,
      to: model.to,
      role: isStart ? Role.command : Role.request,
      outcome: Outcome.none,
      saga: NONE,
      step: NONE,
      compensation: false,
      attempt: request.attempt,
      key: keyOf(model, request.attempt),
      reason: null,
      payload: model.payload,
      answers: NONE,
      group: model.group,
      request: number,
      hops: 0,
      delay: 0,
      subscribers: NONE,
    },
    cause,
  )
  if (model.timeout > 0 && !isStart) setTimer(sim, number, request, TIMEOUT, model.timeout, message.position)
}

function keyOf(model: RequestModel, attempt: number): string | null {
  if (model.keys === 'none' || model.key === null) return null
  return model.keys === 'fresh' && attempt > 1 ? `${model.key}-${attempt}` : model.key
}

/** The client's own process: an answer has arrived. */
export function receiveAnswer(sim: Simulation, message: Message): void {
  const request = clientRequests(sim)[message.body.request]
  const model = sim.model.requests[message.body.request]
  if (request === undefined || model === undefined) return
  request.answers.push(answerText(message))
  if (message.body.outcome === Outcome.ok) request.response = message.body.payload
  request.times.push(sim.now / 1000)
  request.statuses.push(specialStatus(sim, message) ?? usualStatuses[message.body.outcome])
  const position = noteAnswer(sim, message)
  if (request.answered) return
  if (message.body.outcome === Outcome.failed) tryAgainOrGiveUp(sim, message.body.request, request, model, position)
  else request.answered = true
}

/** `ok`, `refused REASON`, `error REASON`. */
function answerText({ body }: Message): string {
  if (body.outcome === Outcome.ok) return 'ok'
  return `${body.outcome === Outcome.refused ? 'refused' : 'error'} ${body.reason}`
}

/** A client has heard an answer; the position of that entry. */
export function noteAnswer(sim: Simulation, message: Message): number {
  if (sim.trace === null) return NONE
  const status = answerText(message)
  const special = specialStatus(sim, message)
  const said = sim.value(special === undefined ? status : `${status} (${special})`)
  return sim.note(Kind.responded, sim.model.client, message.body.saga, message.id, message.position, said)
}

/** As HTTP says it, when the service says nothing else: created, refused, an error. */
const usualStatuses = { [Outcome.none]: 500, [Outcome.ok]: 201, [Outcome.refused]: 422, [Outcome.failed]: 500 }

function specialStatus(sim: Simulation, { from, body }: Message): number | undefined {
  const { statuses } = sim.model.services[from] as ServiceModel
  return body.reason !== null && Object.hasOwn(statuses, body.reason) ? statuses[body.reason] : undefined
}

function tryAgainOrGiveUp(
  sim: Simulation,
  number: number,
  request: ClientRequest,
  model: RequestModel,
  cause: number,
): void {
  request.token++
  if (request.attempt >= model.retry.attemptsMax) {
    request.gaveUp = true
    return
  }
  setTimer(sim, number, request, RETRY, retryWait(model.retry, request.attempt, sim.seed, number), cause)
}

function setTimer(
  sim: Simulation,
  number: number,
  request: ClientRequest,
  step: number,
  wait: number,
  cause: number,
): void {
  request.token++
  const timer = { service: sim.model.client, subject: number, step, token: request.token, durable: true, cause }
  sim.setTimer({ pattern: CLIENT_PATTERN, ...timer }, sim.now + wait)
}
