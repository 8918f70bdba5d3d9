import { differingPixels } from './support/picture.ts'
import { expect, test } from './support/story.ts'

/** The last moment before the charge reaches Payment. */
const ON_ITS_WAY = 15

test('a crash dragged onto Payment turns the saga back, and the money is given back', async ({ visitor }) => {
  await visitor.openStill(ON_ITS_WAY)
  await visitor.dragOnto('Crash', 'Payment')
  await expect(visitor.badge(/Payment: at .*crash|crash.*Payment/i)).toBeChecked()
  await visitor.isAt(ON_ITS_WAY)

  await visitor.page.getByRole('button', { name: 'Next fault' }).click()
  await expect(visitor.sentence).toHaveText(/Payment crashed/)
  await expect(visitor.card('Payment')).toHaveAccessibleName(/Payment: down/)

  const saga = visitor.stage.getByRole('region', { name: 'Saga o1' })
  await visitor.toEnd()
  await expect(saga).toContainText('compensated')
  await expect(visitor.card('Payment')).toHaveAccessibleName(/Payment: up/)

  await visitor.look('Saga')
  await expect(visitor.inspector.getByRole('list').first()).toContainText(
    /create.*undone.*charge.*undone.*reserve.*not yet/s,
  )
  expect(await visitor.rows('Payment', 'ledger')).toEqual([
    expect.stringMatching(/o1 charge 100/),
    expect.stringMatching(/o1 refund 100/),
  ])
  expect(await visitor.rows('Payment', 'accounts')).toEqual([expect.stringMatching(/c1 .*1000$/)])
  expect(await visitor.rows('Order', 'orders')).toEqual([expect.stringMatching(/REJECTED$/)])
  await visitor.look('Verdict')
  await expect(visitor.inspector.getByText('All promises hold')).toBeVisible()
})

test('what came before the crash stays as it was, entry by entry', async ({ visitor }) => {
  const sentencesSoFar = async () => {
    const sentences: string[] = []
    for (let entry = ON_ITS_WAY; entry > 0; entry--) {
      sentences.push(await visitor.sentence.innerText())
      await visitor.page.keyboard.press('ArrowLeft')
      await visitor.isAt(entry - 1)
    }
    return sentences
  }
  await visitor.openStill(ON_ITS_WAY)
  const sentences = await sentencesSoFar()
  await visitor.seek(ON_ITS_WAY)
  await visitor.dragOnto('Crash', 'Payment')
  await expect(visitor.stage.getByRole('switch')).toBeVisible()
  expect(await sentencesSoFar()).toEqual(sentences)
})

test('stepping back goes to before the crash, and draws the same picture as on the way there', async ({ visitor }) => {
  await visitor.openStill(ON_ITS_WAY)
  await visitor.dragOnto('Crash', 'Payment')
  await expect(visitor.stage.getByRole('switch')).toBeVisible()
  await visitor.page.getByRole('button', { name: 'Next fault' }).click()
  await expect(visitor.card('Payment')).toHaveAccessibleName(/Payment: down/)
  const { entry } = await visitor.moment()

  await visitor.page.keyboard.press('ArrowLeft')
  await visitor.isAt(entry - 1)
  await expect(visitor.card('Payment')).toHaveAccessibleName(/Payment: up/)
  const words = visitor.stage.locator('p.sr-only')
  const said = await words.textContent()
  const picture = await visitor.still()

  await visitor.toEnd()
  expect(await differingPixels(visitor.page, await visitor.still(), picture)).toBeGreaterThan(1000)
  for (let i = (await visitor.moment()).entry; i > entry - 1; i--) await visitor.page.keyboard.press('ArrowLeft')
  await visitor.isAt(entry - 1)
  await expect(words).toHaveText(said ?? '')
  expect(await differingPixels(visitor.page, await visitor.still(), picture)).toBeLessThan(100)
})

test('a crash that is switched off is as if it had never been', async ({ visitor }) => {
  await visitor.openStill(ON_ITS_WAY)
  const { entries } = await visitor.moment()
  await visitor.dragOnto('Crash', 'Payment')
  const crash = visitor.stage.getByRole('switch')
  await expect.poll(async () => (await visitor.moment()).entries).not.toBe(entries)
  await crash.click()
  await expect(crash).not.toBeChecked()
  await expect.poll(async () => (await visitor.moment()).entries).toBe(entries)
})

test('a crash where nothing more would happen goes to the start of the run, and says so', async ({ visitor }) => {
  await visitor.openStill()
  await visitor.toEnd()
  await visitor.dragOnto('Crash', 'Payment')
  await expect(visitor.alert).toContainText('The run starts again')
  await expect(visitor.stage.getByRole('switch')).toBeChecked()
  await visitor.pause()
  await visitor.toEnd()
  await expect(visitor.stage.getByRole('region', { name: 'Saga o1' })).toContainText('compensated')
  await expect(visitor.alert, 'a remark goes by itself').toBeEmpty({ timeout: 10_000 })
})
