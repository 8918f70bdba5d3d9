import { describe, expect, it } from 'vitest'
import { library } from '../library/library.ts'
import { compile, readScenario } from '../scenario/compile.ts'
import { applyVariant } from '../scenario/patch.ts'
import { TraceWriter } from '../trace/trace-writer.ts'
import { resumeCheckpoint, saveCheckpoint } from './checkpoint.ts'
import type { Model } from './model.ts'
import { Simulation } from './simulation.ts'

/** Every story, with each of its variants. */
const stories = library.flatMap((base) =>
  [null, ...Object.keys(base.variants ?? {})].map((variant) => ({ id: base.id, variant, base })),
)

function modelOf(story: (typeof stories)[number]): Model {
  const scenario = readScenario(applyVariant(story.base, story.variant))
  if (!scenario.ok) throw new Error(JSON.stringify(scenario.problems))
  const model = compile(scenario.value, story.variant)
  if (!model.ok) throw new Error(JSON.stringify(model.problems))
  return model.value
}

function hashOf(model: Model, simulation: Simulation, trace: TraceWriter): string {
  simulation.run()
  trace.take()
  return trace.hash(model.header)
}

describe('a checkpoint', () => {
  it.each(stories)('of $id $variant resumes to the same trace, wherever it was taken', (story) => {
    const model = modelOf(story)
    const whole = new TraceWriter()
    const original = new Simulation(model, { trace: whole })
    const expected = hashOf(model, original, whole)
    const steps = original.actions
    for (const share of [0.2, 0.5, 0.85]) {
      const before = new Simulation(model, { trace: new TraceWriter() })
      before.advance(Math.max(1, Math.floor(steps * share)))
      const checkpoint = saveCheckpoint(before)
      // The first run goes on and must not disturb the checkpoint.
      before.run()
      const trace = new TraceWriter()
      expect(hashOf(model, resumeCheckpoint(model, checkpoint, trace), trace)).toBe(expected)
    }
  })

  it('can be resumed from more than once', () => {
    const model = modelOf(stories[0] as (typeof stories)[number])
    const simulation = new Simulation(model, { trace: new TraceWriter() })
    simulation.advance(10)
    const checkpoint = saveCheckpoint(simulation)
    const hashes = [1, 2].map(() => {
      const trace = new TraceWriter()
      return hashOf(model, resumeCheckpoint(model, checkpoint, trace), trace)
    })
    expect(hashes[0]).toBe(hashes[1])
  })
})
