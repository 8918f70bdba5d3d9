/** The words behind a command: options first declared, then found anywhere, everything else in order. */
import { nearest } from '../scenario/nearest.ts'
import { BadInput } from './output.ts'

/** By option name without dashes: does it take a value, or is it a switch? */
export type OptionKinds = Readonly<Record<string, 'value' | 'switch'>>

export interface Arguments {
  readonly words: readonly string[]
  has(option: string): boolean
  /** The value given last. */
  value(option: string): string | undefined
  /** Every value, for an option that may be repeated. */
  values(option: string): readonly string[]
}

/** `--seed 7` and `--seed=7` mean the same; `--` ends the options. */
export function readArguments(given: readonly string[], kinds: OptionKinds): Arguments {
  const words: string[] = []
  const found = new Map<string, string[]>()
  const keep = (name: string, value: string) => found.set(name, [...(found.get(name) ?? []), value])
  for (let i = 0; i < given.length; i++) {
    const word = given[i] as string
    if (word === '--') {
      words.push(...given.slice(i + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') {
      words.push(word)
      continue
    }
    const { name, attached } = splitOption(word)
    if (optionKind(name, kinds) === 'switch') {
      if (attached !== undefined) throw new BadInput(`--${name} takes no value`)
      keep(name, '')
      continue
    }
    const value = attached ?? given[++i]
    if (value === undefined) throw new BadInput(`--${name} needs a value`)
    keep(name, value)
  }
  return {
    words,
    has: (option) => found.has(option),
    value: (option) => found.get(option)?.at(-1),
    values: (option) => found.get(option) ?? [],
  }
}

function splitOption(word: string): { name: string; attached: string | undefined } {
  const equals = word.indexOf('=')
  const name = (equals < 0 ? word : word.slice(0, equals)).replace(/^--?/, '')
  return { name, attached: equals < 0 ? undefined : word.slice(equals + 1) }
}

function optionKind(name: string, kinds: OptionKinds): 'value' | 'switch' {
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
  if (kind !== undefined) return kind
  throw new BadInput(`unknown option --${name}${nearest(name, Object.keys(kinds))}`)
}

const SEED_MAX = 4_294_967_295

export function readSeed(args: Arguments): number | undefined {
  const text = args.value('seed')
  if (text === undefined) return undefined
  const seed = Number(text)
  if (/^\d+$/.test(text) && seed <= SEED_MAX) return seed
  throw new BadInput(`--seed: a seed is a whole number from 0 to ${SEED_MAX}, not "${text}"`)
}

/** Exactly one word: the file or id a command is about. */
export function theStory(args: Arguments, command: string): string {
  const [story, more] = args.words
  if (story === undefined) throw new BadInput(`${command} needs a scenario: a file, or an id that "list" shows`)
  if (more !== undefined) throw new BadInput(`${command} takes one scenario; what is "${more}"?`)
  return story
}
