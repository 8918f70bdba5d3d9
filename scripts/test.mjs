// npm test: from a fresh clone to one honest line. Every stage runs even after another failed, so that one run shows
// all there is to mend; only the end-to-end stories need the build and a browser.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requireBrowser } from './browser.mjs'
import { countPlaywright, countStage, countVitest, describeCounts, sumCounts } from './counts.mjs'
import { installMissingPackages, npm } from './packages.mjs'

const E2E_PORT = 4199

/**
 * @param {string} script a script of package.json
 * @param {string[]} [args]
 * @param {NodeJS.ProcessEnv} [env]
 */
function run(script, args = [], env = {}) {
  console.log(`\n▸ ${script}`)
  return npm(['run', '--silent', script, '--', ...args], { env: { ...process.env, ...env } })
}

/** @param {string} path */
function reportAt(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    // The runner did not get as far as a report; its exit code says the rest.
    return undefined
  }
}

/**
 * The wanted port, or any free one: two clones may be testing at once.
 * @param {number} wanted
 * @returns {Promise<number>}
 */
const freePort = (wanted) =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(freePort(0)))
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : wanted))
    })
  })

/** @param {string} folder */
function unit(folder) {
  const report = join(folder, 'unit.json')
  const succeeded = run('unit', ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`])
  return countVitest(reportAt(report), succeeded)
}

/** @param {string} folder */
async function endToEnd(folder) {
  const report = join(folder, 'e2e.json')
  try {
    const succeeded = run('e2e', ['--reporter=list,json'], {
      CHROMIUM_PATH: await requireBrowser({ mayInstall: true }),
      SAGASCOPE_E2E_PORT: String(await freePort(E2E_PORT)),
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    })
    return countPlaywright(reportAt(report), succeeded)
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : error}`)
    return countStage(false)
  }
}

installMissingPackages()
const reports = mkdtempSync(join(tmpdir(), 'sagascope-test-'))
const counts = [countStage(run('types')), countStage(run('lint')), unit(reports)]

const isBuilt = run('build')
counts.push(countStage(isBuilt))
if (isBuilt) counts.push(await endToEnd(reports))
else console.error('\nThe build failed, so the end-to-end stories did not run.')

rmSync(reports, { recursive: true })
const total = sumCounts(counts)
process.exitCode = total.failed > 0 ? 1 : 0
console.log(`\n${describeCounts(total)}`)
