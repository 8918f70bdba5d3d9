/** Event sourcing as a visitor meets it: a store that grows, projections that follow, time asked about, SQL. */
import type { Locator } from 'playwright/test'
import { findings } from './support/findings.ts'
import { expect, test } from './support/story.ts'
import type { Visitor } from './support/visitor.ts'

async function open(visitor: Visitor, title: string): Promise<void> {
  await visitor.open()
  await visitor.openScenario(title)
  await visitor.pause()
}

const events = (visitor: Visitor) => visitor.inspector.getByRole('tab', { name: 'Events' })
const projection = (visitor: Visitor, name: string) =>
  visitor.inspector.getByRole('region', { name: `Projection ${name}` })
const variants = (visitor: Visitor): Locator => visitor.page.getByRole('banner').getByRole('combobox')

test('events are appended, and the log shows each once it is committed', async ({ visitor }) => {
  await open(visitor, 'A crash between the update and the checkpoint')
  await visitor.page.getByRole('radio', { name: 'Store', exact: true }).click()
  const store = visitor.page.getByRole('region', { name: 'Event store' })
  await visitor.seek(0)
  await expect(store).toContainText('Nothing is stored yet.')
  // In the transaction it is not there yet; the commit puts it there.
  await visitor.seek(7)
  await expect(store).toContainText('Nothing is stored yet.')
  await visitor.seek(8)
  await expect(store).toContainText('1 event')
  await expect(store.getByRole('listitem')).toContainText('OrderPlaced')
  await visitor.toEnd()
  await expect(store).toContainText('10 events')
  await store.getByRole('searchbox', { name: 'Filter by stream' }).fill('o7')
  await expect(store).toContainText('1 of 10')
  await store.getByRole('listitem').getByRole('button').click()
  await expect(visitor.sentence).toContainText('position 7')
})

test('a crash between update and checkpoint counts twice; the atomic checkpoint does not', async ({ visitor }) => {
  await open(visitor, 'A crash between the update and the checkpoint')
  await variants(visitor).selectOption('increment')
  await visitor.pause()
  await visitor.toEnd()
  await events(visitor).click()
  const totals = projection(visitor, 'totals')
  await expect(totals).toContainText('applied again')
  await expect(totals.getByRole('table', { name: 'Totals: totals' })).toContainText('11')
  await variants(visitor).selectOption('atomic')
  await visitor.pause()
  await visitor.toEnd()
  await expect(totals).not.toContainText('applied again')
  await expect(totals).toContainText('10 of 10')
  await expect(totals.getByRole('table', { name: 'Totals: totals' })).not.toContainText('11')
})

test('what was true then, by what was known when', async ({ visitor }) => {
  await open(visitor, 'What was true then, and what did we know of it?')
  await visitor.toEnd()
  await events(visitor).click()
  await visitor.inspector.getByRole('radio', { name: 'Time' }).click()
  const trail = visitor.inspector.getByRole('list', { name: 'Audit trail of account-1' })
  await expect(trail.getByRole('listitem')).toHaveCount(5)
  await expect(trail.getByRole('listitem').nth(1)).toContainText('900')
  await visitor.inspector.getByRole('radio', { name: 'As of' }).click()
  const answer = visitor.inspector.getByRole('status').first()
  await visitor.inspector.getByRole('spinbutton', { name: 'True at, milliseconds' }).fill('15')
  await visitor.inspector.getByRole('spinbutton', { name: 'Known at, milliseconds' }).fill('25')
  await expect(answer).toContainText('at 15 ms, as known at 25 ms')
  await expect(answer).toContainText('balance 900')
  // The refund that took effect at 12 ms is recorded at 40 ms.
  await visitor.inspector.getByRole('spinbutton', { name: 'Known at, milliseconds' }).fill('40')
  await expect(answer).toContainText('balance 1000')
})

