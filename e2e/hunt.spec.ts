import { expect, test } from './support/story.ts'

test('a hunt finds what breaks, shows it on the stage, and its link opens in another browser', async ({
  visitor,
  anotherVisitor,
}) => {
  const { page } = visitor
  await visitor.open()
  await page.getByRole('button', { name: 'Hunt', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: '2,000 tries' }).click()
  await dialog.getByRole('button', { name: 'Hunt', exact: true }).click()
  await expect(dialog.getByRole('button', { name: 'Hunt again' })).toBeVisible({ timeout: 60_000 })
  await expect(dialog.getByText(/2,000 schedules/)).toBeVisible()
  const finding = dialog.getByRole('listitem').filter({ hasText: 'ONE-CHARGE breaks' })
  await expect(finding.getByText('Charged twice: one order has been paid more than once.')).toBeVisible()
  await finding.getByRole('button', { name: 'Show on the stage' }).click()

  await expect(dialog).toBeHidden()
  await expect(visitor.stage.getByText('Happy path: ONE-CHARGE breaks')).toBeVisible()
  await visitor.toEnd()
  await expect(visitor.inspector.getByText(/ONE-CHARGE/).first()).toBeVisible()
  const hash = await visitor.lastHash()
  const link = await visitor.link()

  const colleague = await anotherVisitor()
  await colleague.open(link)
  await expect(colleague.stage.getByText('Happy path: ONE-CHARGE breaks')).toBeVisible()
  expect(await colleague.lastHash()).toBe(hash)
})

test('why a finding breaks: the protection that prevents it is named, and can be switched on', async ({ visitor }) => {
  const { page } = visitor
  await visitor.open()
  await page.getByRole('button', { name: 'Hunt', exact: true }).click()
  await page.getByRole('tab', { name: 'Sweep' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Sweep', exact: true }).click()
  await expect(dialog.getByRole('button', { name: 'Sweep again' })).toBeVisible({ timeout: 60_000 })
  await dialog.getByRole('button', { name: /^charge, Order → Payment: twice\. promise broken/ }).click()

  // The run opens where it leaves the calm one: at the second copy.
  await expect(dialog).toBeHidden()
  await expect(visitor.sentence).toContainText('second copy')
  await visitor.toEnd()
  await visitor.inspector.getByRole('button', { name: 'What would have prevented it?' }).click()
  const key = visitor.inspector.getByRole('button', { name: 'Switch on: an idempotency key on Payment' })
  await expect(key).toBeVisible({ timeout: 60_000 })
  await key.click()
  await expect(visitor.stage.getByText('idempotency key')).toBeVisible()
  await expect(visitor.inspector.getByText('It holds with')).toBeHidden()
})

test('a hunt is paused, goes on where it was, and is stopped with what it has found', async ({ visitor }) => {
  const { page } = visitor
  await visitor.openStill()
  await page.getByRole('button', { name: 'Hunt', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: '200,000' }).click()
  await dialog.getByRole('button', { name: 'Hunt', exact: true }).click()
  const status = dialog.getByRole('status').first()
  await expect(status).toContainText(/[1-9][\d,]* schedules/)

  await dialog.getByRole('button', { name: 'Pause' }).click()
  await expect(dialog.getByRole('button', { name: 'Go on' })).toBeVisible()
  // What was asked before is still answered; then nothing moves.
  await page.waitForTimeout(1500)
  const stood = await status.textContent()
  await page.waitForTimeout(700)
  expect(await status.textContent()).toBe(stood)
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await expect(status).not.toHaveText(stood ?? '')

  await dialog.getByRole('button', { name: 'Stop' }).click()
  await expect(dialog.getByRole('button', { name: 'Hunt again' })).toBeVisible()
})

test('a proof names the shortest way to break a promise, which plays on the stage and in another browser', async ({
  visitor,
  anotherVisitor,
}) => {
  const { page } = visitor
  await visitor.open()
  await page.getByRole('button', { name: 'Hunt', exact: true }).click()
  await page.getByRole('tab', { name: 'Prove' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Prove', exact: true }).click()
  await expect(dialog.getByText(/breaks with at most 1 fault .* the shortest way was found after/)).toBeVisible({
    timeout: 60_000,
  })
  await expect(dialog.getByRole('listitem').first()).toContainText('PlaceOrder from client to order arrives')
  await dialog.getByRole('button', { name: 'Show on the stage' }).click()

  await expect(dialog).toBeHidden()
  await expect(visitor.stage.getByText(/^Happy path: .* breaks$/)).toBeVisible()
  await visitor.toEnd()
  await expect(page.getByRole('button', { name: 'Next violation' })).toBeVisible()
  const hash = await visitor.lastHash()
  const colleague = await anotherVisitor()
  await colleague.open(await visitor.link())
  await expect(colleague.stage.getByText(/^Happy path: .* breaks$/)).toBeVisible()
  expect(await colleague.lastHash()).toBe(hash)
})

test('a proof of the safe configuration ends with all its states and no violation', async ({ visitor }) => {
  const { page } = visitor
  await visitor.open()
  await visitor.openScenario('Safe configuration')
  await page.getByRole('button', { name: 'Hunt', exact: true }).click()
  await page.getByRole('tab', { name: 'Prove' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Prove', exact: true }).click()
  await expect(
    dialog.getByText(/^All [\d,]+ states with at most 1 fault .* and 1 request: no violation\.$/),
  ).toBeVisible({ timeout: 60_000 })
})
