/**
 * Promises nobody has to write: what every scenario of its form should keep. Each is an ordinary property, an expression
 * of the scenario language, added to the scenario before it is searched; so a finding needs nothing but a scenario.
 */
import { ok, type Result } from '../base/result.ts'
import { readScenario } from '../scenario/compile.ts'
import { everyStatement } from '../scenario/every-statement.ts'
import { ProblemList } from '../scenario/problems.ts'
import type { Property, Scenario, ScenarioInput } from '../scenario/schema.ts'
import { createWorld } from '../scenario/world.ts'
import { conservedUnits } from './conserved.ts'
import { calmSchedule } from './schedule.ts'
import { Trials } from './trials.ts'

export const promiseNames = ['ONCE', 'ALL-OR-NOTHING', 'NOT-BELOW-ZERO', 'CONSERVED', 'ENDS', 'NOTHING-LOST'] as const
export type PromiseName = (typeof promiseNames)[number]

/** What each promise says, for lists and documents. */
export const promiseTexts: Record<PromiseName, string> = {
  ONCE: 'Each effect at most once per saga or request',
  'ALL-OR-NOTHING': 'All steps done, or all undone',
  'NOT-BELOW-ZERO': 'No amount below zero',
  CONSERVED: 'Units are conserved',
  ENDS: 'Every saga ends, and the run comes to rest',
  'NOTHING-LOST': 'No message is lost unparked',
}

type Written = NonNullable<ScenarioInput['properties']>[string]

/** The promises that have something to say about this scenario, as properties by name. */
export function promisesFor(scenario: Scenario, wanted: readonly PromiseName[]): Record<string, Written> {
  const found: Record<string, Written> = {}
  for (const name of wanted) {
    if (Object.hasOwn(scenario.properties, name)) continue
    const promise = makers[name](scenario)
    if (promise !== null) found[name] = { title: promiseTexts[name], ...promise }
  }
  return found
}

export interface Promised {
  /** The scenario with the promises beside its own properties. */
  readonly input: ScenarioInput
  readonly added: readonly string[]
  /** Not promised here: they do not hold even when nothing goes wrong, so they say nothing about faults. */
  readonly withheld: readonly string[]
}

/** The scenario with the generic promises it keeps as long as nothing goes wrong. */
export function withPromises(input: ScenarioInput, wanted: readonly PromiseName[] = promiseNames): Result<Promised> {
  const read = readScenario({ ...input, faults: [], variants: {} })
  if (!read.ok) return read
  const offered = promisesFor(read.value, wanted)
  const calm = Trials.of({ ...input, properties: { ...input.properties, ...offered } })
  if (!calm.ok) return calm
  const withheld = calm.value.broken(calmSchedule(read.value.seed)).filter((name) => Object.hasOwn(offered, name))
  const kept = Object.entries(offered).filter(([name]) => !withheld.includes(name))
  const properties = { ...input.properties, ...Object.fromEntries(kept) }
  return ok({ input: { ...input, properties }, added: kept.map(([name]) => name), withheld })
}

type Made = Pick<Property, 'when' | 'check' | 'broken'>

const makers: Record<PromiseName, (scenario: Scenario) => Made | null> = {
  ONCE: once,
  'ALL-OR-NOTHING': allOrNothing,
  'NOT-BELOW-ZERO': notBelowZero,
  CONSERVED: conserved,
  ENDS: ends,
  'NOTHING-LOST': nothingLost,
}

function once({ sagas }: Scenario): Made | null {
  // A saga that begins again does its steps again.
  if (Object.values(sagas).some(({ rerun }) => rerun !== undefined)) return null
  const alone = hasSagas(sagas) ? ' && sagas.all(s, sagas.filter(t, t.saga == s.saga && t.id == s.id).size() == 1)' : ''
  return {
    when: 'always',
    check: `effects.all(e, e.done <= 1 && e.undone <= 1)${alone}`,
    broken: 'Done twice: one saga or request has had the same effect more than once.',
  }
}

function allOrNothing({ sagas }: Scenario): Made | null {
  if (!hasSagas(sagas)) return null
  const undone = "(e.status == 'Compensated' && e.undoable && e.done > e.undone)"
  const halfDone = "(e.status == 'Completed' && e.undone > 0)"
  const aborted = "(e.status == 'Aborted' && e.done > 0)"
  return {
    when: 'eventually',
    check: `effects.all(e, !(${undone} || ${halfDone} || ${aborted}))`,
    broken:
      'Neither all nor nothing: a saga says it is undone and an effect of it stands, or it says done and one is gone.',
  }
}

/** Columns that hold numbers to begin with, none of them negative, and that some statement takes from. */
function notBelowZero({ services }: Scenario): Made | null {
  const taken = new Set(
    Object.values(services).flatMap(({ operations }) =>
      Object.values(operations).flatMap(({ do: statements }) =>
        everyStatement(statements).flatMap((statement) =>
          'change' in statement
            ? [statement.change].flat().flatMap((text) => /^\s*(\w+)\s*-=/.exec(text)?.[1] ?? [])
            : [],
        ),
      ),
    ),
  )
  const checks = Object.entries(services).flatMap(([service, { tables }]) =>
    Object.entries(tables).flatMap(([table, { columns, rows }]) =>
      columns.flatMap((column) => {
        const holdsAmounts = rows.length > 0 && rows.every((row) => isAmount(row[column]))
        return holdsAmounts && taken.has(column) ? [`${service}.${table}.all(r, r.${column} >= 0)`] : []
      }),
    ),
  )
  if (checks.length === 0) return null
  return { when: 'always', check: checks.join(' && '), broken: 'Below zero: more was taken than there was.' }
}

function conserved(scenario: Scenario): Made | null {
  const sums = conservedUnits(scenario)
  if (sums.length === 0) return null
  return {
    when: 'always',
    check: sums.join(' && '),
    broken: 'Units appeared or vanished: sums that never change while nothing goes wrong have changed.',
  }
}

function ends({ sagas, endMs }: Scenario): Made | null {
  const all = hasSagas(sagas) ? 'sagas.all(s, s.ended) && ' : ''
  return {
    when: 'eventually',
    check: `${all}now < ${endMs}`,
    broken: 'Stuck: a saga never ended, or the run never came to rest.',
  }
}

/** An outbox that is not empty at the end, and an event that nobody asks for again. */
function nothingLost(scenario: Scenario): Made | null {
  const outboxes = Object.entries(scenario.services).flatMap(([name, { protections }]) =>
    protections.outbox ? [`${name}.outbox.all(o, o.sent)`] : [],
  )
  const { wiring } = createWorld(scenario, new ProblemList())
  const events = wiring.eventNames().filter((name) => wiring.subscribersOf(name).length > 0)
  const checks = [...outboxes, ...events.map((name) => `dropped("${name}") == 0`)]
  if (checks.length === 0) return null
  return { when: 'eventually', check: checks.join(' && '), broken: 'Lost: a message was due and nobody will get it.' }
}

function hasSagas(sagas: Scenario['sagas']): boolean {
  return Object.keys(sagas).length > 0
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0
}
