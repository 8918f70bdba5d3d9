/** All lanes of a stage. */
import { bezier, finely, laneBeside } from './lane-curve.ts'
import { type Port, portsOf } from './lane-ports.ts'
import type { Lane } from './lanes.ts'
import type { Rect } from './stage-layout.ts'

export interface Lanes {
  /** The lane between two services; made up on the spot for a pair the header does not list. */
  between(from: number, to: number): Lane | undefined
  readonly all: readonly Lane[]
}

export function layLanes(cards: readonly Rect[], edges: readonly (readonly [number, number])[]): Lanes {
  const known = new Map<number, Lane>()
  const ports = portsOf(cards, edges)
  const all: Lane[] = []
  const lay = (a: number, b: number, ends: [Port, Port]) => {
    const middle = finely(bezier(ends[0], ends[1]))
    const lanes = [laneBeside(a, b, middle), laneBeside(b, a, middle.toReversed())]
    for (const lane of lanes) known.set(pairKey(lane.from, lane.to), lane)
    return lanes
  }
  edges.forEach(([a, b], i) => {
    const ends = ports[i]
    if (ends !== undefined) all.push(...lay(a, b, ends))
  })
  const between = (from: number, to: number) => {
    const lane = known.get(pairKey(from, to))
    if (lane !== undefined || from === to || cards[from] === undefined || cards[to] === undefined) return lane
    const ends = portsOf(cards, [[from, to]])[0]
    return ends === undefined ? undefined : lay(from, to, ends)[0]
  }
  return { between, all }
}

/** A number for a pair: looked up for every message in every frame. */
function pairKey(from: number, to: number): number {
  return from * 65_536 + to
}
