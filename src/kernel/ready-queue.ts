/**
 * What waits for a free handler, oldest first: one lane for all replicas, or one for each. Plain data; taking the first
 * of a long lane costs no more than of a short one.
 */
import type { Message } from './task.ts'

export interface Lane {
  items: (Message | null)[]
  /** Place of the first; what is before it has been taken. */
  head: number
}

export interface ReadyQueue {
  lanes: Lane[]
  size: number
}

export function createReadyQueue(): ReadyQueue {
  return { lanes: [{ items: [], head: 0 }], size: 0 }
}

export function clearReady(queue: ReadyQueue): void {
  if (queue.size === 0 && queue.lanes.length === 1 && queue.lanes[0]?.head === 0) return
  queue.lanes = [{ items: [], head: 0 }]
  queue.size = 0
}

export function putLast(queue: ReadyQueue, number: number, message: Message): void {
  laneOf(queue, number).items.push(message)
  queue.size++
}

export function putFirst(queue: ReadyQueue, number: number, message: Message): void {
  const lane = laneOf(queue, number)
  if (lane.head > 0) lane.items[--lane.head] = message
  else lane.items.unshift(message)
  queue.size++
}

export function isLaneEmpty(queue: ReadyQueue, number: number): boolean {
  const lane = queue.lanes[number]
  return lane === undefined || lane.head === lane.items.length
}

/** Takes the first of a lane that has one. */
export function takeFirst(queue: ReadyQueue, number: number): Message {
  const lane = queue.lanes[number] as Lane
  queue.size--
  // Most of the time there is only one.
  if (lane.head === 0 && lane.items.length === 1) return lane.items.pop() as Message
  const message = lane.items[lane.head] as Message
  lane.items[lane.head++] = null
  if (lane.head === lane.items.length) {
    lane.items = []
    lane.head = 0
  } else if (lane.head > 1024 && lane.head * 2 > lane.items.length) {
    lane.items = lane.items.slice(lane.head)
    lane.head = 0
  }
  return message
}

/** Takes one out of the middle; false when it is not there. */
export function takeOut(queue: ReadyQueue, message: Message): boolean {
  for (const lane of queue.lanes) {
    const place = lane.items.indexOf(message, lane.head)
    if (place < 0) continue
    lane.items.splice(place, 1)
    queue.size--
    return true
  }
  return false
}

/** Everything that is ready, lane by lane. */
export function allReady(queue: ReadyQueue): Message[] {
  return queue.lanes.flatMap(({ items, head }) => items.slice(head) as Message[])
}

function laneOf(queue: ReadyQueue, number: number): Lane {
  while (queue.lanes.length <= number) queue.lanes.push({ items: [], head: 0 })
  return queue.lanes[number] as Lane
}
