import type { Locator } from 'playwright/test'
import { expect, test } from './support/story.ts'
import type { Visitor } from './support/visitor.ts'

const comparison = (visitor: Visitor): Locator => visitor.page.getByRole('main', { name: 'Side by side' })

async function branches(visitor: Visitor): Promise<Locator> {
  const panel = visitor.page.getByRole('dialog', { name: 'Branches' })
  if (!(await panel.isVisible())) await visitor.page.getByRole('button', { name: /^Branches/ }).click()
  await expect(panel.getByRole('listitem').first()).toBeVisible()
  return panel
}
const branch = (panel: Locator, name: string | RegExp): Locator => {
  return panel.getByRole('listitem').filter({ hasText: name }).getByRole('button').first()
}

/** A crash put onto Payment before it is asked for the money. */
async function branched(visitor: Visitor): Promise<void> {
  await visitor.openStill()
  await expect(visitor.page.getByRole('button', { name: /^Branches/ })).toHaveCount(0)
  await visitor.dragOnto('Crash', 'Payment')
  await expect(visitor.stage.getByRole('switch')).toBeVisible()
}

test('an act at a moment makes a branch, which is compared with the run as it was and returned from', async ({
  visitor,
}) => {
  await branched(visitor)
  let panel = await branches(visitor)
  await expect(panel.getByRole('listitem')).toHaveCount(2)
  await expect(branch(panel, 'Crash on payment')).toHaveAttribute('aria-current', 'true')

  await panel.getByRole('button', { name: 'Compare with Happy path' }).click()
  await expect(comparison(visitor)).toContainText(/The runs part at \d/)
  await expect(comparison(visitor).getByRole('article', { name: /^Run 1: Crash, Payment/ })).toBeVisible()
  await expect(comparison(visitor).getByRole('article', { name: /^Run 2: nothing fails/ })).toBeVisible()
  await visitor.page.getByRole('button', { name: 'Close the comparison' }).click()
  await expect(visitor.stage.getByRole('switch')).toBeVisible()

  panel = await branches(visitor)
  await branch(panel, 'Happy path').click()
  await visitor.page.keyboard.press('Escape')
  await expect(visitor.stage.getByRole('switch')).toHaveCount(0)
  await visitor.isAt(15)
  panel = await branches(visitor)
  await branch(panel, 'Crash on payment').click()
  await expect(visitor.stage.getByRole('switch')).toBeVisible()
})

test('undo leaves a branch and redo returns to it; nothing is thrown away', async ({ visitor }) => {
  await branched(visitor)
  await visitor.page.keyboard.press('Control+z')
  await expect(visitor.stage.getByRole('switch')).toHaveCount(0)
  let panel = await branches(visitor)
  await expect(branch(panel, 'Happy path')).toHaveAttribute('aria-current', 'true')
  await visitor.page.keyboard.press('Escape')
  await visitor.dragOnto('Drop', 'Payment')
  await expect(visitor.stage.getByRole('switch', { name: /drop/ })).toBeVisible()
  panel = await branches(visitor)
  await expect(panel.getByRole('listitem')).toHaveCount(3)
  await branch(panel, 'Crash on payment').click()
  await expect(visitor.stage.getByRole('switch', { name: /crash/ })).toBeVisible()
})

test('branches are still there after a reload, by the name the visitor gave them', async ({ visitor }) => {
  await branched(visitor)
  const panel = await branches(visitor)
  await panel.getByRole('button', { name: /^Rename Crash on payment/ }).click()
  await panel.getByRole('textbox').fill('no money taken')
  await panel.getByRole('textbox').press('Enter')
  await expect(branch(panel, 'no money taken')).toHaveAttribute('aria-current', 'true')
  await visitor.page.reload()
  await expect(visitor.stage.getByRole('switch')).toBeVisible()
  const again = await branches(visitor)
  await expect(branch(again, 'no money taken')).toHaveAttribute('aria-current', 'true')
  await branch(again, 'Happy path').click()
  await expect(visitor.stage.getByRole('switch')).toHaveCount(0)
})
