import { expect, test } from './support/story.ts'

/** The number that a chart shows at the playhead beside a label. */
const numberIn = (text: string, label: string): number => {
  const found = new RegExp(`${label}\\s*([\\d.,]+)`).exec(text)
  return found === null ? Number.NaN : Number(found[1]?.replaceAll(',', ''))
}

test('a replica is added under load, and the queue is seen to fall', async ({ visitor }) => {
  await visitor.open()
  await visitor.openScenario('A queue at 50, 80 and 95 %')
  await visitor.pause()
  await visitor.page
    .getByRole('banner')
    .getByRole('radiogroup', { name: 'Variant' })
    .getByRole('radio', { name: /^edge/ })
    .click()
  const time = visitor.page.getByRole('region', { name: 'Time' })
  await time.getByRole('radio', { name: 'Curves' }).click()
  await visitor.pause()

  const queue = visitor.page.locator('[data-curve="Catalogue queue"]')
  await expect(queue).toBeVisible()
  const highest = async () => {
    const words = await queue.getByRole('img').getAttribute('aria-label')
    return numberIn(words ?? '', 'highest at most')
  }
  const before = await highest()
  expect(before).toBeGreaterThan(20)

  await time.getByRole('button', { name: 'More: Catalogue replicas' }).click()
  await expect(time.getByRole('group', { name: 'Catalogue replicas' })).toContainText('2')
  await expect.poll(highest).toBeLessThan(before / 3)
  await expect(time.getByText('the run before')).toBeVisible()
})

test('a press on a curve goes to that time', async ({ visitor }) => {
  await visitor.open()
  await visitor.openScenario('A queue at 50, 80 and 95 %')
  await visitor.pause()
  await visitor.page.getByRole('region', { name: 'Time' }).getByRole('radio', { name: 'Curves' }).click()
  const plot = visitor.page.locator('[data-curve="Catalogue queue"]').getByRole('img')
  const box = await plot.boundingBox()
  if (box === null) throw new Error('the curve is not to be seen')
  await visitor.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  const { entry, entries } = await visitor.moment()
  expect(entry / entries).toBeGreaterThan(0.4)
  expect(entry / entries).toBeLessThan(0.6)
})

test('a long run keeps its curves alone, and can be stopped on the way', async ({ visitor }) => {
  await visitor.open()
  await visitor.openScenario('A dedup store at scale')
  await visitor.pause()
  const time = visitor.page.getByRole('region', { name: 'Time' })
  await time.getByRole('radio', { name: 'Curves' }).click()
  await time.getByRole('radiogroup', { name: 'Requests' }).getByRole('radio', { name: '100 k' }).click()
  await expect(time.getByText('Only the curves of this run are kept, no entries.')).toBeVisible()
  const store = visitor.page.locator('[data-curve="Payment keys store"]')
  await expect(store.getByRole('img')).toHaveAttribute('aria-label', /at most 700 records/, { timeout: 60_000 })

  await time.getByRole('radiogroup', { name: 'Requests' }).getByRole('radio', { name: '1 M' }).click()
  await visitor.page.getByRole('button', { name: /^Stop/ }).click({ timeout: 30_000 })
  await expect(visitor.page.getByRole('button', { name: /^Stop/ })).toBeHidden({ timeout: 30_000 })
})

test('a query replica is added under load, and the read model follows the store again', async ({ visitor }) => {
  await visitor.open()
  await visitor.openScenario('Commands and queries, scaled apart')
  await visitor.pause()
  await visitor.page
    .getByRole('banner')
    .getByRole('radiogroup', { name: 'Variant' })
    .getByRole('radio', { name: /^apart/ })
    .click()
  const time = visitor.page.getByRole('region', { name: 'Time' })
  await time.getByRole('radio', { name: 'Curves' }).click()
  await visitor.pause()
  const lag = visitor.page.locator('[data-curve="list lag"]')
  await expect(lag).toBeVisible()
  const highest = async () => numberIn((await lag.getByRole('img').getAttribute('aria-label')) ?? '', 'highest at most')
  const before = await highest()
  expect(before).toBeGreaterThan(5)
  await time.getByRole('button', { name: 'More: Orders, queries replicas' }).click()
  await expect.poll(highest).toBeLessThan(before / 2)
})

test('a replica is added on the stage itself, and one that falls is seen to be down', async ({ visitor }) => {
  await visitor.open()
  await visitor.openScenario('Commands and queries, scaled apart')
  await visitor.chooseVariant('one falls')
  await visitor.pause()
  const replicas = visitor.stage.getByRole('group', { name: 'Replicas of Orders, queries' })
  await expect(replicas).toContainText('2 replicas')
  await visitor.page.getByRole('button', { name: 'Next fault' }).click()
  await expect(replicas).toContainText('1 of 2 replicas up')
  await replicas.getByRole('button', { name: 'One replica of Orders, queries more' }).click()
  await expect(replicas).toContainText(/3 replicas/)
})
