// npm start: from a fresh clone to an address in the terminal.

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { installMissingPackages, ROOT } from './packages.mjs'

const PORT = 4173
const SOURCES = ['src', 'public', 'index.html', 'vite.config.ts', 'package-lock.json']

/**
 * The latest change below a path. Folders count too: removing a file changes nothing else.
 * @param {string} path
 * @returns {number}
 */
function changedAtMs(path) {
  if (!existsSync(path)) return 0
  const stats = statSync(path)
  const inside = stats.isDirectory() ? readdirSync(path) : []
  return Math.max(stats.mtimeMs, ...inside.map((name) => changedAtMs(join(path, name))))
}

function isBuilt() {
  const newestSource = Math.max(...SOURCES.map((source) => changedAtMs(join(ROOT, source))))
  return changedAtMs(join(ROOT, 'dist/index.html')) > newestSource
}

installMissingPackages()
process.chdir(ROOT)

// Imported late: the packages may have been installed a moment ago.
const { build, preview } = await import('vite')
if (!isBuilt()) await build({ logLevel: 'warn' })

// Vite takes the next port when this one is busy.
const server = await preview({ preview: { host: '127.0.0.1', port: PORT } })
console.log(`\n  Sagascope is ready: ${server.resolvedUrls?.local[0]}\n  Stop with Ctrl+C.\n`)
