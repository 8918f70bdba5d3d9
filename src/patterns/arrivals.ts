/**
 * Load: streams of requests. Each source (a stream, or its repeats after a while) has one item on the agenda and knows
 * how far it is; a request exists from its first sending to its answer and no longer. So a million of them cost what is
 * under way at one moment.
 */

import { Action } from '../kernel/action.ts'
import { leastDuration } from '../kernel/duration.ts'
import type { PatternModel } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Message } from '../kernel/task.ts'
import { NONE } from '../trace/trace-format.ts'
import { type ArrivalsState, answerArrives, arrivalsOf, firstAsk, isTimerStale, timerFires } from './arrival-client.ts'
import { receiveAnswer } from './client.ts'
import { comesAgain, extraDelay, firstTime, nextTime, PARTS, type RepeatModel, type StreamModel } from './stream.ts'

interface Source {
  readonly stream: StreamModel
  /** Which of its repeats, −1 for the requests themselves. */
  readonly repeat: number
  /** How much later than the stream, microseconds. */
  readonly behind: number
}

export function arrivalsPattern(streams: readonly StreamModel[]): PatternModel {
  const sources = streams.flatMap(sourcesOf)
  return {
    name: 'arrivals',
    init: (sim): ArrivalsState => ({
      cursors: sources.map(({ stream }) => ({ n: 0, at: firstTime(stream, sim.seed) })),
      live: new Map(),
      groups: new Map(),
    }),
    onStart: (sim) => sources.forEach((_, source) => plan(sim, sources, source)),
    onArrival: (sim, number, n) => {
      const { stream, repeat } = sources[number] as Source
      if (n >= 0) firstAsk(sim, stream, n, repeat + 1, NONE)
      else step(sim, sources, number)
    },
    isStale: (sim, timer) => isTimerStale(arrivalsOf(sim), timer),
    onTimer: (sim, timer) => timerFires(sim, streams, timer),
  }
}

function sourcesOf(stream: StreamModel): Source[] {
  const repeats = stream.repeats.flatMap(({ after, afterRequests }, repeat) =>
    afterRequests > 0 ? [] : [{ stream, repeat, behind: leastDuration(after) }],
  )
  return [{ stream, repeat: NONE, behind: 0 }, ...repeats]
}

/** Puts the source's next request on the agenda, unless the stream is over. */
function plan(sim: Simulation, sources: readonly Source[], number: number): void {
  const { stream, behind } = sources[number] as Source
  const { n, at } = arrivalsOf(sim).cursors[number] as ArrivalsState['cursors'][number]
  const time = Math.floor(at / PARTS)
  if (n < stream.count && time < stream.until) sim.agenda.push(time + behind, Action.arrival, number, NONE)
}

/** The source's next request has come. */
function step(sim: Simulation, sources: readonly Source[], number: number): void {
  const source = sources[number] as Source
  const { stream, repeat } = source
  const cursor = arrivalsOf(sim).cursors[number] as ArrivalsState['cursors'][number]
  const { n } = cursor
  cursor.n++
  if (cursor.n < stream.count) cursor.at = nextTime(stream, sim.seed, cursor.n, cursor.at)
  plan(sim, sources, number)
  if (repeat === NONE) {
    firstAsk(sim, stream, n, 0, NONE)
    repeatEarlier(sim, stream, n)
    return
  }
  const model = stream.repeats[repeat] as RepeatModel
  if (!comesAgain(stream, model, repeat, sim.seed, n)) return
  const delay = extraDelay(stream, model, repeat, sim.seed, n)
  if (delay === 0) firstAsk(sim, stream, n, repeat + 1, NONE)
  else sim.agenda.push(sim.now + delay, Action.arrival, number, n)
}

/** Repeats that come after so many further requests. */
function repeatEarlier(sim: Simulation, stream: StreamModel, n: number): void {
  stream.repeats.forEach((repeat, k) => {
    const earlier = n - repeat.afterRequests
    if (repeat.afterRequests === 0 || earlier < 0 || !comesAgain(stream, repeat, k, sim.seed, earlier)) return
    firstAsk(sim, stream, earlier, k + 1, NONE)
  })
}

/** The clients' own process: an answer has arrived, to a request of the list or of a stream. */
export function receiveByClients(streams: readonly StreamModel[]): (sim: Simulation, message: Message) => void {
  return (sim, message) => {
    if (message.body.request < sim.model.requests.length) receiveAnswer(sim, message)
    else answerArrives(sim, streams, message)
  }
}
