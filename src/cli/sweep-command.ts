/** `sweep`: every placement of up to k faults on the calm run, as a matrix. */
import { type Cell, Sweep } from '../checker/sweep.ts'
import { type OptionKinds, readArguments } from './arguments.ts'
import { junit, writeReport } from './junit.ts'
import { Exit, type ExitCode, type Output } from './output.ts'
import { readCount, readSearched, readShard, readWorkers, searchOptions } from './search-arguments.ts'
import { searchAll } from './search-threads.ts'
import type { SearchTask } from './search-worker.ts'
import { mergeSweeps, type SweepDocument, sweepCell, sweepLines } from './sweep-document.ts'

const options: OptionKinds = { ...searchOptions, faults: 'value' }
const FAULTS_MAX = 3

export async function sweepCommand(given: readonly string[], output: Output): Promise<ExitCode> {
  const args = readArguments(given, options)
  const { promised, story, variant, trials } = readSearched(args, 'sweep')
  const faults = readCount(args, 'faults', 1, FAULTS_MAX)
  const { index, of } = readShard(args)
  const workers = readWorkers(args)
  const began = performance.now()
  const tasks = Array.from({ length: workers }, (_, worker): SearchTask => {
    const options = { faults, shard: index + worker * of, of: of * workers }
    return { kind: 'sweep', input: promised.input, checking: 'every commit', options }
  })
  const results = await searchAll<Cell[]>(tasks)
  const { columns, calm } = new Sweep(trials, { faults: 1, shard: 0, of: 1 })
  const document: SweepDocument = {
    kind: 'sweep',
    version: 1,
    scenario: story.input.id,
    title: story.input.title,
    variant,
    faults,
    promises: trials.model.properties.map(({ name }) => name),
    columns,
    calm,
    shards: [`${index + 1}/${of}`],
    cells: inOrder(results).map(sweepCell),
  }
  // Two workers, like two shards, can come to the same pair of faults from its two ends.
  return reportSweep(
    mergeSweeps([document]),
    args.has('json'),
    args.value('junit'),
    output,
    (performance.now() - began) / 1000,
  )
}

/** Placements were dealt out one by one: the first of each worker, then the second of each. */
function inOrder(results: readonly Cell[][]): Cell[] {
  const firsts = results.map((cells) => groupsOf(cells))
  const longest = Math.max(0, ...firsts.map(({ length }) => length))
  return Array.from({ length: longest }, (_, i) => firsts.flatMap((groups) => groups[i] ?? [])).flat()
}

/** A first fault's cell and those of the faults that follow it. */
function groupsOf(cells: readonly Cell[]): Cell[][] {
  const groups: Cell[][] = []
  for (const cell of cells) {
    if (cell.placements.length === 1) groups.push([cell])
    else groups.at(-1)?.push(cell)
  }
  return groups
}

export function reportSweep(
  document: SweepDocument,
  asJson: boolean,
  file: string | undefined,
  output: Output,
  seconds: number,
): ExitCode {
  output.out(asJson ? JSON.stringify(document, null, 2) : sweepLines(document).join('\n'))
  if (file !== undefined) {
    const cases = document.cells.map(({ placements, outcome, broken, faults }) => ({
      name: placements.map(({ row, column }) => `${row}: ${column}`).join(' + '),
      failure: isBad(outcome) ? { message: `${outcome} ${broken.join(', ')}`, details: JSON.stringify(faults) } : null,
    }))
    writeReport(file, junit(`sweep ${document.scenario}`, cases, seconds))
  }
  return document.cells.some(({ outcome }) => isBad(outcome)) ? Exit.notAsExpected : Exit.asExpected
}

function isBad(outcome: SweepDocument['calm']): boolean {
  return outcome === 'promise broken' || outcome === 'stuck'
}
