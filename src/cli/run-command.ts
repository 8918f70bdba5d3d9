/** `run`: one scenario or variant to its end; is it as expected? */
import { type OptionKinds, readArguments, readSeed, theStory } from './arguments.ts'
import { BadInput, Exit, type ExitCode, type Output } from './output.ts'
import { type RunReport, reportLines, reportOn } from './report.ts'
import { openStory, prepare } from './stories.ts'

const options: OptionKinds = { variant: 'value', seed: 'value', json: 'switch', observe: 'value', strict: 'switch' }

export function runCommand(given: readonly string[], output: Output): ExitCode {
  const args = readArguments(given, options)
  const story = openStory(theStory(args, 'run'))
  const prepared = prepare(story, args.value('variant') ?? null)
  for (const warning of prepared.model.header.warnings ?? []) output.error(`warning: ${warning}`)
  const report = reportOn(story, prepared, { seed: readSeed(args), observe: readObserve(args.values('observe')) })
  output.out(args.has('json') ? JSON.stringify(report, null, 2) : reportLines(report).join('\n'))
  return isGood(report, args.has('strict')) ? Exit.asExpected : Exit.notAsExpected
}

/** Strictly, a broken property is never good, expected or not. */
function isGood(report: RunReport, isStrict: boolean): boolean {
  return report.asExpected && (!isStrict || report.properties.every(({ holds }) => holds))
}

function readObserve(given: readonly string[]): Map<string, string> {
  const asked = new Map<string, string>()
  for (const word of given) {
    const equals = word.indexOf('=')
    const name = word.slice(0, Math.max(0, equals)).trim()
    const expression = word.slice(equals + 1).trim()
    if (name === '' || expression === '') {
      throw new BadInput(`--observe takes NAME=EXPRESSION, for example --observe "paid=payment.ledger.size()"`)
    }
    if (asked.has(name)) throw new BadInput(`--observe ${name}: asked for twice; choose another name`)
    asked.set(name, expression)
  }
  return asked
}
