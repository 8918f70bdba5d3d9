/** What a search has found, ready to be handed on: small, explained, as a scenario, a sentence and a test. */
import { faultPhrase } from '../scenario/fault-phrase.ts'
import type { FaultInput, ScenarioInput } from '../scenario/schema.ts'
import { describe } from '../trace/describe.ts'
import type { Finding } from './hunt.ts'
import { asWritten, type Schedule, withSchedule } from './schedule.ts'
import { shrinkIn, weight } from './shrink.ts'
import type { Trials } from './trials.ts'
import { explain, type Suspect, type Why } from './why.ts'

export interface Found {
  readonly promise: string
  /** What it means that it breaks. */
  readonly broken: string
  /** How many seeds broke it, and the one that this is about. */
  readonly count: number
  readonly seed: number
  readonly schedule: Schedule
  /** One line: the promise, the faults in words, the seed. */
  readonly line: string
  readonly faults: readonly FaultInput[]
  /** The whole of it as a scenario that can be run anywhere; its `breaks` name what breaks. */
  readonly scenario: ScenarioInput
}

export interface Explained {
  readonly lastChance: string
  readonly cures: readonly { readonly title: string; readonly prevents: number; readonly of: number }[]
  readonly tried: number
}

/** The smallest of the findings of one promise. */
export function makeSmall(trials: Trials, findings: readonly Finding[], count: number): Found {
  const small = findings.map(({ promise, schedule, seed }) => ({
    seed,
    promise,
    schedule: shrinkIn(trials, schedule, promise),
  }))
  small.sort((a, b) => weight(a.schedule) - weight(b.schedule) || a.seed - b.seed)
  const [best] = small
  if (best === undefined) throw new Error('nothing was found')
  return describeFound(trials, { ...best, count })
}

function describeFound(
  trials: Trials,
  { promise, schedule, seed, count }: Finding & { readonly count: number },
): Found {
  const property = trials.model.header.properties.find(({ name }) => name === promise)
  const title = (service: string) => trials.model.header.services.find(({ name }) => name === service)?.title ?? service
  const phrases = schedule.faults.map((fault) => faultPhrase(fault, title))
  const sagas = schedule.more.map(({ afterMs }) => `one more saga after ${afterMs} ms`)
  const what = [...phrases, ...sagas].join('; ') || 'nothing goes wrong at all'
  return {
    promise,
    broken: property?.broken ?? '',
    count,
    seed,
    schedule,
    line: `${promise} breaks: ${what} (seed ${seed})`,
    faults: schedule.faults.map(asWritten),
    scenario: scenarioOf(trials, schedule, promise),
  }
}

function scenarioOf(trials: Trials, schedule: Schedule, promise: string): ScenarioInput {
  const { input } = trials
  const { variants: _variants, chapter: _chapter, ...rest } = withSchedule(input, schedule, trials.copies)
  const slug = promise.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return {
    ...rest,
    id: `${input.id.slice(0, 59 - slug.length)}-${slug}`,
    title: `${input.title}: ${promise} breaks`,
    expect: {},
    breaks: [...trials.trace(schedule).violations].flatMap(([name, position]) => (position >= 0 ? [name] : [])),
  }
}

export function explained(trials: Trials, suspect: Suspect): Explained & { readonly why: Why } {
  const why = explain(trials, suspect)
  const { lastChance, cures, tried, trace } = why
  const when = `${lastChance.time / 1000} ms`
  return {
    lastChance: lastChance.never
      ? 'There never was a chance: every continuation tried breaks it from the beginning.'
      : `The last chance passed at ${when}: ${describe(trace, trace.entry(lastChance.position))}.`,
    cures: cures.map(({ title, prevents, of }) => ({ title, prevents, of })),
    tried,
    why,
  }
}

/** `with a fence on Payment: holds, also under 7 of 7 variations`. */
export function cureLine({ title, prevents, of }: Explained['cures'][number]): string {
  return `with ${title}: holds${of > 1 ? `, in ${prevents} of ${of} variations` : ''}`
}

/** A test that is red until the finding is mended; it needs Node and this repository's command line. */
export function regressionTest(found: Found): string {
  const scenario = { ...found.scenario, breaks: [] }
  return `// Found by the hunt: ${found.line}
// ${found.broken}
// Red until it is mended. Run in a Sagascope checkout: node --test ${scenario.id}.test.mjs
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'

const scenario = ${JSON.stringify(scenario, null, 2)}

test(${JSON.stringify(`${found.promise} holds: ${scenario.title}`)}, () => {
  const file = join(mkdtempSync(join(tmpdir(), 'sagascope-')), '${scenario.id}.json')
  writeFileSync(file, JSON.stringify(scenario))
  const run = spawnSync('npm', ['run', '-s', 'sagascope', '--', 'run', file, '--strict'], { encoding: 'utf8' })
  assert.equal(run.status, 0, run.stdout + run.stderr)
})
`
}
