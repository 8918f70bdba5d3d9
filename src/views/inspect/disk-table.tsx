import { Table } from '../../ui/table.tsx'
import styles from './disk-table.module.css'
import type { CellView, RowView, TableView } from './tables-layout.ts'

/** One table on disk; what the last transaction changed is marked. */
export function DiskTable({ table, service }: { table: TableView; service: string }) {
  if (table.rows.length === 0) {
    return (
      <p className={styles.empty}>
        <b>{table.name}</b> has no rows
      </p>
    )
  }
  const columns = table.columns.map((column) => (column === table.key ? <b key={column}>{column}</b> : column))
  return (
    <div>
      <h4 className={styles.name}>{table.name}</h4>
      <Table
        label={`${service}: ${table.name}`}
        columns={[
          <span key="mark" className="sr-only">
            change
          </span>,
          ...columns,
        ]}
      >
        {table.rows.map((row) => (
          <Row key={row.row} row={row} />
        ))}
      </Table>
      {table.more > 0 && <p className={styles.empty}>{table.more.toLocaleString('en')} earlier rows are not listed.</p>}
    </div>
  )
}

const marks = { new: '+', changed: '~', removed: '−' }
const markWords = { new: 'new', changed: 'changed', removed: 'removed' }

function Row({ row }: { row: RowView }) {
  return (
    <tr className={styles.row} data-mark={row.mark}>
      <td className={styles.mark}>
        {row.mark !== undefined && (
          <span title={markWords[row.mark]}>
            <span aria-hidden="true">{marks[row.mark]}</span>
            <span className="sr-only">{markWords[row.mark]}</span>
          </span>
        )}
      </td>
      {row.cells.map((cell, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
        <td key={i}>
          <Cell cell={cell} />
        </td>
      ))}
    </tr>
  )
}

function Cell({ cell }: { cell: CellView }) {
  if (cell.before === undefined) return cell.text
  return (
    <>
      <del className={styles.before}>{cell.before}</del> <ins className={styles.after}>{cell.text}</ins>
    </>
  )
}
