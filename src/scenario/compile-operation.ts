/** From an operation's statements to steps of a handler program. */

import { sendOrPublish } from '../kernel/bus.ts'
import { heldByOther, insert, type Row, seen, type Table, type Transaction, write } from '../kernel/disk.ts'
import type { Env, Evaluate } from '../kernel/evaluation.ts'
import { waitFor } from '../kernel/handler.ts'
import { Metric } from '../kernel/metrics.ts'
import { Next, type NextCode, type Payload, type TableModel } from '../kernel/model.ts'
import type { Assembler, Label } from '../kernel/program.ts'
import { failTask, note, refuseTask, sleep } from '../kernel/service.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Outgoing, Task } from '../kernel/task.ts'
import { callSteps } from '../patterns/call.ts'
import { type EventModel, eventCopies } from '../patterns/choreography.ts'
import { turnAway } from '../patterns/protections.ts'
import { Kind } from '../trace/kinds.ts'
import type { Value } from '../trace/trace-format.ts'
import { us } from './compile-faults.ts'
import { compileRetry } from './compile-retry.ts'
import { compileExpression, LOCALS_OF_MACROS } from './expression.ts'
import { ExpressionError } from './expression-error.ts'
import { isTrue } from './expression-operators.ts'
import { nearest } from './nearest.ts'
import type { ProblemList } from './problems.ts'
import type { Retry } from './schema.ts'
import type {
  CallStatement,
  Cell,
  CheckStatement,
  DeleteStatement,
  IfStatement,
  InsertStatement,
  PublishStatement,
  ReadStatement,
  ReturnStatement,
  SendStatement,
  Statement,
  UpdateStatement,
  WorkStatement,
} from './schema-service.ts'
import { findTable, OperationNames, type World } from './scope.ts'
import { statementText } from './statement-text.ts'

export interface OperationContext {
  readonly world: World
  readonly service: number
  readonly operation: string
  readonly uniqueViolation: 'fail' | 'existing'
  readonly problems: ProblemList
  readonly event: (name: string) => EventModel
  /** Does the service have an operation of that name? */
  readonly handles: (service: string, operation: string) => boolean
  /** Registers a statement for the trace and returns its number. */
  readonly statement: (text: string) => number
}

interface Selection {
  /** Rows that could fit, before `where`. */
  readonly candidates: (env: Env, table: Table) => Iterable<Row>
  readonly fits: (env: Env) => boolean
}

export class OperationCompiler {
  private readonly context: OperationContext
  private readonly variables = new Map<string, { slot: number; table: number }>()
  private readonly program: Assembler
  private readonly end: Label
  private readonly env: Env

  constructor(context: OperationContext, program: Assembler, end: Label) {
    this.context = context
    this.program = program
    this.end = end
    this.env = { sim: undefined as never, tx: null, request: {}, row: null, locals: [] }
  }

  compile(statements: readonly Statement[], path: string): void {
    statements.forEach((statement, i) => {
      this.statement(statement, `${path}[${i}]`)
    })
  }

  private statement(statement: Statement, path: string): void {
    if ('update' in statement) this.update(statement, path)
    else if ('insert' in statement) this.insert(statement, path)
    else if ('delete' in statement) this.remove(statement, path)
    else if ('check' in statement) this.check(statement, path)
    else if ('if' in statement) this.branch(statement, path)
    else if ('read' in statement) this.read(statement, path)
    else if ('return' in statement) this.early(statement, path)
    else if ('publish' in statement) this.publish(statement, path)
    else if ('send' in statement) this.send(statement, path)
    else if ('call' in statement) this.call(statement, path)
    else this.work(statement)
  }

