/** An entry as a sentence: the one place where facts become words, for the log, the inspector and the command line. */
import { assertNever } from '../base/assert.ts'
import { Kind, Outcome, Role } from './kinds.ts'
import type { Entry, Message, Trace } from './trace.ts'
import { NONE, type Value } from './trace-format.ts'

/** Virtual time for people: `5.020 s`. Microseconds in. */
export function timeText(time: number): string {
  if (time === Infinity) return '∞'
  const ms = time / 1000
  if (ms < 1000) return `${trimmed(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 600) return `${seconds.toFixed(3)} s`
  if (seconds < 7200) return `${trimmed(seconds / 60)} min`
  return seconds < 172_800 ? `${trimmed(seconds / 3600)} h` : `${trimmed(seconds / 86_400)} d`
}

function trimmed(value: number): string {
  return String(Math.round(value * 1000) / 1000)
}

export function valueText(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** `Payment`, `client`; empty for none. */
export function serviceTitle(trace: Trace, service: number): string {
  return trace.header.services[service]?.title ?? ''
}

/** The name of a step of the entry's saga. */
export function stepName(trace: Trace, entry: Entry, step: number): string {
  const definition = sagaDefinition(trace, entry.saga)
  return trace.header.sagas[definition]?.steps[step]?.name ?? `step ${step}`
}

const definitions = new WeakMap<Trace, Map<number, number>>()
/** Which saga definition an instance follows, found at its start entry. */
function sagaDefinition(trace: Trace, saga: number): number {
  let known = definitions.get(trace)
  if (known === undefined) {
    known = new Map()
    definitions.set(trace, known)
  }
  const definition = known.get(saga)
  if (definition !== undefined) return definition
  for (let position = 0; position < trace.length; position++) {
    if (trace.at('kind', position) !== Kind.sagaStarted) continue
    known.set(trace.at('saga', position), trace.at('b', position))
    if (trace.at('saga', position) === saga) break
  }
  return known.get(saga) ?? 0
}

const roleWords = {
  [Role.command]: 'command',
  [Role.event]: 'event',
  [Role.reply]: 'reply',
  [Role.request]: 'request',
  [Role.response]: 'response',
}
export function roleWord(message: Message): string {
  return roleWords[message.role]
}

const outcomeWords = { [Outcome.none]: '', [Outcome.ok]: 'ok', [Outcome.refused]: 'refused', [Outcome.failed]: 'error' }
export function outcomeWord(message: Message): string {
  return outcomeWords[message.outcome]
}

/** `charge → Payment (attempt 2)`. */
export function messageText(trace: Trace, message: Message): string {
  const attempt = message.attempt > 1 ? `, attempt ${message.attempt}` : ''
  const copy = message.logical !== message.id ? ', copy' : ''
  const reason = message.reason === null ? '' : ` ${message.reason}`
  return `${message.type}${reason} (${serviceTitle(trace, message.from)} → ${serviceTitle(trace, message.to)}${attempt}${copy})`
}

/** What happened, in one sentence without time and without a full stop. */
export function describe(trace: Trace, entry: Entry): string {
  const who = serviceTitle(trace, entry.service)
  const what = entry.message === NONE ? '' : messageText(trace, trace.message(entry.message))
  const type = entry.message === NONE ? 'a timer' : trace.message(entry.message).type
  const step = () => stepName(trace, entry, entry.a)
  const projection = () => trace.header.projections?.[entry.a]?.name ?? 'the projection'
  switch (entry.kind) {
    case 'sent':
      return `${who} sent ${what}`
    case 'delivered':
      return `${type} reached ${who}`
    case 'dropped':
      return `${what} was lost: ${trace.text(entry.a)}`
    case 'duplicated':
      return `the bus made a second copy of ${what}`
    case 'delayed':
      return `${what} is held back for ${timeText(entry.a * 1000)}`
    case 'held':
      return `${what} waits at a partition`
    case 'redelivered':
      return `the broker hands ${type} to ${who} again, delivery ${entry.a}`
    case 'deadLettered':
      return `${type} was parked after ${entry.a} deliveries`
    case 'received':
      return `${who} took ${type}${entry.a > 1 ? `, delivery ${entry.a}` : ''}`
    case 'begun':
      return `${who} began a transaction for ${type}`
    case 'executed':
      return `${who} ran ${trace.header.statements[entry.a]?.text ?? 'a statement'}`
    case 'waiting':
      return `${who} waits for ${trace.text(entry.a)}`
    case 'committed':
      return `${who} committed ${type}`
    case 'rowChanged':
      return changeText(trace, entry)
    case 'aborted':
      return `${who} rolled back ${type}: ${trace.text(entry.a)}`
    case 'refused':
      return `${who} refused ${type}: ${trace.text(entry.a)}`
    case 'failed':
      return `${who} failed on ${type}: ${trace.text(entry.a)}`
    case 'deduplicated':
      return `${who} turned ${type} away: ${trace.text(entry.a)} knows ${trace.text(entry.b)}`
    case 'acknowledged':
      return `${who} acknowledged ${type}`
    case 'acknowledgementLost':
      return `the acknowledgement of ${type} was lost`
    case 'crashed':
      return `${who} crashed ${trace.text(entry.a)}`
    case 'recovered':
      return `${who} is back`
    case 'replicaCrashed':
      return `replica ${entry.a + 1} of ${who} crashed`
    case 'replicaRecovered':
      return `replica ${entry.a + 1} of ${who} is back`
    case 'partitioned':
      return `a partition began: ${trace.header.faults[entry.a] ?? ''}`
    case 'healed':
      return `the partition healed: ${trace.header.faults[entry.a] ?? ''}`
    case 'sagaStarted':
      return `saga ${trace.text(entry.a)} started`
    case 'stepStarted':
      return `step ${step()} started${entry.b > 1 ? `, attempt ${entry.b}` : ''}`
    case 'stepSucceeded':
      return `step ${step()} succeeded`
    case 'stepRefused':
      return `step ${step()} was refused: ${trace.text(entry.b)}`
    case 'stepFailed':
      return `step ${step()} failed: ${trace.text(entry.b)}`
    case 'stepTimedOut':
      return `step ${step()} timed out, attempt ${entry.b}`
    case 'compensationStarted':
      return `the saga turned back: ${trace.text(entry.b)}`
    case 'stepCompensating':
      return `compensating ${step()}${entry.b > 1 ? `, attempt ${entry.b}` : ''}`
    case 'stepCompensated':
      return `step ${step()} is compensated`
    case 'compensationFailed':
      return `compensating ${step()} failed: ${trace.text(entry.b)}`
    case 'sagaCompleted':
      return 'the saga completed'
    case 'sagaCompensated':
      return 'the saga is compensated'
    case 'sagaNeedsIntervention':
      return `the saga needs a person: ${trace.text(entry.b)}`
    case 'replyIgnored':
      return `${who} recorded ${type} but did not act on it: ${trace.text(entry.b)}`
    case 'responded':
      return `the client was told: ${trace.text(entry.a)}`
    case 'violated':
      return `broken: ${trace.header.properties[entry.a]?.name ?? 'a property'}`
    case 'ended':
      return `the run ended: ${trace.text(entry.a)}${entry.b === NONE ? '' : `; it goes round: ${trace.text(entry.b)}`}`
    case 'compensationRegistered':
      return `a compensation for ${step()} is owed from now on`
    case 'forgotten':
      return `${who} forgot ${trace.text(entry.a)}`
    case 'alerted':
      return `alert: compensating ${step()} cannot be done: ${trace.text(entry.b)}`
    case 'published':
      return `${who} published ${trace.text(entry.a)}${entry.b === 0 ? ', and nobody subscribes to it' : ''}`
    case 'rowRead':
      return `${who} looked at row ${entry.b + 1} of ${trace.header.tables[entry.a]?.name ?? 'a table'}`
    case 'prepared':
      return `${who} voted yes and is in doubt: ${entry.a} ${entry.a === 1 ? 'row' : 'rows'} locked until it hears the decision`
    case 'decided':
      return `${who} decided: ${trace.text(entry.a)}${entry.b === NONE ? '' : `, ${trace.text(entry.b)}`}`
    case 'resolved':
      return `${who} ${trace.text(entry.a)} what it had prepared ${timeText(entry.b * 1000)} before`
    case 'sagaAborted':
      return `the transaction is aborted: ${trace.text(entry.b)}`
    case 'paused':
      return `${who} stands still for ${timeText(entry.a * 1000)}`
    case 'unpaused':
      return `${who} goes on as if no time had passed`
    case 'leaseTaken':
      return `${who} has the lease, epoch ${entry.a}: ${trace.text(entry.b)}`
    case 'leaseLost':
      return `${who} learns that its lease of epoch ${entry.a} is another’s`
    case 'moved':
      return `${type} waits at ${who} now, not at ${serviceTitle(trace, entry.a)}`
    case 'acknowledgementVoid':
      return `the acknowledgement of ${type} by ${who} is void: the broker has taken it back`
    case 'assigned':
      return `${who} has ${partitionsText(trace.text(entry.b))} in generation ${entry.a} of its group`
    case 'rebalanceBegan':
      return `the group of ${who} rebalances, generation ${entry.a} ends: nobody is given a message${entry.b > 0 ? ` for ${timeText(entry.b * 1000)}` : ''}`
    case 'memberLeft':
      return `${who} is no member of its group any more: ${trace.text(entry.b)}`
    case 'memberJoined':
      return `${who} joins its group`
    case 'offsetCommitted':
      return `${who} committed offset ${entry.b} of partition ${entry.a}`
    case 'commitTurnedAway':
      return `the commit of ${who} for partition ${entry.a} is turned away: its generation ${entry.b} is over`
    case 'awaitsCommit':
      return `${type} waits at ${who} until the transaction it was written in has ended`
    case 'brokerAborted':
      return `the broker aborts the transaction of ${who}: ${trace.text(entry.a)}`
    case 'clockSet':
      return `the clock of ${who} ${clockText(Number(trace.value(entry.a)), entry.b)}`
    case 'scaled':
      return `${who} has ${counted(entry.a, 'replica')} from now on, ${entry.b} before`
    case 'measured':
      return `${who}: ${counted(entry.a, 'message')} waiting, ${entry.b} at work`
    case 'collided':
      return `${who} met the ${trace.text(entry.a)}: ${trace.text(entry.b)} is there already`
    case 'circuit':
      return `the circuit from ${who} to ${serviceTitle(trace, entry.b)} is ${trace.text(entry.a)}`
    case 'appended':
      return `${who} appended version ${entry.b} to ${trace.text(entry.a)}`
    case 'appendConflict':
      return `${trace.text(entry.a)} is at version ${entry.b}, not where ${who} expected it`
    case 'loaded':
      return `${who} folded ${trace.text(entry.a)} from ${entry.b} events`
    case 'snapshotTaken':
      return `a snapshot of ${trace.text(entry.a)} at version ${entry.b}`
    case 'projected':
      return `${projection()} applied event ${entry.b}`
    case 'projectionSkipped':
      return `${projection()} passed over ${type}: ${trace.text(entry.b)}`
    case 'projectionParked':
      return `${projection()} put ${type} aside: ${trace.text(entry.b)}`
    case 'gapHeld':
      return `${projection()} waits at position ${entry.b}, which nobody has filled`
    case 'gapSkipped':
      return `${projection()} went on over the gap at position ${entry.b}`
    case 'checkpointed':
      return `${projection()} stored position ${entry.b}`
    case 'subscribed':
      return `${projection()} reads on from position ${entry.b}`
    case 'rebuildStarted':
      return `${projection()} is built anew, ${trace.text(entry.b)}`
    case 'rebuildFinished':
      return `${projection()}: the new read model took the place of the old one at position ${entry.b}`
    case 'claimTaken':
      return `${who} took the claim of ${projection()}, token ${entry.b}`
    case 'eventBuffered':
      return `${projection()} keeps event ${entry.b} until those before it have come`
    case 'slowed':
      return `${who} is slow on ${type}: ${timeText(entry.a * 1000)} more`
    default:
      return assertNever(entry.kind)
  }
}

/** `partitions 0, 2`. */
export function partitionsText(list: string): string {
  if (list === '') return 'no partition'
  return `partition${list.includes(',') ? 's' : ''} ${list}`
}

/** `is 5 s ahead and gains 100 ppm`. */
function clockText(ms: number, drift: number): string {
  const off = ms === 0 ? 'is right' : `is ${timeText(Math.abs(ms) * 1000)} ${ms > 0 ? 'ahead' : 'behind'}`
  return drift === 0 ? off : `${off} and ${drift > 0 ? 'gains' : 'loses'} ${Math.abs(drift)} ppm`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** `payment.accounts c1: balance 1000 → 900`. */
function changeText(trace: Trace, entry: Entry): string {
  const change = trace.change(entry.a)
  const table = trace.header.tables[change.table]
  if (table === undefined) return 'a row changed'
  const name = `${trace.header.services[table.service]?.name ?? ''}.${table.name}`
  const { before, after } = change
  if (before === null) return `${name}: + ${rowText(table.columns, after ?? [])}`
  if (after === null) return `${name}: − ${rowText(table.columns, before)}`
  const key = table.key === null ? '' : ` ${valueText(after[table.columns.indexOf(table.key)] ?? null)}`
  const parts = table.columns.flatMap((column, i) => {
    const was = before[i] ?? null
    const now = after[i] ?? null
    return was === now ? [] : [`${column} ${valueText(was)} → ${valueText(now)}`]
  })
  return `${name}${key}: ${parts.length === 0 ? 'written, unchanged' : parts.join(', ')}`
}

function rowText(columns: readonly string[], row: readonly Value[]): string {
  return columns.map((column, i) => `${column} ${valueText(row[i] ?? null)}`).join(', ')
}
