/** Statements about semantic locks: lock, unlock. */

import type { Simulation } from '../kernel/simulation.ts'
import type { Task } from '../kernel/task.ts'
import { lockRow, lockStep, unlockStep } from '../patterns/locks.ts'
import type { Value } from '../trace/trace-format.ts'
import { us } from './compile-faults.ts'
import { systemTables } from './compile-tables.ts'
import { findTable } from './scope.ts'
import { executed, type StatementScope } from './statement-scope.ts'
import type { LockStatement, UnlockStatement } from './statement-types.ts'

export function compileLock(scope: StatementScope, statement: LockStatement, path: string): void {
  const number = scope.register(statement)
  const slot =
    statement.as === undefined
      ? -1
      : scope.variable(
          statement.as,
          findTable(scope.context.world, scope.context.service, systemTables.locks),
          `${path}.as`,
        )
  const model = {
    ...lockOf(scope, statement.lock, statement.holder, `${path}.lock`, path),
    wait: statement.whenHeld === 'wait',
    timeout: us(statement.timeoutMs ?? 0),
    timeToLive: statement.timeToLiveMs === undefined ? Number.POSITIVE_INFINITY : us(statement.timeToLiveMs),
    detectDeadlock: statement.deadlocks === 'detect',
  }
  scope.program.emit(lockStep(model), (sim, task) => {
    if (slot >= 0) task.locals[slot] = lockRow(sim, task, model) as readonly Value[] as Value
    return executed(sim, task, number, 1)
  })
}

export function compileUnlock(scope: StatementScope, statement: UnlockStatement, path: string): void {
  const number = scope.register(statement)
  scope.program.emit(
    unlockStep(lockOf(scope, statement.unlock, statement.holder, `${path}.unlock`, path)),
    (sim, task) => executed(sim, task, number, 1),
  )
}

function lockOf(scope: StatementScope, name: string, holder: string, namePath: string, path: string) {
  return {
    table: findTable(scope.context.world, scope.context.service, systemTables.locks),
    name: textOf(scope, name, namePath),
    holder: textOf(scope, holder, `${path}.holder`),
  }
}

function textOf(scope: StatementScope, written: string, path: string): (sim: Simulation, task: Task) => string {
  const value = scope.expression(written, path, -1)
  return (sim, task) => {
    scope.enter(sim, task)
    return String(value(scope.env) ?? '')
  }
}
