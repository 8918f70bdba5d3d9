// The command line, from a fresh clone on: installs what is missing without a word on standard output, then hands over.

import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { installMissingPackages, ROOT } from './packages.mjs'

installMissingPackages()

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const args = ['--import', tsx, join(ROOT, 'src/cli/main.ts'), ...process.argv.slice(2)]
// npm moves to the project folder; a file the visitor names lies where the visitor stands.
const isRunByNpm = process.env.npm_lifecycle_event === 'sagascope'
const cwd = (isRunByNpm && process.env.INIT_CWD) || process.cwd()

spawn(process.execPath, args, { cwd, stdio: 'inherit' }).on('exit', (code) => {
  // No code means a signal ended it.
  process.exitCode = code ?? 1
})
