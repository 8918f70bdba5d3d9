import type { Edge, Node } from 'reactflow'
import type { Density } from './card-size.ts'

/** What React Flow carries for a card: everything else the card reads from the session. */
export type ServiceNode = Node<{ service: number; density: Density }, 'service'>
export type BusEdge = Edge<
  { from: number; to: number; lanes: readonly string[]; heads: readonly string[]; reach: string },
  'bus'
>
