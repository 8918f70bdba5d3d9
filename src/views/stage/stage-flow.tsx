import { type KeyboardEvent, type MouseEvent, useLayoutEffect, useMemo, useRef } from 'react'
import { ReactFlow, useReactFlow } from 'reactflow'
import 'reactflow/dist/base.css'
import { useSession } from '../../session/use-session.ts'
import type { TraceHeader } from '../../trace/trace-format.ts'
import { BusEdge } from './bus-edge.tsx'
import type { Size } from './card-size.ts'
import { MotionCanvas } from './motion-canvas.tsx'
import type { MotionLayer } from './motion-layer.ts'
import { ServiceCard } from './service-card.tsx'
import styles from './stage.module.css'
import { type StageGraph, shapeOf, stageGraph } from './stage-graph.ts'
import { fitView, type Insets, ZOOM_MIN } from './stage-layout.ts'
import { ZoomButtons } from './zoom-buttons.tsx'

const nodeTypes = { service: ServiceCard }
const edgeTypes = { bus: BusEdge }
const ZOOM_MOST = 3

/** What the corners need: the stamp above, the legend below. */
const insets: Record<'regular' | 'compact', Insets> = {
  regular: { top: 68, right: 32, bottom: 58, left: 32 },
  compact: { top: 50, right: 12, bottom: 58, left: 12 },
}

function useGraph(size: Size): { graph: StageGraph; story: string } | null {
  const header = useSession((session) => session.trace?.header)
  const positions = useSession((session) => session.effective?.stage?.positions)
  const known = useRef<{ shape: string; header: TraceHeader } | null>(null)
  if (header !== undefined && known.current?.header !== header) {
    const shape = shapeOf(header)
    if (known.current?.shape !== shape) known.current = { shape, header }
  }
  const shaped = known.current
  const { width, height } = size
  return useMemo(() => {
    if (shaped === null) return null
    const edge = insets[width < 620 ? 'compact' : 'regular']
    const free = { width: width - edge.left - edge.right, height: height - edge.top - edge.bottom }
    return { graph: stageGraph(shaped.header, free, positions), story: shaped.shape }
  }, [shaped, width, height, positions])
}

export function StageFlow({ size }: { size: Size }) {
  const made = useGraph(size)
  return made === null ? null : <Flow graph={made.graph} story={made.story} size={size} />
}

interface FlowProps {
  graph: StageGraph
  /** Changes with another cast: then the view is fitted again even if the visitor had moved it. */
  story: string
  size: Size
}

function Flow({ graph, story, size }: FlowProps) {
  const { layout, nodes, edges, lanes } = graph
  const flow = useReactFlow()
  const layer = useRef<MotionLayer | null>(null)
  const moved = useRef<string | null>(null)
  const view = useMemo(() => fitView(layout.bounds, size, insets[layout.density]), [layout, size])
  const first = useRef(view)
  const ground = useMemo(() => ({ lanes, cards: layout.cards }), [lanes, layout])
  useLayoutEffect(() => {
    if (moved.current !== story) flow.setViewport(view)
  }, [flow, view, story])
  const fit = () => {
    moved.current = null
    flow.setViewport(view)
  }
  return (
    <ClickGround layer={layer}>
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
        onMoveStart={(event) => {
          if (event !== null) moved.current = story
        }}
      />
      <MotionCanvas ground={ground} layer={layer} />
      <ZoomButtons
        onZoom={(factor) => {
          moved.current = story
          zoomAround(flow, size, factor)
        }}
        onFit={fit}
      />
    </ClickGround>
  )
}

function zoomAround(flow: ReturnType<typeof useReactFlow>, size: Size, factor: number): void {
  const { x, y, zoom } = flow.getViewport()
  const next = Math.max(ZOOM_MIN, Math.min(ZOOM_MOST, zoom * factor))
  const [cx, cy] = [size.width / 2, size.height / 2]
  flow.setViewport({ x: cx - ((cx - x) * next) / zoom, y: cy - ((cy - y) * next) / zoom, zoom: next })
}

interface ClickGroundProps {
  layer: { readonly current: MotionLayer | null }
  children: React.ReactNode
}

/** A click on a token selects its message before anything below it hears of the click; Escape puts a fault back. */
function ClickGround({ layer, children }: ClickGroundProps) {
  const armed = useSession((session) => session.armed)
  const select = useSession((session) => session.select)
  const arm = useSession((session) => session.arm)
  const messageUnder = (event: MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    return layer.current?.messageAt(event.clientX - box.left, event.clientY - box.top)
  }
  const onClickCapture = (event: MouseEvent<HTMLElement>) => {
    // A key press on a button arrives as a click at no place.
    if (armed !== null || event.detail === 0) return
    const id = messageUnder(event)
    if (id === undefined) return
    event.stopPropagation()
    select({ type: 'message', id })
  }
  const onPointerMove = (event: MouseEvent<HTMLElement>) => {
    event.currentTarget.dataset.over = messageUnder(event) === undefined ? '' : 'message'
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || armed === null) return
    event.stopPropagation()
    arm(null)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what can be clicked here is a button elsewhere too (FlightList)
    <div
      className={styles.ground}
      data-armed={armed !== null}
      onClickCapture={onClickCapture}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>
  )
}
