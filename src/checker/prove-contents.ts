/**
 * What a message says, in normal form, as a small number: two messages that nobody can tell apart have the same one.
 * The attempt a message belongs to and the number of the message it answers are for onlookers; they count only where
 * somebody in the model goes by them.
 */
import type { Model, Payload } from '../kernel/model.ts'
import type { Message, Outgoing } from '../kernel/task.ts'
import { NONE } from '../trace/trace-format.ts'
import { highOf, lowOf, UNDERWAY } from './prove-hash.ts'

/** A message's content with what the explorer asks of it. */
export interface Content {
  readonly from: number
  readonly body: Outgoing
  readonly id: number
  readonly logical: number
  /** Messages of one lane arrive in the order they were sent. */
  readonly lane: number
  /** False: a lane of its own, and copies of it overtake each other. */
  readonly isOrdered: boolean
  /** What waits for it: numbers of `waits`. */
  readonly keys: readonly number[]
}

export class Contents {
  readonly list: Content[] = []
  /** By content, what the explorer asks of each message in each state: its lane, its receiver, what waits for it. */
  readonly lanes: number[] = []
  readonly receivers: number[] = []
  readonly waits: (readonly number[])[] = []
  /** By word (content × 2 + late): what it adds to the hash of a state where order does not count. */
  readonly lows: number[] = []
  readonly highs: number[] = []
  private readonly numbers = new Map<string, number>()
  private readonly bodies = new Map<object, number>()
  private readonly payloads = new Map<string, Payload>()
  private readonly laneNumbers = new Map<string, number>()
  private readonly keys = new Map<string, number>()
  /** Some messages arrive in the order they were sent. */
  readonly hasOrder: boolean
  private readonly hasHops: boolean
  /** Messages keep their numbers: somebody remembers them. */
  readonly hasIdentity: boolean

  constructor(model: Model, hasIdentity: boolean) {
    this.hasOrder = model.bus.perKey
    this.hasHops = model.bus.hopLimit > 0
    this.hasIdentity = hasIdentity
  }

  /** The content of a message, by number. */
  of(message: Pick<Message, 'from' | 'body' | 'id' | 'logical'>): number {
    const { from, body } = message
    const id = this.hasIdentity ? message.id : 0
    const logical = this.hasIdentity ? message.logical : 0
    const text = `${from}|${id}|${logical}|${this.bodyText(body)}`
    let number = this.numbers.get(text)
    if (number === undefined) {
      number = this.add(this.make(from, body, id, logical, text))
      this.numbers.set(text, number)
    }
    return number
  }

  /** The same content under a number of its own: a message that nobody but the search can tell from the other. */
  twin(content: number): number {
    return this.add(this.list[content] as Content)
  }

  private add(content: Content): number {
    const number = this.list.push(content) - 1
    this.lanes.push(content.lane)
    this.receivers.push(content.body.to)
    this.waits.push(content.keys)
    for (const word of [number * 2, number * 2 + 1]) {
      this.lows.push(lowOf(UNDERWAY, word))
      this.highs.push(highOf(UNDERWAY, word))
    }
    return number
  }

  /** The number of a body in normal form; undefined for any other object. */
  bodyNumber(object: object): number | undefined {
    return this.bodies.get(object)
  }

  /** Something a timer can wait for, as a number: `request 0`, `saga 0 step 2`, `call 7`. */
  key(text: string): number {
    let key = this.keys.get(text)
    if (key === undefined) {
      key = this.keys.size
      this.keys.set(text, key)
    }
    return key
  }

  private bodyText(body: Outgoing): string {
    const { type, to, role, outcome, saga, step, compensation, key, reason, group, request, delay, subscribers } = body
    const hops = this.hasHops ? body.hops : 0
    const answers = this.hasIdentity ? body.answers : 0
    const numbers = [
      type,
      to,
      role,
      outcome,
      saga,
      step,
      compensation ? 1 : 0,
      group,
      request,
      delay,
      subscribers,
      hops,
    ]
    return `${numbers.join(',')},${answers}|${JSON.stringify([key, reason])}|${JSON.stringify(body.payload)}`
  }

  private make(from: number, body: Outgoing, id: number, logical: number, text: string): Content {
    const normal: Outgoing = {
      ...body,
      attempt: 1,
      answers: this.hasIdentity ? body.answers : NONE,
      hops: this.hasHops ? body.hops : 0,
      payload: this.share(body.payload),
    }
    Object.freeze(normal)
    this.bodies.set(normal, this.bodies.size)
    // A message to be handled later keeps nobody waiting behind it.
    const isOrdered = this.hasOrder && body.delay === 0
    const lane = this.lane(isOrdered ? `${body.to} ${body.group}` : text)
    return { from, body: normal, id, logical, lane, isOrdered, keys: this.keysOf(normal, id) }
  }

  private share(payload: Payload): Payload {
    const text = JSON.stringify(payload)
    const known = this.payloads.get(text)
    if (known !== undefined) return known
    const own = Object.freeze({ ...payload })
    this.payloads.set(text, own)
    return own
  }

  private lane(text: string): number {
    let lane = this.laneNumbers.get(text)
    if (lane === undefined) {
      lane = this.laneNumbers.size
      this.laneNumbers.set(text, lane)
    }
    return lane
  }

  private keysOf({ saga, step, request, delay, answers }: Outgoing, id: number): number[] {
    // What is sent to arrive later is no answer in time to anything.
    if (delay > 0) return []
    const keys: number[] = []
    if (request !== NONE) keys.push(this.key(`request ${request}`))
    if (saga !== NONE && step !== NONE) keys.push(this.key(`saga ${saga} step ${step}`))
    if (this.hasIdentity) keys.push(this.key(`call ${id}`))
    if (this.hasIdentity && answers !== NONE) keys.push(this.key(`call ${answers}`))
    return keys
  }
}
