import { describe, expect, it } from 'vitest'
import { textWidth } from './bar-labels.ts'
import { HandTrace, indexed, lostReply, ORDER, PAYMENT } from './hand-trace.ts'
import type { LaneDrawing } from './lane-drawing.ts'
import { laneRows } from './lane-rows.ts'
import { rulerLayout } from './ruler-layout.ts'
import { boundsOnPixels, zoomAt } from './time-window.ts'
import { timelineLayout } from './timeline-layout.ts'

const WIDTH = 1000
const FONT = 11

function drawn(by: HandTrace, zoom = 1) {
  const { index, fold } = indexed(by)
  const window = zoomAt(boundsOnPixels(fold.total, WIDTH, { before: 20, after: 100 }), 0.5, zoom)
  const rows = laneRows(index, false, -1)
  const ruler = rulerLayout(index, fold, window, WIDTH, FONT)
  const tears = ruler.gaps.map(({ x }) => x)
  const drawing = timelineLayout({ index, window, width: WIDTH, rowHeight: 26, fontSize: FONT, tears }, rows)
  const lane = (name: string): LaneDrawing => {
    const number = rows.findIndex((row) =>
      row.type === 'service' ? index.trace.header.services[row.service]?.title === name : row.type === name,
    )
    return drawing.lanes[number]!
  }
  return { rows, lane, ruler, index }
}

/** Sagas that charge one after the other, a millisecond apart. */
function manySagas(count: number): HandTrace {
  const by = new HandTrace()
  for (let saga = 0; saga < count; saga++) {
    by.at(saga, 'sagaStarted', { service: ORDER, saga, a: by.text(`o${saga}`), b: 0 })
    by.at(saga, 'stepStarted', { service: ORDER, saga, a: 1, b: 1 })
    by.handle(saga, by.send(saga, 'charge', ORDER, PAYMENT, { saga }), PAYMENT, 0.5, saga)
    by.at(saga + 0.5, saga % 2 === 0 ? 'stepSucceeded' : 'stepRefused', {
      service: ORDER,
      saga,
      a: 1,
      b: by.text('no'),
    })
  }
  return by
}

