/** What stands on the lifelines: handlers at work, their transactions, and the time a service was down. */
import { timeText } from '../../trace/describe.ts'
import { Handling, Transaction } from '../timeline/handling-index.ts'
import { messageName } from '../timeline/service-lanes.ts'
import type { SpanList } from '../timeline/span-list.ts'
import { toPixels } from '../timeline/time-window.ts'
import type { Stretch } from './space-time-drawing.ts'
import type { SpaceTimeFrame } from './space-time-layout.ts'

/** Handlers at work at once stand beside each other, pixels. */
const SLOT_STEP = 7
const SLOTS_MAX = 4
/** More in one window are not drawn: they could not be told apart. */
const STRETCHES_MAX = 900

export function lifelineStretches(frame: SpaceTimeFrame): Stretch[] {
  const { handlings, transactions, downs } = frame.index.handlings
  return [
    ...collect(frame, handlings, (span) => handlingOf(frame, span)),
    ...collect(frame, transactions, (span) => transactionOf(frame, span)),
    ...collect(frame, downs, (span) => downOf(frame, span)),
  ]
}

function collect({ window }: SpaceTimeFrame, list: SpanList, draw: (span: number) => Stretch): Stretch[] {
  const spans: number[] = []
  list.forEachWithin(window.from, window.to, (span) => {
    spans.push(span)
  })
  return spans.length > STRETCHES_MAX ? [] : spans.map(draw)
}

function placeOf({ index, window, height, columns }: SpaceTimeFrame, list: SpanList, span: number) {
  const slot = (list.slot[span] as number) % SLOTS_MAX
  return {
    position: list.from[span] as number,
    x: (columns.x[list.lane[span] as number] ?? 0) + slot * SLOT_STEP,
    y0: Math.max(toPixels(window, height, list.start[span] as number), -20),
    y1: Math.min(toPixels(window, height, list.end[span] as number), height + 20),
    trace: index.trace,
  }
}

function handlingOf(frame: SpaceTimeFrame, span: number): Stretch {
  const { handlings } = frame.index.handlings
  const { trace, ...place } = placeOf(frame, handlings, span)
  const message = handlings.ref[span] as number
  const away = handlings.tone[span] === Handling.turnedAway
  return {
    key: span * 3,
    ...place,
    saga: trace.messageAt('saga', message),
    tone: away ? 'turnedAway' : 'handling',
    commit: false,
    title: `${messageName(trace, message)}${away ? ': duplicate turned away' : ''}`,
  }
}

function transactionOf(frame: SpaceTimeFrame, span: number): Stretch {
  const { transactions } = frame.index.handlings
  const { trace, ...place } = placeOf(frame, transactions, span)
  const message = transactions.ref[span] as number
  const tone = transactions.tone[span]
  const undone = tone === Transaction.aborted || tone === Transaction.cut
  return {
    key: span * 3 + 1,
    ...place,
    saga: trace.messageAt('saga', message),
    tone: undone ? 'aborted' : 'transaction',
    commit: tone === Transaction.committed,
    title: `transaction for ${messageName(trace, message)}${undone ? ', rolled back' : ''}`,
  }
}

function downOf(frame: SpaceTimeFrame, span: number): Stretch {
  const { downs } = frame.index.handlings
  const { trace, ...place } = placeOf(frame, downs, span)
  const to = downs.to[span] as number
  const length = to === -1 ? 'for good' : timeText(trace.timeAt(to) - trace.timeAt(place.position))
  return { key: span * 3 + 2, ...place, saga: -1, tone: 'down', commit: false, title: `down ${length}` }
}
