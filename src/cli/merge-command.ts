/** `merge`: the documents of several shards as one. */
import { readFileSync } from 'node:fs'
import { type OptionKinds, readArguments } from './arguments.ts'
import { report } from './hunt-command.ts'
import { type HuntDocument, mergeHunts } from './hunt-document.ts'
import { BadInput, type ExitCode, type Output } from './output.ts'
import { reportSweep } from './sweep-command.ts'
import { mergeSweeps, type SweepDocument } from './sweep-document.ts'

const options: OptionKinds = { json: 'switch', junit: 'value' }
type Result = HuntDocument | SweepDocument

export function mergeCommand(given: readonly string[], output: Output): ExitCode {
  const args = readArguments(given, options)
  const [first, ...rest] = args.words.map(readResult)
  if (first === undefined) throw new BadInput('merge needs files that hunt --json or sweep --json has written')
  const [asJson, file] = [args.has('json'), args.value('junit')]
  const other = rest.find(
    (one) => one.kind !== first.kind || one.scenario !== first.scenario || one.variant !== first.variant,
  )
  if (other !== undefined) {
    throw new BadInput(`merge takes results of one search: ${nameOf(first)} and ${nameOf(other)} are two`)
  }
  if (first.kind === 'hunt') return report(mergeHunts([first, ...(rest as HuntDocument[])]), asJson, file, output)
  return reportSweep(mergeSweeps([first, ...(rest as SweepDocument[])]), asJson, file, output, 0)
}

function nameOf({ kind, scenario, variant }: Result): string {
  return `a ${kind} of ${scenario}${variant === null ? '' : ` (${variant})`}`
}

function readResult(path: string): Result {
  let document: unknown
  try {
    document = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new BadInput(`${path}: it cannot be read: ${(error as Error).message}`)
  }
  if (isResult(document)) return document
  throw new BadInput(`${path}: this is no result of hunt --json or sweep --json`)
}

function isResult(document: unknown): document is Result {
  if (typeof document !== 'object' || document === null) return false
  const { kind, version, findings, cells } = document as Record<string, unknown>
  return version === 1 && ((kind === 'hunt' && Array.isArray(findings)) || (kind === 'sweep' && Array.isArray(cells)))
}
