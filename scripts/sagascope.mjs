// The command line, from a fresh clone on: installs what is missing without a word on standard output, then hands over.

import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundledCli } from './cli-bundle.mjs'
import { installMissingPackages, ROOT } from './packages.mjs'

installMissingPackages()

const given = process.argv.slice(2)
// Searches run long, and on several threads: worth a bundle.
const isSearch = ['hunt', 'sweep', 'prove'].includes(given[0] ?? '')
const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const program = isSearch ? [await bundledCli()] : ['--import', tsx, join(ROOT, 'src/cli/main.ts')]
const args = [...program, ...given]
// npm moves to the project folder; a file the visitor names lies where the visitor stands.
const isRunByNpm = process.env.npm_lifecycle_event === 'sagascope'
const cwd = (isRunByNpm && process.env.INIT_CWD) || process.cwd()

spawn(process.execPath, args, { cwd, stdio: 'inherit' }).on('exit', (code) => {
  // No code means a signal ended it.
  process.exitCode = code ?? 1
})
