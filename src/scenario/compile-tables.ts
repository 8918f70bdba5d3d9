/** Tables of a scenario: the author's, and those that protections keep. */
import type { TableModel } from '../kernel/model.ts'
import { partitionColumns } from '../kernel/partition-rows.ts'
import { startingMembers } from '../patterns/consumer-groups.ts'
import { dealRanges } from '../patterns/deal-partitions.ts'
import { epochColumns } from '../patterns/epochs.ts'
import { fenceColumns } from '../patterns/fence.ts'
import { inboxColumns } from '../patterns/inbox.ts'
import { keyColumns } from '../patterns/key-row.ts'
import { leaseColumns } from '../patterns/leases.ts'
import { lockColumns } from '../patterns/locks.ts'
import { outboxColumns } from '../patterns/outbox-rows.ts'
import type { Value } from '../trace/trace-format.ts'
import { lateMembers } from './compile-groups.ts'
import { storeTableModels } from './compile-store-tables.ts'
import { everyStatement } from './every-statement.ts'
import { nearest } from './nearest.ts'
import type { ProblemList } from './problems.ts'
import type { Scenario, Service } from './schema.ts'
import { storeTables } from './store-names.ts'

export const systemTables = {
  key: 'idempotency_keys',
  inbox: 'inbox',
  fence: 'fence',
  outbox: 'outbox',
  locks: 'locks',
  ...storeTables,
  leases: 'leases',
  epochs: 'epochs',
  partitions: 'partitions',
} as const

export function compileTables(scenario: Scenario, problems: ProblemList): TableModel[] {
  const tables: TableModel[] = []
  Object.entries(scenario.services).forEach(([name, service], number) => {
    for (const [table, definition] of Object.entries(service.tables)) {
      const path = `services.${name}.tables.${table}`
      if (Object.values<string>(systemTables).includes(table) && isReservedIn(service, table)) {
        problems.add(path, `"${table}" is kept by a protection; choose another name`)
      }
      tables.push(compileTable(table, number, definition, path, problems))
    }
    tables.push(...protectionTables(name, service, number), ...storeTableModels(service, number, tables))
  })
  return tables
}

/** Kept by a protection or a pattern, not by the scenario's author. */
export function isSystemTable(name: string, service: Service | undefined): boolean {
  if (service === undefined || name in service.tables) return false
  return Object.values<string>(systemTables).includes(name) || name.endsWith('_next')
}

/** Names that only an event store, a projection or a consumer group keeps are taken only where there is one. */
function isReservedIn(service: Service, name: string): boolean {
  if (name === systemTables.partitions) return service.group !== undefined
  if (!Object.values<string>(storeTables).includes(name)) return true
  const isOfStore = name === storeTables.events || name === storeTables.snapshots
  return isOfStore ? service.store !== undefined : Object.keys(service.projections).length > 0
}

function usesLocks(service: Service): boolean {
  return Object.values(service.operations).some((operation) =>
    everyStatement(operation.do).some((statement) => 'lock' in statement || 'unlock' in statement),
  )
}

function compileTable(
  name: string,
  service: number,
  definition: Service['tables'][string],
  path: string,
  problems: ProblemList,
): TableModel {
  const { columns } = definition
  const column = (written: string, where: string) => {
    const index = columns.indexOf(written)
    if (index < 0) problems.add(where, `no column "${written}" in ${name}${nearest(written, columns)}`)
    return Math.max(0, index)
  }
  columns.forEach((one, i) => {
    if (columns.indexOf(one) < i) problems.add(`${path}.columns[${i}]`, `two columns are called "${one}"`)
  })
  const key = definition.key === undefined ? -1 : column(definition.key, `${path}.key`)
  const uniques = definition.unique.map((set, i) => set.map((one, j) => column(one, `${path}.unique[${i}][${j}]`)))
  if (key >= 0) uniques.unshift([key])
  const rows = definition.rows.map((row, i) => {
    for (const field of Object.keys(row)) column(field, `${path}.rows[${i}].${field}`)
    return columns.map((field) => row[field] ?? null)
  })
  for (const unique of uniques) {
    const seen = new Set<string>()
    rows.forEach((row, i) => {
      const value = JSON.stringify(unique.map((one) => row[one]))
      if (seen.has(value))
        problems.add(
          `${path}.rows[${i}]`,
          `a row with ${unique.map((one) => columns[one]).join(', ')} = ${value.slice(1, -1)} is there already`,
        )
      seen.add(value)
    })
  }
  return { name, service, columns, key, uniques, lookups: [], rows }
}

function protectionTables(serviceName: string, service: Service, number: number): TableModel[] {
  const { idempotencyKey, inbox, outbox, fence } = service.protections
  const table = (name: string, columns: readonly string[], uniques: number[][]): TableModel => ({
    name,
    service: number,
    columns,
    key: -1,
    uniques,
    lookups: [],
    rows: [],
  })
  return [
    ...(idempotencyKey === undefined
      ? []
      : [
          table(
            systemTables.key,
            keyColumns(idempotencyKey.mode, idempotencyKey.completerMs !== undefined),
            idempotencyKey.mode === 'check then insert' ? [] : [[0, 1]],
          ),
        ]),
    ...(inbox === undefined ? [] : [table(systemTables.inbox, inboxColumns(inbox.retentionMs !== undefined), [[0]])]),
    ...(fence === undefined ? [] : [table(systemTables.fence, fenceColumns, [[0]])]),
    ...(service.lease === undefined
      ? []
      : [{ ...table(systemTables.leases, leaseColumns, []), rows: [[serviceName, 1, 0]] }]),
    ...(service.group === undefined
      ? []
      : [
          {
            ...table(systemTables.partitions, partitionColumns, [[0]]),
            key: 0,
            rows: firstPartitions(serviceName, service, service.group),
          },
        ]),
    ...(service.protections.epochs ? [table(systemTables.epochs, epochColumns, [[0]])] : []),
    ...(usesLocks(service) ? [{ ...table(systemTables.locks, lockColumns, [[0]]), key: 0 }] : []),
    ...(outbox ? [table(systemTables.outbox, outboxColumns, [])] : []),
  ]
}

/** As the members that are there from the start deal them. */
function firstPartitions(name: string, service: Service, group: NonNullable<Service['group']>): Value[][] {
  const names = Array.from({ length: service.instances }, (_, i) => (i === 0 ? name : `${name}_${i + 1}`))
  const members = names.map((_, i) => i)
  const owners = dealRanges(startingMembers({ members, joins: lateMembers(group, members) }), group.partitions)
  return owners.map((owner, number) => [number, names[owner] ?? null, 1, 0, 0])
}
