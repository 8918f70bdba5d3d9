/** What the statements of one operation share while they are compiled: names, tables, and how rows are chosen. */

import { heldByOther, type Row, seen, type Table, type Transaction } from '../kernel/disk.ts'
import type { Env, Evaluate } from '../kernel/evaluation.ts'
import { emptyEnv } from '../kernel/evaluation.ts'
import { giveWay } from '../kernel/give-way.ts'
import { waitFor } from '../kernel/handler.ts'
import { Next, type NextCode, type Payload, type TableModel } from '../kernel/model.ts'
import type { Assembler, Label } from '../kernel/program.ts'
import { failTask, note, refuseTask } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import { isAfterSnapshot, noteKey, noteScan } from '../kernel/snapshot.ts'
import type { Task } from '../kernel/task.ts'
import { rowWith, type UniqueIndex } from '../kernel/unique-index.ts'
import type { EventModel } from '../patterns/choreography.ts'
import type { KeySettings } from '../patterns/key-row.ts'
import { turnAway } from '../patterns/protections.ts'
import type { AggregateModel, StoreModel } from '../patterns/store-model.ts'
import { Kind } from '../trace/kinds.ts'
import { NONE, type StatementInfo, type Value } from '../trace/trace-format.ts'
import type { Stores } from './compile-event-stores.ts'
import type { ProjectionTable } from './compile-projections.ts'
import { compileExpression, LOCALS_OF_MACROS } from './expression.ts'
import { ExpressionError } from './expression-error.ts'
import { isTrue } from './expression-operators.ts'
import { nearest } from './nearest.ts'
import type { ProblemList } from './problems.ts'
import { findTable, OperationNames, type World } from './scope.ts'
import { statementText, verbOf } from './statement-text.ts'
import type { Cell, Statement } from './statement-types.ts'

/** What a statement does to the rows of a table, for those who look at a trace. */
export type Change = Pick<StatementInfo, 'table' | 'guarded' | 'sets'>

export interface OperationContext {
  readonly world: World
  readonly stores: Stores
  readonly projections: ProjectionTable
  readonly service: number
  readonly operation: string
  readonly uniqueViolation: 'fail' | 'existing'
  readonly problems: ProblemList
  readonly event: (name: string) => EventModel
  /** Does the service have an operation of that name? */
  readonly handles: (service: string, operation: string) => boolean
  /** Does the message start a saga there? */
  readonly starts: (service: string, message: string) => boolean
  /** The service's idempotency keys; null for none. */
  readonly key: KeySettings | null
  /** Run by an orchestrator inside its own transaction. */
  readonly isLocal: boolean
  /** Registers a statement for the trace and returns its number. */
  readonly statement: (text: string, verb: string, change?: Change) => number
}

export interface Selection {
  /** Rows that could fit, before `where`. */
  readonly candidates: (env: Env, table: Table) => Iterable<Row>
  readonly fits: (env: Env) => boolean
}

export class StatementScope {
  readonly context: OperationContext
  /** Rows read before, by name. */
  readonly variables = new Map<string, { slot: number; table: number }>()
  /** Aggregates loaded before, by name. */
  readonly loaded = new Map<string, { slot: number; aggregate: AggregateModel; store: StoreModel }>()
  readonly program: Assembler
  /** Where an early return goes. */
  readonly end: Label
  /** Behind each recovery point. */
  readonly points = new Map<string, Label>()
  readonly env: Env
  private readonly foldEnv: Env

  constructor(context: OperationContext, program: Assembler, end: Label) {
    this.context = context
    this.program = program
    this.end = end
    this.env = emptyEnv()
    this.foldEnv = { ...this.env }
  }

  /** The slot of a value that later statements know by this name: a row of the table, or (−1) an object of fields. */
  variable(name: string, table: number, path: string): number {
    const slot = this.variables.get(name)?.slot ?? this.variables.size
    if (slot >= LOCALS_OF_MACROS) this.context.problems.add(path, `at most ${LOCALS_OF_MACROS} rows can be read`)
    this.variables.set(name, { slot, table })
    return slot
  }

