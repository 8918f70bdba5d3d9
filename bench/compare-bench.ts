/**
 * Frames per second of runs side by side, by hand: `npx tsx bench/compare-bench.ts`. The page as it is built, playing
 * library scenarios; the first column is the same page standing still, which is as fast as this browser gets.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from 'playwright'
import { requireBrowser } from '../scripts/browser.mjs'

process.env.NODE_ENV = 'production'
const { build, preview } = await import('vite')

const PORT = 4379
const SECONDS = 4
const root = new URL('..', import.meta.url).pathname
const outDir = await mkdtemp(join(tmpdir(), 'sagascope-bench-'))
await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } })
const server = await preview({ root, logLevel: 'error', build: { outDir }, preview: { port: PORT, strictPort: true } })
const browser = await chromium.launch({
  executablePath: await requireBrowser(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})

/** Counts animation frames in the page, as text: page and bench are compiled for different worlds. */
const COUNT_FRAMES = `new Promise((done) => {
  const start = performance.now()
  let frames = 0
  const tick = (now) => {
    frames++
    if (now - start < ${SECONDS * 1000}) requestAnimationFrame(tick)
    else done({ rate: frames / ((now - start) / 1000) })
  }
  requestAnimationFrame(tick)
})`
interface Frames {
  readonly rate: number
}
const framesOf = (page: Page) => page.evaluate(COUNT_FRAMES) as Promise<Frames>

/** Processor time of the page's main thread, milliseconds: what a frame costs however busy the machine is. */
async function busyTime(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0)
  }
}

async function measure(title: string, others: number): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
  await page.goto(`http://localhost:${PORT}/`)
  await page.getByRole('button', { name: title }).first().click()
  await page.getByText(title, { exact: true }).nth(1).waitFor()
  await page.keyboard.press('Home')
  await page.keyboard.press('c')
  const dialog = page.getByRole('dialog')
  const boxes = dialog.getByRole('checkbox')
  await boxes.first().waitFor()
  for (let i = 0; i < others; i++) await boxes.nth(i).setChecked(true)
  await dialog.getByRole('button', { name: 'Compare', exact: true }).click()
  await page.getByRole('article', { name: new RegExp(`^Run ${others + 1}: `) }).waitFor()
  await page.waitForTimeout(1500)
  await page.keyboard.press('Home')
  const still = await framesOf(page)
  // Slowly, so that it plays for as long as it is looked at.
  await page.getByRole('slider', { name: 'Speed, fine' }).fill('30')
  await page.getByRole('button', { name: 'Play', exact: true }).click()
  const busy = await busyTime(page)
  const before = await busy()
  const playing = await framesOf(page)
  const cost = (await busy()) - before
  const isPlaying = await page.getByRole('button', { name: 'Pause', exact: true }).isVisible()
  const rate = isPlaying ? playing.rate.toFixed(0) : 'ended'
  const columns = [others + 1, still.rate.toFixed(0), rate, (cost / (playing.rate * SECONDS)).toFixed(1)]
  console.log(title.padEnd(32) + columns.map((value) => String(value).padStart(14)).join(''))
  await page.close()
}

console.log(''.padEnd(32) + ['stages', 'still', 'playing', 'ms per frame'].map((word) => word.padStart(14)).join(''))
await measure('Lost reply after the commit', 1)
await measure('Lost reply after the commit', 3)
await measure('A key in the request', 3)
await measure('Happy path', 1)
await browser.close()
await server.close()
await rm(outDir, { recursive: true })