describe('the lost reply on the timeline', () => {
  const { rows, lane, ruler } = drawn(lostReply())

  it('has a lane for the saga and one for every service but the client', () => {
    expect(rows.map((row) => row.type)).toEqual(['saga', 'service', 'service'])
  })

  it('says in words and by shape how each step ended', () => {
    expect(lane('saga').bars.map(({ tone, title }) => [tone, title.replace(/ \(.*/, '')])).toEqual([
      ['ok', 'create: done'],
      ['noAnswer', 'charge: no answer'],
      ['compensated', 'reject: undone'],
    ])
    expect(lane('saga').bars[1]!.label).toBe('charge: no answer')
  })

  it('shows the work of Payment with its commit, and where the reply was lost', () => {
    const payment = lane('Payment')
    expect(payment.bars.map(({ tone, saga }) => [tone, saga])).toEqual([['work', 0]])
    expect(payment.strokes).toMatchObject([{ tone: 'commit', x: payment.bars[0]!.x + payment.bars[0]!.width }])
    expect(payment.marks.map(({ tone }) => tone)).toEqual(['lost'])
    expect(payment.marks[0]!.x).toBeGreaterThan(payment.strokes[0]!.x)
  })

  it('folds the five seconds of waiting and says so', () => {
    expect(ruler.gaps.map(({ label }) => label)).toEqual(['4.980 s idle'])
  })

  it('flags the violation by its name', () => {
    expect(ruler.violations).toMatchObject([{ label: 'all or nothing', side: -1 }])
  })

  it('writes no label over the next thing in the lane', () => {
    const { bars } = lane('saga')
    bars.forEach((bar, number) => {
      const next = bars[number + 1]?.x ?? WIDTH
      if (bar.label !== '' && !bar.labelInside) expect(bar.labelX + textWidth(bar.label, FONT)).toBeLessThan(next)
      if (bar.labelInside) expect(bar.labelX + textWidth(bar.label, FONT)).toBeLessThan(bar.x + bar.width)
    })
  })
})

describe('a folded gap', () => {
  it('never runs through a label', () => {
    for (const zoom of [1, 1.5, 2.2, 3]) {
      const { lane, ruler } = drawn(lostReply(), zoom)
      for (const { label, labelX } of [...lane('saga').bars, ...lane('Payment').bars]) {
        const end = labelX + textWidth(label, FONT)
        for (const { x } of ruler.gaps) expect(label === '' || x < labelX || x > end).toBe(true)
      }
    }
  })
})

describe('steps at once', () => {
  const by = new HandTrace()
  by.at(0, 'sagaStarted', { service: ORDER, saga: 0, a: by.text('o1'), b: 0 })
  by.at(0, 'stepStarted', { service: ORDER, saga: 0, a: 0, b: 1 })
  by.at(5, 'stepStarted', { service: ORDER, saga: 0, a: 1, b: 1 })
  by.at(20, 'stepSucceeded', { service: ORDER, saga: 0, a: 0 })
  by.at(30, 'stepRefused', { service: ORDER, saga: 0, a: 1, b: by.text('no') })

  it('lie under each other', () => {
    const [one, other] = drawn(by).lane('saga').bars
    expect(one!.y + one!.height).toBeLessThanOrEqual(other!.y)
  })
})

describe('steps that take no time', () => {
  const by = new HandTrace()
  by.at(0, 'sagaStarted', { service: ORDER, saga: 0, a: by.text('o1'), b: 0 })
  by.at(0, 'stepStarted', { service: ORDER, saga: 0, a: 0, b: 1 })
  by.at(0, 'stepSucceeded', { service: ORDER, saga: 0, a: 0 })
  by.at(0, 'stepStarted', { service: ORDER, saga: 0, a: 1, b: 1 })
  by.at(30, 'stepSucceeded', { service: ORDER, saga: 0, a: 1 })

  it('are seen beside what follows them', () => {
    const [create, charge] = drawn(by).lane('saga').bars
    expect(create!.x + create!.width).toBeLessThan(charge!.x)
    expect([create!.y, create!.height]).toEqual([charge!.y, charge!.height])
  })
})

describe('a crash', () => {
  const by = new HandTrace()
  const message = by.send(0, 'charge', ORDER, PAYMENT)
  by.at(10, 'received', { service: PAYMENT, message })
  by.at(14, 'crashed', { service: PAYMENT, a: by.text('before commit') })
  by.at(214, 'recovered', { service: PAYMENT })

  it('is a gap that says how long the service was down', () => {
    const { bars, marks } = drawn(by).lane('Payment')
    expect(bars.map(({ tone }) => tone)).toEqual(['cut', 'down'])
    expect(bars[1]!.label).toBe('down 200 ms')
    expect(marks.map(({ tone }) => tone)).toEqual(['crashed', 'recovered'])
  })
})

describe('many sagas', () => {
  const crowd = drawn(manySagas(2000))

  it('are pooled but for the first few, and the one that is selected', () => {
    expect(crowd.rows.slice(0, 4).map((row) => (row.type === 'pool' ? `and ${row.count}` : row.type))).toEqual([
      'saga',
      'saga',
      'saga',
      'and 1997',
    ])
    expect(laneRows(crowd.index, false, 1234)[3]).toEqual({ type: 'saga', saga: 1234 })
    expect(laneRows(crowd.index, true, -1)).toHaveLength(2002)
  })

  it('are outlines while they cannot be told apart, and bars from near', () => {
    expect(crowd.lane('Payment').bars).toEqual([])
    expect(crowd.lane('Payment').crowds[0]!.path).not.toBe('')
    expect(
      crowd
        .lane('pool')
        .crowds.filter(({ path }) => path !== '')
        .map(({ tone }) => tone),
    ).toEqual(['ok', 'bad'])
    expect(drawn(manySagas(2000), 100).lane('Payment').bars.length).toBeGreaterThan(5)
  })

  it('give an outline no wider than the lane, however long the run', () => {
    const numbers = crowd
      .lane('Payment')
      .crowds[0]!.path.match(/H(\d+)/g)!
      .map((part) => Number(part.slice(1)))
    expect(Math.max(...numbers)).toBeLessThanOrEqual(WIDTH)
    expect(numbers.length).toBeLessThanOrEqual(2 * WIDTH)
  })
})
