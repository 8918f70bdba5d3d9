/** Tables that event stores and projections keep. An event is a row: what happened, guarded by its stream and version. */
import type { TableModel } from '../kernel/model.ts'
import {
  bufferColumns,
  claimColumns,
  parkedColumns,
  positionColumns,
  versionColumns,
} from '../patterns/projection-model.ts'
import { Column, eventColumns, STREAM_AND_VERSION, snapshotColumns } from '../patterns/store-model.ts'
import type { Value } from '../trace/trace-format.ts'
import type { Service } from './schema.ts'
import type { StoreDefinition } from './schema-store.ts'
import { isRebuiltBeside, keptTables, nextTable, storeTables } from './store-names.ts'

export function storeTableModels(service: Service, number: number, tables: readonly TableModel[]): TableModel[] {
  return [
    ...(service.store === undefined ? [] : ownTables(service.store, number)),
    ...(Object.keys(service.projections).length === 0 ? [] : projectionTables(service, number, tables)),
  ]
}

function table(service: number, name: string, columns: readonly string[], rows: readonly Value[][] = []): TableModel {
  return { name, service, columns, key: 0, uniques: [[0]], lookups: [], rows }
}

function ownTables(store: StoreDefinition, service: number): TableModel[] {
  const events: TableModel = {
    ...table(service, storeTables.events, eventColumns, initialEvents(store)),
    // A position is the place of the row: it is unique by itself.
    uniques: [STREAM_AND_VERSION],
    lookups: [Column.stream],
  }
  const takesSnapshots = Object.values(store.aggregates).some(({ snapshot }) => snapshot !== undefined)
  if (!takesSnapshots && store.snapshots.length === 0) return [events]
  const rows = store.snapshots.map(({ stream, version, revision, state }) => [stream, version, revision, state])
  return [events, table(service, storeTables.snapshots, snapshotColumns, rows)]
}

function initialEvents(store: StoreDefinition): Value[][] {
  const versions = new Map<string, number>()
  const rows: Value[][] = []
  for (const { stream, type, data, schema, effectiveMs, copies } of store.events) {
    for (let copy = 1; copy <= copies; copy++) {
      const numbered = (value: Value) =>
        copies > 1 && typeof value === 'string' ? value.replaceAll('#', String(copy)) : value
      const name = numbered(stream) as string
      const version = (versions.get(name) ?? 0) + 1
      versions.set(name, version)
      const own = Object.fromEntries(Object.entries(data).map(([field, value]) => [field, numbered(value)]))
      const position = rows.length + 1
      rows.push([position, name, version, type, `initial-${position}`, own, schema, effectiveMs, 0, null, null])
    }
  }
  return rows
}

function projectionTables(service: Service, number: number, tables: readonly TableModel[]): TableModel[] {
  const projections = Object.entries(service.projections)
  const some = (condition: (projection: Service['projections'][string]) => boolean) =>
    projections.some(([, projection]) => condition(projection))
  const make = (isNeeded: boolean, name: string, columns: readonly string[]) =>
    isNeeded ? [table(number, name, columns)] : []
  const beside = projections.flatMap(([name, projection]) =>
    isRebuiltBeside(service, name) ? keptTables(service, projection) : [],
  )
  return [
    table(number, storeTables.positions, positionColumns),
    ...make(
      some(({ outOfOrder }) => outOfOrder !== 'apply'),
      storeTables.versions,
      versionColumns,
    ),
    ...make(
      some(({ outOfOrder }) => outOfOrder === 'buffer'),
      storeTables.buffer,
      bufferColumns,
    ),
    ...make(
      some(({ onError }) => onError.startsWith('park')),
      storeTables.parked,
      parkedColumns,
    ),
    ...make(
      some(({ claimMs }) => claimMs !== undefined),
      storeTables.claims,
      claimColumns,
    ),
    ...[...new Set(beside)].flatMap((kept) => {
      const original = tables.find((one) => one.service === number && one.name === kept)
      return original === undefined ? [] : [{ ...original, name: nextTable(kept), rows: [], lookups: [] }]
    }),
  ]
}
