import type { Locator } from 'playwright/test'
import { expect, test } from './support/story.ts'
import type { Visitor } from './support/visitor.ts'

/** What requests met at a store of keys, in order. */
function met({ inspector }: Visitor): Locator {
  return inspector.getByRole('list', { name: /^What requests met at/ }).getByRole('button')
}

const strategies = [
  {
    story: 'A key in the request',
    by: 'key',
    again: 'second pay: balance −100',
    words: 'Payment turned pay away: idempotency key knows abc123',
    line: 'there already: ROLLBACK, reply what is stored',
  },
  {
    story: 'UNIQUE KEY(transferId)',
    by: 'unique',
    again: 'second transfer: balance −100',
    words: 'Bank turned transfer away: unique index of transfers knows transferId t1',
    line: 'on a duplicate: reply what is there already',
  },
  {
    story: 'if order.status == "charged": return',
    by: 'state',
    again: 'second charge: balance −100',
    words: 'Payment turned charge away: state check knows order.status == "charged"',
    line: 'if order.status == "charged": return',
  },
]

for (const { story, by, again, words, line } of strategies) {
  test(`${story}: without it the money moves twice; with it the duplicate bounces`, async ({ visitor }) => {
    await visitor.open()
    await visitor.openScenario(story)
    await visitor.chooseVariant('none')
    await visitor.toEnd()
    await expect(visitor.stage.getByText(again)).toBeVisible()

    await visitor.chooseVariant(by)
    await visitor.toEnd()
    await expect(visitor.stage.getByText(again)).toHaveCount(0)
    await visitor.look('Keys')
    await expect(met(visitor).last()).toContainText('turned away')
    await met(visitor).last().click()
    await expect(visitor.sentence).toHaveText(words)
    await visitor.look('Code')
    await expect(visitor.inspector.locator('[aria-current="step"]')).toContainText(line)
  })
}

test('the state check is beaten by two duplicates that look at the same time', async ({ visitor }) => {
  await visitor.open()
  await visitor.openScenario('if order.status == "charged": return')
  await visitor.chooseVariant('at once')
  await visitor.toEnd()
  await expect(visitor.stage.getByText('second charge: balance −100')).toBeVisible()
  await visitor.look('Keys')
  await expect(met(visitor)).toHaveText([/does not hold, goes on/, /does not hold, goes on/])
  await met(visitor).last().click()
  await visitor.look('Code')
  await expect(visitor.inspector.getByRole('list', { name: 'At work' }).getByRole('listitem')).toHaveCount(2)
  const code = visitor.inspector.getByRole('list', { name: 'Code of Payment · charge' })
  await expect(code.locator('[aria-current="step"]')).toContainText('if order.status == "charged": return')
  // The first has looked before, and stands at its work.
  await expect(code.getByText('work 20 ms')).toContainText('until 30 ms')
  await visitor.chooseVariant('at once locked')
  await visitor.toEnd()
  await expect(visitor.stage.getByText('second charge: balance −100')).toHaveCount(0)
})

test('the key is beaten by a retry that comes after its retention', async ({ visitor }) => {
  await visitor.open()
  await visitor.openScenario('The retry after the window')
  await visitor.chooseVariant('in time')
  await visitor.toEnd()
  await visitor.look('Keys')
  await expect(met(visitor).last()).toContainText('turned away')
  await expect(visitor.stage.getByText('second charge: balance −100')).toHaveCount(0)

  await visitor.chooseVariant('late')
  await visitor.toEnd()
  await expect(met(visitor)).toHaveText([/first: executed/, /the key had expired: executed again/])
  await expect(visitor.stage.getByText('second charge: balance −100')).toBeVisible()
  await met(visitor).first().click()
  await expect(visitor.inspector.getByText('expires in 24 h')).toBeVisible()
})
