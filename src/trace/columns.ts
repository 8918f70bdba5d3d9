/**
 * Growing typed-array columns. A full chunk is sealed and can be moved to another thread without copying; a small run
 * never leaves its first chunk and can be reset and filled again without allocating.
 */
export const CHUNK_LENGTH = 65_536

export type ColumnType = 'f64' | 'i32' | 'i16' | 'u8'
export type ColumnArray = Float64Array | Int32Array | Int16Array | Uint8Array
type ArrayOf<T extends ColumnType> = T extends 'f64'
  ? Float64Array
  : T extends 'i32'
    ? Int32Array
    : T extends 'i16'
      ? Int16Array
      : Uint8Array

export type Spec = Record<string, ColumnType>
export type Arrays<S extends Spec> = { [K in keyof S]: ArrayOf<S[K]> }
export type Chunk<S extends Spec> = { length: number; arrays: Arrays<S> }

function allocate(type: ColumnType, length: number): ColumnArray {
  if (type === 'f64') return new Float64Array(length)
  if (type === 'i32') return new Int32Array(length)
  return type === 'i16' ? new Int16Array(length) : new Uint8Array(length)
}

function allocateAll<S extends Spec>(spec: S, length: number): Arrays<S> {
  const arrays: Record<string, ColumnArray> = {}
  for (const name of Object.keys(spec)) arrays[name] = allocate(spec[name] as ColumnType, length)
  return arrays as Arrays<S>
}

/** The writing side. Call `reserve()` for the row's place in `arrays`, then fill every column. */
export class ColumnWriter<S extends Spec> {
  readonly spec: S
  arrays: Arrays<S>
  /** Rows in the open chunk. */
  filled = 0
  /** Rows in sealed chunks. */
  sealedRows = 0
  sealed: Chunk<S>[] = []
  private capacity: number

  constructor(spec: S, initialCapacity = 1024) {
    this.spec = spec
    this.capacity = initialCapacity
    this.arrays = allocateAll(spec, initialCapacity)
  }

  get length(): number {
    return this.sealedRows + this.filled
  }

  reserve(): number {
    if (this.filled === this.capacity) this.makeRoom()
    return this.filled++
  }

  reset(): void {
    this.filled = 0
    this.sealedRows = 0
    this.sealed = []
  }

  /** Takes everything not taken yet: sealed chunks move, the open chunk is copied and starts anew. */
  take(): Chunk<S>[] {
    const chunks = this.sealed
    this.sealed = []
    if (this.filled > 0) {
      chunks.push({ length: this.filled, arrays: this.sliceOpen() })
      this.sealedRows += this.filled
      this.filled = 0
    }
    return chunks
  }

  /** Everything still here, sealed and open, without copying; for reading at once, not for keeping. */
  peek(): Chunk<S>[] {
    return [...this.sealed, { length: this.filled, arrays: this.sliceOpen() }]
  }

  /** Becomes a copy of what `peek` gave. */
  load(chunks: readonly Chunk<S>[]): void {
    this.reset()
    for (const chunk of chunks) {
      for (let row = 0; row < chunk.length; row++) {
        const place = this.reserve()
        for (const name of Object.keys(this.spec)) {
          ;(this.arrays[name] as ColumnArray)[place] = (chunk.arrays[name] as ColumnArray)[row] as number
        }
      }
    }
  }

  private sliceOpen(): Arrays<S> {
    const copy: Record<string, ColumnArray> = {}
    for (const name of Object.keys(this.spec)) copy[name] = (this.arrays[name] as ColumnArray).slice(0, this.filled)
    return copy as Arrays<S>
  }

  private makeRoom(): void {
    if (this.capacity < CHUNK_LENGTH) {
      const larger = allocateAll(this.spec, this.capacity * 2)
      for (const name of Object.keys(this.spec)) {
        ;(larger[name] as Float64Array).set(this.arrays[name] as Float64Array)
      }
      this.arrays = larger
      this.capacity *= 2
      return
    }
    this.sealed.push({ length: this.filled, arrays: this.arrays })
    this.sealedRows += this.filled
    this.filled = 0
    this.arrays = allocateAll(this.spec, this.capacity)
  }
}

/** The reading side: rows of many chunks under one index. */
export class ColumnReader<S extends Spec> {
  length = 0
  private readonly chunks: Chunk<S>[] = []
  private readonly starts: number[] = []
  private lastChunk = 0

  append(chunk: Chunk<S>): void {
    if (chunk.length === 0) return
    this.starts.push(this.length)
    this.chunks.push(chunk)
    this.length += chunk.length
  }

  get(column: keyof S, row: number): number {
    const chunk = this.chunkOf(row)
    const arrays = (this.chunks[chunk] as Chunk<S>).arrays
    return (arrays[column] as ColumnArray)[row - (this.starts[chunk] as number)] as number
  }

  private chunkOf(row: number): number {
    const last = this.lastChunk
    const start = this.starts[last]
    if (start !== undefined && row >= start && row < start + (this.chunks[last] as Chunk<S>).length) return last
    if (row < 0 || row >= this.length) throw new RangeError(`row ${row} is outside 0…${this.length - 1}`)
    let low = 0
    let high = this.chunks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] as number) <= row) low = middle
      else high = middle - 1
    }
    this.lastChunk = low
    return low
  }
}
