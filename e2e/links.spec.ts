import { deflateRawSync } from 'node:zlib'
import { expect, test } from './support/story.ts'
import type { Visitor } from './support/visitor.ts'

async function brokenAndHeldStill(visitor: Visitor): Promise<number> {
  await visitor.openStill()
  await visitor.dragOnto('Crash', 'Payment')
  await expect(visitor.stage.getByRole('switch')).toBeVisible()
  await visitor.page.getByRole('button', { name: 'Next fault' }).click()
  await visitor.page.keyboard.press(']')
  return (await visitor.moment()).entry
}

test('a link opened in another browser shows the same entry of the same run', async ({ visitor, anotherVisitor }) => {
  const entry = await brokenAndHeldStill(visitor)
  await visitor.look('Saga')
  await visitor.lookAtTime('Space-time')
  const said = await visitor.sentence.innerText()
  const link = await visitor.link()
  expect(link.length).toBeLessThanOrEqual(2000)

  const colleague = await anotherVisitor()
  await colleague.open(link)
  await colleague.isAt(entry)
  await expect(colleague.sentence).toHaveText(said)
  await expect(colleague.stage.getByRole('switch')).toBeChecked()
  await expect(colleague.page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  await expect(colleague.inspector.getByRole('tab', { name: 'Saga' })).toHaveAttribute('aria-selected', 'true')
  await expect(colleague.page.getByRole('region', { name: 'Space-time diagram' })).toBeVisible()
  const hash = await visitor.lastHash()
  expect(hash).toMatch(/^[0-9a-f]{8,}$/)
  expect(await colleague.lastHash()).toBe(hash)
  expect((await colleague.moment()).entries).toBe((await visitor.moment()).entries)
})

test('a link opened over work of one’s own leaves a way back to it', async ({ visitor, anotherVisitor }) => {
  await brokenAndHeldStill(visitor)
  const link = await visitor.link()
  const colleague = await anotherVisitor()
  await colleague.open()
  await colleague.openScenario('Out of stock, midway')
  await colleague.page.goto(link)
  await expect(colleague.alert).toContainText('Opened from a link')
  await expect(colleague.stage.getByText('Happy path', { exact: true })).toBeVisible()
  await colleague.page.getByRole('button', { name: 'Back to my work' }).click()
  await expect(colleague.stage.getByText('Out of stock, midway', { exact: true })).toBeVisible()
})

/** Five million letters, which deflate to a few thousand. */
const bomb = () => `#s1=${deflateRawSync(Buffer.alloc(5_000_000, 'a')).toString('base64url')}`

const refused: readonly { what: string; from: (link: string) => string; says: RegExp }[] = [
  { what: 'cut short', from: (link) => link.slice(0, -9), says: /damaged/ },
  {
    what: 'changed in one character',
    from: (link) => `${link.slice(0, -20)}${link.at(-20) === 'A' ? 'B' : 'A'}${link.slice(-19)}`,
    says: /damaged/,
  },
  { what: 'from a future version', from: (link) => link.replace('#s1=', '#s2='), says: /newer Sagascope/ },
  { what: 'that is too long', from: (link) => link + 'A'.repeat(70_000), says: /too large/ },
  { what: 'that unpacks to more than a megabyte', from: (link) => link.replace(/#.*/, bomb()), says: /too large/ },
  { what: 'of something else', from: (link) => link.replace(/#.*/, '#chapter-3'), says: /not a Sagascope link/ },
]

for (const { what, from, says } of refused) {
  test(`a link ${what} is refused in words, and the work at hand is left alone`, async ({ visitor }) => {
    const entry = await brokenAndHeldStill(visitor)
    const { entries } = await visitor.moment()
    const link = await visitor.link()
    await visitor.page.evaluate(
      (hash) => {
        location.hash = hash
      },
      new URL(from(link)).hash,
    )
    await expect(visitor.alert).toContainText(says)
    await expect(visitor.alert).toContainText('Your own work is as you left it.')
    await expect(visitor.stage.getByRole('switch')).toBeChecked()
    expect(await visitor.moment()).toEqual({ entry, entries })
    await visitor.page.getByRole('button', { name: 'Dismiss' }).click()
    await expect(visitor.alert).toBeEmpty()
  })
}

test('a first visit with a damaged link is told so, and starts with the first story', async ({ visitor }) => {
  await visitor.open('./#s1=bm90aGluZw')
  await expect(visitor.alert).toContainText(/damaged/)
  await expect(visitor.stage.getByText('Happy path', { exact: true })).toBeVisible()
})
