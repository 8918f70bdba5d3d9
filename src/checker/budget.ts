/** What a search may spend: how many faults, of which kinds, where, and how many sagas more than the scenario asks for. */
import { fail, ok, type Result } from '../base/result.ts'
import { nearest } from '../scenario/nearest.ts'
import type { FaultKind } from '../scenario/schema.ts'

/** Every kind that ends by itself; `poison`, `amnesia` and `skew` come when asked for. */
export const usualKinds = [
  'drop',
  'duplicate',
  'delay',
  'slow',
  'crash',
  'pause',
  'partition',
  'fail',
  'refuse',
] as const satisfies readonly FaultKind[]
export const allKinds: readonly FaultKind[] = [...usualKinds, 'poison', 'amnesia', 'skew']
/** More faults than that in one schedule explain nothing to anybody. */
export const FAULTS_MAX = 12

export interface Budget {
  /** At most so many faults in one schedule, 0 to 12. */
  readonly faults: number
  readonly kinds: readonly FaultKind[]
  /** Only what these services send, get or handle; everywhere when empty. */
  readonly at: readonly string[]
  /** At most so many further sagas, each a copy of a start with an id of its own; 0 or 1. */
  readonly more: number
  /** Faults that name a time strike within so many milliseconds. */
  readonly withinMs: number
}

export const usualBudget: Budget = { faults: 8, kinds: usualKinds, at: [], more: 1, withinMs: 8000 }

const numbers = { faults: FAULTS_MAX, more: 1, within: 600_000 } as const
const names = ['faults', 'kinds', 'at', 'more', 'within']

/** `faults=3,kinds=drop+crash,at=payment,more=0,within=8000`: any of them, in any order. */
export function readBudget(text: string, services: readonly string[]): Result<Budget> {
  let budget: Budget = usualBudget
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const [name = '', value = ''] = part.split('=').map((one) => one.trim())
    const changed = change(budget, name, value, services)
    if (typeof changed === 'string') return fail({ path: '--budget', message: changed })
    budget = changed
  }
  return ok(budget)
}

function change(budget: Budget, name: string, value: string, services: readonly string[]): Budget | string {
  if (name === 'kinds') {
    const kinds = value.split('+')
    const unknown = kinds.find((kind) => !allKinds.some((known) => known === kind))
    return unknown === undefined
      ? { ...budget, kinds: kinds as FaultKind[] }
      : `no fault is called "${unknown}"${nearest(unknown, allKinds)}`
  }
  if (name === 'at') {
    const at = value.split('+')
    const unknown = at.find((service) => !services.includes(service))
    return unknown === undefined ? { ...budget, at } : `no service "${unknown}"${nearest(unknown, services)}`
  }
  if (name !== 'faults' && name !== 'more' && name !== 'within') {
    return `a budget has no "${name}"${nearest(name, names)}`
  }
  const count = Number(value)
  if (!/^\d+$/.test(value) || count > numbers[name]) return `${name} is a whole number from 0 to ${numbers[name]}`
  return name === 'within' ? { ...budget, withinMs: count } : { ...budget, [name]: count }
}

/** The budget as a sentence. */
export function budgetWords({ faults, kinds, at, more }: Budget): string {
  const isUsual = kinds.length === usualKinds.length && usualKinds.every((kind) => kinds.includes(kind))
  const what = isUsual ? 'of every kind that ends' : kinds.length === 0 ? 'of no kind' : `(${kinds.join(', ')})`
  const where = at.length === 0 ? 'anywhere' : `at ${at.join(', ')}`
  const sagas = more === 0 ? '' : ', with one more saga now and then'
  return `up to ${faults} fault${faults === 1 ? '' : 's'} ${what}, ${where}${sagas}`
}
