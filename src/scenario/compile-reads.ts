/** Statements that look and decide: check, if, read, return, and the passing of time. */
import { type Row, seen, type Table, type Transaction, write } from '../kernel/disk.ts'
import { Metric } from '../kernel/metrics.ts'
import { Next } from '../kernel/model.ts'
import { noteRead } from '../kernel/reads.ts'
import { note, sleep } from '../kernel/service.ts'
import { Kind } from '../trace/kinds.ts'
import type { Value } from '../trace/trace-format.ts'
import { compileStatements } from './compile-operation.ts'
import { isTrue } from './expression-operators.ts'
import { executed, meetOthers, refuse, type StatementScope } from './statement-scope.ts'
import type { CheckStatement, IfStatement, ReadStatement, ReturnStatement, WorkStatement } from './statement-types.ts'

export function compileCheck(scope: StatementScope, statement: CheckStatement, path: string): void {
  const condition = scope.expression(statement.check, `${path}.check`, -1)
  const number = scope.register(statement)
  scope.program.emit((sim, task) => {
    scope.enter(sim, task)
    if (!isTrue(condition(scope.env))) return refuse(sim, task, number, statement.otherwise)
    return executed(sim, task, number, 0)
  })
}

export function compileIf(scope: StatementScope, statement: IfStatement, path: string): void {
  const condition = scope.expression(statement.if, `${path}.if`, -1)
  const otherwise = scope.program.label()
  const after = scope.program.label()
  const number = scope.register(statement)
  scope.program.emit((sim, task) => {
    scope.enter(sim, task)
    executed(sim, task, number, 0)
    if (isTrue(condition(scope.env))) return Next.go
    task.pc = otherwise.at
    return Next.jump
  })
  compileStatements(scope, statement.do, `${path}.do`)
  scope.program.jump(after)
  scope.program.place(otherwise)
  if (statement.else !== undefined) compileStatements(scope, statement.else, `${path}.else`)
  scope.program.place(after)
}

export function compileRead(scope: StatementScope, statement: ReadStatement, path: string): void {
  const table = scope.table(statement.read, `${path}.read`)
  if (table < 0) return
  const model = scope.model(table)
  const selection = scope.selection(statement.where, table, `${path}.where`)
  const slot = scope.variable(statement.as, table, `${path}.as`)
  const number = scope.register(statement)
  const { env } = scope
  scope.program.emit((sim, task) => {
    scope.enter(sim, task)
    const tx = task.tx as Transaction
    let found: Row | null = null
    for (const row of selection.candidates(env, sim.tables[table] as Table)) {
      env.row = seen(row, tx)
      if (env.row === null || !selection.fits(env)) continue
      found = row
      break
    }
    if (found !== null && statement.lock === true) {
      const inTheWay = meetOthers(sim, task, found, model)
      if (inTheWay !== null) return inTheWay
      write(model, sim.tables[table] as Table, tx, found, seen(found, tx))
    }
    if (found !== null) noteRead(sim, task, table, found)
    task.locals[slot] = found === null ? null : (seen(found, tx) as readonly Value[] as Value)
    return executed(sim, task, number, found === null ? 0 : 1)
  })
}

export function compileReturn(scope: StatementScope, statement: ReturnStatement, path: string): void {
  const condition = scope.expression(statement.return, `${path}.return`, -1)
  const number = scope.register(statement)
  scope.program.emit((sim, task) => {
    scope.enter(sim, task)
    executed(sim, task, number, 0)
    if (!isTrue(condition(scope.env))) return Next.go
    if (task.message !== null) sim.count(task.message.body.type, Metric.deduplicated)
    task.cause = note(sim, task, Kind.deduplicated, sim.value('state check'), sim.value(statement.return))
    task.pc = scope.end.at
    return Next.jump
  })
}

export function compileWork(scope: StatementScope, statement: WorkStatement): void {
  const time = Math.round(statement.work * 1000)
  scope.program.emit((sim, task) => {
    sleep(sim, task, time)
    task.pc++
    return Next.wait
  })
}
