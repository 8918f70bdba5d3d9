import type { Statement } from './statement-types.ts'

/** The statements of a list, those inside of branches too. */
export function everyStatement(statements: readonly Statement[]): Statement[] {
  return statements.flatMap((statement) =>
    'if' in statement
      ? [statement, ...everyStatement(statement.do), ...everyStatement(statement.else ?? [])]
      : [statement],
  )
}
