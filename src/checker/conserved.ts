/**
 * Sums that stay the same, found by looking (as Daikon finds likely invariants): the calm run and one run per step that
 * is refused are watched commit by commit. A measure is a number column's sum, by the words of a column of constants
 * (`type`, `status`) where the table has one; two or three measures that move and whose sum or difference never does
 * are what the scenario conserves.
 */
import type { ObservableModel } from '../kernel/model.ts'
import { Simulation } from '../kernel/simulation.ts'
import { compile, observe } from '../scenario/compile.ts'
import { everyStatement } from '../scenario/every-statement.ts'
import type { FaultInput, Scenario } from '../scenario/schema.ts'
import { complete } from './fault-defaults.ts'

/** More measures than that are a warehouse, not a scenario to guess about. */
const MEASURES_MAX = 16
const LOOKED_AT_MAX = 80
const SUMS_MAX = 8
const ACTIONS_MAX = 2000

interface Measure {
  readonly text: string
  /** The column whose words it is one of. */
  readonly family: string | null
  readonly value: ObservableModel['value']
}

/** Each as an expression: `a.t.map(r, r.x).sum() + … == 5`. */
export function conservedUnits(scenario: Scenario): string[] {
  const measures = measuresOf(scenario).slice(0, LOOKED_AT_MAX)
  const samples = distinct(watch(scenario, measures))
  const moving = measures.flatMap((_, i) => (moves(samples.map((sample) => sample[i] as number)) ? [i] : []))
  if (moving.length > MEASURES_MAX) return []
  const complete = moving.filter((i) => isSeenWhole(measures[i] as Measure, measures, moving))
  const found: Sum[] = []
  const basis = new Basis()
  for (const size of [2, 3]) {
    for (const sum of combinations(complete, size).flatMap((parts) => constantSums(parts, samples))) {
      if (basis.adds(vectorOf(sum, measures.length))) found.push(sum)
    }
  }
  return found.slice(0, SUMS_MAX).map((sum) => textOf(sum, measures))
}

/** Measures at every moment of the calm run, and of the runs in which one step is refused. */
function watch(scenario: Scenario, measures: readonly Measure[]): number[][] {
  const steps = Object.values(scenario.sagas).flatMap((saga) => saga.steps)
  const refusals = steps
    .filter(({ kind }) => kind !== 'retriable')
    .map(({ service, operation }): FaultInput => ({ kind: 'refuse', service, on: operation, times: 'always' }))
  return [[], ...refusals.map((fault) => [fault])].flatMap((faults) => {
    const model = compile({ ...scenario, faults: faults.map(complete) })
    if (!model.ok) return []
    const run = new Simulation(model.value, { checking: 'never' })
    const samples: number[][] = []
    for (let i = 0; i < ACTIONS_MAX && run.advance(1); i++)
      samples.push(measures.map(({ value }) => Number(value(run))))
    return samples
  })
}

/** Statements can write other words than were seen: nobody knows what they would add to the sum. */
function isSeenWhole({ family }: Measure, measures: readonly Measure[], moving: readonly number[]): boolean {
  return family === null || measures.every((other, i) => other.family !== family || moving.includes(i))
}

function vectorOf({ parts, signs }: Sum, length: number): number[] {
  const vector = Array.from({ length }, () => 0)
  parts.forEach((part, i) => {
    vector[part] = signs[i] as number
  })
  return vector
}

/** Linearly independent vectors of small whole numbers: what follows from the sums found is no sum of its own. */
class Basis {
  private readonly rows: { readonly pivot: number; readonly row: readonly number[] }[] = []

  adds(vector: readonly number[]): boolean {
    let rest = [...vector]
    for (const { pivot, row } of this.rows) {
      const [a, b] = [row[pivot] as number, rest[pivot] as number]
      if (b !== 0) rest = rest.map((value, i) => value * a - (row[i] as number) * b)
    }
    const pivot = rest.findIndex((value) => value !== 0)
    if (pivot < 0) return false
    this.rows.push({ pivot, row: rest })
    return true
  }
}

/** A column that turned out to hold texts has no sum. */
function moves(values: readonly number[]): boolean {
  return values.every(Number.isSafeInteger) && values.some((value) => value !== values[0])
}

