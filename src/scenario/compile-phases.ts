/** Operations in several transactions: recovery points, and going on behind the last one that was reached. */
import { Next, type Step } from '../kernel/model.ts'
import { reachPoint } from '../patterns/idempotency-key.ts'
import { everyStatement } from './every-statement.ts'
import { executed, type StatementScope } from './statement-scope.ts'
import type { CommitStatement, Statement } from './statement-types.ts'

export function compileCommit(scope: StatementScope, statement: CommitStatement, path: string): void {
  const { key, isLocal, problems } = scope.context
  if (isLocal)
    problems.add(
      path,
      'an operation that its orchestrator runs itself has no transaction of its own to commit; neither has a part of a two-phase commit',
    )
  if (key !== null && key.mode !== 'claim first')
    problems.add(path, `a recovery point needs idempotencyKey.mode "claim first", not "${key.mode}"`)
  if (scope.points.has(statement.commit))
    problems.add(`${path}.commit`, `there is a recovery point "${statement.commit}" already`)
  const number = scope.register(statement)
  const behind = scope.program.label()
  scope.points.set(statement.commit, behind)
  scope.program.emit((sim, task) => executed(sim, task, number, 0), reachPoint(statement.commit, key))
  scope.program.place(behind)
}

/** At the start of an operation with recovery points: who takes over goes where the other has stopped. */
export function resumeSteps(scope: StatementScope, statements: readonly Statement[]): Step[] {
  if (!everyStatement(statements).some((statement) => 'commit' in statement)) return []
  return [
    (_sim, task) => {
      const behind = task.point === null ? undefined : scope.points.get(task.point)
      if (behind === undefined) return Next.go
      task.pc = behind.at
      return Next.jump
    },
  ]
}
