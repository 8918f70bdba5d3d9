/**
 * A run of a million events in a tab, by hand: `npx tsx bench/tab-bench.ts`. What the tab holds with its workers when the
 * run has ended, how long a seek keeps the page busy, and whether the list of events scrolls smoothly.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright'
import { requireBrowser } from '../scripts/browser.mjs'
import type { ScenarioInput } from '../src/scenario/schema.ts'
import { eventsUnderLoad, storeScenario } from './event-store.ts'
import { quantile } from './timing.ts'

process.env.NODE_ENV = 'production'
const { build, preview } = await import('vite')

const PORT = 4378
const MINUTES_MAX = 8
const root = new URL('..', import.meta.url).pathname
const outDir = await mkdtemp(join(tmpdir(), 'sagascope-bench-'))
await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } })
// Memory is measured only in a page that is isolated from all others.
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
const server = await preview({
  root,
  logLevel: 'error',
  build: { outDir },
  preview: { port: PORT, strictPort: true, headers },
})

async function withPage<T>(scenario: ScenarioInput, work: (page: Page) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({
    executablePath: await requireBrowser(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--enable-blink-features=ForceEagerMeasureMemory',
    ],
  })
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(`http://localhost:${PORT}/`)
  await page.getByRole('application').first().waitFor()
  await page.evaluate(dropOf(scenario))
  await page.getByText(scenario.title, { exact: true }).first().waitFor()
  const begun = Date.now()
  // While a run comes in, there is a button to stop it.
  const running = page.getByRole('progressbar', { name: 'The run is under way' })
  await running.waitFor({ timeout: 20_000 })
  await running.waitFor({ state: 'hidden', timeout: MINUTES_MAX * 60_000 })
  console.log(`  ran for ${((Date.now() - begun) / 1000).toFixed(0)} s`)
  const result = await work(page)
  await browser.close()
  return result
}

/** Page and bench are compiled for different worlds: what runs there is text. */
const dropOf = (scenario: ScenarioInput) => `{
  const dataTransfer = new DataTransfer()
  dataTransfer.items.add(new File([${JSON.stringify(JSON.stringify(scenario))}], 'bench.json', { type: 'application/json' }))
  for (const type of ['dragover', 'drop']) {
    document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
  }
}`

/** Millions of bytes, the page and its workers together, after a collection. */
async function held(page: Page): Promise<number> {
  const bytes = (await page.evaluate(
    'performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes)',
  )) as number
  return bytes / 1e6
}

/** Milliseconds between frames while the list scrolls by so many pixels a frame. */
const SCROLL = `new Promise((done) => {
  const list = document.querySelector('[aria-label="Events"][role="list"]')
  const times = []
  let last = performance.now()
  let at = 0
  list.scrollTop = 0
  const tick = (now) => {
    times.push(now - last)
    last = now
    at += 700
    list.scrollTop = at
    if (times.length < 300) requestAnimationFrame(tick)
    else done(times.slice(10))
  }
  requestAnimationFrame(tick)
})`

async function scrolling(page: Page): Promise<void> {
  await page.keyboard.press('End')
  await page.getByRole('radio', { name: 'Store', exact: true }).click()
  await page.getByRole('list', { name: 'Events' }).waitFor()
  await page.waitForTimeout(1000)
  const times = (await page.evaluate(SCROLL)) as number[]
  console.log(
    `  scrolling: frame median ${quantile(times, 0.5).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(1)} ms`,
  )
}

/** The longest the page stood still while all events went over and were counted, and how long that took. */
const LONGEST = `new Promise((done) => {
  const times = []
  let last = performance.now()
  const tick = (now) => {
    times.push(now - last)
    last = now
    if (document.querySelector('[role="status"][aria-label="Result"]') === null) requestAnimationFrame(tick)
    else done(times)
  }
  requestAnimationFrame(tick)
})`

async function asking(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Tables' }).click()
  await page.getByRole('radio', { name: 'SQL' }).click()
  const box = page.getByRole('textbox', { name: 'SQL query' })
  await box.fill('SELECT count(*), sum(version) FROM orders.events')
  const begun = Date.now()
  await box.press('Control+Enter')
  const times = (await page.evaluate(LONGEST)) as number[]
  const first = Date.now() - begun
  const frames = `frames: median ${quantile(times, 0.5).toFixed(0)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms, longest ${Math.max(...times).toFixed(0)} ms`
  console.log(`  SQL over all events: ${(first / 1000).toFixed(1)} s, ${frames}`)
  const said = await page.getByText(/^at entry/).innerText()
  await page.keyboard.press('Escape')
  const again = Date.now()
  await page.getByRole('button', { name: 'One entry back' }).click()
  await page.getByText(said, { exact: true }).waitFor({ state: 'detached' })
  await page.getByText(/^at entry/).waitFor()
  console.log(`  at another moment: ${((Date.now() - again) / 1000).toFixed(1)} s`)
}

const only = process.argv[2]
if (only === undefined || only === 'load') {
  console.log('a million events under load, curves kept')
  await withPage(eventsUnderLoad(), async (page) => console.log(`  the tab holds ${(await held(page)).toFixed(0)} MB`))
}
if (only === undefined || only === 'trace') {
  console.log('a million events, everything kept')
  await withPage(storeScenario(false, 10_000), async (page) => {
    console.log(`  the tab holds ${(await held(page)).toFixed(0)} MB`)
    await scrolling(page)
    await asking(page)
  })
}
await server.close()
await rm(outDir, { recursive: true })
