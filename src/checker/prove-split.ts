/**
 * A model falls into parts: services that share nothing but messages. Each part has states of its own, and a state of
 * the whole is one of each plus the messages under way. Who shares a table or a pattern's memory is found out while
 * running: a part that reaches for what belongs to another one is merged with it, and the search begins anew.
 */
import type { Model } from '../kernel/model.ts'

/** Two parts turn out to be one. */
export class Merge extends Error {
  readonly one: number
  readonly other: number

  /** The two services, or a service and the client, by number. */
  constructor(one: number, other: number) {
    super('two services share more than messages')
    this.one = one
    this.other = other
  }
}

export class Split {
  private readonly model: Model
  /** Service → the first service of its part. */
  private readonly leader: number[]
  /** Pattern → the service that was the first to use its memory. */
  private readonly owners: number[]

  constructor(model: Model) {
    this.model = model
    this.leader = model.services.map((_, i) => i)
    this.owners = model.patterns.map(() => -1)
  }

  merge(one: number, other: number): void {
    const [to, from] = [this.leaderOf(one), this.leaderOf(other)]
    this.leader.forEach((leader, service) => {
      if (leader === from) this.leader[service] = to
    })
  }

  leaderOf(service: number): number {
    return this.leader[service] as number
  }

  /** The parts, each a list of services. */
  parts(): number[][] {
    const leaders = [...new Set(this.leader)]
    return leaders.map((leader) => this.leader.flatMap((one, service) => (one === leader ? [service] : [])))
  }

  /** The part of `service` uses a pattern's memory: it is its own from now on. */
  claim(pattern: number, service: number): void {
    const owner = this.owners[pattern] as number
    if (owner < 0) this.owners[pattern] = service
    else if (this.leaderOf(owner) !== this.leaderOf(service)) throw new Merge(owner, service)
  }

  owns(pattern: number, service: number): boolean {
    const owner = this.owners[pattern] as number
    return owner >= 0 && this.leaderOf(owner) === this.leaderOf(service)
  }

  ownerOf(pattern: number): number {
    return this.owners[pattern] as number
  }

  /** The part of `service` reaches for a table. */
  useTable(table: number, service: number): void {
    const owner = this.model.tables[table]?.service ?? service
    if (this.leaderOf(owner) !== this.leaderOf(service)) throw new Merge(owner, service)
  }

  useService(other: number, service: number): void {
    if (this.leaderOf(other) !== this.leaderOf(service)) throw new Merge(other, service)
  }
}
