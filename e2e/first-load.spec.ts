import { gzipSync } from 'node:zlib'
import { expect, test } from './support/story.ts'

const PAGE_KB = 200
/** Fetched beside the page's own script and run on another thread, so it delays no first picture. */
const ENGINE_KB = 140

test('the stage is there after at most 200 KB of compressed script beside the engine', async ({ visitor, request }) => {
  await visitor.page.addInitScript(() => {
    new MutationObserver((_changes, observer) => {
      if (document.querySelector('main article') === null) return
      performance.mark('usable')
      observer.disconnect()
    }).observe(document, { childList: true, subtree: true })
  })
  await visitor.open()
  const urls = await visitor.page.evaluate(() => {
    const usable = performance.getEntriesByName('usable')[0]?.startTime ?? 0
    const fetched = performance.getEntriesByType('resource').filter(({ startTime }) => startTime <= usable)
    return fetched.map(({ name }) => name).filter((name) => /\.js(\?|$)/.test(name))
  })
  const engine = visitor.page.workers()[0]?.url() ?? ''
  const sizeOf = async (url: string) => gzipSync(await (await request.get(url)).body(), { level: 9 }).length / 1000
  const sizes = await Promise.all(
    [...new Set(urls)].filter((url) => url !== engine).map(async (url) => ({ url, kb: await sizeOf(url) })),
  )
  const listed = sizes.map(({ url, kb }) => `${url.replace(/^.*\//, '')} ${kb.toFixed(1)} KB`).join('\n')
  const total = sizes.reduce((sum, { kb }) => sum + kb, 0)
  expect(total, listed).toBeGreaterThan(100)
  expect(total, listed).toBeLessThanOrEqual(PAGE_KB)
  expect(await sizeOf(engine)).toBeLessThanOrEqual(ENGINE_KB)
})
