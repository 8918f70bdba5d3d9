/** Draws in a row for one seed: the choices of a search. A schedule is its seed. */
import { draw, drawWithin } from '../base/hash.ts'

const SCHEDULE_DRAW = 0x73636864

export class Dice {
  private n = 0
  private seed = 0

  /** Back to the first draw, of another seed. */
  reset(seed: number): this {
    this.seed = seed
    this.n = 0
    return this
  }

  /** A whole number in [from, to], both ends included. */
  within(from: number, to: number): number {
    return drawWithin(draw(this.seed, SCHEDULE_DRAW, 0, this.n++), from, to)
  }

  one<T>(of: readonly T[]): T {
    return of[this.within(0, of.length - 1)] as T
  }

  /** True once in so many times. */
  onceIn(times: number): boolean {
    return this.within(1, times) === 1
  }

  /** Mostly short, sometimes longer than every time-out; milliseconds. */
  span(): number {
    const from = this.within(0, 3)
    return this.within(SPANS[from] as number, SPANS[from + 1] as number)
  }
}

const SPANS = [1, 60, 2500, 12_000, 60_000] as const
