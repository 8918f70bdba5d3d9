/** The stable document of `hunt --json`: what one search, or several merged, looked at and found. */
import { cureLine, type Explained, explained, type Found, makeSmall, regressionTest } from '../checker/found.ts'
import type { FindingGroup } from '../checker/hunt.ts'
import type { FaultInput, ScenarioInput } from '../scenario/schema.ts'
import { linkTo } from './link-to.ts'
import type { Searched } from './search-arguments.ts'

/** Keys are added to this document, never removed or renamed: scripts read it. */
export interface HuntDocument {
  readonly kind: 'hunt'
  readonly version: 1
  readonly scenario: string
  readonly title: string
  readonly variant: string | null
  /** In words. */
  readonly budget: string
  readonly promises: readonly string[]
  readonly withheld: readonly string[]
  /** Stretches of seeds that were looked at, each from and up to but not including. */
  readonly seeds: readonly (readonly [number, number])[]
  readonly runs: number
  readonly seconds: number
  readonly findings: readonly HuntFinding[]
}

export interface HuntFinding {
  readonly promise: string
  readonly broken: string
  /** How many seeds broke it. */
  readonly count: number
  readonly seed: number
  readonly line: string
  readonly faults: readonly FaultInput[]
  readonly link: string
  readonly scenario: ScenarioInput
  readonly test: string
  /** Absent when it was not asked for. */
  readonly why?: Explained
}

export async function findingOf(
  searched: Searched,
  group: FindingGroup,
  base: string,
  withWhy: boolean,
): Promise<HuntFinding> {
  const found = makeSmall(searched.trials, group.first, group.count)
  const { promise, broken, count, seed, line, faults, scenario } = found
  return {
    promise,
    broken,
    count,
    seed,
    line,
    faults,
    link: await linkTo(scenario, base),
    scenario,
    test: regressionTest(found),
    ...(withWhy ? { why: whyOf(searched, found) } : {}),
  }
}

function whyOf({ story, variant, trials }: Searched, { schedule, promise }: Found): Explained {
  const { lastChance, cures, tried } = explained(trials, { story: story.input, variant, schedule, promise })
  return { lastChance, cures, tried }
}

/** The lines for people. */
export function huntLines(document: HuntDocument): string[] {
  const { title, variant, budget, promises, withheld, runs, seconds, findings } = document
  const rate = seconds > 0 ? `, ${Math.round(runs / seconds).toLocaleString('en')} a second` : ''
  return [
    `${title}${variant === null ? '' : ` (${variant})`}: ${budget}`,
    `Promises: ${promises.join(', ') || 'none'}`,
    ...(withheld.length === 0
      ? []
      : [`Not promised, since it does not hold even when nothing goes wrong: ${withheld.join(', ')}`]),
    `${runs.toLocaleString('en')} schedules${rate}`,
    '',
    ...(findings.length === 0 ? ['Nothing found.'] : findings.flatMap(findingLines)),
  ]
}

function findingLines({ line, count, broken, link, why }: HuntFinding): string[] {
  return [
    line,
    `  ${broken}`,
    `  broken by ${count.toLocaleString('en')} of these schedules`,
    ...(why === undefined ? [] : whyLines(why)),
    `  ${link}`,
    '',
  ]
}

const CURES_SHOWN = 5

function whyLines({ lastChance, cures, tried }: Explained): string[] {
  const shown = cures.slice(0, CURES_SHOWN).map((cure) => `  ${cureLine(cure)}`)
  return [
    `  ${lastChance}`,
    ...(shown.length === 0 ? [`  none of ${tried} protections alone, or two together, prevents it`] : shown),
  ]
}

/** Several searches of one scenario as one. */
export function mergeHunts(documents: readonly [HuntDocument, ...HuntDocument[]]): HuntDocument {
  const [first] = documents
  const byPromise = new Map<string, HuntFinding>()
  for (const finding of documents.flatMap(({ findings }) => findings)) {
    const known = byPromise.get(finding.promise)
    const count = finding.count + (known?.count ?? 0)
    const better = known === undefined || isSimpler(finding, known) ? finding : known
    byPromise.set(finding.promise, { ...better, count })
  }
  const sum = (pick: (document: HuntDocument) => number) => documents.reduce((total, one) => total + pick(one), 0)
  return {
    ...first,
    seeds: documents.flatMap(({ seeds }) => seeds).sort(([a], [b]) => a - b),
    runs: sum(({ runs }) => runs),
    seconds: sum(({ seconds }) => seconds),
    findings: [...byPromise.values()],
  }
}

function isSimpler(a: HuntFinding, b: HuntFinding): boolean {
  return a.faults.length < b.faults.length || (a.faults.length === b.faults.length && a.seed < b.seed)
}
