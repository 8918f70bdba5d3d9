/** Queries that are worth a look in a run: the scenario's own, and what its stores, projections and tables suggest. */
import type { Trace } from '../../trace/trace.ts'
import { asName, type TableName, tableNames, written } from './sql-tables.ts'

export interface SavedQuery {
  readonly title: string
  readonly sql: string
}

export function savedQueries(trace: Trace, own: readonly SavedQuery[]): SavedQuery[] {
  const names = tableNames(trace)
  return [...own, ...ofStores(trace, names), ...ofTables(trace, names), ...ofEntries(names)]
}

function ofStores({ header }: Trace, names: readonly TableName[]): SavedQuery[] {
  return (header.eventStores ?? []).flatMap(({ service, events }, store) => {
    const table = names[events]
    if (table === undefined) return []
    const from = written(table)
    const title = (header.eventStores ?? []).length === 1 ? '' : ` of ${header.services[service]?.title}`
    return [
      {
        title: `Events by type${title}`,
        sql: `SELECT type, count(*) AS events, min(recorded) AS first_ms, max(recorded) AS last_ms\nFROM ${from} GROUP BY type ORDER BY events DESC`,
      },
      {
        title: `Latest events${title}`,
        sql: `SELECT position, stream, version, type, data, recorded\nFROM ${from} ORDER BY position DESC LIMIT 10`,
      },
      {
        title: `Gaps in positions${title}`,
        sql: `SELECT position + 1 AS first_missing, following - 1 AS last_missing\nFROM (SELECT position, lead(position) OVER (ORDER BY position) AS following FROM ${from})\nWHERE following > position + 1`,
      },
      ...ofProjections(header, names, store, from),
    ]
  })
}

function ofProjections(
  { projections }: Trace['header'],
  names: readonly TableName[],
  store: number,
  events: string,
): SavedQuery[] {
  const positions = new Set((projections ?? []).flatMap((one) => (one.store === store ? [one.positions] : [])))
  return [...positions].flatMap((number) => {
    const table = names[number]
    if (table === undefined) return []
    const sql = `SELECT projection, position, (SELECT max(position) FROM ${events}) - position AS behind\nFROM ${written(table)}`
    return [{ title: `How far ${table.schema} is behind`, sql }]
  })
}

const TABLES_MAX = 3

function ofTables({ header }: Trace, names: readonly TableName[]): SavedQuery[] {
  const own = names.filter(({ table }) => header.tables[table]?.system === false).slice(0, TABLES_MAX)
  return own.map((table) => {
    const key = header.tables[table.table]?.key ?? null
    const order = key === null ? '' : ` ORDER BY ${asName(key)}`
    return { title: `All ${table.name}`, sql: `SELECT * FROM ${written(table)}${order}` }
  })
}

function ofEntries(names: readonly TableName[]): SavedQuery[] {
  const entries = names.at(-1)
  if (entries === undefined) return []
  return [
    {
      title: 'What happened how often',
      sql: `SELECT service, kind, count(*) AS times\nFROM ${written(entries)} GROUP BY service, kind ORDER BY times DESC LIMIT 20`,
    },
  ]
}
