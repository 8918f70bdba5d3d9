/**
 * Frames per second of the stage, by hand: `npx tsx bench/stage-bench.ts`. A frame rate depends on the machine and on
 * what else it does; the first line is the same browser with nothing moving.
 */
import { chromium, type Page } from 'playwright'
import { requireBrowser } from '../scripts/browser.mjs'

process.env.NODE_ENV = 'production'
const { createServer } = await import('vite')
const { default: react } = await import('@vitejs/plugin-react')

const PORT = 4377
const SECONDS = 3
const HTML =
  '<!doctype html><html lang="en"><body><style>html,body,#root{height:100%}</style><div id="root"></div>' +
  '<script type="module" src="/src/views/stage/crowd-page.tsx"></script></body></html>'

const server = await createServer({
  configFile: false,
  mode: 'production',
  root: new URL('..', import.meta.url).pathname,
  cacheDir: 'node_modules/.vite-bench',
  worker: { format: 'es' },
  logLevel: 'error',
  server: { port: PORT, strictPort: true, hmr: false, watch: null },
  plugins: [
    react(),
    {
      name: 'bench-page',
      configureServer: ({ middlewares }) => {
        middlewares.use((request, response, next) => {
          if (!request.url?.startsWith('/bench')) return next()
          response.setHeader('content-type', 'text/html')
          response.end(HTML)
        })
      },
    },
  ],
})
await server.listen()
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
    else done(frames / ((now - start) / 1000))
  }
  requestAnimationFrame(tick)
})`
const framesOf = (page: Page) => page.evaluate(COUNT_FRAMES) as Promise<number>

async function pan(page: Page): Promise<number> {
  const frames = framesOf(page)
  await page.mouse.move(640, 790)
  await page.mouse.down()
  const end = Date.now() + SECONDS * 1000 - 100
  for (let i = 0; Date.now() < end; i++) {
    await page.mouse.move(640 + Math.sin(i / 9) * 200, 700 + Math.cos(i / 9) * 80)
  }
  await page.mouse.up()
  return frames
}

async function measure(services: number, messages: number): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(`http://localhost:${PORT}/bench?services=${services}&messages=${messages}`)
  await page.waitForSelector('.react-flow__node', { timeout: 60_000 })
  await page.waitForTimeout(1000)
  const still = await framesOf(page)
  await page.evaluate('session.getState().play()')
  const playing = await framesOf(page)
  const panning = await pan(page)
  const columns = [services, messages, still.toFixed(0), playing.toFixed(0), panning.toFixed(0)]
  console.log(columns.map((value) => String(value).padStart(16)).join(''))
  await page.close()
}

const titles = ['services', 'under way', 'still, paused', 'still, playing', 'panned, playing']
console.log(titles.map((title) => title.padStart(16)).join(''))
await measure(5, 1)
await measure(20, 2000)
await measure(500, 1)
await measure(500, 2000)
await browser.close()
await server.close()
