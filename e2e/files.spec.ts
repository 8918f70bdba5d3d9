import { readFile } from 'node:fs/promises'
import { firstStory } from '../src/library/order-world.ts'
import { expect, test } from './support/story.ts'
import type { Visitor } from './support/visitor.ts'

async function openFile({ page }: Visitor, name: string, text: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('banner').getByRole('button', { name: 'Open a scenario file' }).click()
  await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
}

async function dropFile({ page }: Visitor, name: string, text: string): Promise<void> {
  await page.evaluate(
    ([fileName, content]) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([content], fileName, { type: 'application/json' }))
      for (const type of ['dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }))
      }
    },
    [name, text] as const,
  )
}

const misspelt = JSON.stringify(firstStory).replaceAll('"operation":"charge"', '"operation":"chrage"')

const bad: readonly { what: string; text: string; says: RegExp }[] = [
  { what: 'a misspelt operation', text: misspelt, says: /chrage.*did you mean "charge"/ },
  { what: 'no JSON', text: 'sagascope: 1', says: /JSON/ },
  { what: 'an unknown version', text: JSON.stringify({ ...firstStory, sagascope: 99 }), says: /sagascope|version/ },
  { what: 'two megabytes', text: ' '.repeat(2_000_000), says: /at most 1 MB/ },
]

for (const { what, text, says } of bad) {
  test(`a scenario file with ${what} is refused with its problems, and changes nothing`, async ({ visitor }) => {
    await visitor.openStill()
    await visitor.dragOnto('Crash', 'Payment')
    await expect(visitor.stage.getByRole('switch')).toBeVisible()
    const moment = await visitor.moment()
    await openFile(visitor, 'bad.json', text)
    await expect(visitor.alert).toContainText('This file could not be opened')
    await expect(visitor.alert).toContainText(says)
    await expect(visitor.stage.getByRole('switch')).toBeChecked()
    expect(await visitor.moment()).toEqual(moment)
  })
}

test('a scenario saved as a file and dropped on another page runs the same', async ({ visitor, anotherVisitor }) => {
  await visitor.openStill()
  await visitor.dragOnto('Crash', 'Payment')
  await expect(visitor.stage.getByRole('switch')).toBeVisible()
  const download = visitor.page.waitForEvent('download')
  await visitor.page.getByRole('button', { name: 'Save the scenario as a file' }).click()
  const text = await readFile(await (await download).path(), 'utf8')
  expect(JSON.parse(text).faults).toEqual([expect.objectContaining({ kind: 'crash', service: 'payment' })])

  const colleague = await anotherVisitor()
  await colleague.open()
  await colleague.openScenario('Out of stock, midway')
  await dropFile(colleague, 'theirs.json', text)
  await expect(colleague.stage.getByText('Happy path', { exact: true })).toBeVisible()
  await expect(colleague.stage.getByRole('switch')).toBeChecked()
  await expect.poll(() => colleague.lastHash()).toBe(await visitor.lastHash())
})
