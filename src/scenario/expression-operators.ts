/** The operators and functions of the expression language, over safe integers, decimals, texts, lists and null. */
import { type Evaluate, EvaluationError } from '../kernel/evaluation.ts'
import { ExpressionError } from './expression-error.ts'
import { nearest } from './nearest.ts'

export function isTrue(value: unknown): boolean {
  if (value === true || value === false) return value
  throw new EvaluationError(`a condition must be true or false, not ${show(value)}`)
}

/** What is missing does not hold. */
export function isTrueOrMissing(value: unknown): boolean {
  return value !== null && isTrue(value)
}

export function negate(value: unknown): number {
  return safe(-number(value, '-'))
}

type Operator = (a: unknown, b: unknown) => unknown

export const binaryOperators: Readonly<Record<string, Operator>> = {
  '==': equal,
  '!=': (a, b) => !equal(a, b),
  '<': (a, b) => compare(a, b, '<') < 0,
  '<=': (a, b) => compare(a, b, '<=') <= 0,
  '>': (a, b) => compare(a, b, '>') > 0,
  '>=': (a, b) => compare(a, b, '>=') >= 0,
  '+': add,
  '-': (a, b) => safe(number(a, '-') - number(b, '-')),
  '*': (a, b) => safe(number(a, '*') * number(b, '*')),
  '/': divide,
  '%': (a, b) => {
    if (b === 0) throw new EvaluationError('division by zero')
    return number(a, '%') % number(b, '%')
  },
  in: (a, b) => {
    if (!Array.isArray(b)) throw new EvaluationError('"in" looks into a list')
    return b.some((item) => equal(item, a))
  },
}

export const methods: Readonly<Record<string, (self: unknown, args: readonly unknown[]) => unknown>> = {
  size: (self) => size(self),
  sum: (self) => list(self, 'sum').reduce<number>((total, item) => safe(total + number(item, 'sum')), 0),
  min: (self) => extreme(list(self, 'min'), -1),
  max: (self) => extreme(list(self, 'max'), 1),
  first: (self) => list(self, 'first')[0] ?? null,
  last: (self) => list(self, 'last').at(-1) ?? null,
  /** The most numbers that fall into one aligned bucket of the given width. */
  peak: (self, [width]) => peak(list(self, 'peak'), number(width, 'peak')),
  distinct: (self) =>
    list(self, 'distinct').filter((item, i, all) => all.findIndex((other) => equal(other, item)) === i),
  contains: (self, [part]) =>
    Array.isArray(self) ? self.some((item) => equal(item, part)) : String(self).includes(String(part)),
  startsWith: (self, [part]) => String(self).startsWith(String(part)),
  endsWith: (self, [part]) => String(self).endsWith(String(part)),
  join: (self, [between]) =>
    list(self, 'join')
      .map(show)
      .join(String(between ?? '')),
}

/** A function call: size(x), sum(x), min(a, b), max(a, b), abs(x), string(x), int(x). */
export function callFunction(name: string, args: readonly Evaluate[]): Evaluate {
  const [first, second] = args
  if (first !== undefined && Object.hasOwn(methods, name) && args.length === 1) {
    const method = methods[name] as (self: unknown, args: readonly unknown[]) => unknown
    return (env) => method(first(env), [])
  }
  if (first !== undefined && second !== undefined && (name === 'min' || name === 'max')) {
    return (env) => extreme([first(env), second(env)], name === 'min' ? -1 : 1)
  }
  if (first !== undefined && name === 'abs') return (env) => Math.abs(number(first(env), 'abs'))
  if (first !== undefined && name === 'string') return (env) => show(first(env))
  if (first !== undefined && name === 'int') return (env) => toWhole(first(env))
  throw new ExpressionError(
    `unknown function "${name}"${nearest(name, [...Object.keys(methods), 'abs', 'string', 'int', 'has'])}`,
  )
}

function peak(values: readonly unknown[], width: number): number {
  if (width <= 0) throw new EvaluationError(`peak needs a width above 0, not ${width}`)
  const buckets = new Map<number, number>()
  for (const value of values) {
    const bucket = Math.floor(number(value, 'peak') / width)
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1)
  }
  return Math.max(0, ...buckets.values())
}

function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  return JSON.stringify(a) === JSON.stringify(b)
}

function compare(a: unknown, b: unknown, sign: string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  throw new EvaluationError(`cannot compare ${show(a)} ${sign} ${show(b)}`)
}

function add(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return safe(a + b)
  if (typeof a === 'string' && typeof b === 'string') return a + b
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b]
  throw new EvaluationError(`cannot add ${show(a)} and ${show(b)}`)
}

export function exactDivision(a: unknown, b: unknown): number {
  if (b === 0) throw new EvaluationError('division by zero')
  return number(a, '/') / number(b, '/')
}

function divide(a: unknown, b: unknown): number {
  const exact = exactDivision(a, b)
  return Number.isInteger(a) && Number.isInteger(b) ? Math.trunc(exact) : exact
}

function number(value: unknown, sign: string): number {
  if (typeof value === 'number') return value
  throw new EvaluationError(`"${sign}" works on numbers, not on ${show(value)}`)
}

function safe(value: number): number {
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new EvaluationError('a number left the safe range')
  return value
}

function size(value: unknown): number {
  if (typeof value === 'string') return [...value].length
  if (Array.isArray(value)) return value.length
  if (value !== null && typeof value === 'object') return Object.keys(value).length
  throw new EvaluationError(`size works on lists and texts, not on ${show(value)}`)
}

function toWhole(value: unknown): number {
  const result = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value)
  if (!Number.isFinite(result) || value === null)
    throw new EvaluationError(`int makes no whole number of ${show(value)}`)
  return safe(Math.trunc(result))
}

function list(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new EvaluationError(`${name} works on lists and tables, not on ${show(value)}`)
}

function extreme(values: readonly unknown[], sign: 1 | -1): unknown {
  return values.reduce<unknown>((best, item) => {
    if (best === null) return item
    return compare(item, best, 'min/max') * sign > 0 ? item : best
  }, null)
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
}
