/** A fault in words, for lists and for the screen reader: a title and what exactly. */
import { assertNever } from '../../base/assert.ts'
import type { FaultInput, FaultKind } from '../../session/session-types.ts'
import { timeText } from '../../trace/describe.ts'
import { faultKindInfo } from './fault-kinds.ts'
import { ordinal } from './names.ts'

type Of<K extends FaultKind> = Extract<FaultInput, { kind: K }>
type TitleOf = (service: string) => string

const ms = (value: number) => timeText(value * 1000)

/** `Payment: after commit, 1st charge` for a crash, `1st Charged, Payment → Order` for a drop. */
export function faultDetail(fault: FaultInput, titleOf: TitleOf): string {
  switch (fault.kind) {
    case 'crash':
      return crashWords(fault, titleOf)
    case 'drop':
      return messageWords(fault, titleOf)
    case 'duplicate':
      return `${messageWords(fault, titleOf)}${(fault.copies ?? 1) > 1 ? `, ${fault.copies} copies` : ''}`
    case 'delay':
      return `${messageWords(fault, titleOf)}, by ${ms(fault.byMs)}`
    case 'slow':
      return `${handlingWords(fault, titleOf)}, by ${ms(fault.byMs)}`
    case 'refuse':
    case 'fail':
      return `${handlingWords(fault, titleOf)}${fault.reason === undefined ? '' : `: ${fault.reason}`}`
    case 'poison':
      return `${titleOf(fault.service)}: ${ordinal(fault.nth ?? 1)} ${fault.on ?? 'message'}${counted(fault.afterMs)}`
    case 'pause':
      return `${titleOf(fault.service)}: ${pauseWords(fault)}, for ${ms(fault.forMs)}`
    case 'skew':
      return `${titleOf(fault.service)}: ${skewWords(fault)}`
    case 'amnesia':
      return `at ${ms(fault.atMs)}, what it accepted in the last ${ms(fault.windowMs ?? 1000)}`
    case 'partition':
      return partitionWords(fault, titleOf)
    default:
      return assertNever(fault)
  }
}

/** `at 50 ms`, or the gap of a handler. */
function pauseWords(fault: Of<'pause'>): string {
  if (fault.atMs !== undefined) return `at ${ms(fault.atMs)}`
  return `${fault.point ?? 'on receipt'}, ${ordinal(fault.nth ?? 1)} ${fault.on ?? 'handling'}${counted(fault.afterMs)}`
}

/** `5 s ahead, from 0 ms`. */
function skewWords({ offsetMs = 0, driftPpm = 0, fromMs = 0, untilMs }: Of<'skew'>): string {
  const off = offsetMs === 0 ? [] : [`${ms(Math.abs(offsetMs))} ${offsetMs > 0 ? 'ahead' : 'behind'}`]
  const drift = driftPpm === 0 ? [] : [`${driftPpm > 0 ? 'gains' : 'loses'} ${Math.abs(driftPpm)} ppm`]
  const span = untilMs === undefined ? `from ${ms(fromMs)}` : `${ms(fromMs)} to ${ms(untilMs)}`
  return [...off, ...drift, span].join(', ')
}

/** `Crash, Payment: …`. */
export function faultText(fault: FaultInput, titleOf: TitleOf): string {
  return `${faultKindInfo(fault.kind).label}, ${faultDetail(fault, titleOf)}`
}

function crashWords(fault: Of<'crash'>, titleOf: TitleOf): string {
  const when =
    fault.atMs !== undefined
      ? `at ${ms(fault.atMs)}`
      : `${fault.point ?? 'on receipt'}, ${ordinal(fault.nth ?? 1)} ${fault.on ?? 'handling'}${counted(fault.afterMs)}`
  return `${titleOf(fault.service)}${replicaWords(fault.replica)}: ${when}${downWords(fault.restartMs)}`
}

function replicaWords(replica: Of<'crash'>['replica']): string {
  if (replica === undefined) return ''
  return replica === 'at work' ? ', the replica at work' : `, replica ${replica}`
}

function downWords(restartMs: Of<'crash'>['restartMs']): string {
  if (restartMs === undefined) return ''
  return restartMs === 'never' ? ', down for good' : `, down ${ms(restartMs)}`
}

function messageWords(fault: Of<'drop' | 'duplicate' | 'delay'>, titleOf: TitleOf): string {
  const name = fault.message ?? 'message'
  const which =
    fault.probability !== undefined
      ? `${Math.round(fault.probability * 1000) / 10} % of ${fault.message ?? 'messages'}`
      : series(fault.nth ?? 1, fault.times ?? 1, name)
  return `${which}${routeWords(fault.from, fault.to, titleOf)}${counted(fault.afterMs)}`
}

function routeWords(from: string | undefined, to: string | undefined, titleOf: TitleOf): string {
  if (from !== undefined && to !== undefined) return `, ${titleOf(from)} → ${titleOf(to)}`
  if (from !== undefined) return ` from ${titleOf(from)}`
  return to === undefined ? '' : ` to ${titleOf(to)}`
}

function handlingWords(fault: Of<'slow' | 'refuse' | 'fail'>, titleOf: TitleOf): string {
  const name = fault.on ?? 'handling'
  const which =
    fault.times === 'always'
      ? `every ${name}${(fault.nth ?? 1) > 1 ? ` from the ${ordinal(fault.nth ?? 1)}` : ''}`
      : series(fault.nth ?? 1, fault.times ?? 1, name)
  return `${titleOf(fault.service)}: ${which}${counted(fault.afterMs)}`
}

/** `1st charge`, or `1st to 3rd charge`. */
function series(nth: number, times: number, name: string): string {
  return times > 1 ? `${ordinal(nth)} to ${ordinal(nth + times - 1)} ${name}` : `${ordinal(nth)} ${name}`
}

function counted(afterMs: number | undefined): string {
  return afterMs === undefined || afterMs === 0 ? '' : ` after ${ms(afterMs)}`
}

function partitionWords(fault: Of<'partition'>, titleOf: TitleOf): string {
  const side = (names: readonly string[]) => names.map(titleOf).join(', ')
  const span =
    fault.untilMs === undefined ? `from ${ms(fault.fromMs ?? 0)}` : `${ms(fault.fromMs ?? 0)} to ${ms(fault.untilMs)}`
  const oneWay = { both: '', there: ', only from the left', back: ', only from the right' }[fault.direction ?? 'both']
  return `${side(fault.between[0])} | ${side(fault.between[1])}${oneWay}, ${span}`
}