test('a rebuild in place empties the read model, blue/green fills another beside it', async ({ visitor }) => {
  await open(visitor, 'Rebuild, and nobody gets mail twice')
  await events(visitor).click()
  const totals = projection(visitor, 'totals')
  await seekTo(visitor, /totals is built anew/i)
  await expect(totals).toContainText('Rebuilt in place')
  await expect(visitor.stage.getByText('totals: rebuilt in place')).toBeVisible()
  await expect(totals).toContainText('0 of 10')
  await expect(totals.getByTitle('removed')).toHaveCount(10)
  await visitor.page
    .getByRole('banner')
    .getByRole('radio', { name: /beside/ })
    .click()
  await visitor.pause()
  await seekTo(visitor, /totals is built anew/i)
  await expect(totals).toContainText('Serves queries')
  await expect(totals).toContainText('Built beside it')
  await expect(totals.getByRole('table', { name: 'Totals: totals', exact: true })).toContainText('o10')
  await visitor.toEnd()
  await expect(totals).not.toContainText('Rebuilt')
})

async function seekTo(visitor: Visitor, sentence: RegExp): Promise<void> {
  await visitor.lookAtTime('Event log')
  await visitor.page.getByRole('searchbox', { name: 'Filter the log' }).fill('built anew')
  await visitor.page.getByRole('option', { name: sentence }).first().click()
}

test('the same SQL at two moments gives two answers, and a mistake is told with its place', async ({ visitor }) => {
  await open(visitor, 'A crash between the update and the checkpoint')
  await visitor.toEnd()
  await visitor.look('Tables')
  await visitor.inspector.getByRole('radio', { name: 'SQL' }).click()
  const box = visitor.inspector.getByRole('textbox', { name: 'SQL query' })
  const result = visitor.inspector.getByRole('table', { name: 'Result' })
  await box.fill("SELECT count(*) AS stored, sum(data ->> 'amount') AS total FROM orders.events")
  await box.press('Control+Enter')
  await expect(result.locator('tbody tr')).toHaveText('101000')
  // It follows the playhead: after the first commit there is one.
  await visitor.seek(8)
  await expect(result.locator('tbody tr')).toHaveText('1100')
  await box.fill('SELECT *\nFROM orders.event')
  await box.press('Control+Enter')
  await expect(visitor.inspector.getByRole('alert')).toContainText('Line 2, character 6')
  await box.fill('DELETE FROM orders.events')
  await box.press('Control+Enter')
  await expect(visitor.inspector.getByRole('alert')).toContainText('only reads')
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme })

    test('store, projections, time and SQL are free of serious accessibility findings', async ({ visitor }) => {
      test.setTimeout(180_000)
      await open(visitor, 'Event 8 is there before event 7')
      await visitor.lookAtTime('Store')
      await events(visitor).click()
      await expect(projection(visitor, 'totals')).toBeVisible()
      expect(await findings(visitor, 'aside', 'section'), 'store and projections').toEqual([])
      await open(visitor, 'What was true then, and what did we know of it?')
      await visitor.seek(40)
      await events(visitor).click()
      await visitor.inspector.getByRole('radio', { name: 'Time' }).click()
      await expect(visitor.inspector.getByRole('list', { name: /Audit trail/ })).toBeVisible()
      expect(await findings(visitor, 'aside', 'section'), 'audit trail').toEqual([])
      for (const question of ['As of', 'Difference', 'Cost']) {
        await visitor.inspector.getByRole('radio', { name: question }).click()
        expect(await findings(visitor, 'aside', 'section'), question).toEqual([])
      }
      await visitor.look('Tables')
      await visitor.inspector.getByRole('radio', { name: 'SQL' }).click()
      await visitor.inspector.getByRole('button', { name: 'Run at the playhead' }).click()
      await expect(visitor.inspector.getByRole('table', { name: 'Result' })).toBeVisible()
      expect(await findings(visitor, 'aside', 'section'), 'SQL').toEqual([])
    })
  })
}

test('a query without an end is stopped with a sentence, and the next one is answered', async ({ visitor }) => {
  await open(visitor, 'A crash between the update and the checkpoint')
  await visitor.look('Tables')
  await visitor.inspector.getByRole('radio', { name: 'SQL' }).click()
  const box = visitor.inspector.getByRole('textbox', { name: 'SQL query' })
  await box.fill('WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n')
  await box.press('Control+Enter')
  await expect(visitor.inspector.getByRole('alert')).toContainText('was stopped', { timeout: 20_000 })
  await box.fill('SELECT 7 AS lucky')
  await box.press('Control+Enter')
  await expect(visitor.inspector.getByRole('table', { name: 'Result' })).toContainText('7')
})