  payload(fields: Record<string, Cell> | undefined, path: string): (task: Task) => Payload {
    if (fields === undefined) return (task) => task.payload
    const values = Object.entries(fields).map(([name, cell]) => ({ name, value: this.cell(cell, `${path}.${name}`) }))
    return (task) => {
      const payload: Record<string, Value> = { ...task.payload }
      for (const { name, value } of values) payload[name] = value(this.env) as Value
      return payload
    }
  }

  /** Which rows: by unique index where the columns allow, else by looking at every row. */
  selection(where: Record<string, Cell> | string | undefined, table: number, path: string): Selection {
    if (where === undefined) return { candidates: allRows, fits: () => true }
    if (typeof where === 'string') {
      const condition = this.expression(where, path, table)
      return { candidates: allRows, fits: (env) => isTrue(condition(env)) }
    }
    const model = this.model(table)
    const wanted = Object.entries(where).flatMap(([column, cell]) => {
      const index = model.columns.indexOf(column)
      if (index < 0)
        this.context.problems.add(
          `${path}.${column}`,
          `no column "${column}" in ${model.name}${nearest(column, model.columns)}`,
        )
      return index < 0 ? [] : [{ index, value: this.cell(cell, `${path}.${column}`) }]
    })
    const fits = fitting(wanted)
    const keyed = model.uniques.findIndex(
      (columns) => columns.length === 1 && wanted.some(({ index }) => index === columns[0]),
    )
    if (keyed < 0) return this.lookUp(model, wanted, fits)
    const column = (model.uniques[keyed] as readonly number[])[0] as number
    const value = (wanted.find(({ index }) => index === column) as { value: Evaluate }).value
    return {
      fits,
      candidates: (env, rows) => {
        const key = value(env) as Value
        const row = rowWith(rows.indexes[keyed] as UniqueIndex, key)
        if (env.tx?.snapshot) noteKey(env.tx, rows, keyed, [key], row ?? null)
        return row === undefined ? NO_ROWS : [row]
      },
    }
  }

  /** No unique index: rows are found by the first column, whose values the table then keeps track of. */
  private lookUp(
    model: TableModel,
    wanted: readonly { index: number; value: Evaluate }[],
    fits: Selection['fits'],
  ): Selection {
    const first = wanted[0]
    if (first === undefined) return { candidates: allRows, fits }
    const lookups = model.lookups as number[]
    if (!lookups.includes(first.index)) lookups.push(first.index)
    const place = lookups.indexOf(first.index)
    return {
      fits,
      candidates: (env, table) => {
        noteScan(env.tx, table)
        return table.lookups[place]?.get(first.value(env) as Value) ?? NO_ROWS
      },
    }
  }

  assignment(text: string, table: number, path: string): { column: number; value: Evaluate } {
    const parts = /^\s*([A-Za-z_]\w*)\s*(=|\+=|-=|\*=)(?!=)\s*([\s\S]+)$/.exec(text)
    if (parts === null) {
      this.context.problems.add(path, `"${text}" is no change; write "balance -= amount" or "state = 'PAID'"`)
      return { column: 0, value: () => null }
    }
    const [, name, operator, right] = parts as unknown as [string, string, string, string]
    const { columns } = this.model(table)
    const column = columns.indexOf(name)
    if (column < 0)
      this.context.problems.add(path, `no column "${name}" in ${this.model(table).name}${nearest(name, columns)}`)
    const written = operator === '=' ? right : `row.${name} ${operator[0]} (${right})`
    return { column: Math.max(0, column), value: column < 0 ? () => null : this.expression(written, path, table) }
  }

  cell(cell: Cell, path: string): Evaluate {
    if (typeof cell !== 'string') return () => cell
    const isBareWord = /^[A-Za-z]\w*$/.test(cell)
    return this.expression(cell, path, -1, isBareWord ? `; a constant text needs quotes of its own: "'${cell}'"` : '')
  }

  expression(text: string, path: string, rowTable: number, hint = ''): Evaluate {
    const { world, service, problems } = this.context
    try {
      return compileExpression(text, new OperationNames(world, service, rowTable, new Map(this.variables))).get
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      problems.add(path, error.message + hint)
      return () => null
    }
  }

  table(written: string, path: string): number {
    const { world, service, problems } = this.context
    const table = findTable(world, service, written)
    if (table < 0) {
      const own = world.tables.filter((one) => one.service === service).map((one) => one.name)
      problems.add(path, `no table "${written}" in service ${world.serviceNames[service]}${nearest(written, own)}`)
    }
    return table
  }