  private update(statement: UpdateStatement, path: string): void {
    const table = this.table(statement.update, `${path}.update`)
    if (table < 0) return
    const model = this.model(table)
    const selection = this.selection(statement.where, table, `${path}.where`)
    const guard = statement.require === undefined ? null : this.expression(statement.require, `${path}.require`, table)
    const changes = [statement.change].flat().map((text, i) => this.assignment(text, table, `${path}.change[${i}]`))
    const limit = statement.limit ?? Number.POSITIVE_INFINITY
    const number = this.register(statement)
    const { env } = this
    this.program.emit((sim, task) => {
      this.enter(sim, task)
      const tx = task.tx as Transaction
      const rows: Row[] = []
      for (const row of selection.candidates(env, sim.tables[table] as Table)) {
        env.row = seen(row, tx)
        if (env.row === null || !selection.fits(env)) continue
        const holder = heldByOther(row, tx)
        if (holder !== null) return waitFor(sim, task, holder, `a row of ${model.name}`)
        if (guard !== null && !isTrue(guard(env))) {
          if (statement.otherwise !== undefined) return refuse(sim, task, number, statement.otherwise)
          continue
        }
        rows.push(row)
        if (rows.length === limit) break
      }
      if (rows.length === 0 && statement.otherwise !== undefined) return refuse(sim, task, number, statement.otherwise)
      for (const row of rows) {
        env.row = seen(row, tx)
        const cells = (env.row as readonly Value[]).slice()
        for (const change of changes) cells[change.column] = change.value(env) as Value
        const obstacle = write(model, sim.tables[table] as Table, tx, row, cells)
        if (obstacle !== null) return this.obstacle(sim, task, obstacle, model)
      }
      return executed(sim, task, number, rows.length)
    })
  }

  private insert(statement: InsertStatement, path: string): void {
    const table = this.table(statement.insert, `${path}.insert`)
    if (table < 0) return
    const model = this.model(table)
    for (const column of Object.keys(statement.row)) {
      if (model.columns.includes(column)) continue
      this.context.problems.add(
        `${path}.row.${column}`,
        `no column "${column}" in ${model.name}${nearest(column, model.columns)}`,
      )
    }
    const cells = model.columns.map((column) => {
      const written = statement.row[column]
      return written === undefined ? () => null : this.cell(written, `${path}.row.${column}`)
    })
    const number = this.register(statement)
    const { env } = this
    this.program.emit((sim, task) => {
      this.enter(sim, task)
      const tx = task.tx as Transaction
      const values = cells.map((cell) => cell(env) as Value)
      const result = insert(model, sim.tables[table] as Table, tx, values)
      if ('waitFor' in result) return waitFor(sim, task, result.waitFor, `a unique value of ${model.name}`)
      if (!('violates' in result)) return executed(sim, task, number, 1)
      if (statement.conflict === 'ignore') return executed(sim, task, number, 0)
      if (statement.conflict !== 'replace') return this.violation(sim, task, model)
      const holder = heldByOther(result.violates, tx)
      if (holder !== null) return waitFor(sim, task, holder, `a row of ${model.name}`)
      write(model, sim.tables[table] as Table, tx, result.violates, values)
      return executed(sim, task, number, 1)
    })
  }

  private remove(statement: DeleteStatement, path: string): void {
    const table = this.table(statement.delete, `${path}.delete`)
    if (table < 0) return
    const model = this.model(table)
    const selection = this.selection(statement.where, table, `${path}.where`)
    const number = this.register(statement)
    const { env } = this
    this.program.emit((sim, task) => {
      this.enter(sim, task)
      const tx = task.tx as Transaction
      const rows: Row[] = []
      for (const row of selection.candidates(env, sim.tables[table] as Table)) {
        env.row = seen(row, tx)
        if (env.row === null || !selection.fits(env)) continue
        const holder = heldByOther(row, tx)
        if (holder !== null) return waitFor(sim, task, holder, `a row of ${model.name}`)
        rows.push(row)
      }
      for (const row of rows) write(model, sim.tables[table] as Table, tx, row, null)
      return executed(sim, task, number, rows.length)
    })
  }

  private check(statement: CheckStatement, path: string): void {
    const condition = this.expression(statement.check, `${path}.check`, -1)
    const number = this.register(statement)
    this.program.emit((sim, task) => {
      this.enter(sim, task)
      if (!isTrue(condition(this.env))) return refuse(sim, task, number, statement.otherwise)
      return executed(sim, task, number, 0)
    })
  }

  private branch(statement: IfStatement, path: string): void {
    const condition = this.expression(statement.if, `${path}.if`, -1)
    const otherwise = this.program.label()
    const after = this.program.label()
    const number = this.register(statement)
    this.program.emit((sim, task) => {
      this.enter(sim, task)
      executed(sim, task, number, 0)
      if (isTrue(condition(this.env))) return Next.go
      task.pc = otherwise.at
      return Next.jump
    })
    this.compile(statement.do, `${path}.do`)
    this.program.jump(after)
    this.program.place(otherwise)
    if (statement.else !== undefined) this.compile(statement.else, `${path}.else`)
    this.program.place(after)
  }

