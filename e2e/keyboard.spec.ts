import { expect, test } from './support/story.ts'
import type { Visitor } from './support/visitor.ts'

const focusedName = (visitor: Visitor) =>
  visitor.page.evaluate(() => {
    const { activeElement } = document
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? ''
  })

async function tabTo(visitor: Visitor, name: RegExp): Promise<void> {
  for (let i = 0; i < 80; i++) {
    if (name.test(await focusedName(visitor))) return
    await visitor.page.keyboard.press('Tab')
  }
  throw new Error(`Tab never comes to ${name}`)
}

test('by keyboard alone: take Crash, put it on Payment, follow it, step back, undo it', async ({ visitor }) => {
  const { keyboard } = visitor.page
  await visitor.open()
  await keyboard.press('k')
  await expect(visitor.page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await visitor.seek(15)

  await tabTo(visitor, /^Crash$/)
  await keyboard.press('Enter')
  await expect(visitor.failure('Crash')).toHaveAttribute('aria-pressed', 'true')
  await tabTo(visitor, /^Put crash on Payment$/)
  await expect(visitor.page.locator(':focus-visible')).toHaveCount(1)
  await keyboard.press('Enter')
  await expect(visitor.stage.getByRole('switch')).toBeChecked()
  await visitor.isAt(15)

  await keyboard.press(']')
  await keyboard.press('End')
  await expect(visitor.stage.getByRole('region', { name: 'Saga o1' })).toContainText('compensated')
  const { entry } = await visitor.moment()
  await keyboard.press('[')
  await expect.poll(async () => (await visitor.moment()).entry).toBeLessThan(entry)
  await keyboard.press('Home')
  await visitor.isAt(0)
  await keyboard.press('.')
  await visitor.isAt(1)
  await keyboard.press(',')
  await visitor.isAt(0)
  await keyboard.press('k')
  await expect.poll(async () => (await visitor.moment()).entry).toBeGreaterThan(0)
  await keyboard.press('k')

  await keyboard.press('Control+z')
  await expect(visitor.stage.getByRole('switch')).toHaveCount(0)
  await keyboard.press('Control+Shift+z')
  await expect(visitor.stage.getByRole('switch')).toHaveCount(1)
})

test('Escape puts a fault back, and nothing is broken', async ({ visitor }) => {
  const { keyboard } = visitor.page
  await visitor.openStill()
  await tabTo(visitor, /^Drop$/)
  await keyboard.press('Enter')
  await expect(visitor.page.locator(':focus')).toHaveAccessibleName(/^Put drop on /)
  await keyboard.press('Escape')
  await expect(visitor.failure('Drop')).toHaveAttribute('aria-pressed', 'false')
  await expect(visitor.failure('Drop')).toBeFocused()
  await expect(visitor.stage.getByRole('switch')).toHaveCount(0)
})

test('a fault is put onto a line by keyboard too', async ({ visitor }) => {
  const { keyboard } = visitor.page
  await visitor.openStill()
  await tabTo(visitor, /^Drop$/)
  await keyboard.press('Enter')
  await tabTo(visitor, /^Put drop on the line between Order and Payment$/)
  await keyboard.press('Enter')
  await expect(visitor.stage.getByRole('switch')).toBeChecked()
  await expect(visitor.failure('Drop')).toBeFocused()
  await visitor.page.getByRole('button', { name: 'Next fault' }).click()
  await expect(visitor.sentence).toHaveText(/was lost|was dropped|lost/i)
})

test('the keys are listed where one asks for them, and the panels have keys of their own', async ({ visitor }) => {
  const { keyboard } = visitor.page
  await visitor.openStill()
  await keyboard.press('?')
  const help = visitor.page.getByRole('dialog')
  await expect(help).toContainText('Space')
  await keyboard.press('Escape')
  await expect(help).toHaveCount(0)
  for (const [key, panel] of [
    ['2', 'Saga'],
    ['3', 'Tables'],
    ['4', 'Message'],
    ['1', 'Verdict'],
  ] as const) {
    await keyboard.press(key)
    await expect(visitor.inspector.getByRole('tab', { name: panel })).toHaveAttribute('aria-selected', 'true')
  }
})