function distinct(samples: readonly number[][]): number[][] {
  return [...new Map(samples.map((sample) => [sample.join(), sample])).values()]
}

function measuresOf(scenario: Scenario): Measure[] {
  return Object.entries(scenario.services).flatMap(([service, { tables }]) =>
    Object.entries(tables).flatMap(([table, { columns, rows, key, unique }]) => {
      const words = constantsOf(scenario, `${service}.${table}`, service, table)
      const identities = [key, ...unique.flat()]
      return columns.flatMap((column) => {
        const isNumber = rows.every((row) => typeof row[column] === 'number') && !column.endsWith('Ms')
        if (!isNumber || words.has(column) || identities.includes(column)) return []
        const family = words.size === 0 ? null : `${service}.${table}.${column}`
        return sumsOf(`${service}.${table}`, column, words).flatMap((text) => {
          const observable = observe(scenario, text)
          return observable.ok ? [{ text, family, value: tolerant(observable.value.value) }] : []
        })
      })
    }),
  )
}

/** Not a number where there is no sum. */
function tolerant(value: ObservableModel['value']): ObservableModel['value'] {
  return (sim) => {
    try {
      return value(sim)
    } catch {
      return Number.NaN
    }
  }
}

function sumsOf(table: string, column: string, words: ReadonlyMap<string, readonly string[]>): string[] {
  const [wordy] = words
  if (wordy === undefined) return [`${table}.map(r, r.${column}).sum()`]
  const [by, constants] = wordy
  return constants.map((word) => `${table}.filter(r, r.${by} == ${word}).map(r, r.${column}).sum()`)
}

/** Columns that statements set to constant texts, with those texts in quotes. */
function constantsOf(scenario: Scenario, whole: string, service: string, table: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  const note = (column: string, text: unknown) => {
    const [word] = /^\s*'\w+'\s*$/.exec(String(text)) ?? []
    if (word !== undefined && !found.get(column)?.includes(word.trim()))
      found.set(column, [...(found.get(column) ?? []), word.trim()])
  }
  for (const [owner, { operations }] of Object.entries(scenario.services)) {
    const here = owner === service ? [table, whole] : [whole]
    for (const statement of Object.values(operations).flatMap((operation) => everyStatement(operation.do))) {
      if ('insert' in statement && here.includes(statement.insert))
        for (const [column, cell] of Object.entries(statement.row)) note(column, cell)
      if (!('update' in statement) || !here.includes(statement.update)) continue
      for (const change of [statement.change].flat()) {
        const [, column, cell] = /^\s*(\w+)\s*=(?!=)(.*)$/.exec(change) ?? []
        if (column !== undefined) note(column, cell)
      }
    }
  }
  return found
}

interface Sum {
  readonly parts: readonly number[]
  readonly signs: readonly number[]
  readonly total: number
}

function combinations(of: readonly number[], size: number, from = 0): number[][] {
  if (size === 0) return [[]]
  return of.slice(from).flatMap((first, i) => combinations(of, size - 1, from + i + 1).map((rest) => [first, ...rest]))
}

/** With every choice of signs: those whose sum is the same at every moment. */
function constantSums(parts: readonly number[], samples: readonly number[][]): Sum[] {
  const choices = Array.from({ length: 2 ** (parts.length - 1) }, (_, bits) =>
    parts.map((_, i) => (i > 0 && ((bits >> (i - 1)) & 1) === 1 ? -1 : 1)),
  )
  return choices.flatMap((signs) => {
    const sums = samples.map((sample) =>
      parts.reduce((sum, part, i) => sum + (signs[i] as number) * (sample[part] as number), 0),
    )
    const total = sums[0] as number
    return sums.every((sum) => sum === total) ? [{ parts, signs, total }] : []
  })
}

function textOf({ parts, signs, total }: Sum, measures: readonly Measure[]): string {
  const terms = parts.map((part, i) => `${i === 0 ? '' : signs[i] === 1 ? ' + ' : ' - '}${measures[part]?.text}`)
  return `${terms.join('')} == ${total}`
}
