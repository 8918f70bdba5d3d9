/** Statements that write rows: update, insert, delete. */
import { insert, type Row, seen, type Table, type Transaction, write } from '../kernel/disk.ts'
import { giveWay } from '../kernel/give-way.ts'
import { noteRead } from '../kernel/reads.ts'
import { isAfterSnapshot } from '../kernel/snapshot.ts'
import type { Value } from '../trace/trace-format.ts'
import { isTrue } from './expression-operators.ts'
import { nearest } from './nearest.ts'
import { executed, meetOthers, refuse, type StatementScope } from './statement-scope.ts'
import type { DeleteStatement, InsertStatement, UpdateStatement } from './statement-types.ts'

export function compileUpdate(scope: StatementScope, statement: UpdateStatement, path: string): void {
  const table = scope.table(statement.update, `${path}.update`)
  if (table < 0) return
  const model = scope.model(table)
  const selection = scope.selection(statement.where, table, `${path}.where`)
  const guard = statement.require === undefined ? null : scope.expression(statement.require, `${path}.require`, table)
  const changes = [statement.change].flat().map((text, i) => scope.assignment(text, table, `${path}.change[${i}]`))
  const limit = statement.limit ?? Number.POSITIVE_INFINITY
  const sets = [statement.change].flat().flatMap((text) => columnSet(text))
  const number = scope.register(statement, { table, ...(guard === null ? {} : { guarded: true }), sets })
  const { env } = scope
  scope.program.emit((sim, task) => {
    scope.enter(sim, task)
    const tx = task.tx as Transaction
    const rows: Row[] = []
    for (const row of selection.candidates(env, sim.tables[table] as Table)) {
      env.row = seen(row, tx)
      if (env.row === null || !selection.fits(env)) continue
      const inTheWay = meetOthers(sim, task, row, model)
      if (inTheWay !== null) return inTheWay
      if (guard !== null && !isTrue(guard(env))) {
        noteRead(sim, task, table, row)
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
      if (obstacle !== null) return scope.obstacle(sim, task, obstacle, model, cells)
    }
    return executed(sim, task, number, rows.length)
  })
}

/** The column, when its new value is not made from its old one: whoever writes it overwrites what was there. */
function columnSet(change: string): string[] {
  const [, column, value] = /^\s*([A-Za-z_]\w*)\s*=(?!=)\s*([\s\S]+)$/.exec(change) ?? []
  if (column === undefined || value === undefined) return []
  return new RegExp(`\\b${column}\\b`).test(value) ? [] : [column]
}

export function compileInsert(scope: StatementScope, statement: InsertStatement, path: string): void {
  const table = scope.table(statement.insert, `${path}.insert`)
  if (table < 0) return
  const model = scope.model(table)
  for (const column of Object.keys(statement.row)) {
    if (model.columns.includes(column)) continue
    scope.context.problems.add(
      `${path}.row.${column}`,
      `no column "${column}" in ${model.name}${nearest(column, model.columns)}`,
    )
  }
  const cells = model.columns.map((column) => {
    const written = statement.row[column]
    return written === undefined ? () => null : scope.cell(written, `${path}.row.${column}`)
  })
  const isOver = statement.conflict === 'replace'
  const number = scope.register(statement, { table, ...(isOver ? { sets: model.columns } : {}) })
  const { env } = scope
  scope.program.emit((sim, task) => {
    scope.enter(sim, task)
    const tx = task.tx as Transaction
    const values = cells.map((cell) => cell(env) as Value)
    const result = insert(model, sim.tables[table] as Table, tx, values)
    if ('waitFor' in result) return scope.waitForUnique(sim, task, result.waitFor, model, values)
    if (!('violates' in result)) return executed(sim, task, number, 1)
    const isMild = statement.conflict === 'ignore' || statement.conflict === 'replace'
    if (isMild && isAfterSnapshot(result.violates, tx)) return giveWay(sim, task)
    if (statement.conflict === 'ignore') return executed(sim, task, number, 0)
    if (statement.conflict !== 'replace') return scope.violation(sim, task, model, result.violates, values)
    const inTheWay = meetOthers(sim, task, result.violates, model)
    if (inTheWay !== null) return inTheWay
    write(model, sim.tables[table] as Table, tx, result.violates, values)
    return executed(sim, task, number, 1)
  })
}

export function compileDelete(scope: StatementScope, statement: DeleteStatement, path: string): void {
  const table = scope.table(statement.delete, `${path}.delete`)
  if (table < 0) return
  const model = scope.model(table)
  const selection = scope.selection(statement.where, table, `${path}.where`)
  const number = scope.register(statement, { table, sets: model.columns })
  scope.program.emit((sim, task) => {
    scope.enter(sim, task)
    const tx = task.tx as Transaction
    const rows: Row[] = []
    const { env } = scope
    for (const row of selection.candidates(env, sim.tables[table] as Table)) {
      env.row = seen(row, tx)
      if (env.row === null || !selection.fits(env)) continue
      const inTheWay = meetOthers(sim, task, row, model)
      if (inTheWay !== null) return inTheWay
      rows.push(row)
    }
    for (const row of rows) write(model, sim.tables[table] as Table, tx, row, null)
    return executed(sim, task, number, rows.length)
  })
}
