import { expect, test } from './support/story.ts'

test('without an orchestrator the saga is shown as put together from events, and with one as held', async ({
  visitor,
}) => {
  await visitor.open()
  await visitor.openScenario('The same order, by events')
  await visitor.pause()
  await visitor.toEnd()
  const saga = visitor.stage.getByRole('region', { name: 'Saga o1' })
  await expect(saga).toContainText('put together from events, held by nobody')
  await expect(saga).toContainText('completed')
  await visitor.look('Saga')
  await expect(visitor.inspector.getByText(/No service holds it/)).toBeVisible()

  const variants = visitor.page.getByRole('banner').getByRole('radiogroup', { name: 'Variant' })
  await variants.getByRole('radio', { name: /^commands/ }).click()
  await visitor.pause()
  await visitor.toEnd()
  await expect(saga).toContainText('completed')
  await expect(saga).not.toContainText('held by nobody')
})
