/** Where the command line begins: real streams, real exit code. */
import { cli } from './cli.ts'

// Whoever reads may stop reading: `… trace FILE | head` is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

// An exit code and no exit(): what was written to a pipe must arrive.
process.exitCode = await cli(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  error: (text) => process.stderr.write(`${text}\n`),
})
