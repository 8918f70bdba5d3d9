/** Small signs drawn as paths, so that they look the same on every machine: a shape for every state and fault. */
import type { BarTone, MarkTone } from './lane-drawing.ts'

/** Each in a box from −5 to 5. */
export const signs = {
  check: 'M-4 0.5-1 3.5 4-3.5',
  cross: 'M-3.5-3.5 3.5 3.5M3.5-3.5-3.5 3.5',
  question: 'M-2.6-2.2A2.7 2.7 0 1 1 0 0.8V1.6M0 4.2v0.2',
  bang: 'M0-4.2V1.4M0 4.1v0.2',
  undo: 'M-1-4-4-1.2-1 1.6M-4-1.2H1.2A2.6 2.6 0 0 1 1.2 4H-1.4',
  dots: 'M-3.2 0h.1M0 0h.1M3.2 0h.1',
  twin: 'M-4.5-1.5a3 3 0 1 0 6 0a3 3 0 1 0-6 0M-1.5 1.5a3 3 0 1 0 6 0a3 3 0 1 0-6 0',
  clock: 'M-4.2 0a4.2 4.2 0 1 0 8.4 0a4.2 4.2 0 1 0-8.4 0M0-2.4V0L1.7 1.2',
  bolt: 'M1-5-3.4 0.8H0L-1 5 3.4-0.8H0Z',
  up: 'M0 4V-3.6M-3-0.6 0-3.8 3-0.6',
  slow: 'M-4.4 2.4a4.4 4.4 0 1 1 8.8 0M0 2.2 2.4-1',
  box: 'M-4.4-3.6H4.4V-1.2H-4.4ZM-3.6-1.2V4H3.6V-1.2M-1.2 1.2H1.2',
} as const
export type Sign = keyof typeof signs

export const barSigns: Partial<Record<BarTone, Sign>> = {
  turnedAway: 'twin',
  refusedWork: 'cross',
  failedWork: 'bang',
  inDoubt: 'question',
  running: 'dots',
  ok: 'check',
  refused: 'cross',
  failed: 'bang',
  noAnswer: 'question',
  compensating: 'undo',
  compensated: 'undo',
  compensationFailed: 'bang',
  stuck: 'bang',
}

export const markSigns: Record<MarkTone, Sign> = {
  lost: 'cross',
  duplicated: 'twin',
  delayed: 'clock',
  crashed: 'bolt',
  recovered: 'up',
  slowed: 'slow',
  parked: 'box',
}
