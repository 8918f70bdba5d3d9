import { library } from '../src/library/library.ts'
import { applyVariant } from '../src/scenario/patch.ts'
import type { ScenarioInput } from '../src/scenario/schema.ts'
import { runScenario } from '../test/run-scenario.ts'
import { expect, test } from './support/story.ts'

interface Told {
  readonly name: string
  readonly scenario: ScenarioInput
  readonly variant: string | null
}

const stories: Told[] = library.flatMap((input) =>
  [null, ...Object.keys(input.variants ?? {})].map((variant) => {
    const name = variant === null ? input.id : `${input.id}, ${variant}`
    return { name, scenario: applyVariant(input, variant), variant }
  }),
)

test('every story of the library leaves the same trace in this browser as in Node', async ({ visitor }) => {
  test.slow()
  await visitor.open()
  const engine = visitor.page.workers()[0]?.url()
  expect(engine, 'the page runs its engine in a worker').toBeDefined()

  const inBrowser = await visitor.page.evaluate(
    ([url, told]) =>
      new Promise<Record<string, string>>((resolve, reject) => {
        const hashes: Record<string, string> = {}
        const worker = new Worker(url, { type: 'module' })
        let open = told.length
        worker.onerror = ({ message }) => reject(new Error(message))
        worker.onmessage = ({ data: { id, type, ...said } }) => {
          if (type === 'started' || type === 'part' || type === 'curves') return
          hashes[told[id]?.name ?? ''] = type === 'finished' ? said.summary.hash : JSON.stringify(said)
          if (--open === 0) resolve(hashes)
        }
        told.forEach(({ scenario, variant }, id) => {
          worker.postMessage({ id, type: 'run', scenario, variant })
        })
      }),
    [engine as string, stories] as const,
  )
  const inNode = Object.fromEntries(
    stories.map(({ name, scenario, variant }) => [name, runScenario(scenario, variant).summary.hash]),
  )
  expect(Object.keys(inBrowser)).toHaveLength(stories.length)
  expect(inBrowser).toEqual(inNode)
  expect(new Set(Object.values(inNode)).size).toBeGreaterThan(library.length)
})
