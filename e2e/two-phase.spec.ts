import { expect, test } from './support/story.ts'

test('two-phase commit: the coordinator dies between the phases and everyone waits; with a saga nobody does', async ({
  visitor,
}) => {
  await visitor.open()
  await visitor.openScenario('In doubt: the coordinator is gone')
  await visitor.chooseVariant('never')
  await visitor.toEnd()
  // The coordinator and the three others say what they keep locked and may not decide.
  await expect(visitor.stage.getByText(/locked for o1/)).toHaveCount(4)
  await visitor.look('Verdict')
  await expect(visitor.inspector.getByText('Every saga ends')).toBeVisible()
  await expect(visitor.inspector).toContainText(/blocked\s*3/)
  await visitor.lookAtTime('Timeline')
  const doubts = visitor.page.locator('title', { hasText: /^in doubt: \d rows? locked until it hears the decision$/ })
  await expect(doubts).toHaveCount(4)

  await visitor.chooseVariant('saga')
  await visitor.toEnd()
  await expect(visitor.stage.getByText(/locked for o1/)).toHaveCount(0)
  await expect(doubts).toHaveCount(0)
  await expect(visitor.inspector).toContainText(/blocked\s*0/)
  await expect(visitor.inspector).toContainText(/longest lock\s*0/)
})
