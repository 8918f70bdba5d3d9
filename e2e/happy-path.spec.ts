import { expect, test } from './support/story.ts'

test('an order is played to its end by itself, and every promise holds', async ({ visitor }) => {
  await visitor.open()
  await expect(visitor.page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible()
  const { entry } = await visitor.moment()
  await expect.poll(async () => (await visitor.moment()).entry).toBeGreaterThan(entry)

  await expect(visitor.page.getByRole('button', { name: 'Play', exact: true })).toBeVisible({ timeout: 25_000 })
  const end = await visitor.moment()
  expect(end.entry).toBe(end.entries)
  await expect(visitor.sentence).toHaveText('The run ended: at rest')
  await expect(visitor.inspector.getByText('All promises hold')).toBeVisible()

  await visitor.look('Saga')
  await expect(visitor.inspector.getByText('completed', { exact: true })).toBeVisible()
  for (const step of ['create', 'charge', 'reserve', 'ship', 'approve']) {
    await expect(visitor.inspector.getByRole('listitem').filter({ hasText: new RegExp(`^${step}`) })).toContainText(
      'done',
    )
  }
  expect(await visitor.rows('Payment', 'ledger')).toEqual([expect.stringMatching(/o1 charge 100/)])
  expect(await visitor.rows('Shipping', 'shipments')).toEqual([expect.stringContaining('o1 s1 1')])
})

test('a visitor sees at once what this is and what to try', async ({ visitor }) => {
  await visitor.open()
  const welcome = visitor.page.getByRole('region', { name: 'Welcome' })
  await expect(welcome).toContainText('drag Crash onto Payment')
  await welcome.getByRole('button', { name: 'Close the welcome' }).click()
  await visitor.page.reload()
  await expect(visitor.stage.getByText(/entry \d+/)).toBeVisible()
  await expect(welcome).toHaveCount(0)
})
