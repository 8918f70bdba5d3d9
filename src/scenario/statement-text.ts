/** A statement as a reader would write it: for the event log and the line that lights up. */
import type { Cell, Statement } from './statement-types.ts'
import { eventsOf } from './store-names.ts'

export function statementText(statement: Statement): string {
  if ('update' in statement) {
    const guard = statement.require === undefined ? '' : ` if ${statement.require}`
    return `update ${statement.update}${where(statement.where)}: ${[statement.change].flat().join(', ')}${guard}`
  }
  if ('insert' in statement) {
    const cells = Object.entries(statement.row).map(([column, cell]) => `${column} ${cellText(cell)}`)
    return `insert into ${statement.insert}: ${cells.join(', ')}`
  }
  if ('delete' in statement) return `delete from ${statement.delete}${where(statement.where)}`
  if ('check' in statement) return `check ${statement.check}`
  if ('if' in statement) return `if ${statement.if}`
  if ('read' in statement) {
    return `read ${statement.read}${where(statement.where)} as ${statement.as}${statement.lock ? ', locked' : ''}`
  }
  if ('return' in statement) return `return if ${statement.return}`
  if ('publish' in statement) return `publish ${statement.publish}`
  if ('lock' in statement) return `lock ${statement.lock} for ${statement.holder}`
  if ('unlock' in statement) return `unlock ${statement.unlock}`
  if ('call' in statement) return `call ${statement.call} of ${statement.to}`
  if ('send' in statement) return `send ${statement.send}${statement.to === undefined ? '' : ` to ${statement.to}`}`
  if ('commit' in statement) return `commit, recovery point ${statement.commit}`
  if ('load' in statement) return `load ${statement.load} ${statement.id} as ${statement.as}`
  if ('append' in statement) {
    const events = eventsOf(statement).map(({ event }) => event)
    const expected = statement.expected === undefined ? '' : `, expecting ${statement.expected}`
    return `append ${events.join(', ')} to ${statement.to ?? statement.stream}${expected}`
  }
  if ('await' in statement) return `wait for ${statement.await}`
  if ('rebuild' in statement) return `rebuild ${statement.rebuild}, ${statement.mode}`
  return `work ${statement.work} ms`
}

/** The word a statement is told by: its first field. */
export function verbOf(statement: Statement): string {
  return Object.keys(statement)[0] ?? ''
}

function where(selection: Record<string, Cell> | string | undefined): string {
  if (selection === undefined) return ''
  if (typeof selection === 'string') return ` where ${selection}`
  return ` where ${Object.entries(selection)
    .map(([column, cell]) => `${column} = ${cellText(cell)}`)
    .join(' and ')}`
}

function cellText(cell: Cell): string {
  return typeof cell === 'string' ? cell : JSON.stringify(cell)
}
