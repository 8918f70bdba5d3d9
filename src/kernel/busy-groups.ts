/**
 * Groups with a message ready or in a handler, and the messages that wait behind it. Most of the time there is one, so
 * the oldest is kept outside the map: a map that is emptied again and again costs as much as the handling. Plain data.
 */
import { NONE } from '../trace/trace-format.ts'
import type { Message } from './task.ts'

export interface BusyGroups {
  /** The one that has been busy longest; its number means nothing while `behind` is null. */
  group: number
  behind: Message[] | null
  /** All others, in the order in which they became busy. */
  readonly others: Map<number, Message[]>
}

export function noGroups(): BusyGroups {
  return { group: NONE, behind: null, others: new Map() }
}

/** What waits behind the group's message; undefined when the group is not busy. An empty list is shared: see `waitBehind`. */
export function behindGroup(busy: BusyGroups, group: number): Message[] | undefined {
  if (busy.behind === null) return undefined
  if (busy.group === group) return busy.behind
  return busy.others.size === 0 ? undefined : busy.others.get(group)
}

/** Nothing waits: most of the time, so this list is never written to. */
const NOBODY: Message[] = []

/** The message waits behind its group's; false when nothing of the group is under way: now it is. */
export function waitBehind(busy: BusyGroups, message: Message): boolean {
  const { group } = message.body
  const behind = behindGroup(busy, group)
  if (behind === undefined) setBehind(busy, group, NOBODY)
  else if (behind.length === 0) setBehind(busy, group, [message])
  else behind.push(message)
  return behind !== undefined
}

/** From now on this waits behind the group's message. */
export function setBehind(busy: BusyGroups, group: number, behind: Message[]): void {
  if (busy.behind !== null && busy.group !== group) {
    busy.others.set(group, behind)
    return
  }
  busy.group = group
  busy.behind = behind
}

/** The group is busy no more. */
export function dropGroup(busy: BusyGroups, group: number): void {
  if (busy.behind === null) return
  if (busy.group !== group) {
    busy.others.delete(group)
    return
  }
  busy.group = NONE
  busy.behind = null
  for (const [next, behind] of busy.others) {
    busy.others.delete(next)
    busy.group = next
    busy.behind = behind
    return
  }
}

export function clearGroups(busy: BusyGroups): void {
  busy.group = NONE
  busy.behind = null
  if (busy.others.size > 0) busy.others.clear()
}

/** Every busy group, the oldest first. */
export function busyGroups({ group, behind, others }: BusyGroups): (readonly [number, Message[]])[] {
  return behind === null ? [] : [[group, behind] as const, ...others]
}
