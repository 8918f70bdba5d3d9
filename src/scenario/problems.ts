/** From a schema's complaints to sentences that name the place and the mend. */
import type * as v from 'valibot'
import { fail, type Problem, type Result } from '../base/result.ts'
import { nearest } from './nearest.ts'

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

const MOST = 20

export function problemsOf(issues: readonly v.BaseIssue<unknown>[], fieldNames: readonly string[]): Problem[] {
  const problems = issues.map((issue) => ({
    path: pathText(issue),
    message: messageOf(issue, fieldNames),
  }))
  const distinct = problems.filter(
    (problem, i) =>
      problems.findIndex((other) => other.path === problem.path && other.message === problem.message) === i,
  )
  return distinct.slice(0, MOST)
}

function pathText(issue: v.BaseIssue<unknown>): string {
  let path = ''
  for (const item of issue.path ?? []) {
    if (typeof item.key === 'number') path += `[${item.key}]`
    else path += path === '' ? String(item.key) : `.${String(item.key)}`
  }
  return path
}

function messageOf(issue: v.BaseIssue<unknown>, fieldNames: readonly string[]): string {
  const last = issue.path?.at(-1)
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const name = String(last?.key ?? '')
    return `unknown field${nearest(name, fieldNames)}`
  }
  if (issue.type === 'strict_object' && issue.received === 'undefined') return 'this field is missing'
  if (/^Invalid (type|key)/.test(issue.message)) return `expected ${readable(issue.expected)}, got ${issue.received}`
  return issue.message
}

function readable(expected: string | null): string {
  const words: Record<string, string> = {
    Object: 'an object',
    Array: 'a list',
    number: 'a number',
    string: 'a text',
    boolean: 'true or false',
  }
  return words[expected ?? ''] ?? expected ?? 'something else'
}
