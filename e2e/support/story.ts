/**
 * What every story starts from: a page that must not complain, a visitor to act through, and further visitors with
 * browsers of their own. A story fails when any page of it logs an error or a warning, or throws.
 */
import { type BrowserContext, type BrowserContextOptions, test as base, expect } from 'playwright/test'
import { recordRuns, Visitor } from './visitor.ts'

interface Story {
  /** Comes to the page as it is when nothing was ever stored. */
  visitor: Visitor
  /** Somebody else, in another browser context: nothing is shared but what is sent. */
  anotherVisitor: (options?: BrowserContextOptions) => Promise<Visitor>
  complaints: string[]
}

function listen(context: BrowserContext, complaints: string[]): void {
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`)
  })
  context.on('weberror', (error) => complaints.push(`thrown: ${error.error().stack ?? error.error()}`))
  context.on('requestfailed', (request) => {
    // Leaving a page cancels what it was still loading.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`not loaded: ${request.url()}`)
  })
}

export const test = base.extend<Story>({
  complaints: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from this pattern
    async ({}, use) => {
      const complaints: string[] = []
      await use(complaints)
      expect(complaints, 'the console stays clean').toEqual([])
    },
    { auto: true },
  ],
  visitor: async ({ context, page, complaints }, use) => {
    listen(context, complaints)
    await recordRuns(context)
    await use(new Visitor(page))
  },
  anotherVisitor: async ({ browser, complaints, baseURL }, use) => {
    const contexts: BrowserContext[] = []
    await use(async (options = {}) => {
      const context = await browser.newContext({ ...(baseURL === undefined ? {} : { baseURL }), ...options })
      contexts.push(context)
      listen(context, complaints)
      await recordRuns(context)
      return new Visitor(await context.newPage())
    })
    for (const context of contexts) await context.close()
  },
})

export { expect }
