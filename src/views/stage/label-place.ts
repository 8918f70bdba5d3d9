/** Finds a free place for a label: simple, and the same for the same picture. */

import type { Heading } from './token-shapes.ts'

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

export const LABEL_HEIGHT = 16

export interface LabelLine {
  readonly text: string
  readonly colour: string
  readonly weight?: number
}
export type LabelSide = 'right' | 'left' | 'above' | 'below'

/** Which sides of a token on this lane are free of the other lane: the label goes to the outer one first. */
export function outerSides(heading: Heading): readonly LabelSide[] {
  if (heading === 'right') return ['above', 'below', 'left']
  if (heading === 'left') return ['below', 'above', 'right']
  return heading === 'down' ? ['right', 'left', 'above'] : ['left', 'right', 'below']
}

export function boxBeside(beside: Box, size: { width: number; height: number }, side: LabelSide): Box {
  const gap = 5
  const middleX = beside.x + beside.width / 2 - size.width / 2
  const middleY = beside.y + beside.height / 2 - size.height / 2
  if (side === 'right') return { x: beside.x + beside.width + gap, y: middleY, ...size }
  if (side === 'left') return { x: beside.x - gap - size.width, y: middleY, ...size }
  if (side === 'above') return { x: middleX, y: beside.y - gap - size.height, ...size }
  return { x: middleX, y: beside.y + beside.height + gap, ...size }
}
