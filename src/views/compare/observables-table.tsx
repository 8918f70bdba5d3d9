import { useEffect, useState } from 'react'
import type { Side } from '../../session/comparison-types.ts'
import type { Session } from '../../session/session-types.ts'
import { type Column, comparedRows, type Row } from './observables-layout.ts'
import styles from './observables-table.module.css'
import { SideNumber } from './side-number.tsx'
import { useComparison } from './use-comparison.ts'

/** What the runs came to, number by number, the differences marked. */
export function ObservablesTable() {
  const sides = useComparison((comparison) => comparison.sides)
  const columns = useColumns(sides)
  const rows = comparedRows(columns)
  const count = rows.filter((row) => row.differs).length
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that can scroll has to be reachable by keyboard
    <section className={styles.box} aria-label="At the end of the runs" tabIndex={0}>
      <table className={styles.table} data-sides={sides.length}>
        <caption className="sr-only">
          Observables at the end of the runs; {count} of {rows.length} differ
        </caption>
        <thead>
          <tr>
            <th scope="col" className={styles.corner}>
              At the end
              <span className={styles.count}>
                {count} of {rows.length} differ
              </span>
            </th>
            {sides.map(({ id }, i) => (
              <th key={id} scope="col">
                <SideNumber index={i} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.name} row={row} ids={sides.map(({ id }) => id)} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Line({ row, ids }: { row: Row; ids: readonly number[] }) {
  return (
    <tr data-differs={row.differs} data-kind={row.kind}>
      <th scope="row">
        <span className={styles.sign} aria-hidden="true">
          {row.differs ? '≠' : ''}
        </span>
        {row.name}
        {row.differs && <span className="sr-only"> differs</span>}
      </th>
      {row.cells.map((cell, i) => (
        <td key={ids[i]}>{cell ?? <span className={styles.unknown}>–</span>}</td>
      ))}
    </tr>
  )
}

/** The summaries of all sides, as they come in. */
function useColumns(sides: readonly Side[]): Column[] {
  const read = () => sides.map(({ session }) => columnOf(session.getState()))
  const [, redraw] = useState(0)
  useEffect(() => {
    const stops = sides.map(({ session }) =>
      session.subscribe((now, before) => {
        if (now.run !== before.run || now.trace !== before.trace) redraw((count) => count + 1)
      }),
    )
    redraw((count) => count + 1)
    return () => {
      for (const stop of stops) stop()
    }
  }, [sides])
  return read()
}

function columnOf({ run, trace }: Session): Column {
  return { summary: run.summary, endTime: trace?.endTime ?? 0 }
}
