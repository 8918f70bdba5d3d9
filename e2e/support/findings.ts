import { AxeBuilder } from '@axe-core/playwright'
import type { Visitor } from './visitor.ts'

/**
 * Serious and critical accessibility findings, each with where it is. `within`: only these parts of the page, where the
 * rest has been looked at already. In the dark the page is the same but for its colours, so only contrast is looked at.
 */
export async function findings({ page }: Visitor, ...within: readonly string[]): Promise<string[]> {
  // What is still fading in has not got its contrast yet.
  await page.evaluate(() => Promise.all(document.getAnimations().map(({ finished }) => finished.catch(() => {}))))
  await page.waitForFunction(() => {
    const isOpaque = (element: Element | null): boolean =>
      element === null || (getComputedStyle(element).opacity === '1' && isOpaque(element.parentElement))
    return [...document.querySelectorAll('[role="alert"], [role="status"], dialog[open]')].every(isOpaque)
  })
  const axe = new AxeBuilder({ page })
  for (const part of within) axe.include(part)
  if (await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)) axe.withRules('color-contrast')
  const { violations } = await axe.analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`))
}
