/** Which labels find room: first come, first served, and nobody writes over another. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export class LabelRoom {
  private readonly taken: Box[] = []

  /** Keeps labels off what is drawn there. */
  block(box: Box): void {
    this.taken.push(box)
  }

  /** Takes the first place that is free; undefined when none is. */
  take<B extends Box>(places: readonly B[]): B | undefined {
    const free = places.find((place) => !this.taken.some((other) => overlap(place, other)))
    if (free !== undefined) this.taken.push(free)
    return free
  }
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  )
}
