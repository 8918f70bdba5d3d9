/**
 * Why a property broke: the causes of the violation, folded to what a person would tell. A lost message causes nothing,
 * so what got lost or refused beside the chain is told too, with how it came about.
 */
import { describe, stepName } from '../../trace/describe.ts'
import { causesOf, type History } from '../../trace/history.ts'
import { Kind, Role } from '../../trace/kinds.ts'
import type { Entry, Trace } from '../../trace/trace.ts'
import { NONE } from '../../trace/trace-format.ts'

export type Tone = 'plain' | 'bad' | 'undo'

export interface WhyLine {
  readonly position: number
  readonly text: string
  readonly tone: Tone
}

/** Things that went wrong: they belong to the story even when nothing follows from them. */
const mishaps: ReadonlySet<number> = new Set([
  Kind.dropped,
  Kind.duplicated,
  Kind.delayed,
  Kind.held,
  Kind.deadLettered,
  Kind.refused,
  Kind.failed,
  Kind.acknowledgementLost,
  Kind.crashed,
  Kind.replicaCrashed,
  Kind.partitioned,
  Kind.replyIgnored,
  Kind.slowed,
])
/** Where a saga took another way: told even when the violation came along a different one. */
const turns: ReadonlySet<number> = new Set([
  Kind.stepTimedOut,
  Kind.compensationStarted,
  Kind.sagaCompensated,
  Kind.sagaCompleted,
  Kind.sagaNeedsIntervention,
  Kind.decided,
  Kind.sagaAborted,
])
const told: ReadonlySet<number> = new Set([
  ...mishaps,
  ...turns,
  Kind.sent,
  Kind.redelivered,
  Kind.committed,
  Kind.deduplicated,
  Kind.stepStarted,
  Kind.stepSucceeded,
  Kind.stepRefused,
  Kind.stepFailed,
  Kind.stepCompensating,
  Kind.stepCompensated,
  Kind.compensationFailed,
  Kind.violated,
])
const bad: ReadonlySet<number> = new Set([
  ...mishaps,
  Kind.stepRefused,
  Kind.stepFailed,
  Kind.stepTimedOut,
  Kind.compensationFailed,
  Kind.sagaNeedsIntervention,
  Kind.violated,
])
const backwards: ReadonlySet<number> = new Set([Kind.compensationStarted, Kind.stepCompensating, Kind.stepCompensated])

/** Looked at beside the chain; a longer run has its story near the end. */
const LOOKED_BACK = 100_000
const BESIDE_MAX = 16
/** Nobody reads more; what comes before it is left out. */
const TOLD_MAX = 300

/** The entries to tell, in order of time, the violation last. */
export function whyPositions(trace: Trace, violation: number): number[] {
  const story = new Set(causesOf(trace, violation))
  const sagas = new Set([...story].map((position) => trace.at('saga', position)))
  sagas.delete(NONE)
  for (const fact of factsBeside(trace, violation, sagas)) {
    for (let at = fact; at !== NONE && !story.has(at); at = trace.at('cause', at)) story.add(at)
  }
  const kept = [...story]
    .filter((position) => told.has(trace.at('kind', position)))
    .sort((a, b) => a - b)
    .slice(-TOLD_MAX)
  return kept.filter((position, i) => !isToldByOthers(trace, position, kept.slice(i + 1)))
}

/** Mishaps and turns before the violation, of the sagas the story is about. */
function factsBeside(trace: Trace, violation: number, sagas: ReadonlySet<number>): number[] {
  const found: number[] = []
  const from = Math.max(0, violation - LOOKED_BACK)
  for (let position = violation - 1; position >= from && found.length < BESIDE_MAX; position--) {
    const kind = trace.at('kind', position)
    if (!mishaps.has(kind) && !turns.has(kind)) continue
    const saga = sagaOf(trace, position)
    if (saga === NONE || sagas.size === 0 || sagas.has(saga)) found.push(position)
  }
  return found
}

function sagaOf(trace: Trace, position: number): number {
  const saga = trace.at('saga', position)
  const message = trace.at('message', position)
  return saga !== NONE || message === NONE ? saga : trace.messageAt('saga', message)
}

/** Whether what comes later says the same and more. */
function isToldByOthers(trace: Trace, position: number, later: readonly number[]): boolean {
  const kind = trace.at('kind', position)
  const message = trace.at('message', position)
  const saga = trace.at('saga', position)
  const step = trace.at('a', position)
  const follows = (...kinds: number[]) =>
    later.some(
      (other) =>
        kinds.includes(trace.at('kind', other)) && trace.at('saga', other) === saga && trace.at('a', other) === step,
    )
  switch (kind) {
    case Kind.sent:
      return isReply(trace, message) || later.some((other) => trace.at('message', other) === message)
    case Kind.committed:
      // What an orchestrator commits shows in the outcome of the step.
      return message === NONE || trace.header.sagas.some((one) => one.orchestrator === trace.at('service', position))
    case Kind.stepStarted:
      return trace.at('b', position) <= 1
    case Kind.stepCompensating:
      return follows(Kind.stepCompensated, Kind.compensationFailed)
    case Kind.refused:
      return later.some((other) => isRefusalHeard(trace, other) && trace.at('b', other) === step)
    default:
      return false
  }
}

function isRefusalHeard(trace: Trace, position: number): boolean {
  const kind = trace.at('kind', position)
  return kind === Kind.stepRefused || kind === Kind.stepFailed
}

function isReply(trace: Trace, message: number): boolean {
  return message !== NONE && trace.messageAt('role', message) === Role.reply
}

export function whyLine(trace: Trace, history: History | null, position: number): WhyLine {
  const entry = trace.entry(position)
  const code = trace.at('kind', position)
  const owed = code === Kind.compensationStarted && history !== null ? owedWords(trace, history, entry) : ''
  return { position, text: describe(trace, entry) + owed, tone: toneOf(code) }
}

export function toneOf(kind: number): Tone {
  if (bad.has(kind)) return 'bad'
  return backwards.has(kind) ? 'undo' : 'plain'
}

/** What the saga owes when it turns back: what is missing here is never undone. */
function owedWords(trace: Trace, history: History, entry: Entry): string {
  const saga = history.stateAt(entry.position + 1).sagas[entry.saga]
  if (saga === undefined) return ''
  const owed = saga.steps.flatMap((_, i) => (saga.owed[i] ? [stepName(trace, entry, i)] : []))
  const silent = saga.steps.flatMap((status, i) =>
    status === 'timed out' && !saga.owed[i] ? [stepName(trace, entry, i)] : [],
  )
  const words = owed.length === 0 ? '; nothing is owed' : `; owed: ${owed.join(', ')}`
  return silent.length === 0 ? words : `${words}, but not ${silent.join(', ')}: it never reported`
}

/** A long story shows its beginning and its end; the middle unfolds. */
export function foldStory<T>(
  lines: readonly T[],
  max = 11,
): { head: readonly T[]; hidden: number; tail: readonly T[] } {
  if (lines.length <= max) return { head: lines, hidden: 0, tail: [] }
  const head = 3
  const tail = max - head - 1
  return { head: lines.slice(0, head), hidden: lines.length - head - tail, tail: lines.slice(-tail) }
}
