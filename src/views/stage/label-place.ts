/** Finds a free place for a label: simple, and the same for the same picture. */

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/** How much a box covers another, 0 … 1 in each direction at once: grows evenly as one moves over the other. */
export function coverage(a: Box, b: Box): number {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const along = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (across <= 0 || along <= 0) return 0
  return (across / Math.min(a.width, b.width)) * (along / Math.min(a.height, b.height))
}

/**
 * The first of the candidate places that covers nothing taken and nothing to avoid, else the first one; it counts as
 * taken from then on.
 */
export function placeLabel(candidates: readonly Box[], taken: Box[], avoid: readonly Box[] = []): Box | undefined {
  const isFree = (box: Box) => ![...taken, ...avoid].some((other) => overlaps(box, other))
  const free = candidates.find(isFree) ?? candidates[0]
  if (free !== undefined) taken.push(free)
  return free
}
