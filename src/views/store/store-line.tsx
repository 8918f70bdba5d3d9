import { memo } from 'react'
import type { Trace } from '../../trace/trace.ts'
import type { WorldState } from '../../trace/world-state.ts'
import styles from './store-log.module.css'
import { causeText, eventRow, gapText } from './store-rows.ts'

interface StoreLineProps {
  trace: Trace
  world: WorldState
  /** The end of the run, which knows what becomes of a gap. */
  end: WorldState | null
  table: number
  row: number
  onGo: (playhead: number) => void
}

/** One event; pressed, the playhead goes to its commit. A position without one says what becomes of it. */
export const StoreLine = memo(function StoreLine({ trace, world, end, table, row, onGo }: StoreLineProps) {
  const event = eventRow(world, table, row)
  if (event === null) {
    return (
      // biome-ignore lint/a11y/useSemanticElements: the list that draws only what is in sight is made of plain boxes
      <p className={styles.gap} role="listitem">
        <span>{row + 1}</span>
        <span>{gapText(trace, end, table, row)}</span>
      </p>
    )
  }
  const { committedAt } = event
  return (
    // biome-ignore lint/a11y/useSemanticElements: the list that draws only what is in sight is made of plain boxes
    <div role="listitem">
      <button
        type="button"
        className={styles.row}
        data-now={committedAt >= 0 && committedAt === world.position - 1 ? '' : undefined}
        data-late={event.effective < event.recorded ? '' : undefined}
        title={`${event.id}${event.correlation === '' ? '' : ` · ${event.correlation}`}${event.schema > 1 ? ` · schema ${event.schema}` : ''}`}
        onClick={() => onGo(committedAt + 1)}
      >
        <span>{event.position}</span>
        <span>{event.stream}</span>
        <span>v{event.version}</span>
        <b>{event.type}</b>
        <span>{event.data}</span>
        <span>{event.effective} ms</span>
        <span>{event.recorded} ms</span>
        <span>{event.causation === '' ? 'there from the start' : causeText(trace, event.causation)}</span>
      </button>
    </div>
  )
})
