/** The small words of the scenario language: names, times, expressions. Every field carries its documentation. */
import * as v from 'valibot'
import { isReserved, reservedMessage } from './form.ts'
import { closest, nearest } from './nearest.ts'

/** Longest virtual time a scenario may name: 400 days, in milliseconds. */
export const MS_MAX = 34_560_000_000

export const nameSchema = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z][\w .-]{0,59}$/,
    'a name starts with a letter from a to z and has at most 60 such letters, digits, spaces, _ . or -',
  ),
  v.check((name) => !isReserved(name), reservedMessage),
)
/** A name that nothing but people and the command line use. */
export const labelSchema = v.pipe(
  v.string(),
  v.regex(/^\S(.{0,58}\S)?$/, 'a name has 1 to 60 characters, the first and the last of them visible'),
  v.check((name) => !isReserved(name), reservedMessage),
)
/** A name that expressions can use: a service, a table, a column, an observable. */
export const identifierSchema = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z_]\w{0,59}$/,
    'an identifier starts with a letter from a to z and has at most 60 such letters, digits or _',
  ),
  v.check((name) => !isReserved(name), reservedMessage),
)
export const textSchema = v.pipe(v.string(), v.maxLength(4000, 'at most 4,000 characters'))
export const msSchema = v.pipe(
  v.number('a time in milliseconds is a number'),
  v.minValue(0, 'a time cannot be negative'),
  v.maxValue(MS_MAX, 'a time is at most 400 days'),
)
export const countSchema = v.pipe(
  v.number(),
  v.integer('a count is a whole number'),
  v.minValue(1, 'a count is at least 1'),
  v.maxValue(1_000_000, 'a count is at most 1,000,000'),
)
export const expressionSchema = v.pipe(
  v.string('an expression is a text, for example "balance >= amount"'),
  v.minLength(1, 'an expression cannot be empty'),
  v.maxLength(2000, 'an expression has at most 2,000 characters'),
)
/** The value of a column: a number, true, false or null as they stand, a text as an expression. */
export const cellSchema = v.union(
  [v.number(), v.boolean(), v.null(), expressionSchema],
  'a number, true, false, null, or an expression as a text (a constant text needs quotes of its own: "\'PENDING\'")',
)
export const literalSchema = v.union(
  [v.number(), v.boolean(), v.null(), v.string()],
  'a number, a text, true, false or null',
)

/** An object with exactly these fields. An unknown one is compared with the fields of this very object. */
export function fields<const T extends v.ObjectEntries>(entries: T) {
  return v.strictObject(entries, (issue) => {
    if (issue.expected !== 'never') return issue.message
    return `unknown field${nearest(String(issue.input), Object.keys(entries))}`
  })
}

/** A field with its documentation, optional with a default. */
export function withDefault<T extends v.GenericSchema>(schema: T, value: v.InferInput<T>, description: string) {
  return v.optional(v.pipe(schema, v.description(description)), value as never)
}
export function required<T extends v.GenericSchema>(schema: T, description: string) {
  return v.pipe(schema, v.description(description))
}
export function optional<T extends v.GenericSchema>(schema: T, description: string) {
  return v.optional(v.pipe(schema, v.description(description)))
}

/** Chooses a schema by the first key of `byKey` that the input has: one clear error instead of one per alternative. */
export function byKey(kinds: Record<string, v.GenericSchema>, what: string): v.GenericSchema {
  const names = Object.keys(kinds)
  const all = v.union(Object.values(kinds))
  const none = v.custom<never>(
    () => false,
    ({ input }) => `${what} has one of the fields ${names.join(', ')}${misspelt(input, names)}`,
  )
  return v.lazy((input) => {
    if (input === undefined) return all
    if (typeof input !== 'object' || input === null) return none
    const key = names.find((candidate) => candidate in input)
    return key === undefined ? none : (kinds[key] as v.GenericSchema)
  })
}

function misspelt(input: unknown, names: readonly string[]): string {
  if (typeof input !== 'object' || input === null) return ''
  const meant = Object.keys(input).flatMap((written) => closest(written, names) ?? [])
  return meant.length === 0 ? '' : `; did you mean "${meant[0]}"?`
}
