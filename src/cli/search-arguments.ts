/** What hunt and sweep have in common on the command line. */
import { availableParallelism } from 'node:os'
import { type Budget, readBudget, usualBudget } from '../checker/budget.ts'
import { type Promised, type PromiseName, promiseNames, withPromises } from '../checker/promises.ts'
import { Trials } from '../checker/trials.ts'
import { nearest } from '../scenario/nearest.ts'
import { applyVariant } from '../scenario/patch.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import type { Arguments, OptionKinds } from './arguments.ts'
import { theStory } from './arguments.ts'
import { BadInput } from './output.ts'
import { accept, openStory, prepare, type Story } from './stories.ts'

export const searchOptions: OptionKinds = {
  variant: 'value',
  budget: 'value',
  promises: 'value',
  workers: 'value',
  shard: 'value',
  json: 'switch',
  junit: 'value',
  base: 'value',
}

/** A story with the promises it is searched for. */
export interface Searched {
  readonly story: Story
  readonly variant: string | null
  readonly promised: Promised
  readonly trials: Trials
}

export function readSearched(args: Arguments, command: string): Searched {
  const story = openStory(theStory(args, command))
  const variant = args.value('variant') ?? null
  prepare(story, variant)
  const promised = accept(withPromises(applyVariant(story.input, variant), readPromises(args)), story.label)
  return { story, variant, promised, trials: accept(Trials.of(promised.input), story.label) }
}

/** Every generic promise, none of them, or a list by name; the scenario's own properties are looked at in any case. */
function readPromises(args: Arguments): readonly PromiseName[] {
  const text = args.value('promises')
  if (text === undefined || text === 'all') return promiseNames
  if (text === 'none') return []
  return text.split(',').map((name) => {
    const known = promiseNames.find((one) => one === name.trim().toUpperCase())
    if (known !== undefined) return known
    throw new BadInput(`--promises: no promise "${name}"${nearest(name, promiseNames)}; or all, or none`)
  })
}

export function readTheBudget(args: Arguments, input: ScenarioInput): Budget {
  const text = args.value('budget')
  return text === undefined ? usualBudget : accept(readBudget(text, Object.keys(input.services)), 'hunt')
}

export interface Shard {
  /** From 0. */
  readonly index: number
  readonly of: number
}

/** `--shard 2/5`: the second of five. */
export function readShard(args: Arguments): Shard {
  const text = args.value('shard')
  if (text === undefined) return { index: 0, of: 1 }
  const [, one, all] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  const [number, of] = [Number(one), Number(all)]
  if (one !== undefined && number >= 1 && number <= of) return { index: number - 1, of }
  throw new BadInput(`--shard: "${text}" is no shard; write i/n with i from 1 to n, for example 1/4`)
}

const COUNT_MAX = 4_000_000_000

export function readCount(args: Arguments, option: string, usual: number, most = COUNT_MAX): number {
  const text = args.value(option)
  if (text === undefined) return usual
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= 1 && count <= most) return count
  throw new BadInput(`--${option}: a whole number from 1 to ${most}, not "${text}"`)
}

export function readWorkers(args: Arguments): number {
  return readCount(args, 'workers', availableParallelism(), 256)
}

/** Numbers `from` to `to` (not included) of a range that several share: each a stretch of it. */
export function stretch(from: number, to: number, { index, of }: Shard): [number, number] {
  const length = to - from
  return [from + Math.floor((length * index) / of), from + Math.floor((length * (index + 1)) / of)]
}
