/** From what the visitor names (a file, an id of the library) to a run that is ready to start. */
import { readFileSync, type Stats, statSync } from 'node:fs'
import { type Problem, problemLine, type Result } from '../base/result.ts'
import type { Model } from '../kernel/model.ts'
import { library } from '../library/library.ts'
import { compile, parseScenario, readScenario, TEXT_MAX } from '../scenario/compile.ts'
import { nearest } from '../scenario/nearest.ts'
import { applyVariant } from '../scenario/patch.ts'
import type { Scenario, ScenarioInput } from '../scenario/schema.ts'
import { BadInput } from './output.ts'

export interface Story {
  /** What the visitor called it: leads every complaint about it. */
  readonly label: string
  /** As written; known to be a scenario that compiles. Its variants are checked when they are asked for. */
  readonly input: ScenarioInput
  readonly variants: readonly string[]
}

/** A scenario with one of its variants applied, and the model it compiles to. */
export interface Prepared {
  readonly scenario: Scenario
  readonly variant: string | null
  readonly model: Model
}

/** A UTF-8 file of more bytes holds more characters than a scenario may have. */
const BYTES_MAX = TEXT_MAX * 3

export function openStory(named: string): Story {
  if (!isFile(named)) return openFromLibrary(named)
  const input = accept(parseScenario(readText(named)), named) as ScenarioInput
  accept(prepareInput(input, null), named)
  return { label: named, input, variants: Object.keys(input.variants ?? {}) }
}

export function libraryStories(): Story[] {
  return library.map((input) => ({ label: input.id, input, variants: Object.keys(input.variants ?? {}) }))
}

/** The scenario itself when `variant` is null. */
export function prepare(story: Story, variant: string | null): Prepared {
  if (variant !== null && !story.variants.includes(variant)) {
    const known = story.variants.length === 0 ? '; it has no variants' : nearest(variant, story.variants)
    throw new BadInput(`${story.label}: no variant "${variant}"${known}`)
  }
  const label = variant === null ? story.label : `${story.label}: variants.${variant}`
  return accept(prepareInput(applyVariant(story.input, variant), variant), label)
}

function prepareInput(input: unknown, variant: string | null): Result<Prepared> {
  const scenario = readScenario(input)
  if (!scenario.ok) return scenario
  const model = compile(scenario.value, variant)
  return model.ok ? { ok: true, value: { scenario: scenario.value, variant, model: model.value } } : model
}

/** The value, or bad input with one line per problem. */
export function accept<T>(result: Result<T>, label: string): T {
  if (result.ok) return result.value
  throw new BadInput(...result.problems.map((problem: Problem) => `${label}: ${problemLine(problem)}`))
}

function isFile(named: string): boolean {
  return named.endsWith('.json') || /[/\\]/.test(named) || stat(named)?.isFile() === true
}

/** Undefined when there is nothing, or nothing that can be looked at. */
function stat(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

function openFromLibrary(id: string): Story {
  const stories = libraryStories()
  const story = stories.find(({ label }) => label === id)
  if (story !== undefined) return story
  const hint = nearest(
    id,
    stories.map(({ label }) => label),
  )
  throw new BadInput(`no scenario "${id}" in the library${hint}`)
}

function readText(path: string): string {
  const stats = stat(path)
  if (stats === undefined) throw new BadInput(`${path}: there is no such file`)
  if (!stats.isFile()) throw new BadInput(`${path}: this is not a file`)
  if (stats.size > BYTES_MAX) {
    throw new BadInput(`${path}: the file is too large: ${stats.size} bytes, at most ${TEXT_MAX} characters`)
  }
  try {
    // The mark some editors put in front is no part of the text.
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    throw new BadInput(`${path}: it cannot be read: ${(error as Error).message}`)
  }
}