  model(table: number): TableModel {
    return this.context.world.tables[table] as TableModel
  }

  register(statement: Statement, change?: Change): number {
    return this.context.statement(statementText(statement), verbOf(statement), change)
  }

  enter(sim: Simulation, task: Task): void {
    const { env } = this
    env.sim = sim
    env.tx = task.tx
    env.reader = task.saga >= 0 ? task : null
    env.request = task.payload
    env.row = null
    env.locals = task.locals
    env.key = task.message?.body.key ?? null
    env.service = task.service
    env.epoch = task.message?.epoch ?? 0
  }

  /** For folds and upcasters: they see events, not the message. */
  eventEnv(sim: Simulation): Env {
    this.foldEnv.sim = sim
    this.foldEnv.tx = this.env.tx
    this.foldEnv.locals = []
    return this.foldEnv
  }

  obstacle(
    sim: Simulation,
    task: Task,
    obstacle: { waitFor: Transaction } | { violates: Row },
    model: TableModel,
    cells: readonly Value[],
  ): NextCode {
    if ('waitFor' in obstacle) return this.waitForUnique(sim, task, obstacle.waitFor, model, cells)
    return this.violation(sim, task, model, obstacle.violates, cells)
  }

  waitForUnique(
    sim: Simulation,
    task: Task,
    holder: Transaction,
    model: TableModel,
    cells: readonly Value[],
  ): NextCode {
    const which = sim.trace === null ? NONE : sim.value(uniqueText(model, model.uniques[0], cells))
    return waitFor(sim, task, holder, `a unique value of ${model.name}`, which)
  }

  /** `cells` is the row that was to be written, `there` the one that has the value already. */
  violation(sim: Simulation, task: Task, model: TableModel, there: Row, cells: readonly Value[]): NextCode {
    const found = seen(there, task.tx) ?? cells
    const index = model.uniques.find((columns) => columns.every((column) => found[column] === cells[column]))
    const key = sim.trace === null ? '' : uniqueText(model, index, cells)
    const by = `unique index of ${model.name}`
    if (this.context.uniqueViolation === 'existing') return turnAway(sim, task, by, key, 'ok')
    task.cause = note(sim, task, Kind.collided, sim.value(by), sim.value(key))
    return failTask(sim, task, 'UNIQUE_VIOLATION') as NextCode
  }
}

/** A value of a unique index for people: `order o1, type charge`. */
function uniqueText(model: TableModel, columns: readonly number[] | undefined, cells: readonly Value[]): string {
  const text = (value: Value) => (typeof value === 'string' ? value : JSON.stringify(value))
  return (columns ?? []).map((column) => `${model.columns[column]} ${text(cells[column] ?? null)}`).join(', ')
}

const NO_ROWS: readonly Row[] = []

/** Every column has the value that is wanted. */
function fitting(wanted: readonly { index: number; value: Evaluate }[]): Selection['fits'] {
  const [first, second] = wanted
  if (first !== undefined && second === undefined) {
    return (env) => (env.row as readonly Value[])[first.index] === first.value(env)
  }
  return (env) => wanted.every(({ index, value }) => (env.row as readonly Value[])[index] === value(env))
}

function allRows(env: Env, table: Table): Iterable<Row> {
  noteScan(env.tx, table)
  return table.rows.values()
}

/** Another open transaction holds the row, or has changed it since this one's snapshot; null when the way is free. */
export function meetOthers(sim: Simulation, task: Task, row: Row, model: TableModel): NextCode | null {
  const tx = task.tx as Transaction
  const holder = heldByOther(row, tx)
  if (holder !== null) return waitFor(sim, task, holder, `a row of ${model.name}`)
  return isAfterSnapshot(row, tx) ? giveWay(sim, task) : null
}

/** The statement has run. */
export function executed(sim: Simulation, task: Task, number: number, rows: number): NextCode {
  task.cause = note(sim, task, Kind.executed, number, rows)
  return Next.go
}

/** The statement says no. */
export function refuse(sim: Simulation, task: Task, number: number, reason: string): NextCode {
  executed(sim, task, number, 0)
  return refuseTask(sim, task, reason) as NextCode
}
