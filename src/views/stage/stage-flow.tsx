import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import { ReactFlow, useReactFlow, useStore } from 'reactflow'
import 'reactflow/dist/base.css'
import { useSession } from '../../session/use-session.ts'
import type { TraceHeader } from '../../trace/trace-format.ts'
import { BusEdge } from './bus-edge.tsx'
import { CARD_WIDTH, type Size } from './card-size.ts'
import { ClickGround } from './click-ground.tsx'
import { LineTargets } from './line-targets.tsx'
import { MotionCanvas } from './motion-canvas.tsx'
import type { MotionLayer } from './motion-layer.ts'
import { ServiceCard } from './service-card.tsx'
import { type StageGraph, shapeOf, stageGraph } from './stage-graph.ts'
import { fitView, type Insets, ZOOM_MIN } from './stage-layout.ts'
import { ZoomButtons } from './zoom-buttons.tsx'

const nodeTypes = { service: ServiceCard }
const edgeTypes = { bus: BusEdge }
const ZOOM_MOST = 3
/** On a card narrower than so many pixels of the screen nobody can read what is in small print. */
const LEGIBLE = 90

/** What the corners need: the stamp above, the legend below. */
function insetsFor({ width }: Size): Insets {
  return width < 600 ? { top: 46, right: 10, bottom: 50, left: 10 } : { top: 54, right: 28, bottom: 46, left: 28 }
}

/** A run with one more fault has another header of the same shape: nothing may move for it. */
function useShape(header: TraceHeader): TraceHeader {
  const [shown, setShown] = useState(header)
  if (shown === header || shapeOf(shown) === shapeOf(header)) return shown
  setShown(header)
  return header
}

/** `header` gives the cast; with another one the view is fitted again even if the visitor had moved it. */
export function StageFlow({ header, size }: { header: TraceHeader; size: Size }) {
  const cast = useShape(header)
  const positions = useSession((session) => session.effective?.stage?.positions)
  const insets = useMemo(() => insetsFor(size), [size])
  const graph = useMemo(() => {
    const width = size.width - insets.left - insets.right
    const height = size.height - insets.top - insets.bottom
    return stageGraph(cast, { width, height }, positions)
  }, [cast, size, insets, positions])
  return <Flow graph={graph} cast={cast} size={size} insets={insets} />
}

interface FlowProps {
  graph: StageGraph
  cast: TraceHeader
  size: Size
  insets: Insets
}

function Flow({ graph, cast, size, insets }: FlowProps) {
  const { layout, nodes, edges, lanes } = graph
  const flow = useReactFlow()
  const layer = useRef<MotionLayer | null>(null)
  const moved = useRef<TraceHeader | null>(null)
  const view = useMemo(() => fitView(layout.bounds, size, insets), [layout, size, insets])
  const first = useRef(view)
  const far = useStore(isFar)
  const ground = useRef<HTMLDivElement>(null)
  const scenery = useMemo(() => ({ lanes, cards: layout.cards }), [lanes, layout])
  useLayoutEffect(() => {
    if (moved.current !== cast) flow.setViewport(view)
  }, [flow, view, cast])
  const fit = () => {
    moved.current = null
    flow.setViewport(view)
  }
  return (
    <ClickGround ref={ground} layer={layer} far={far}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        defaultViewport={first.current}
        minZoom={ZOOM_MIN}
        maxZoom={ZOOM_MOST}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        zoomOnDoubleClick={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        zoomActivationKeyCode={null}
        aria-label="Services and the bus between them"
        onMoveStart={() => ground.current?.setAttribute('data-moving', '')}
        onMove={(event) => {
          // Not at its start: a press on a card begins a move too, and most of them stay where they are.
          if (event !== null) moved.current = cast
          if (event instanceof MouseEvent && event.buttons !== 0) ground.current?.setAttribute('data-moving', 'drag')
        }}
        onMoveEnd={() => ground.current?.removeAttribute('data-moving')}
      />
      <LineTargets ground={ground} />
      <MotionCanvas ground={scenery} layer={layer} />
      <ZoomButtons
        onZoom={(factor) => {
          moved.current = cast
          zoomAround(flow, size, factor)
        }}
        onFit={fit}
      />
    </ClickGround>
  )
}

function isFar({ transform: [, , zoom] }: { transform: readonly [number, number, number] }): boolean {
  return zoom * CARD_WIDTH < LEGIBLE
}

function zoomAround(flow: ReturnType<typeof useReactFlow>, size: Size, factor: number): void {
  const { x, y, zoom } = flow.getViewport()
  const next = Math.max(ZOOM_MIN, Math.min(ZOOM_MOST, zoom * factor))
  const [cx, cy] = [size.width / 2, size.height / 2]
  flow.setViewport({ x: cx - ((cx - x) * next) / zoom, y: cy - ((cy - y) * next) / zoom, zoom: next })
}
