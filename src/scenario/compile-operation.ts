/** From an operation's statements to steps of a handler program. */
import { Next } from '../kernel/model.ts'
import type { Assembler, Label } from '../kernel/program.ts'
import type { Value } from '../trace/trace-format.ts'
import { compileAppend, compileAwait, compileLoad, compileRebuild } from './compile-events.ts'
import { compileLock, compileUnlock } from './compile-locks.ts'
import { compileCall, compilePublish, compileSend } from './compile-messages.ts'
import { compileCommit, resumeSteps } from './compile-phases.ts'
import { compileCheck, compileIf, compileRead, compileReturn, compileWork } from './compile-reads.ts'
import { compileDelete, compileInsert, compileUpdate } from './compile-writes.ts'
import type { Operation } from './schema.ts'
import { type OperationContext, StatementScope } from './statement-scope.ts'
import type { Statement } from './statement-types.ts'

export function compileOperation(
  context: OperationContext,
  program: Assembler,
  end: Label,
  { do: statements, returns }: Pick<Operation, 'do' | 'returns'>,
  path: string,
): void {
  const given = Object.entries(returns ?? {})
  // An early return leads to the end; what is given back is looked up all the same.
  const back = given.length === 0 ? end : program.label()
  const scope = new StatementScope(context, program, back)
  program.emit(...resumeSteps(scope, statements))
  compileStatements(scope, statements, `${path}.do`)
  if (given.length === 0) return
  program.place(back)
  const values = given.map(([name, cell]) => ({ name, value: scope.cell(cell, `${path}.returns.${name}`) }))
  program.emit((sim, task) => {
    scope.enter(sim, task)
    task.returned = Object.fromEntries(values.map(({ name, value }) => [name, (value(scope.env) ?? null) as Value]))
    return Next.go
  })
}

export function compileStatements(scope: StatementScope, statements: readonly Statement[], path: string): void {
  statements.forEach((statement, i) => compileStatement(scope, statement, `${path}[${i}]`))
}

function compileStatement(scope: StatementScope, statement: Statement, path: string): void {
  if ('update' in statement) compileUpdate(scope, statement, path)
  else if ('insert' in statement) compileInsert(scope, statement, path)
  else if ('delete' in statement) compileDelete(scope, statement, path)
  else if ('check' in statement) compileCheck(scope, statement, path)
  else if ('if' in statement) compileIf(scope, statement, path)
  else if ('read' in statement) compileRead(scope, statement, path)
  else if ('return' in statement) compileReturn(scope, statement, path)
  else if ('publish' in statement) compilePublish(scope, statement, path)
  else if ('send' in statement) compileSend(scope, statement, path)
  else if ('call' in statement) compileCall(scope, statement, path)
  else if ('lock' in statement) compileLock(scope, statement, path)
  else if ('unlock' in statement) compileUnlock(scope, statement, path)
  else if ('commit' in statement) compileCommit(scope, statement, path)
  else if ('load' in statement) compileLoad(scope, statement, path)
  else if ('append' in statement) compileAppend(scope, statement, path)
  else if ('await' in statement) compileAwait(scope, statement, path)
  else if ('rebuild' in statement) compileRebuild(scope, statement, path)
  else compileWork(scope, statement)
}
