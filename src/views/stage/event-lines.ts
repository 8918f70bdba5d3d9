/** Lines of a card for what event sourcing keeps: the last events of a store, and how far each projection has come. */
import { EventCell, eventsBehind } from '../../trace/projection-state.ts'
import type { Trace } from '../../trace/trace.ts'
import type { WorldState } from '../../trace/world-state.ts'
import { type DiskLine, type Freshness, stateAt } from './disk-lines.ts'

/** The newest event last, as in a log. */
export function eventLines(world: WorldState, table: number, count: number, fresh: Freshness): DiskLine[] {
  const rows = world.tables[table]
  const lines: DiskLine[] = []
  for (let row = (rows?.end ?? 0) - 1; row >= 0 && lines.length < count; row--) {
    const found = rows?.get(row)
    if (found === undefined) continue
    const { cells, changedAt } = found
    lines.unshift({
      kind: 'row',
      label: `${row + 1} ${cells[EventCell.stream]}`,
      before: null,
      value: String(cells[EventCell.type]),
      changedAt,
      state: stateAt(changedAt, fresh),
    })
  }
  if (lines.length > 0 || count === 0) return lines
  return [{ kind: 'cell', label: 'events', before: null, value: 'none yet', changedAt: -1, state: 'empty' }]
}

export function positionLines(
  trace: Trace,
  world: WorldState,
  service: number,
  count: number,
  fresh: Freshness,
): DiskLine[] {
  const lines: DiskLine[] = []
  for (const [number, info] of (trace.header.projections ?? []).entries()) {
    const state = world.projections[number]
    if (state === undefined || !info.services.includes(service) || lines.length >= count) continue
    const behind = info.persistent ? 0 : eventsBehind(trace, world, info, state.position)
    lines.push({
      kind: 'cell',
      label: `${info.name} at`,
      before: null,
      value: behind === 0 ? String(state.position) : `${state.position}, ${behind} behind`,
      changedAt: state.changedAt,
      state: stateAt(state.changedAt, fresh),
    })
  }
  return lines
}
