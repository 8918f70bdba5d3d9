/**
 * Stretches of folded time in the order they began, as growing columns: a million-entry trace has some hundred
 * thousand of them. Asking for those in a window skips whole blocks, so that the cost follows what is seen.
 */
const BLOCK = 64
const OPEN = Infinity

export class SpanList {
  length = 0
  start = new Float64Array(BLOCK)
  /** Infinity while it has not ended. */
  end = new Float64Array(BLOCK)
  /** What it belongs to: a service or a saga. */
  lane = new Int32Array(BLOCK)
  /** What it is about: a message, a step, a fault. */
  ref = new Int32Array(BLOCK)
  /** Position of the entry that began it. */
  from = new Int32Array(BLOCK)
  /** Position of the entry that ended it, −1 while it has not. */
  to = new Int32Array(BLOCK)
  tone = new Uint8Array(BLOCK)
  /** Its place among those of the same lane that overlap it. */
  slot = new Uint8Array(BLOCK)
  /** The latest end in each block. */
  private blockEnd: number[] = []

  open(start: number, lane: number, ref: number, from: number, tone: number, slot = 0): number {
    if (this.length === this.start.length) this.grow()
    const span = this.length++
    this.start[span] = start
    this.end[span] = OPEN
    this.lane[span] = lane
    this.ref[span] = ref
    this.from[span] = from
    this.to[span] = -1
    this.tone[span] = tone
    this.slot[span] = slot
    this.blockEnd[Math.floor(span / BLOCK)] = OPEN
    return span
  }

  close(span: number, end: number, to: number): void {
    this.end[span] = end
    this.to[span] = to
    this.refreshBlock(Math.floor(span / BLOCK))
  }

  isOpen(span: number): boolean {
    return this.end[span] === OPEN
  }

  /** Calls back for every span that touches [from, to], in the order they began. */
  forEachWithin(from: number, to: number, visit: (span: number) => void): void {
    const after = this.firstAfter(to)
    for (let block = 0; block * BLOCK < after; block++) {
      if ((this.blockEnd[block] as number) < from) continue
      const last = Math.min((block + 1) * BLOCK, after)
      for (let span = block * BLOCK; span < last; span++) if ((this.end[span] as number) >= from) visit(span)
    }
  }

  /** The first span that begins after `time`. */
  private firstAfter(time: number): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.start[middle] as number) <= time) low = middle + 1
      else high = middle
    }
    return low
  }

  private refreshBlock(block: number): void {
    const last = Math.min((block + 1) * BLOCK, this.length)
    let latest = -OPEN
    for (let span = block * BLOCK; span < last; span++) latest = Math.max(latest, this.end[span] as number)
    this.blockEnd[block] = latest
  }

  private grow(): void {
    const twice = <A extends Float64Array | Int32Array | Uint8Array>(old: A, larger: A): A => {
      larger.set(old)
      return larger
    }
    const size = this.length * 2
    this.start = twice(this.start, new Float64Array(size))
    this.end = twice(this.end, new Float64Array(size))
    this.lane = twice(this.lane, new Int32Array(size))
    this.ref = twice(this.ref, new Int32Array(size))
    this.from = twice(this.from, new Int32Array(size))
    this.to = twice(this.to, new Int32Array(size))
    this.tone = twice(this.tone, new Uint8Array(size))
    this.slot = twice(this.slot, new Uint8Array(size))
  }
}
