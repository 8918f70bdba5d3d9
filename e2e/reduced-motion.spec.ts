import { firstStory } from '../src/library/order-world.ts'
import { runScenario } from '../test/run-scenario.ts'
import { expect, test } from './support/story.ts'

test.use({ contextOptions: { reducedMotion: 'reduce' } })

test('who asked for less motion finds the run at its start, standing still', async ({ visitor }) => {
  await visitor.open()
  await visitor.page.waitForTimeout(800)
  await expect(visitor.page.getByRole('button', { name: 'Play', exact: true })).toBeVisible()
  expect((await visitor.moment()).entry).toBe(0)
})

test('playing goes from entry to entry, and nothing glides in between', async ({ visitor }) => {
  await visitor.open()
  await visitor.play()
  // The clock and every animation under way, frame by frame.
  const seen = await visitor.page.evaluate(async () => {
    const clocks = new Set<string>()
    let moving = 0
    const start = performance.now()
    // Four seconds, and on a slow machine until the clock has gone on.
    while (performance.now() < start + 4000 || (clocks.size < 2 && performance.now() < start + 30_000)) {
      await new Promise(requestAnimationFrame)
      clocks.add(document.querySelector('[role="timer"] b')?.textContent ?? '')
      moving += document.getAnimations().filter((animation) => {
        const { duration = 0, iterations = 1 } = animation.effect?.getComputedTiming() ?? {}
        return animation.playState === 'running' && (iterations === Number.POSITIVE_INFINITY || Number(duration) > 50)
      }).length
    }
    return { clocks: [...clocks], moving }
  })
  const { trace } = runScenario(firstStory)
  const times = new Set(Array.from({ length: trace.length }, (_, entry) => trace.timeAt(entry) / 1000))
  expect(seen.clocks.length).toBeGreaterThan(1)
  for (const clock of seen.clocks) expect([...times]).toContain(Number.parseFloat(clock))
  expect(seen.moving).toBe(0)
  expect((await visitor.moment()).entry).toBeGreaterThan(3)
})
