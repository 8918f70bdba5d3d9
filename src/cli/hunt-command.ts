/** `hunt`: random schedules of faults until a promise breaks; what is found is made small and explained. */
import { budgetWords } from '../checker/budget.ts'
import { type FindingGroup, mergeGroups } from '../checker/hunt.ts'
import { type OptionKinds, readArguments } from './arguments.ts'
import { findingOf, type HuntDocument, huntLines } from './hunt-document.ts'
import { junit, writeReport } from './junit.ts'
import { BASE, readBase } from './link-command.ts'
import { Exit, type ExitCode, type Output } from './output.ts'
import {
  readCount,
  readSearched,
  readShard,
  readTheBudget,
  readWorkers,
  searchOptions,
  stretch,
} from './search-arguments.ts'
import { searchAll } from './search-threads.ts'
import type { SearchTask } from './search-worker.ts'

const options: OptionKinds = {
  ...searchOptions,
  seeds: 'value',
  from: 'value',
  'every-commit': 'switch',
  quick: 'switch',
}
const SEEDS = 10_000

export async function huntCommand(given: readonly string[], output: Output): Promise<ExitCode> {
  const args = readArguments(given, options)
  const searched = readSearched(args, 'hunt')
  const { promised, story, variant, trials } = searched
  const budget = readTheBudget(args, promised.input)
  const first = readCount(args, 'from', 1)
  const [from, to] = stretch(first, first + readCount(args, 'seeds', SEEDS), readShard(args))
  const workers = Math.min(readWorkers(args), Math.max(1, to - from))
  const base = readBase(args.value('base') ?? BASE)
  const checking = args.has('every-commit') ? 'every commit' : 'at the end'
  const tasks = Array.from({ length: workers }, (_, index): SearchTask => {
    const [start, end] = stretch(from, to, { index, of: workers })
    return { kind: 'hunt', input: promised.input, checking, budget, from: start, to: end }
  })
  const began = performance.now()
  const results = await searchAll<FindingGroup[]>(tasks)
  const seconds = (performance.now() - began) / 1000
  const groups = mergeGroups(results)
  const findings = []
  for (const group of groups) findings.push(await findingOf(searched, group, base, !args.has('quick')))
  const document: HuntDocument = {
    kind: 'hunt',
    version: 1,
    scenario: story.input.id,
    title: story.input.title,
    variant,
    budget: budgetWords(budget),
    promises: trials.model.properties.map(({ name }) => name),
    withheld: promised.withheld,
    seeds: [[from, to]],
    runs: to - from,
    seconds,
    findings,
  }
  return report(document, args.has('json'), args.value('junit'), output)
}

export function report(document: HuntDocument, asJson: boolean, file: string | undefined, output: Output): ExitCode {
  output.out(asJson ? JSON.stringify(document, null, 2) : huntLines(document).join('\n').trimEnd())
  if (file !== undefined) {
    const failed = new Map(document.findings.map((finding) => [finding.promise, finding]))
    const cases = document.promises.map((name) => {
      const finding = failed.get(name)
      const failure =
        finding === undefined ? null : { message: finding.line, details: `${finding.broken}\n${finding.link}` }
      return { name: `${name} holds`, failure }
    })
    writeReport(file, junit(`hunt ${document.scenario}`, cases, document.seconds))
  }
  return document.findings.length === 0 ? Exit.asExpected : Exit.notAsExpected
}
