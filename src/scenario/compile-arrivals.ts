/** Streams of requests: from what the scenario says to what comes when. */
import { hashText } from '../base/hash.ts'
import { type FieldModel, PARTS, parseTemplate, type RepeatModel, type StreamModel } from '../patterns/stream.ts'
import { compileDuration } from './compile-duration.ts'
import { us } from './compile-faults.ts'
import { compileRetry } from './compile-retry.ts'
import type { ProgramTable } from './compile-services.ts'
import { nearest } from './nearest.ts'
import type { ProblemList } from './problems.ts'
import type { Scenario } from './schema.ts'
import type { Arrival } from './schema-load.ts'
import type { World } from './scope.ts'

const WHOLE_DRAW = 2 ** 32
/** Numbers of requests name groups too, and those have 26 bits. */
const NUMBERS_MAX = 2 ** 26 - 1
const SECOND = 1_000_000

/** `base`: how many requests the scenario lists one by one; those of the streams are numbered behind them. */
export function compileArrivals(
  scenario: Scenario,
  world: World,
  programs: ProgramTable,
  starts: ReadonlySet<number>,
  base: number,
  problems: ProblemList,
): StreamModel[] {
  const streams: StreamModel[] = []
  let next = base
  scenario.workload.arrivals.forEach((arrival, i) => {
    const path = `workload.arrivals[${i}]`
    check(arrival, path, scenario, world, programs, problems)
    if (streams.some(({ name }) => name === arrival.name))
      problems.add(`${path}.name`, `there is a stream "${arrival.name}" already`)
    const stream = compileStream(arrival, world, starts, next)
    streams.push(stream)
    next += stream.count * (stream.repeats.length + 1)
    if (next > NUMBERS_MAX) problems.add(path, `more than ${NUMBERS_MAX} requests in all; give a smaller count`)
  })
  return streams
}

function compileStream(arrival: Arrival, world: World, starts: ReadonlySet<number>, base: number): StreamModel {
  const type = world.messageTypes.indexOf(arrival.message)
  const template = (text: string | undefined) => (text === undefined ? null : parseTemplate(text))
  return {
    name: arrival.name,
    entity: hashText(arrival.name),
    to: world.serviceNames.indexOf(arrival.to),
    type,
    isStart: starts.has(type),
    spacing: arrival.spacing,
    every: (SECOND * PARTS) / arrival.rate,
    burst: arrival.burst,
    from: us(arrival.fromMs),
    until: arrival.untilMs === undefined ? Number.POSITIVE_INFINITY : us(arrival.untilMs),
    count: countOf(arrival),
    fields: Object.entries(arrival.payload).map(([name, value]) => fieldModel(name, value)),
    key: template(arrival.key),
    group: template(arrival.group),
    timeout: us(arrival.timeoutMs ?? 0),
    retry: compileRetry(arrival.retry),
    keys: arrival.keys,
    proxy:
      arrival.proxy === undefined
        ? null
        : { timeout: us(arrival.proxy.timeoutMs), attemptsMax: arrival.proxy.attemptsMax },
    repeats: arrival.repeats.map(repeatModel),
    base,
  }
}

/** Without a count: more than the rate can bring in the time, whatever is drawn. */
function countOf({ count, rate, fromMs, untilMs }: Arrival): number {
  if (count !== undefined) return count
  const expected = (rate * Math.max(0, (untilMs ?? 0) - fromMs)) / 1000
  return Math.ceil(expected * 1.2) + 1000
}

function fieldModel(name: string, value: Arrival['payload'][string]): FieldModel {
  if (typeof value === 'object' && value !== null) {
    const [a, b] = value.between
    return { name, is: 'between', from: Math.min(a, b), to: Math.max(a, b) }
  }
  if (typeof value !== 'string' || !value.includes('#')) return { name, is: 'constant', value }
  return { name, is: 'text', template: parseTemplate(value) }
}

function repeatModel({ share, afterMs, afterRequests, keys }: Arrival['repeats'][number]): RepeatModel {
  return {
    threshold: Math.floor(share * WHOLE_DRAW),
    after: compileDuration(afterMs ?? 0),
    afterRequests: afterRequests ?? 0,
    freshKey: keys === 'fresh',
  }
}

function check(
  arrival: Arrival,
  path: string,
  scenario: Scenario,
  world: World,
  programs: ProgramTable,
  problems: ProblemList,
): void {
  const to = world.serviceNames.indexOf(arrival.to)
  const handles = (type: number) => (programs.handlers[to]?.[type] ?? -1) >= 0
  if (scenario.services[arrival.to] === undefined) {
    problems.add(`${path}.to`, `no service "${arrival.to}"${nearest(arrival.to, Object.keys(scenario.services))}`)
  } else if (!handles(world.messageTypes.indexOf(arrival.message))) {
    const mend = nearest(
      arrival.message,
      world.messageTypes.filter((_, type) => handles(type)),
    )
    problems.add(`${path}.message`, `service ${arrival.to} handles no message "${arrival.message}"${mend}`)
  }
  if (arrival.count === undefined && arrival.untilMs === undefined)
    problems.add(path, 'a stream has an end: give `count`, or `untilMs`')
  arrival.repeats.forEach(({ afterMs, afterRequests }, k) => {
    if ((afterMs === undefined) === (afterRequests === undefined))
      problems.add(
        `${path}.repeats[${k}]`,
        'a repeat comes either after a time (`afterMs`) or after so many further requests (`afterRequests`)',
      )
  })
}
