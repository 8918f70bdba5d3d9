import type { Locator } from 'playwright/test'
import { expect, test } from './support/story.ts'
import type { Visitor } from './support/visitor.ts'

const comparison = (visitor: Visitor): Locator => visitor.page.getByRole('main', { name: 'Side by side' })
const run = (visitor: Visitor, number: number): Locator => {
  return comparison(visitor).getByRole('article', { name: new RegExp(`^Run ${number}: `) })
}
const entryOf = async (visitor: Visitor, number: number): Promise<string> => {
  return (
    (await run(visitor, number)
      .getByText(/^entry \d+ \/ \d+$/)
      .textContent()) ?? ''
  )
}
const card = (visitor: Visitor, number: number, service: string): Locator => {
  return run(visitor, number).getByRole('article').filter({ hasText: service })
}
const row = (visitor: Visitor, name: string): Locator => {
  return comparison(visitor).getByRole('row', { name: new RegExp(`^${name}`) })
}

async function choose(visitor: Visitor, ...choices: string[]): Promise<void> {
  await visitor.page.getByRole('button', { name: 'Compare', exact: true }).click()
  const dialog = visitor.page.getByRole('dialog')
  for (const box of await dialog.getByRole('checkbox', { checked: true }).all()) await box.uncheck()
  for (const choice of choices) await dialog.getByRole('checkbox', { name: choice }).check()
  await dialog.getByRole('button', { name: 'Compare', exact: true }).click()
  await expect(comparison(visitor)).toBeVisible()
}

/** The lesson's own key, and beside it the service that ignores it. */
async function paidOnceAndTwice(visitor: Visitor): Promise<void> {
  await visitor.open()
  await visitor.openScenario('A key in the request')
  await visitor.pause()
  await choose(visitor, 'none · the service ignores the key')
}

test('the double charge without protection stands beside the bounce with a key', async ({ visitor }) => {
  await paidOnceAndTwice(visitor)
  await expect(run(visitor, 1)).toHaveAccessibleName(/as the lesson has it/)
  await expect(run(visitor, 1).getByText('completed')).toBeVisible()
  await expect(run(visitor, 2).getByText('promise broken')).toBeVisible()
  await expect(row(visitor, 'payments').getByRole('cell')).toHaveText(['1', '2'])
  await expect(row(visitor, 'payments differs')).toBeVisible()
  await expect(row(visitor, 'statuses').getByRole('cell')).toHaveText(['201', '201'])
  await expect(row(visitor, 'statuses differs')).toHaveCount(0)
  // The broken promise is one press away, in both runs at the same time.
  await run(visitor, 2)
    .getByRole('button', { name: /^Paid twice/ })
    .click()
  await expect(run(visitor, 1).getByText('2.015 s')).toBeVisible()
  await expect(card(visitor, 2, 'Payment')).toContainText('800')
  await expect(card(visitor, 1, 'Payment')).toContainText('900')
})

test('the first entry at which the runs part is shown, and one press away; the keys move both', async ({ visitor }) => {
  await paidOnceAndTwice(visitor)
  const bar = comparison(visitor).getByRole('region', { name: 'Where the runs part' })
  await expect(bar).toContainText('The runs part at 15 ms')
  const said = await bar.getByRole('listitem').allInnerTexts()
  await bar.getByRole('button', { name: 'Go to where the runs part' }).click()
  for (const number of [1, 2]) {
    const sentence = (await run(visitor, number).getByTitle('Select this entry').innerText()).toLowerCase()
    expect(said[number - 1]?.toLowerCase()).toContain(sentence)
  }
  const before = [await entryOf(visitor, 1), await entryOf(visitor, 2)]
  expect(before[0]?.split(' / ')[0]).toBe(before[1]?.split(' / ')[0])
  await visitor.page.keyboard.press('ArrowLeft')
  // One entry earlier they still tell the same.
  const sentences = run(visitor, 1).or(run(visitor, 2)).getByTitle('Select this entry')
  expect(new Set(await sentences.allInnerTexts()).size).toBe(1)
  await visitor.page.keyboard.press('ArrowRight')
  expect([await entryOf(visitor, 1), await entryOf(visitor, 2)]).toEqual(before)
})

