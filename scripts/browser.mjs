// Finds a Chromium that really starts, in the order promised in the README, and installs one when there is none.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ROOT } from './packages.mjs'

const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe']
const SYSTEM_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  join(process.env.PROGRAMFILES ?? 'C:\\Program Files', 'Google\\Chrome\\Application\\chrome.exe'),
]
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000

const NO_BROWSER = `No browser for the end-to-end tests. Any one of these helps:
  1. set CHROMIUM_PATH to the program of a Chromium or Chrome
  2. install Playwright's own:       npx playwright install --with-deps chromium
  3. install the system's package:   apt-get install chromium   (or Google Chrome, on a laptop)`

/** @param {string} path */
function starts(path) {
  if (!existsSync(path)) return false
  // A downloaded browser may lack its system libraries; only starting it tells. On Windows --version opens a window.
  return process.platform === 'win32' || spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0
}

function systemBrowsers() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return [...SYSTEM_NAMES.flatMap((name) => folders.map((folder) => join(folder, name))), ...SYSTEM_PLACES]
}

async function playwrightsOwn() {
  // Imported late: the packages may have been installed a moment ago.
  const { chromium } = await import('playwright')
  return chromium.executablePath()
}

/** @returns {Promise<string | undefined>} */
async function findBrowser() {
  const chosen = process.env.CHROMIUM_PATH
  if (chosen && starts(chosen)) return chosen
  if (chosen) console.error(`CHROMIUM_PATH is ${chosen}, which does not start; looking elsewhere.`)
  return [await playwrightsOwn(), ...systemBrowsers()].find(starts)
}

function downloadPlaywrights() {
  console.error("No browser yet: downloading Playwright's Chromium (once)…")
  const cli = join(ROOT, 'node_modules/playwright/cli.js')
  const args = [cli, 'install', '--no-shell', 'chromium']
  spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 2, 2], timeout: DOWNLOAD_TIMEOUT_MS })
}

function installSystemPackage() {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return
  console.error("Still no browser: installing the system's chromium package (once)…")
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // apt prints hundreds of lines of progress; its errors are what matters.
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']])
    spawnSync('apt-get', ['--quiet=2', ...args], { stdio: ['ignore', 'ignore', 2], env })
}

/** The path of a browser that starts; throws an error that says what to do when there is none to be had. */
export async function requireBrowser({ mayInstall = false } = {}) {
  const waysToGetOne = mayInstall ? [downloadPlaywrights, installSystemPackage] : []
  let found = await findBrowser()
  for (const getOne of waysToGetOne) {
    if (found) break
    getOne()
    found = await findBrowser()
  }
  if (!found) throw new Error(NO_BROWSER)
  return found
}
