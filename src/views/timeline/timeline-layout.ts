/** The timeline of one window: a drawing per visible lane. Pure: the same trace, window and size draw the same. */
import { emptyLane, type LaneDrawing } from './lane-drawing.ts'
import type { LaneRow } from './lane-rows.ts'
import { poolLane, sagaLane } from './saga-lanes.ts'
import { type LaneFrame, serviceLanes } from './service-lanes.ts'
import { type TimeWindow, toPixels } from './time-window.ts'
import type { TraceIndex } from './trace-index.ts'

export interface PartitionBand {
  readonly key: number
  readonly position: number
  readonly x: number
  readonly width: number
  readonly title: string
}

export interface TimelineDrawing {
  /** In the order of the rows given. */
  readonly lanes: LaneDrawing[]
  readonly partitions: PartitionBand[]
}

const PARTITIONS_MAX = 60

export function timelineLayout(frame: LaneFrame, rows: readonly LaneRow[]): TimelineDrawing {
  const services = new Set<number>()
  for (const row of rows) if (row.type === 'service') services.add(row.service)
  const byService = serviceLanes(frame, services)
  return {
    lanes: rows.map((row) => laneOf(frame, row, byService)),
    partitions: partitionBands(frame.index, frame.window, frame.width),
  }
}

function laneOf(frame: LaneFrame, row: LaneRow, byService: readonly LaneDrawing[]): LaneDrawing {
  if (row.type === 'service') return byService[row.service] ?? emptyLane()
  if (row.type === 'pool') return poolLane(frame, row.from)
  const lane = frame.index.sagas.lanes[row.saga]
  return lane === undefined ? emptyLane() : sagaLane(frame, lane)
}

export function partitionBands(index: TraceIndex, window: TimeWindow, size: number): PartitionBand[] {
  const bands: PartitionBand[] = []
  const { partitions, trace } = index
  partitions.forEachWithin(window.from, window.to, (span) => {
    if (bands.length === PARTITIONS_MAX) return
    const from = Math.max(toPixels(window, size, partitions.start[span] as number), -2)
    const to = Math.min(toPixels(window, size, partitions.end[span] as number), size + 2)
    const fault = trace.header.faults[partitions.ref[span] as number] ?? 'partition'
    const position = partitions.from[span] as number
    bands.push({ key: span, position, x: from, width: Math.max(to - from, 1), title: fault })
  })
  return bands
}
