// Everything a fresh clone needs before anything else can run. Knows npm; must not import a package, because none may
// be there yet.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** @typedef {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }>} Packages */

/**
 * Runs npm in the project folder and answers whether it succeeded.
 * @param {string[]} args
 * @param {{ stdio?: import('node:child_process').StdioOptions, env?: NodeJS.ProcessEnv }} [options]
 */
export function npm(args, { stdio = 'inherit', env = process.env } = {}) {
  // Inside `npm run` the running npm names itself: the same version again, and no npm.cmd to find on Windows.
  const running = process.env.npm_execpath
  const [command, first] = running && basename(running).startsWith('npm') ? [process.execPath, [running]] : ['npm', []]
  return spawnSync(command, [...first, ...args], { cwd: ROOT, stdio, env }).status === 0
}

/**
 * @param {string} path
 * @returns {Packages | undefined}
 */
function packagesIn(path) {
  try {
    return JSON.parse(readFileSync(join(ROOT, path), 'utf8')).packages
  } catch {
    return undefined
  }
}

/**
 * Compares contents, not dates: a checkout touches the lockfile without changing it, and reinstalling then would break
 * a machine that is offline. Optional packages belong to other platforms and may be absent.
 * @param {Packages | undefined} wanted
 * @param {Packages | undefined} present
 */
export function isInstalled(wanted, present) {
  if (!wanted || !present) return false
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    const isOurs = path === ''
    const mayBeAbsent = optional || devOptional
    const found = present[path]
    return isOurs || (found ? found.version === version : mayBeAbsent)
  })
}

/** npm writes node_modules/.package-lock.json last, so an interrupted install counts as none. */
export function installMissingPackages() {
  if (isInstalled(packagesIn('package-lock.json'), packagesIn('node_modules/.package-lock.json'))) return
  console.error('Installing packages (once)…')
  // Standard output belongs to the command that asked, which may be printing a trace into a pipe.
  const installed = npm(['ci', '--include=dev', '--loglevel=error'], { stdio: ['ignore', 2, 2] })
  if (installed) return
  console.error('Installing packages failed; npm says why above. Node 20.19 or newer and a network are needed once.')
  process.exit(1)
}
