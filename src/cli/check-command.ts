/** `check`: every variant of the given files, or of the whole library, as a table. */
import { type OptionKinds, readArguments } from './arguments.ts'
import { junit, type TestCase, writeReport } from './junit.ts'
import { BadInput, Exit, type ExitCode, type Output } from './output.ts'
import { type RunReport, reportOn, surprises } from './report.ts'
import { readShard } from './search-arguments.ts'
import { libraryStories, openStory, prepare, type Story } from './stories.ts'
import { columns } from './table.ts'

const options: OptionKinds = { json: 'switch', strict: 'switch', junit: 'value', shard: 'value' }

interface Checked {
  readonly story: Story
  readonly report: RunReport
}

export function checkCommand(given: readonly string[], output: Output): ExitCode {
  const args = readArguments(given, options)
  const complaints: string[] = []
  const attempt = <T>(work: () => T): T[] => {
    try {
      return [work()]
    } catch (error) {
      if (!(error instanceof BadInput)) throw error
      complaints.push(...error.lines)
      return []
    }
  }
  const stories =
    args.words.length === 0 ? libraryStories() : args.words.flatMap((one) => attempt(() => openStory(one)))
  const { index, of } = readShard(args)
  const began = performance.now()
  const checked = stories
    .flatMap((story) => [null, ...story.variants].map((variant) => ({ story, variant })))
    .filter((_, i) => i % of === index)
    .flatMap(({ story, variant }) => attempt(() => ({ story, report: reportOn(story, prepare(story, variant)) })))
  print(checked, args.has('json'), output)
  const file = args.value('junit')
  if (file !== undefined) writeReport(file, junit('check', checked.map(asTestCase), (performance.now() - began) / 1000))
  for (const line of complaints) output.error(line)
  if (complaints.length > 0) return Exit.badInput
  const isGood = ({ report }: Checked) =>
    report.asExpected && (!args.has('strict') || report.properties.every(({ holds }) => holds))
  return checked.every(isGood) ? Exit.asExpected : Exit.notAsExpected
}

function asTestCase({ story, report }: Checked): TestCase {
  const name = `${story.label} ${report.variant ?? '(itself)'}`
  const details = surprises(report).join('\n')
  return { name, failure: report.asExpected ? null : { message: 'not as expected', details } }
}

function print(checked: readonly Checked[], asJson: boolean, output: Output): void {
  const reports = checked.map(({ report }) => report)
  if (asJson) {
    output.out(JSON.stringify(reports, null, 2))
    return
  }
  if (checked.length === 0) return
  const rows = checked.map(({ story, report }) => [
    story.input.case ?? '',
    story.label,
    report.variant ?? '(itself)',
    brokenText(report),
    report.asExpected ? 'as expected' : `NOT AS EXPECTED: ${surprises(report).join('; ')}`,
  ])
  for (const line of columns([['CASE', 'SCENARIO', 'VARIANT', 'BROKEN', 'RESULT'], ...rows])) output.out(line)
  const wrong = reports.filter((report) => !report.asExpected).length
  output.out(`\n${reports.length - wrong} as expected, ${wrong} not`)
}

function brokenText({ properties }: RunReport): string {
  return properties
    .filter(({ holds }) => !holds)
    .map(({ name }) => name)
    .join(', ')
}
