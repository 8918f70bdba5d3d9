/**
 * The agenda: what will happen, ordered by (time, sequence). A binary heap over typed arrays; ties never depend on the
 * heap's shape, so the order is the same in every engine.
 */
export interface AgendaData {
  readonly time: Float64Array
  readonly sequence: Float64Array
  readonly kind: Uint8Array
  readonly a: Int32Array
  readonly b: Int32Array
  readonly size: number
  readonly nextSequence: number
}

/** One thing that may happen, as another picker than the clock sees it. */
export interface AgendaItem {
  readonly time: number
  readonly sequence: number
  readonly kind: number
  readonly a: number
  readonly b: number
}

export class Agenda {
  size = 0
  /** The item `pop` took last. */
  time = 0
  kind = 0
  a = 0
  b = 0
  private nextSequence = 0
  private capacity = 64
  private times = new Float64Array(64)
  private sequences = new Float64Array(64)
  private kinds = new Uint8Array(64)
  private as = new Int32Array(64)
  private bs = new Int32Array(64)

  clear(): void {
    this.size = 0
    this.nextSequence = 0
  }

  /** Time of the next item, microseconds; Infinity when there is none. */
  get nextTime(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.times[0] as number)
  }

  push(time: number, kind: number, a: number, b: number): void {
    if (this.size === this.capacity) this.grow()
    const { times, sequences, kinds, as, bs } = this
    const sequence = this.nextSequence++
    let at = this.size++
    // A new item has the highest sequence, so on equal times it stays below: only earlier times move down.
    while (at > 0) {
      const parent = (at - 1) >> 1
      if ((times[parent] as number) <= time) break
      times[at] = times[parent] as number
      sequences[at] = sequences[parent] as number
      kinds[at] = kinds[parent] as number
      as[at] = as[parent] as number
      bs[at] = bs[parent] as number
      at = parent
    }
    times[at] = time
    sequences[at] = sequence
    kinds[at] = kind
    as[at] = a
    bs[at] = b
  }

  /** Takes the next item into `time`, `kind`, `a`, `b`; false when there is none. */
  pop(): boolean {
    if (this.size === 0) return false
    const { times, sequences, kinds, as, bs } = this
    this.time = times[0] as number
    this.kind = kinds[0] as number
    this.a = as[0] as number
    this.b = bs[0] as number
    const last = --this.size
    const time = times[last] as number
    const sequence = sequences[last] as number
    let at = 0
    for (;;) {
      let child = at * 2 + 1
      if (child >= last) break
      const right = child + 1
      const childTime = times[child] as number
      if (right < last) {
        const rightTime = times[right] as number
        if (
          rightTime < childTime ||
          (rightTime === childTime && (sequences[right] as number) < (sequences[child] as number))
        )
          child = right
      }
      const best = times[child] as number
      if (time < best || (time === best && sequence < (sequences[child] as number))) break
      times[at] = best
      sequences[at] = sequences[child] as number
      kinds[at] = kinds[child] as number
      as[at] = as[child] as number
      bs[at] = bs[child] as number
      at = child
    }
    times[at] = time
    sequences[at] = sequence
    kinds[at] = kinds[last] as number
    as[at] = as[last] as number
    bs[at] = bs[last] as number
    return true
  }

  /** Everything on the agenda in the order in which it was planned: for pickers that do not go by the clock. */
  items(): AgendaItem[] {
    const items: AgendaItem[] = []
    for (let i = 0; i < this.size; i++) {
      items.push({
        time: this.times[i] as number,
        sequence: this.sequences[i] as number,
        kind: this.kinds[i] as number,
        a: this.as[i] as number,
        b: this.bs[i] as number,
      })
    }
    return items.sort((one, other) => one.sequence - other.sequence)
  }

  /** Takes one item off the agenda, wherever it stands. */
  remove(sequence: number): void {
    const rest = this.items().filter((item) => item.sequence !== sequence)
    const next = this.nextSequence
    this.size = 0
    for (const item of rest) {
      this.nextSequence = item.sequence
      this.push(item.time, item.kind, item.a, item.b)
    }
    this.nextSequence = next
  }

  save(): AgendaData {
    return {
      time: this.times.slice(0, this.size),
      sequence: this.sequences.slice(0, this.size),
      kind: this.kinds.slice(0, this.size),
      a: this.as.slice(0, this.size),
      b: this.bs.slice(0, this.size),
      size: this.size,
      nextSequence: this.nextSequence,
    }
  }

  load(data: AgendaData): void {
    while (this.capacity < data.size) this.grow()
    this.times.set(data.time)
    this.sequences.set(data.sequence)
    this.kinds.set(data.kind)
    this.as.set(data.a)
    this.bs.set(data.b)
    this.size = data.size
    this.nextSequence = data.nextSequence
  }

  private grow(): void {
    this.capacity *= 2
    this.times = copyInto(new Float64Array(this.capacity), this.times)
    this.sequences = copyInto(new Float64Array(this.capacity), this.sequences)
    this.kinds = copyInto(new Uint8Array(this.capacity), this.kinds)
    this.as = copyInto(new Int32Array(this.capacity), this.as)
    this.bs = copyInto(new Int32Array(this.capacity), this.bs)
  }
}

function copyInto<T extends { set(from: T): void }>(to: T, from: T): T {
  to.set(from)
  return to
}
