import type { Locator, Page } from 'playwright/test'
import { expect, test } from './support/story.ts'
import { boxOf } from './support/visitor.ts'

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

/** A finger that presses, moves and lifts; Playwright itself can only tap. */
async function dragByTouch(page: Page, what: Locator, onto: Locator): Promise<void> {
  const finger = await page.context().newCDPSession(page)
  const from = await boxOf(what)
  const start = { x: from.x + from.width / 2, y: from.y + from.height / 2 }
  await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [start] })
  const to = await onto.boundingBox()
  if (to === null) throw new Error('the target is nowhere on the page')
  const end = { x: to.x + to.width / 2, y: to.y + to.height / 2 }
  for (let step = 1; step <= 12; step++) {
    const x = start.x + ((end.x - start.x) * step) / 12
    const y = start.y + ((end.y - start.y) * step) / 12
    await finger.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x, y }] })
  }
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}

test('on a phone: tap Crash, tap Payment, and read what became of the order', async ({ visitor }) => {
  const { page } = visitor
  await visitor.open()
  await page.getByRole('button', { name: 'Pause', exact: true }).tap()
  await page.getByRole('button', { name: 'Break', exact: true }).tap()
  await visitor.failure('Crash').tap()
  await visitor.card('Payment').tap()
  await expect(visitor.stage.getByRole('switch')).toBeChecked()

  await page.getByRole('button', { name: 'To the end' }).tap()
  await expect(visitor.stage.getByRole('region', { name: 'Saga o1' })).toContainText('compensated')
  await page.getByRole('button', { name: 'One entry back' }).tap()
  const { entry, entries } = await visitor.moment()
  expect(entry).toBe(entries - 1)

  await page.getByRole('button', { name: 'Inspect', exact: true }).tap()
  await expect(visitor.inspector.getByText('All promises hold')).toBeVisible()
  await page.getByRole('button', { name: 'Inspect', exact: true }).tap()
  await expect(visitor.inspector).toBeHidden()
})

test('on a phone a failure can be dragged from its sheet onto the stage', async ({ visitor }) => {
  const { page } = visitor
  await visitor.open()
  await page.getByRole('button', { name: 'Pause', exact: true }).tap()
  await page.getByRole('button', { name: 'Break', exact: true }).tap()
  await expect(visitor.failure('Crash')).toBeVisible()
  await dragByTouch(page, visitor.failure('Crash'), visitor.card('Payment'))
  await expect(visitor.stage.getByRole('switch')).toBeChecked()
  await expect(visitor.palette).toBeHidden()
})

test('on a phone everything that can be pressed is large enough for a finger, and nothing scrolls sideways', async ({
  visitor,
}) => {
  const { page } = visitor
  await visitor.open()
  const tooSmall = await page.evaluate(() => {
    const parts = [...document.querySelectorAll('header button, section[aria-label="Time"] button, nav button')]
    return (
      parts
        .filter((part) => part.checkVisibility() && part.getBoundingClientRect().width > 0)
        .filter((part) => Math.min(part.getBoundingClientRect().width, part.getBoundingClientRect().height) < 40)
        // The names of the timeline's lanes are as close as its data; their services can be pressed on the stage.
        .filter((part) => !/: (up|down), /.test(part.getAttribute('aria-label') ?? ''))
        .map((part) => part.getAttribute('aria-label') ?? part.textContent)
    )
  })
  expect(tooSmall).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})
