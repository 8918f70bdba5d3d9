import type { TraceHeader } from '../../trace/trace-format.ts'

const UPDATE = /^update (?:\w+\.)?(\w+)[^:]*: (.*)$/
const ASSIGNMENT = /(\w+) [-+*]?= /g

const known = new WeakMap<TraceHeader, Map<number, ReadonlySet<number>>>()

/**
 * The columns of a table that the scenario's statements write to rows that are already there: the ones worth a line on
 * the card. Known before the first entry, so that a card has its final size from the start.
 */
export function writtenColumns(header: TraceHeader, table: number): ReadonlySet<number> {
  let all = known.get(header)
  if (all === undefined) {
    all = new Map(header.tables.map((_, i) => [i, columnsOf(header, i)]))
    known.set(header, all)
  }
  return all.get(table) ?? new Set()
}

function columnsOf(header: TraceHeader, table: number): ReadonlySet<number> {
  const written = new Set<number>()
  const info = header.tables[table]
  for (const { service, text } of header.statements) {
    const [, name, changes = ''] = UPDATE.exec(text) ?? []
    if (info === undefined || service !== info.service || name !== info.name) continue
    for (const [, column = ''] of changes.matchAll(ASSIGNMENT)) {
      const place = info.columns.indexOf(column)
      if (place >= 0) written.add(place)
    }
  }
  return written
}

/** The columns shown for a row of a table with a key: those written, else the first ones, at most two. */
export function shownColumns(header: TraceHeader, table: number): readonly number[] {
  const info = header.tables[table]
  if (info === undefined) return []
  const written = writtenColumns(header, table)
  const others = info.columns.map((_, i) => i).filter((i) => info.columns[i] !== info.key)
  const worth = others.filter((i) => written.has(i))
  return (worth.length > 0 ? worth : others).slice(0, 2)
}
