/** States that were found and not yet expanded, first in, first out: words behind each other in chunks. */
const CHUNK = 1 << 16

export class Frontier {
  /** How many states wait. */
  size = 0
  private readonly chunks: Int32Array[] = []
  private head = 0
  private tail = CHUNK

  push(words: Int32Array, length: number): void {
    this.size++
    if (this.tail + length + 1 > CHUNK) {
      // A length of −1 says that the rest of the chunk is empty.
      if (this.tail < CHUNK) (this.chunks.at(-1) as Int32Array)[this.tail] = -1
      this.chunks.push(new Int32Array(CHUNK))
      this.tail = 0
    }
    const chunk = this.chunks.at(-1) as Int32Array
    chunk[this.tail++] = length
    for (let i = 0; i < length; i++) chunk[this.tail++] = words[i] as number
  }

  /** Takes the oldest state into `words` and returns its length; 0 when none waits. */
  shift(words: Int32Array): number {
    if (this.size === 0) return 0
    this.size--
    if (this.head >= CHUNK || this.chunks[0]?.[this.head] === -1) {
      this.chunks.shift()
      this.head = 0
    }
    const chunk = this.chunks[0] as Int32Array
    const length = chunk[this.head++] as number
    for (let i = 0; i < length; i++) words[i] = chunk[this.head++] as number
    return length
  }

  /** What it takes, in bytes. */
  get bytes(): number {
    return this.chunks.length * CHUNK * 4
  }
}
