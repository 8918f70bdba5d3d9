/** From a schema's complaints to sentences that name the place and the mend. */
import type * as v from 'valibot'
import { fail, type Problem, type Result } from '../base/result.ts'
import { closest } from './nearest.ts'

/** Collects problems while a scenario is compiled, so that a visitor hears of all of them at once. */
export class ProblemList {
  readonly problems: Problem[] = []

  add(path: string, message: string): void {
    this.problems.push({ path, message })
  }

  get isEmpty(): boolean {
    return this.problems.length === 0
  }

  result<T>(): Result<T> {
    return fail<T>(...this.problems)
  }
}

type Issue = v.BaseIssue<unknown>
const MOST = 20

export function problemsOf(issues: readonly Issue[]): Problem[] {
  const problems = issues
    .flatMap((issue) => furthest(issue, ''))
    .map(({ issue, path }) => ({
      path,
      message: messageOf(issue),
    }))
  const distinct = problems.filter(
    (problem, i) =>
      problems.findIndex((other) => other.path === problem.path && other.message === problem.message) === i,
  )
  return distinct.slice(0, MOST)
}

interface Place {
  readonly issue: Issue
  readonly path: string
}

/** Of a choice between an object and something else, an object that is given was meant: what is wrong inside it? */
function furthest(issue: Issue, above: string): Place[] {
  const path = pathText(issue, above)
  const isObject = typeof issue.input === 'object' && issue.input !== null && !Array.isArray(issue.input)
  const inside = (issue.issues ?? []).filter((one) => one.type === 'strict_object' || one.path !== undefined)
  if (issue.type !== 'union' || !isObject || inside.length === 0) return [{ issue, path }]
  return inside.flatMap((one) => furthest(one, path))
}

function pathText(issue: Issue, above: string): string {
  let path = above
  for (const { key } of issue.path ?? []) {
    if (typeof key === 'number') path += `[${key}]`
    else path += path === '' ? String(key) : `.${String(key)}`
  }
  return path
}

function messageOf(issue: Issue): string {
  const { type, input, expected, message } = issue
  const isOurs = !message.startsWith('Invalid ')
  if (type === 'union') return choiceText(isOurs ? message : readable(expected), expected, input)
  if (isOurs) return message
  if (type === 'strict_object' && input === undefined) return 'this field is missing'
  if (type === 'picklist' || type === 'variant' || type === 'literal') return namesText(expected, input)
  const bound = bounds[type]?.(issue.requirement)
  return `expected ${bound ?? readable(expected)}, got ${shown(input)}`
}

const bounds: Readonly<Record<string, (requirement: unknown) => string>> = {
  min_value: (least) => `at least ${least}`,
  max_value: (most) => `at most ${most}`,
  min_length: (least) => `at least ${least} in it`,
  max_length: (most) => `at most ${most} in it`,
  integer: () => 'a whole number',
}

/** One of several names: `"pivvot" is none of compensatable, pivot, retriable; did you mean "pivot"?`. */
function namesText(expected: string | null, input: unknown): string {
  const names = namesIn(expected)
  if (names.length === 0) return `expected ${readable(expected)}, got ${shown(input)}`
  if (input === undefined) return `this field is missing; it is one of ${names.join(', ')}`
  return `${shown(input)} is none of ${names.join(', ')}${meantOf(input, names)}`
}

function choiceText(what: string, expected: string | null, input: unknown): string {
  return `expected ${what}, got ${shown(input)}${meantOf(input, namesIn(expected))}`
}

function meantOf(input: unknown, names: readonly string[]): string {
  const meant = typeof input === 'string' ? closest(input, names) : null
  return meant === null ? '' : `; did you mean "${meant}"?`
}

function namesIn(expected: string | null): string[] {
  return [...(expected ?? '').matchAll(/"([^"]*)"/g)].map((match) => match[1] as string)
}

const words: Readonly<Record<string, string>> = {
  Object: 'an object',
  Array: 'a list',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
}

/** A schema's own notation as words: `(number | "never")` → `a number or "never"`. */
function readable(expected: string | null): string {
  const parts = (expected ?? 'something else').replace(/[()]/g, '').split(' | ')
  return parts.map((part) => words[part] ?? part).join(' or ')
}

const SHOWN_MAX = 60

function shown(input: unknown): string {
  if (input === undefined) return 'nothing'
  if (Array.isArray(input)) return input.length === 0 ? 'an empty list' : `a list of ${input.length}`
  if (typeof input === 'object' && input !== null) return 'an object'
  const text = JSON.stringify(input) ?? String(input)
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
}
