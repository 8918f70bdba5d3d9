import { defineConfig } from 'playwright/test'
import { requireBrowser } from './scripts/browser.mjs'

// Set, not only read: Playwright's own workers load this file again and need not search again.
process.env.CHROMIUM_PATH ??= await requireBrowser()

const port = process.env.SAGASCOPE_E2E_PORT ?? '4199'
const address = `http://127.0.0.1:${port}/`
const isRoot = process.getuid?.() === 0

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  workers: 2,
  // A busy machine can be slow once; a story that fails twice is broken. A second try is shown as "flaky".
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  // Stories wait for what they expect, not for a clock: patience costs nothing where all goes well.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    baseURL: address,
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH,
      args: [
        // Chromium's sandbox refuses to run as root.
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: `npm run --silent preview -- --host 127.0.0.1 --port ${port} --strictPort`,
    url: address,
    // A server left over from another clone would be tested in place of this one.
    reuseExistingServer: false,
  },
})
