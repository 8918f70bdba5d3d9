/** What names mean in a scenario's expressions: columns, message fields, tables, sagas, counts. */
import { clockOf } from '../kernel/clock.ts'
import { type Env, visibleRows } from '../kernel/evaluation.ts'
import type { InstancesModel } from '../kernel/instances.ts'
import type { TableModel } from '../kernel/model.ts'
import type { Wiring } from './choreography-wiring.ts'
import type { Compiled, Names, Shape } from './expression.ts'

/** The static world an expression is compiled in. */
export interface World {
  readonly tables: readonly TableModel[]
  /** The services, then the further processes of those with several, then the clients. */
  readonly serviceNames: readonly string[]
  readonly instances: InstancesModel | null
  readonly messageTypes: readonly string[]
  /** Every field name a message of this scenario can have. */
  readonly fields: ReadonlySet<string>
  readonly wiring: Wiring
}

export function tableNumber(world: World, service: string, table: string): number {
  const index = world.serviceNames.indexOf(service)
  return world.tables.findIndex((one) => one.service === index && one.name === table)
}

/** `ledger` in the given service, or `inventory.stock` anywhere; −1 when there is none. */
export function findTable(world: World, service: number, written: string): number {
  const dot = written.indexOf('.')
  if (dot >= 0) return tableNumber(world, written.slice(0, dot), written.slice(dot + 1))
  return world.tables.findIndex((one) => one.service === service && one.name === written)
}

const any: Shape = { is: 'any' }

export function tableValue(table: number): Compiled {
  return { shape: { is: 'table', table }, get: (env) => visibleRows(env, table) }
}

/** Names inside an operation: columns of the row at hand, rows read before, message fields, tables. */
export class OperationNames implements Names {
  readonly world: World
  readonly service: number
  readonly rowTable: number
  readonly variables: ReadonlyMap<string, { slot: number; table: number }>
  readonly hint = 'a field of the message has to stand in a payload or a "with" of the scenario'

  constructor(world: World, service: number, rowTable: number, variables: OperationNames['variables']) {
    this.world = world
    this.service = service
    this.rowTable = rowTable
    this.variables = variables
  }

  find(name: string): Compiled | null {
    const column = this.columns(this.rowTable).indexOf(name)
    if (column >= 0) return { shape: any, get: (env) => (env.row as Env['row'])?.[column] ?? null }
    const variable = this.variables.get(name)
    if (variable !== undefined) {
      const { slot, table } = variable
      const shape: Shape = table < 0 ? any : { is: 'row', table }
      return { shape, get: (env) => env.locals[slot] ?? null }
    }
    if (name === 'request') return { shape: any, get: (env) => env.request }
    if (name === 'row' && this.rowTable >= 0) {
      return { shape: { is: 'row', table: this.rowTable }, get: (env) => env.row }
    }
    if (name === 'key' && !this.world.fields.has('key')) return { shape: any, get: (env) => env.key ?? null }
    if (name === 'epoch' && !this.world.fields.has('epoch'))
      return { shape: any, get: (env) => (env.epoch ? env.epoch : null) }
    if (name === 'newId') return { shape: any, get: (env) => `id-${++env.sim.idCount}` }
    if (name === 'now') return { shape: any, get: (env) => clockOf(env.sim, env.service ?? this.service) / 1000 }
    if (this.world.fields.has(name)) return { shape: any, get: (env) => env.request[name] ?? null }
    const table = findTable(this.world, this.service, name)
    return table >= 0 ? tableValue(table) : null
  }

  member(name: string, member: string): Compiled | null {
    const table = tableNumber(this.world, name, member)
    return table >= 0 ? tableValue(table) : null
  }

  known(): readonly string[] {
    const tables = this.world.tables.filter((one) => one.service === this.service).map((one) => one.name)
    return [
      ...this.columns(this.rowTable),
      ...this.variables.keys(),
      ...this.world.fields,
      ...tables,
      'now',
      'key',
      'epoch',
      'newId',
    ]
  }

  readonly columns = (table: number): readonly string[] => this.world?.tables[table]?.columns ?? []
  readonly key = (table: number): number => this.world?.tables[table]?.key ?? -1
}
