/** What recognises duplicates in a scenario: the tables of its protections, and unique indexes that inserts can meet. */
import type { StoreInfo } from '../trace/trace-format.ts'
import { us } from './compile-faults.ts'
import { systemTables } from './compile-tables.ts'
import { everyStatement } from './every-statement.ts'
import type { Scenario, Service } from './schema.ts'
import { findTable, type World } from './scope.ts'

const plain = { claimsFirst: true, field: null, retention: null, capacity: null, reusedStatus: null }

export function storesOf(scenario: Scenario, world: World): StoreInfo[] {
  const inserted = insertedTables(scenario, world)
  return Object.values(scenario.services).flatMap((service, number) => {
    const own = world.tables.flatMap((table, i) => (table.service === number ? [i] : []))
    const tableOf = (table: string) => own.find((i) => world.tables[i]?.name === table) ?? -1
    const unique = own.flatMap((table) => (inserted.has(table) ? uniqueStores(world, table) : []))
    return [...protectionStores(service, tableOf), ...unique]
  })
}

function protectionStores({ protections }: Service, tableOf: (name: string) => number): StoreInfo[] {
  const { idempotencyKey: key, inbox, fence } = protections
  const stores: StoreInfo[] = []
  if (key !== undefined) {
    stores.push({
      ...plain,
      kind: 'idempotency key',
      table: tableOf(systemTables.key),
      columns: [0, 1],
      claimsFirst: key.mode !== 'check then insert',
      field: key.field ?? null,
      retention: timeOf(key.retentionMs),
      capacity: key.capacity ?? null,
      reusedStatus: key.fingerprint ? key.reused : null,
    })
  }
  if (inbox !== undefined) {
    stores.push({
      ...plain,
      kind: 'inbox',
      table: tableOf(systemTables.inbox),
      columns: [0],
      claimsFirst: inbox.when === 'before the work',
      retention: timeOf(inbox.retentionMs),
      capacity: inbox.capacity ?? null,
    })
  }
  if (fence !== undefined) stores.push({ ...plain, kind: 'fence', table: tableOf(systemTables.fence), columns: [0] })
  return stores
}

function timeOf(ms: number | undefined): number | null {
  return ms === undefined ? null : us(ms)
}

function uniqueStores(world: World, table: number): StoreInfo[] {
  const { uniques } = world.tables[table] as World['tables'][number]
  return uniques.map((columns) => ({ ...plain, kind: 'unique constraint', table, columns, claimsFirst: false }))
}

/** Tables that some operation inserts into and is refused by: elsewhere a unique index never meets a duplicate. */
function insertedTables(scenario: Scenario, world: World): Set<number> {
  const tables = new Set<number>()
  Object.values(scenario.services).forEach((service, number) => {
    for (const operation of Object.values(service.operations)) {
      for (const statement of everyStatement(operation.do)) {
        if (!('insert' in statement) || statement.conflict === 'replace') continue
        tables.add(findTable(world, number, statement.insert))
      }
    }
  })
  return tables
}
