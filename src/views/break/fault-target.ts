import type { Target } from '../../session/session-types.ts'

/** Reads what the stage writes into `data-fault-target`: `service:2` or `edge:0:2`. */
export function readTarget(text: string): Target | null {
  const service = /^service:(\d+)$/.exec(text)
  if (service !== null) return { type: 'service', service: Number(service[1]) }
  const edge = /^edge:(\d+):(\d+)$/.exec(text)
  return edge === null ? null : { type: 'edge', from: Number(edge[1]), to: Number(edge[2]) }
}

export interface Hit {
  readonly element: HTMLElement | SVGElement
  readonly target: Target
}

/** What a fault let go at this place of the page would fall on. */
export function hitTest(page: Pick<Document, 'elementFromPoint'>, x: number, y: number): Hit | null {
  const element = page.elementFromPoint(x, y)?.closest<HTMLElement>('[data-fault-target]')
  if (element === null || element === undefined) return null
  const target = readTarget(element.dataset.faultTarget ?? '')
  return target === null ? null : { element, target }
}