  private read(statement: ReadStatement, path: string): void {
    const table = this.table(statement.read, `${path}.read`)
    if (table < 0) return
    const model = this.model(table)
    const selection = this.selection(statement.where, table, `${path}.where`)
    const slot = this.variables.get(statement.as)?.slot ?? this.variables.size
    if (slot >= LOCALS_OF_MACROS)
      this.context.problems.add(`${path}.as`, `at most ${LOCALS_OF_MACROS} rows can be read`)
    this.variables.set(statement.as, { slot, table })
    const number = this.register(statement)
    const { env } = this
    this.program.emit((sim, task) => {
      this.enter(sim, task)
      const tx = task.tx as Transaction
      let found: Row | null = null
      for (const row of selection.candidates(env, sim.tables[table] as Table)) {
        env.row = seen(row, tx)
        if (env.row === null || !selection.fits(env)) continue
        found = row
        break
      }
      if (found !== null && statement.lock === true) {
        const holder = heldByOther(found, tx)
        if (holder !== null) return waitFor(sim, task, holder, `a row of ${model.name}`)
        write(model, sim.tables[table] as Table, tx, found, seen(found, tx))
      }
      task.locals[slot] = found === null ? null : (seen(found, tx) as readonly Value[] as Value)
      return executed(sim, task, number, found === null ? 0 : 1)
    })
  }

  private early(statement: ReturnStatement, path: string): void {
    const condition = this.expression(statement.return, `${path}.return`, -1)
    const number = this.register(statement)
    this.program.emit((sim, task) => {
      this.enter(sim, task)
      executed(sim, task, number, 0)
      if (!isTrue(condition(this.env))) return Next.go
      if (task.message !== null) sim.count(task.message.body.type, Metric.deduplicated)
      task.cause = note(sim, task, Kind.deduplicated, sim.value('state check'), sim.value(statement.return))
      task.pc = this.end.at
      return Next.jump
    })
  }

  private publish(statement: PublishStatement, path: string): void {
    const event = this.context.event(statement.publish)
    const payload = this.payload(statement.with, `${path}.with`)
    const number = this.register(statement)
    const atOnce = statement.when === 'at once'
    this.program.emit((sim, task) => {
      this.enter(sim, task)
      const copies = eventCopies(task, event, payload(task), task.saga)
      if (atOnce) for (const copy of copies) sendOrPublish(sim, task.service, copy, task.cause)
      else task.publications.push(...copies)
      return executed(sim, task, number, 0)
    })
  }

  private send(statement: SendStatement, path: string): void {
    const { world, problems, service } = this.context
    const target = statement.to ?? (world.serviceNames[service] as string)
    if (!this.context.handles(target, statement.send)) {
      problems.add(`${path}.send`, `service ${target} has no operation "${statement.send}"`)
      return
    }
    const to = world.serviceNames.indexOf(target)
    const type = world.messageTypes.indexOf(statement.send)
    const delay = Math.round((statement.afterMs ?? 0) * 1000)
    const payload = this.payload(statement.with, `${path}.with`)
    const number = this.register(statement)
    this.program.emit((sim, task) => {
      this.enter(sim, task)
      const [copy] = eventCopies(task, { type, subscribers: [to] }, payload(task), task.saga)
      // Not an event: asked for by name, of one service, without an answer.
      task.publications.push({ ...(copy as Outgoing), delay, subscribers: -1 })
      return executed(sim, task, number, 0)
    })
  }

  private call(statement: CallStatement, path: string): void {
    const { world, problems } = this.context
    if (!this.context.handles(statement.to, statement.call)) {
      problems.add(`${path}.call`, `service ${statement.to} has no operation "${statement.call}"`)
      return
    }
    const payload = this.payload(statement.with, `${path}.with`)
    const key = statement.key === undefined ? null : this.expression(statement.key, `${path}.key`, -1)
    const number = this.register(statement)
    const [ask, hear] = callSteps({
      type: world.messageTypes.indexOf(statement.call),
      to: world.serviceNames.indexOf(statement.to),
      payload: (sim, task) => {
        this.enter(sim, task)
        return payload(task)
      },
      key: (sim, task) => {
        this.enter(sim, task)
        return key === null ? null : String(key(this.env) ?? '')
      },
      timeout: us(statement.timeoutMs ?? 0),
      retry: compileRetry(statement.retry as Retry | undefined),
      budget: statement.budget ?? null,
      breaker:
        statement.breaker === undefined
          ? null
          : { failures: statement.breaker.failures ?? 5, open: us(statement.breaker.openMs ?? 30_000) },
    })
    this.program.emit((sim, task) => executed(sim, task, number, 0), ask, hear)
  }

