/**
 * The engine without a browser: the same scenarios, the same traces, for terminals and scripts. Knows everything but the
 * page; says what is wrong with an input in one line per problem and never with a stack.
 */
import { nearest } from '../scenario/nearest.ts'
import { checkCommand } from './check-command.ts'
import { huntCommand } from './hunt-command.ts'
import { linkCommand } from './link-command.ts'
import { listCommand } from './list-command.ts'
import { mergeCommand } from './merge-command.ts'
import { BadInput, Exit, type ExitCode, type Output } from './output.ts'
import { proveCommand } from './prove-command.ts'
import { runCommand } from './run-command.ts'
import { sweepCommand } from './sweep-command.ts'
import { traceCommand } from './trace-command.ts'
import { usage } from './usage.ts'

type Command = (given: readonly string[], output: Output) => ExitCode | Promise<ExitCode>

const commands = new Map<string, Command>([
  ['run', runCommand],
  ['check', checkCommand],
  ['list', listCommand],
  ['trace', traceCommand],
  ['link', linkCommand],
  ['hunt', huntCommand],
  ['sweep', sweepCommand],
  ['merge', mergeCommand],
  ['prove', proveCommand],
])
const helpWords = ['help', '--help', '-h']

export async function cli(given: readonly string[], output: Output): Promise<ExitCode> {
  try {
    const [name, ...rest] = given
    if (name === undefined) throw new BadInput(usage)
    if (helpWords.includes(name) || rest.includes('--help')) {
      output.out(usage)
      return Exit.asExpected
    }
    const command = commands.get(name)
    if (command === undefined) throw new BadInput(`no command "${name}"${nearest(name, [...commands.keys()])}`)
    return await command(rest, output)
  } catch (error) {
    if (error instanceof BadInput) {
      for (const line of error.lines) output.error(line)
      return Exit.badInput
    }
    output.error(`This is a bug in Sagascope, not in your input: ${error instanceof Error ? error.stack : error}`)
    return Exit.bug
  }
}
