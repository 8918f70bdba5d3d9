/** A visitor's hands and eyes: what can be done on the page, and what stands on it, in the words of the stories. */
import type { BrowserContext, Locator, Page } from 'playwright/test'
import { expect } from 'playwright/test'

export interface Moment {
  readonly entry: number
  readonly entries: number
}

declare global {
  interface Window {
    /** The hash of every run that ended, as the engine's worker told the page. */
    finishedRuns: string[]
  }
}

/** Listens in on what the worker tells the page; the page itself shows no hash. */
export async function recordRuns(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    window.finishedRuns = []
    const RealWorker = window.Worker
    window.Worker = class extends RealWorker {
      constructor(...address: ConstructorParameters<typeof Worker>) {
        super(...address)
        this.addEventListener('message', ({ data }) => {
          if (data.type === 'finished') window.finishedRuns.push(data.summary.hash)
        })
      }
    }
  })
}

export class Visitor {
  readonly page: Page
  readonly stage: Locator
  readonly palette: Locator
  readonly inspector: Locator
  readonly alert: Locator

  constructor(page: Page) {
    this.page = page
    this.stage = page.getByRole('main')
    this.palette = page.getByRole('complementary', { name: 'Failures and scenarios' })
    this.inspector = page.getByRole('complementary', { name: 'Inspector' })
    this.alert = page.getByRole('alert')
  }

  async open(address = './'): Promise<void> {
    await this.page.goto(address)
    await expect(this.stage.getByText(/entry \d+ \/ \d+/)).toBeVisible()
    await expect(this.playOrPause).toBeEnabled()
  }

  /** Opens the first story and holds it still at a moment: before the order's payment is asked for. */
  async openStill(entry = 15): Promise<void> {
    await this.open()
    await this.pause()
    await this.seek(entry)
  }

  get playOrPause(): Locator {
    return this.page.getByRole('button', { name: /^(Play|Pause)$/ })
  }

  async play(): Promise<void> {
    await this.page.getByRole('button', { name: 'Play', exact: true }).click()
  }

  async pause(): Promise<void> {
    const pause = this.page.getByRole('button', { name: 'Pause', exact: true })
    const play = this.page.getByRole('button', { name: 'Play', exact: true })
    // It may come to its end just now, or a run that has just come in may begin to play.
    await expect(async () => {
      if (await pause.isVisible()) await pause.click({ timeout: 1000 })
      await expect(play).toBeVisible({ timeout: 500 })
    }).toPass()
  }

  async moment(): Promise<Moment> {
    const text = (await this.stage.getByText(/entry \d+ \/ \d+/).textContent()) ?? ''
    const [, entry, entries] = /entry (\d+) \/ (\d+)/.exec(text) ?? []
    return { entry: Number(entry), entries: Number(entries) }
  }

  /** To an entry, one press of a key after another. */
  async seek(entry: number): Promise<void> {
    await this.leaveControls()
    await this.page.keyboard.press('Home')
    for (let i = 0; i < entry; i++) await this.page.keyboard.press('ArrowRight')
    await this.isAt(entry)
  }

  async isAt(entry: number): Promise<void> {
    await expect.poll(async () => (await this.moment()).entry).toBe(entry)
  }

  async toEnd(): Promise<void> {
    const { entries } = await this.moment()
    await this.leaveControls()
    await this.page.keyboard.press('End')
    await this.isAt(entries)
  }

  /** A focused choice keeps some keys for itself. */
  private leaveControls(): Promise<void> {
    return this.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  }

  /** What has just happened, as a sentence. */
  get sentence(): Locator {
    return this.page.getByTitle('Select this entry')
  }

  card(title: string): Locator {
    return this.stage.getByRole('button', { name: new RegExp(`^(${title}: |Put \\w+ on ${title}$)`) })
  }

  /** The switch of a fault on the stage. */
  badge(words: RegExp): Locator {
    return this.stage.getByRole('switch', { name: words })
  }

  failure(name: string): Locator {
    return this.palette.getByRole('button', { name, exact: true })
  }

  async dragOnto(failure: string, service: string): Promise<void> {
    const from = await boxOf(this.failure(failure))
    const to = await boxOf(this.card(service))
    await this.page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
    await this.page.mouse.down()
    await this.page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 12 })
    await this.page.mouse.up()
  }

  async look(panel: 'Verdict' | 'Saga' | 'Tables' | 'Message' | 'Keys' | 'Code' | 'Fault'): Promise<void> {
    await this.inspector.getByRole('tab', { name: panel }).click()
  }

  async lookAtTime(view: 'Timeline' | 'Space-time' | 'Event log' | 'Store'): Promise<void> {
    await this.page.getByRole('radio', { name: view }).click()
  }

  /** The rows of a table as texts, at the playhead. */
  async rows(service: string, table: string): Promise<string[]> {
    await this.look('Tables')
    const rows = this.inspector.getByRole('table', { name: `${service}: ${table}` }).locator('tbody tr')
    return (await rows.allInnerTexts()).map((row) => row.replaceAll(/\s+/g, ' ').trim())
  }

  async openScenario(title: string): Promise<void> {
    await this.afterRun(() => this.palette.getByRole('button', { name: title }).first().click())
    await expect(this.stage.getByText(title, { exact: true })).toBeVisible()
  }

  /** Does what makes the page run a scenario, and waits until that run is there. */
  private async afterRun(act: () => Promise<unknown>): Promise<void> {
    const finished = () => this.page.evaluate(() => window.finishedRuns.length)
    const before = await finished()
    await act()
    await expect.poll(finished).toBeGreaterThan(before)
  }

  /** Switches to a variant, from its start; the header shows them side by side, or in a list where they would not fit. */
  async chooseVariant(name: string): Promise<void> {
    const list = this.page.getByRole('combobox', { name: 'Variant' })
    const choice = this.page.getByRole('banner').getByRole('radio', { name: new RegExp(`^${name} `) })
    await this.afterRun(async () => {
      if (await list.isVisible()) await list.selectOption(name)
      // `at once` comes before `at once locked`.
      else await choice.first().click()
    })
    await expect(this.stage.getByText(`variant ${name} ·`)).toBeVisible()
    await this.pause()
  }

  /** The link the share dialog makes; leaves the dialog closed. */
  async link(): Promise<string> {
    await this.page.getByRole('button', { name: 'Share', exact: true }).click()
    const link = await this.page.getByRole('textbox', { name: 'Link' }).inputValue()
    await this.page.keyboard.press('Escape')
    await expect(this.page.getByRole('dialog')).toHaveCount(0)
    return link
  }

  /** A picture of the stage once it has come to rest. */
  async still(): Promise<Buffer> {
    // A pointer at rest on the stage would light up what is under it.
    await this.page.mouse.move(4, 4)
    const take = () => this.stage.screenshot({ animations: 'disabled' })
    let last = await take()
    await expect
      .poll(async () => {
        const before = last
        last = await take()
        return last.equals(before)
      })
      .toBe(true)
    return last
  }

  lastHash(): Promise<string | undefined> {
    return this.page.evaluate(() => window.finishedRuns.at(-1))
  }
}

export async function boxOf(what: Locator) {
  await what.scrollIntoViewIfNeeded()
  const box = await what.boundingBox()
  if (box === null) throw new Error(`${what} is nowhere on the page`)
  return box
}
