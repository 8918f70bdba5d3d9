import { Grid3x3, Square } from 'lucide-react'
import type { Cell } from '../../session/search-store.ts'
import { openCell, useSearch } from '../../session/use-search.ts'
import { Button } from '../../ui/button.tsx'
import styles from './search-dialog.module.css'
import { cellWords, countsOf, matrixOf, outcomeLooks } from './sweep-layout.ts'

/** Every placement of one fault on the calm run, as a matrix. */
export function SweepTab({ onOpened }: { onOpened: () => void }) {
  const sweep = useSearch((search) => search.sweep)
  const facts = useSearch((search) => search.facts)
  const { sweepAll, cancel } = useSearch((search) => search)
  const isRunning = sweep.status === 'running'
  const counts = countsOf(sweep.cells)
  return (
    <>
      <p className={styles.note}>
        One fault at every place of the calm run: each message lost, twice or late, a crash in each gap of each
        handling, each step refused.
      </p>
      <div className={styles.actions}>
        {isRunning ? (
          <Button icon={<Square aria-hidden="true" />} onClick={cancel}>
            Stop
          </Button>
        ) : (
          <Button tone="primary" icon={<Grid3x3 aria-hidden="true" />} onClick={sweepAll}>
            {sweep.status === 'idle' ? 'Sweep' : 'Sweep again'}
          </Button>
        )}
        <span role="status" className={styles.counts}>
          {counts.map(({ outcome, count }) => (
            <span key={outcome} data-tone={outcomeLooks[outcome].tone}>
              <b aria-hidden="true">{outcomeLooks[outcome].sign}</b> {count} {outcome}
            </span>
          ))}
        </span>
      </div>
      {facts !== null && sweep.cells.length > 0 && (
        <Matrix cells={sweep.cells} columns={facts.columns} onOpened={onOpened} />
      )}
    </>
  )
}

interface MatrixProps {
  cells: readonly Cell[]
  columns: readonly string[]
  onOpened: () => void
}

function Matrix({ cells, columns, onOpened }: MatrixProps) {
  return (
    <div className={styles.scroll}>
      <table className={styles.matrix}>
        <caption className={styles.caption}>A cell opens the run where it leaves the calm one.</caption>
        <thead>
          <tr>
            <th scope="col">What is struck</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                <span>{column}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrixOf(cells, columns).map(({ name, cells: row }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {row.map((cell, i) => (
                <td key={columns[i]}>{cell !== undefined && <CellButton cell={cell} onOpened={onOpened} />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function CellButton({ cell, onOpened }: { cell: Cell; onOpened: () => void }) {
  const { sign, tone } = outcomeLooks[cell.outcome]
  const words = cellWords(cell)
  const open = () => {
    openCell(cell)
    onOpened()
  }
  return (
    <button type="button" className={styles.cell} data-tone={tone} title={words} aria-label={words} onClick={open}>
      {sign}
    </button>
  )
}
