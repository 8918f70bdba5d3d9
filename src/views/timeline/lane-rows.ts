/** Which lanes there are: sagas first, all but a few of them in one pooled row, then the services. */
import type { TraceIndex } from './trace-index.ts'

export type LaneRow =
  | { readonly type: 'saga'; readonly saga: number }
  /** The sagas that have no row of their own. */
  | { readonly type: 'pool'; readonly count: number; readonly from: number }
  | { readonly type: 'service'; readonly service: number }

/** So many sagas are shown each on its own. */
const ALWAYS_SHOWN = 5
const SHOWN_OF_MANY = 3
/** Browsers limit how tall an element can be. */
const ROWS_MAX = 300_000

export function laneRows(index: TraceIndex, expanded: boolean, selected: number): LaneRow[] {
  const rows: LaneRow[] = []
  const count = index.sagas.lanes.length
  const shown = sagasShown(count, expanded)
  for (let saga = 0; saga < shown; saga++) rows.push({ type: 'saga', saga })
  if (selected >= shown && selected < count) rows.push({ type: 'saga', saga: selected })
  if (shown < count) rows.push({ type: 'pool', count: count - shown, from: shown })
  index.trace.header.services.forEach((service, number) => {
    if (service.kind === 'service') rows.push({ type: 'service', service: number })
  })
  return rows
}

function sagasShown(count: number, expanded: boolean): number {
  if (expanded) return Math.min(count, ROWS_MAX)
  return count <= ALWAYS_SHOWN ? count : SHOWN_OF_MANY
}

export function canPool(index: TraceIndex): boolean {
  return index.sagas.lanes.length > ALWAYS_SHOWN
}
