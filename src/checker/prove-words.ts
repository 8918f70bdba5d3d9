/** What a proof says: its verdict with the bounds, and the steps of a counterexample, one sentence each. */
import { Action } from '../kernel/action.ts'
import { pointNames } from '../kernel/faults.ts'
import type { Model, Timer } from '../kernel/model.ts'
import type { ProveCounts, ProveResult } from './prove.ts'
import type { Explorer } from './prove-explorer.ts'
import type { FaultKind, Move } from './prove-moves.ts'
import type { Pending } from './prove-normal.ts'
import type { Arm, LocalState, Part } from './prove-part.ts'

const faultWords: Record<FaultKind, string> = {
  drop: 'a message is lost',
  duplicate: 'a message comes twice',
  delay: 'a message comes later than any time-out',
  crash: 'a service crashes at any gap of a handler',
}

interface Bounds {
  readonly model: Model
  readonly faults: number
  readonly kinds: readonly FaultKind[]
  readonly statesMax: number
  readonly alike: readonly (readonly number[])[]
}
interface Said {
  readonly verdict: ProveResult['verdict']
  readonly counts: ProveCounts
  readonly reasons: readonly string[]
  readonly neverSeen: readonly string[]
  readonly property?: string | undefined
}

export function verdictSentence({ verdict, counts, reasons, neverSeen, property }: Said, bounds: Bounds): string {
  const { states } = counts
  const within = `with ${faultsText(bounds)} and ${plural(bounds.model.requests.length, 'request')}${alikeText(bounds)}`
  const unseen = neverSeen.length === 0 ? '' : ` But in none of them did ${neverSeen.join(', ')} ever hold.`
  switch (verdict) {
    case 'proved':
      return `All ${number(states)} states ${within}: no violation.${unseen}`
    case 'broken':
      return `${property} breaks ${within}: the shortest way was found after ${number(states)} states.`
    case 'bound reached':
      return `No violation in the first ${number(states)} states ${within}; there are more, and the bound is ${number(bounds.statesMax)}. Nothing is proved.`
    case 'not provable':
      return `This scenario hangs on times, and a proof knows none: ${reasons.join('; ')}.`
    default:
      return `Not finished: no violation in ${number(states)} states ${within} so far.`
  }
}

/** What is looked at once is said. */
function alikeText({ alike }: Bounds): string {
  const most = alike.reduce((sum, group) => sum + group.length, 0)
  return most === 0 ? '' : ` (${most} of them differ only in names: runs that swap these count as one)`
}

function faultsText({ faults, kinds }: Bounds): string {
  if (faults === 0 || kinds.length === 0) return 'no fault'
  return `at most ${plural(faults, 'fault')} (${kinds.map((kind) => faultWords[kind]).join(', ')})`
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** One sentence per step of a path. */
export function moveSentences(explorer: Explorer, model: Model, moves: readonly Move[]): string[] {
  const locals = explorer.parts.map((part) => part.begin().next)
  return moves.map((move) => {
    if (move.is !== 'part') return `${messageText(explorer, model, move.word >> 1)} ${strikeText[move.is]}`
    const part = explorer.parts[move.part] as Part
    const local = part.states[locals[move.part] as number] as LocalState
    locals[move.part] = move.outcome.next
    return `${happeningText(explorer, model, local, move)}${armText(model, move.outcome.arm)}`
  })
}

const strikeText = { drop: 'is lost', duplicate: 'is delivered once more', delay: 'is late' }

function happeningText(explorer: Explorer, model: Model, local: LocalState, move: Move & { is: 'part' }): string {
  const { happening } = move
  const service = (number: number) => model.services[number]?.name ?? ''
  if (happening.is === 'delivery') return `${messageText(explorer, model, happening.content)} arrives`
  if (happening.is === 'crash') return `${service(happening.service)} crashes between two steps`
  const pending = local.pending[happening.index] as Pending
  const where = service(pending.service)
  if (pending.kind === Action.timer) {
    const timer = (local.saved.timers as (Timer | null)[])[pending.a]
    return `a timer of ${where} fires (${model.patterns[timer?.pattern ?? 0]?.name})`
  }
  if (pending.kind === Action.recover) return `${where} is back`
  if (pending.kind === Action.callTimeout) return `${where} waits no longer for an answer`
  if (pending.kind === Action.requeue) return `a message is handed out again to ${where}`
  return `a handler of ${where} goes on`
}

function messageText({ contents }: Explorer, model: Model, content: number): string {
  const { body, from } = contents.list[content] as Explorer['contents']['list'][number]
  const name = (service: number) => model.services[service]?.name ?? 'nobody'
  return `${model.messageTypes[body.type]} from ${name(from)} to ${name(body.to)}`
}

function armText(model: Model, arm: Arm | null): string {
  if (arm === null) return ''
  const where = arm.isRelay ? 'while the relay publishes' : pointNames[arm.point]
  return `, and ${model.services[arm.service]?.name} crashes (${where})`
}