test('Escape returns to the run as it was left', async ({ visitor }) => {
  await visitor.openStill(12)
  const before = await visitor.moment()
  await choose(visitor, 'Seed 2: other luck')
  await expect(comparison(visitor)).toContainText('The runs never part')
  await visitor.page.keyboard.press('End')
  await visitor.page.keyboard.press('Escape')
  await expect(comparison(visitor)).toHaveCount(0)
  expect(await visitor.moment()).toEqual(before)
})

test('a comparison opened from a link in another browser stands where it was left', async ({
  visitor,
  anotherVisitor,
}) => {
  await paidOnceAndTwice(visitor)
  await run(visitor, 2)
    .getByRole('button', { name: /^Paid twice/ })
    .click()
  const link = await visitor.link()
  expect(link.length).toBeLessThanOrEqual(2000)
  const colleague = await anotherVisitor()
  await colleague.page.goto(link)
  await expect(comparison(colleague)).toBeVisible()
  await expect(row(colleague, 'payments').getByRole('cell')).toHaveText(['1', '2'])
  for (const number of [1, 2]) {
    await expect.poll(() => entryOf(colleague, number)).toBe(await entryOf(visitor, number))
  }
  await expect(run(colleague, 2)).toHaveAccessibleName(/the service ignores the key/)
  await colleague.page.reload()
  await expect(run(colleague, 2)).toBeVisible()
})

test('two scenarios that have nothing in common are not compared, and it is said why', async ({ visitor }) => {
  await visitor.open()
  await visitor.pause()
  await visitor.page.getByRole('button', { name: 'Compare', exact: true }).click()
  const dialog = visitor.page.getByRole('dialog')
  const list = dialog.getByRole('combobox', { name: 'Another scenario' })
  await list.selectOption('UNIQUE KEY(transferId)')
  await expect(dialog.getByRole('alert')).toContainText('no service in common')
  await list.selectOption('Lost reply after the commit')
  await expect(run(visitor, 2)).toHaveAccessibleName(/Lost reply/)
})

test('a matrix runs all variants against all failures, and a cell opens its run', async ({ visitor }) => {
  await visitor.open()
  await visitor.openScenario('A key in the request')
  await visitor.pause()
  await visitor.page.keyboard.press('m')
  const dialog = visitor.page.getByRole('dialog', { name: 'All variants, all failures' })
  await expect(dialog.getByRole('status')).toContainText('6 of 6 runs: 5 completed, 1 promise broken')
  await expect(dialog.getByRole('columnheader')).toHaveText(['Nothing fails', 'Drop, 1st Paid'])
  await expect(dialog.getByRole('button', { name: 'key, Drop, 1st Paid: completed' })).toBeVisible()
  await dialog.getByRole('button', { name: 'none, Drop, 1st Paid: promise broken, ONCE' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(visitor.page.getByRole('radio', { name: /^none/ })).toBeChecked()
  await expect(visitor.inspector.getByText('Paid twice')).toBeVisible()
  await expect(visitor.sentence).toContainText('broken', { ignoreCase: true })
})

test('a service of one of the runs is looked into, and its tables follow the common playhead', async ({ visitor }) => {
  await paidOnceAndTwice(visitor)
  await visitor.page.keyboard.press('End')
  await run(visitor, 2)
    .getByRole('button', { name: /^Payment:/ })
    .click()
  const inspector = (number: number) => visitor.page.getByRole('complementary', { name: `Inspector of run ${number}` })
  await inspector(2).getByRole('tab', { name: 'Tables' }).click()
  // The stages have made room for it, the one that was pressed too: a press is no wish to look elsewhere.
  for (const number of [1, 2]) await expect(card(visitor, number, 'Payment')).toBeInViewport({ ratio: 0.99 })
  const payments = (number: number) =>
    inspector(number)
      .getByRole('table', { name: /payments/ })
      .getByRole('row')
  // One row is the head.
  await expect(payments(2)).toHaveCount(3)
  await inspector(2).getByRole('radio', { name: /^1/ }).click()
  await inspector(1).getByRole('tab', { name: 'Tables' }).click()
  await expect(payments(1)).toHaveCount(2)
  await visitor.page.keyboard.press('Home')
  await expect(payments(1)).toHaveCount(0)
  await inspector(1).getByRole('button', { name: 'Close the inspector' }).click()
  await expect(inspector(1)).toHaveCount(0)
})