  private payload(fields: Record<string, Cell> | undefined, path: string): (task: Task) => Payload {
    if (fields === undefined) return (task) => task.payload
    const values = Object.entries(fields).map(([name, cell]) => ({ name, value: this.cell(cell, `${path}.${name}`) }))
    return (task) => {
      const payload: Record<string, Value> = { ...task.payload }
      for (const { name, value } of values) payload[name] = value(this.env) as Value
      return payload
    }
  }

  private work(statement: WorkStatement): void {
    const time = Math.round(statement.work * 1000)
    this.program.emit((sim, task) => {
      sleep(sim, task, time)
      task.pc++
      return Next.wait
    })
  }

  /** Which rows: by unique index where the columns allow, else by looking at every row. */
  private selection(where: Record<string, Cell> | string | undefined, table: number, path: string): Selection {
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
    const fits = (env: Env) => wanted.every(({ index, value }) => (env.row as readonly Value[])[index] === value(env))
    const keyed = model.uniques.findIndex(
      (columns) => columns.length === 1 && wanted.some(({ index }) => index === columns[0]),
    )
    if (keyed < 0) return this.lookUp(model, wanted, fits)
    const column = (model.uniques[keyed] as readonly number[])[0] as number
    const value = (wanted.find(({ index }) => index === column) as { value: Evaluate }).value
    return {
      fits,
      candidates: (env, rows) => {
        const row = rows.indexes[keyed]?.get(value(env) as Value)
        return row === undefined ? [] : [row]
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
    return { fits, candidates: (env, table) => table.lookups[place]?.get(first.value(env) as Value) ?? [] }
  }

  private assignment(text: string, table: number, path: string): { column: number; value: Evaluate } {
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

  private cell(cell: Cell, path: string): Evaluate {
    if (typeof cell !== 'string') return () => cell
    const isBareWord = /^[A-Za-z]\w*$/.test(cell)
    return this.expression(cell, path, -1, isBareWord ? `; a constant text needs quotes of its own: "'${cell}'"` : '')
  }

  private expression(text: string, path: string, rowTable: number, hint = ''): Evaluate {
    const { world, service, problems } = this.context
    try {
      return compileExpression(text, new OperationNames(world, service, rowTable, new Map(this.variables))).get
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      problems.add(path, error.message + hint)
      return () => null
    }
  }

  private table(written: string, path: string): number {
    const { world, service, problems } = this.context
    const table = findTable(world, service, written)
    if (table < 0) {
      const own = world.tables.filter((one) => one.service === service).map((one) => one.name)
      problems.add(path, `no table "${written}" in service ${world.serviceNames[service]}${nearest(written, own)}`)
    }
    return table
  }

  private model(table: number): TableModel {
    return this.context.world.tables[table] as TableModel
  }

  private register(statement: Statement): number {
    return this.context.statement(statementText(statement))
  }

  private enter(sim: Simulation, task: Task): void {
    const { env } = this
    env.sim = sim
    env.tx = task.tx
    env.request = task.payload
    env.row = null
    env.locals = task.locals
    env.key = task.message?.body.key ?? null
  }

  private obstacle(
    sim: Simulation,
    task: Task,
    obstacle: { waitFor: Transaction } | { violates: Row },
    model: TableModel,
  ): NextCode {
    if ('waitFor' in obstacle) return waitFor(sim, task, obstacle.waitFor, `a unique value of ${model.name}`)
    return this.violation(sim, task, model)
  }

  private violation(sim: Simulation, task: Task, model: TableModel): NextCode {
    const by = `unique index of ${model.name}`
    if (this.context.uniqueViolation === 'existing') return turnAway(sim, task, by, 'the row that is there', 'ok')
    return failTask(sim, task, 'UNIQUE_VIOLATION') as NextCode
  }
}

function allRows(_env: Env, table: Table): Iterable<Row> {
  return table.rows.values()
}

function executed(sim: Simulation, task: Task, number: number, rows: number): NextCode {
  task.cause = note(sim, task, Kind.executed, number, rows)
  return Next.go
}

function refuse(sim: Simulation, task: Task, number: number, reason: string): NextCode {
  executed(sim, task, number, 0)
  return refuseTask(sim, task, reason) as NextCode
}
