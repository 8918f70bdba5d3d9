/**
 * Frames per second of the page while it hunts, by hand: `npx vite build && npx tsx bench/hunt-fps.ts`. A frame rate
 * depends on the machine and on what else it does: the first line is the same page with nothing to do.
 */
import { chromium, type Page } from 'playwright'
import { requireBrowser } from '../scripts/browser.mjs'

process.env.NODE_ENV = 'production'
const { preview } = await import('vite')

const PORT = Number(process.env.SAGASCOPE_BENCH_PORT ?? 4378)
const SECONDS = 4
const TARGET = 50

const server = await preview({ logLevel: 'error', preview: { port: PORT, strictPort: true, host: '127.0.0.1' } })
const browser = await chromium.launch({
  executablePath: await requireBrowser(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})

/** Animation frames a second and the longest wait for one, as text: page and bench are compiled for different worlds. */
const COUNT_FRAMES = `new Promise((done) => {
  const start = performance.now()
  let frames = 0
  let last = start
  let longest = 0
  const tick = (now) => {
    frames++
    longest = Math.max(longest, now - last)
    last = now
    if (now - start < ${SECONDS * 1000}) requestAnimationFrame(tick)
    else done([frames / ((now - start) / 1000), longest])
  }
  requestAnimationFrame(tick)
})`

async function line(title: string, page: Page): Promise<number> {
  const [frames, longest] = (await page.evaluate(COUNT_FRAMES)) as [number, number]
  console.log(`${title.padEnd(44)}${frames.toFixed(0).padStart(5)} fps, longest frame ${longest.toFixed(0)} ms`)
  return frames
}

const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
await page.goto(`http://127.0.0.1:${PORT}/`)
await page.waitForSelector('.react-flow__node', { timeout: 60_000 })
await page.waitForTimeout(1500)
await line('the first story, at rest', page)
await page.getByRole('button', { name: 'Hunt', exact: true }).click()
const dialog = page.getByRole('dialog')
await dialog.getByRole('radio', { name: '200,000' }).click()
await line('the dialog open, nothing searched', page)
await dialog.getByRole('button', { name: 'Hunt', exact: true }).click()
await dialog.getByRole('status').first().waitFor()
await page.waitForTimeout(500)
const hunting = await line('hunting on every core the page leaves', page)
const isUnderWay = await dialog.getByRole('button', { name: 'Pause' }).isVisible()
console.log(await dialog.getByRole('status').first().textContent())
await browser.close()
await server.close()
if (!isUnderWay) console.log('the hunt was over before the frames were counted: count again with more tries')
console.log(hunting >= TARGET ? `at least ${TARGET} fps: met` : `less than ${TARGET} fps: not met on this machine now`)
