import { findings } from './support/findings.ts'
import { expect, test } from './support/story.ts'
import type { Visitor } from './support/visitor.ts'

const DIALOG = 'dialog[open], [role="dialog"]'

async function crashed(visitor: Visitor): Promise<void> {
  await visitor.openStill()
  await visitor.dragOnto('Crash', 'Payment')
  await expect(visitor.stage.getByRole('switch')).toBeVisible()
  await visitor.page.getByRole('button', { name: 'Next fault' }).click()
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme })

    test('runs side by side, the matrix and the branches are free of serious findings', async ({ visitor }) => {
      test.setTimeout(180_000)
      await crashed(visitor)
      await visitor.page.getByRole('button', { name: /^Branches/ }).click()
      await expect(visitor.page.getByRole('dialog', { name: 'Branches' }).getByRole('listitem')).toHaveCount(2)
      expect(await findings(visitor, DIALOG), 'branches').toEqual([])
      await visitor.page.keyboard.press('Escape')
      await visitor.page.keyboard.press('m')
      await expect(visitor.page.getByRole('dialog').getByRole('status')).toContainText(/^(\d+) of \1 runs/)
      expect(await findings(visitor, DIALOG), 'matrix').toEqual([])
      await visitor.page.keyboard.press('Escape')
      await visitor.page.keyboard.press('c')
      await expect(visitor.page.getByRole('dialog').getByRole('checkbox').first()).toBeVisible()
      expect(await findings(visitor, DIALOG), 'the choice').toEqual([])
      await visitor.page.getByRole('dialog').getByRole('button', { name: 'Compare', exact: true }).click()
      await visitor.page.getByRole('button', { name: 'Go to where the runs part' }).click()
      expect(await findings(visitor), 'side by side').toEqual([])
    })

    test('hunt, sweep and prove are free of serious findings', async ({ visitor }) => {
      test.setTimeout(180_000)
      await visitor.openStill()
      const { page } = visitor
      await page.getByRole('button', { name: 'Hunt', exact: true }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('radio', { name: '2,000 tries' }).click()
      await dialog.getByRole('button', { name: 'Hunt', exact: true }).click()
      await expect(dialog.getByRole('button', { name: 'Hunt again' })).toBeVisible({ timeout: 60_000 })
      expect(await findings(visitor), 'hunt').toEqual([])
      await page.getByRole('tab', { name: 'Sweep' }).click()
      await dialog.getByRole('button', { name: 'Sweep', exact: true }).click()
      await expect(dialog.getByRole('button', { name: 'Sweep again' })).toBeVisible({ timeout: 60_000 })
      expect(await findings(visitor), 'sweep').toEqual([])
      await page.getByRole('tab', { name: 'Prove' }).click()
      await dialog.getByRole('button', { name: 'Prove', exact: true }).click()
      await expect(dialog.getByRole('button', { name: 'Show on the stage' })).toBeVisible({ timeout: 60_000 })
      expect(await findings(visitor), 'prove').toEqual([])
    })

    test('every panel and every view of time is free of serious findings', async ({ visitor }) => {
      // Axe reads the whole page twice, and what changes in between a dozen times.
      test.setTimeout(180_000)
      await crashed(visitor)
      for (const panel of ['Verdict', 'Saga', 'Tables', 'Message', 'Keys', 'Code', 'Fault'] as const) {
        await visitor.look(panel)
        expect(await findings(visitor, 'aside'), panel).toEqual([])
      }
      for (const view of ['Space-time', 'Event log', 'Timeline'] as const) {
        await visitor.lookAtTime(view)
        await expect(visitor.page.getByRole('region', { name: /Space-time|Event log|Timeline/ }).first()).toBeVisible()
        expect(await findings(visitor, 'section'), view).toEqual([])
      }
      await visitor.toEnd()
      expect(await findings(visitor), 'at the end').toEqual([])
    })

    test('a story at its violation is free of serious findings', async ({ visitor }) => {
      await visitor.open()
      await visitor.openScenario('Lost reply after the commit')
      await visitor.pause()
      await visitor.page.getByRole('button', { name: 'Next violation' }).click()
      await visitor.look('Verdict')
      expect(await findings(visitor)).toEqual([])
    })

    test('the dialogs, a notice and a fault in the hand are free of serious findings', async ({ visitor }) => {
      await visitor.openStill()
      const { page } = visitor
      await page.getByRole('button', { name: 'Share', exact: true }).click()
      await expect(page.getByRole('textbox', { name: 'Link' })).toBeVisible()
      expect(await findings(visitor, DIALOG), 'share').toEqual([])
      await page.keyboard.press('Escape')
      await page.keyboard.press('?')
      await expect(page.getByRole('dialog')).toBeVisible()
      expect(await findings(visitor, DIALOG), 'help').toEqual([])
      await page.keyboard.press('Escape')
      await page.evaluate(() => {
        location.hash = 's1=bm90aGluZw'
      })
      await expect(visitor.alert).toContainText('damaged')
      expect(await findings(visitor), 'notice').toEqual([])
      await visitor.failure('Drop').click()
      expect(await findings(visitor), 'armed').toEqual([])
    })
  })
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

  test('the stage and every sheet are free of serious findings', async ({ visitor }) => {
    await visitor.open()
    await visitor.pause()
    expect(await findings(visitor), 'stage').toEqual([])
    for (const sheet of ['Break', 'Scenarios', 'Inspect']) {
      await visitor.page.getByRole('button', { name: sheet, exact: true }).tap()
      expect(await findings(visitor), sheet).toEqual([])
      await visitor.page.getByRole('button', { name: sheet, exact: true }).tap()
    }
  })
})
