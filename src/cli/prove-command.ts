/** `prove`: every order of deliveries and time-outs with up to so many faults; does anything break? */

import { Proof, type ProveResult, STATES_USUAL } from '../checker/prove.ts'
import { type FaultKind, faultKinds } from '../checker/prove-moves.ts'
import { STATES_MAX } from '../checker/prove-visited.ts'
import { nearest } from '../scenario/nearest.ts'
import { type Arguments, type OptionKinds, readArguments, theStory } from './arguments.ts'
import { BadInput, Exit, type ExitCode, type Output } from './output.ts'
import { openStory, prepare } from './stories.ts'

const options: OptionKinds = {
  variant: 'value',
  faults: 'value',
  kinds: 'value',
  'states-max': 'value',
  json: 'switch',
}
const FAULTS_MAX = 8
const SLICE = 20_000

export function proveCommand(given: readonly string[], output: Output): ExitCode {
  const args = readArguments(given, options)
  const { scenario, model, variant } = prepare(openStory(theStory(args, 'prove')), args.value('variant') ?? null)
  const proof = new Proof(scenario, model, {
    faults: readCount(args, 'faults', 1, 0, FAULTS_MAX),
    kinds: readKinds(args),
    statesMax: readCount(args, 'states-max', STATES_USUAL, 1, STATES_MAX),
  })
  while (proof.advance(SLICE));
  const result = proof.result()
  output.out(
    args.has('json')
      ? JSON.stringify({ scenario: scenario.id, variant, ...documentOf(result) }, null, 2)
      : linesOf(result).join('\n'),
  )
  if (result.verdict === 'proved') return result.neverSeen.length === 0 ? Exit.asExpected : Exit.notAsExpected
  return result.verdict === 'not provable' ? Exit.badInput : Exit.notAsExpected
}

function linesOf({ sentence, counterexample, counts }: ProveResult): string[] {
  const steps = counterexample === null ? [] : counterexample.steps.map((step, i) => `  ${i + 1}. ${step}`)
  const bytes = counts.states === 0 ? 0 : counts.visitedBytes / counts.states
  const numbers =
    counts.states === 0
      ? []
      : [
          `${counts.transitions} steps between states, ${counts.ends} of them at rest; ${bytes.toFixed(1)} bytes per visited state`,
        ]
  return [sentence, ...steps, ...numbers]
}

function documentOf({ counterexample, ends: _, ...result }: ProveResult): object {
  return {
    ...result,
    counterexample: counterexample === null ? null : { property: counterexample.property, steps: counterexample.steps },
  }
}

function readCount(args: Arguments, option: string, usual: number, min: number, max: number): number {
  const text = args.value(option)
  if (text === undefined) return usual
  const count = Number(text)
  if (/^\d+$/.test(text) && count >= min && count <= max) return count
  throw new BadInput(`--${option}: a whole number from ${min} to ${max}, not "${text}"`)
}

function readKinds(args: Arguments): readonly FaultKind[] {
  const text = args.value('kinds')
  if (text === undefined) return faultKinds
  return text.split(/[+,]/).map((kind) => {
    const known = faultKinds.find((one) => one === kind)
    if (known === undefined) {
      const hint = nearest(kind, faultKinds)
      throw new BadInput(`--kinds: a proof knows ${faultKinds.join(', ')}, not "${kind}"${hint}`)
    }
    return known
  })
}
