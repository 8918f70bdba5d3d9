/** What SQLite complains of, as a sentence that names the place and what might mend it. */
import { nearest } from '../scenario/nearest.ts'
import type { SqlTableName } from './sql-protocol.ts'

export function problemSentence(message: string, sql: string, tables: readonly SqlTableName[]): string {
  const [, word] = /^near "(.*)": syntax error$/.exec(message) ?? []
  if (word !== undefined) {
    return `${placeOf(sql, word)}"${word}" does not belong here. A name that is also a word of SQL stands in quotes: "${word}".`
  }
  const [, table] = /^no such table: (.*)$/.exec(message) ?? []
  if (table !== undefined) {
    const known = tables.map(({ schema, name }) => `${schema}.${name}`)
    const isBare = !table.includes('.')
    return `${placeOf(sql, table)}there is no table "${table}"${ended(nearest(table, isBare ? tables.map(({ name }) => name) : known))}`
  }
  const [, column] = /^no such column: (.*)$/.exec(message) ?? []
  if (column !== undefined) {
    const known = [...new Set(tables.flatMap(({ columns }) => columns))]
    const bare = column.split('.').at(-1) ?? column
    return `${placeOf(sql, column)}there is no column "${column}"${ended(nearest(bare, known))}`
  }
  if (message === 'incomplete input') return 'The query ends too early: something is still open at its end.'
  if (/readonly|query_only/.test(message)) {
    return 'This box only reads: a run is what it is. To make something else happen, change the scenario.'
  }
  if (message.startsWith('ambiguous column name: ')) {
    const name = message.slice('ambiguous column name: '.length)
    return `${placeOf(sql, name)}several tables have a column "${name}": say which, as in table.${name}.`
  }
  return `SQLite says: ${message}.`
}

/** A question mark is an end already. */
function ended(text: string): string {
  return text.endsWith('?') ? text : `${text}.`
}

/** `Line 2, character 8: `; empty when the word does not stand in the text. */
function placeOf(sql: string, word: string): string {
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const found = new RegExp(`(?<![\\w"])"?${escaped}"?(?!\\w)`, 'i').exec(sql)?.index ?? sql.indexOf(word)
  if (found < 0 || word === '') return ''
  const before = sql.slice(0, found).split('\n')
  return `Line ${before.length}, character ${(before.at(-1)?.length ?? 0) + 1}: `
}
