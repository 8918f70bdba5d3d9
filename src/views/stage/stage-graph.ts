/** The header of a run as React Flow's nodes and edges. */
import { Position } from 'reactflow'
import type { TraceHeader } from '../../trace/trace-format.ts'
import type { Size } from './card-size.ts'
import { type Lanes, layLanes } from './lane-layout.ts'
import { headPath, lanePath, middlePath } from './lanes.ts'
import { NARROW, type Positions, type Rect, type StageLayout, stageLayout } from './stage-layout.ts'
import type { BusEdge, ServiceNode } from './stage-node.ts'

export interface StageGraph {
  readonly layout: StageLayout
  readonly lanes: Lanes
  readonly nodes: ServiceNode[]
  readonly edges: BusEdge[]
}

export function stageGraph(header: TraceHeader, stage: Size, positions: Positions | undefined): StageGraph {
  const { layout, lanes } = withRoomForLanes(header, stage, positions)
  return { layout, lanes, nodes: nodesOf(header, layout), edges: edgesOf(header, lanes) }
}

/** Lanes that swing out around cards take their room from the gaps; shrinking everything for them would cost legibility. */
function withRoomForLanes(header: TraceHeader, stage: Size, positions: Positions | undefined) {
  const first = laid(header, stage, positions)
  const width = stage.width - first.swing
  return first.swing > 0 && width >= NARROW ? laid(header, { ...stage, width }, positions) : first
}

function laid(header: TraceHeader, stage: Size, positions: Positions | undefined) {
  const placed = stageLayout(header, stage, positions)
  const lanes = layLanes(placed.cards, header.edges)
  const bounds = including(placed.bounds, lanes)
  return { layout: { ...placed, bounds }, lanes, swing: bounds.width - placed.bounds.width }
}

/** Lanes that swing out belong to the picture. */
function including({ x, y, width, height }: Rect, lanes: Lanes): Rect {
  let [left, top, right, bottom] = [x, y, x + width, y + height]
  for (const { points } of lanes.all) {
    for (let i = 0; i < points.length; i += 2) {
      left = Math.min(left, points[i] as number)
      right = Math.max(right, points[i] as number)
      top = Math.min(top, points[i + 1] as number)
      bottom = Math.max(bottom, points[i + 1] as number)
    }
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** Two headers with the same shape lie the same way: a run with one more fault must not move anything. */
export function shapeOf({ services, tables, sagas, edges }: TraceHeader): string {
  return JSON.stringify([services, tables, sagas, edges])
}

function nodesOf(header: TraceHeader, { cards, density }: StageLayout): ServiceNode[] {
  return cards.map(({ x, y, width, height }, service) => ({
    id: String(service),
    type: 'service',
    position: { x, y },
    data: { service, density },
    width,
    height,
    // Sizes and handles are known beforehand, so that the first frame is already the final one.
    measured: { width, height },
    handles: [
      { type: 'source', position: Position.Right, x: width, y: height / 2 },
      { type: 'target', position: Position.Left, x: 0, y: height / 2 },
    ],
    ariaRole: 'group',
    ariaLabel: header.services[service]?.title ?? '',
  }))
}

function edgesOf(header: TraceHeader, lanes: Lanes): BusEdge[] {
  return header.edges.flatMap(([from, to]) => {
    const there = lanes.between(from, to)
    const back = lanes.between(to, from)
    if (there === undefined || back === undefined) return []
    const both = [there, back]
    const data = { from, to, lanes: both.map(lanePath), heads: both.map(headPath), reach: middlePath(there, back) }
    const label = `The line between ${header.services[from]?.title ?? ''} and ${header.services[to]?.title ?? ''}`
    return [
      {
        id: `${from}-${to}`,
        type: 'bus' as const,
        source: String(from),
        target: String(to),
        data,
        ariaRole: 'group' as const,
        ariaLabel: label,
      },
    ]
  })
}
