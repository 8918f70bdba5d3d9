/** A statement as a line of code, in the words people use for it: SQL where it touches a table, `if …: return` elsewhere. */

import { statementText } from './statement-text.ts'
import type { Cell, Statement } from './statement-types.ts'

export function codeText(statement: Statement): string {
  if ('update' in statement) return updateText(statement)
  if ('insert' in statement) return insertText(statement)
  if ('delete' in statement) return `DELETE FROM ${statement.delete}${whereText(statement.where)}`
  if ('check' in statement) return `if not (${statement.check}): refuse ${statement.otherwise}`
  if ('if' in statement) return `if ${statement.if}:`
  if ('read' in statement) {
    return `${statement.as} = SELECT * FROM ${statement.read}${whereText(statement.where)}${statement.lock ? ' FOR UPDATE' : ''}`
  }
  if ('return' in statement) return `if ${statement.return}: return`
  if ('work' in statement) return `work ${statement.work} ms`
  if ('publish' in statement) return `publish ${statement.publish}${statement.when === 'at once' ? ' at once' : ''}`
  if ('call' in statement) return callText(statement)
  if ('lock' in statement) {
    return `lock ${statement.lock} for ${statement.holder}, ${statement.whenHeld === 'wait' ? 'or wait' : 'or refuse LOCKED'}`
  }
  if ('unlock' in statement) return `unlock ${statement.unlock} of ${statement.holder}`
  if ('commit' in statement) return `COMMIT and BEGIN: recovery point ${statement.commit}`
  return statementText(statement)
}

function updateText(statement: Extract<Statement, { update: string }>): string {
  const { update, where, require, otherwise, change } = statement
  const guard = require === undefined ? '' : `${where === undefined ? ' WHERE' : ' AND'} ${require}`
  const refusal = otherwise === undefined ? '' : `, else refuse ${otherwise}`
  return `UPDATE ${update} SET ${[change].flat().join(', ')}${whereText(where)}${guard}${refusal}`
}

function insertText({ insert, row, conflict }: Extract<Statement, { insert: string }>): string {
  const verb = conflict === 'replace' ? 'UPSERT INTO' : 'INSERT INTO'
  const values = Object.values(row).map(cellText).join(', ')
  const mild = conflict === 'ignore' ? ' ON CONFLICT DO NOTHING' : ''
  return `${verb} ${insert} (${Object.keys(row).join(', ')}) VALUES (${values})${mild}`
}

function callText({ call, to, key, timeoutMs, retry }: Extract<Statement, { call: string }>): string {
  const attempts = typeof retry === 'object' ? retry.attemptsMax : undefined
  const settings = [
    ...(key === undefined ? [] : [`key ${key}`]),
    ...(timeoutMs === undefined ? [] : [`${timeoutMs} ms`]),
    ...(attempts === undefined ? [] : [`${attempts} attempts`]),
  ]
  return `call ${to}.${call}${settings.length === 0 ? '' : ` (${settings.join(', ')})`} and wait`
}

function whereText(selection: Record<string, Cell> | string | undefined): string {
  if (selection === undefined) return ''
  if (typeof selection === 'string') return ` WHERE ${selection}`
  const parts = Object.entries(selection).map(([column, cell]) => `${column} = ${cellText(cell)}`)
  return ` WHERE ${parts.join(' AND ')}`
}

function cellText(cell: Cell): string {
  return typeof cell === 'string' ? cell : JSON.stringify(cell)
}
