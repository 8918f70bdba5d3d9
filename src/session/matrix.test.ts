import { describe, expect, it, vi } from 'vitest'
import { library } from '../library/library.ts'
import { createHost } from '../worker/host.ts'
import type { WorkerReply } from '../worker/protocol.ts'
import { effectiveScenario, newDraft, withAdded, withFaults } from './draft.ts'
import { FakeEngine, summary } from './fixture.ts'
import { type MatrixProgress, matrixPlan, runMatrix, type Verdict } from './matrix.ts'
import type { Draft, FaultInput, ScenarioInput } from './session-types.ts'

const story = (id: string) => library.find((scenario) => scenario.id === id) as ScenarioInput
const lost: FaultInput = { kind: 'drop', message: 'charge' }
const crash: FaultInput = { kind: 'crash', service: 'payment', atMs: 12 }
const base: ScenarioInput = {
  sagascope: 1,
  id: 'paying',
  title: 'Paying',
  services: { payment: {} },
  faults: [lost],
  variants: { key: { title: 'with a key' }, none: { title: 'without' } },
}
const kinds = (draft: Draft) => (effectiveScenario(draft).faults ?? []).map(({ kind }) => kind)

describe('the plan of a matrix', () => {
  it('has every variant with none of the failures, each alone and all together', () => {
    const plan = matrixPlan(withAdded(newDraft(base), crash))
    expect(plan.rows.map(({ variant }) => variant)).toEqual(['key', 'none'])
    expect(plan.columns.map(({ kind }) => kind)).toEqual(['none', 'one', 'one', 'all'])
    expect(plan.drafts.map(kinds)).toEqual([
      [],
      ['drop'],
      ['crash'],
      ['drop', 'crash'],
      [],
      ['drop'],
      ['crash'],
      ['drop', 'crash'],
    ])
  })

  it('tries what one variant alone is written with on all of them, and shows each as it is written too', () => {
    const variants = { ...base.variants, crashed: { title: 'crashed', patch: { faults: [crash] } } }
    const plan = matrixPlan(newDraft({ ...base, variants }))
    expect(plan.columns.map(({ kind }) => kind)).toEqual(['written', 'none', 'one', 'one', 'all'])
    expect(plan.drafts.slice(-5).map(kinds)).toEqual([['crash'], [], ['drop'], ['crash'], ['crash', 'drop']])
  })

  it('of a scenario without variants and failures is a single run', () => {
    const { faults: _, variants: __, ...plain } = base
    const plan = matrixPlan(newDraft(plain))
    expect([plan.rows.length, plan.columns.map(({ kind }) => kind)]).toEqual([1, ['none']])
  })

  it('gives each cell a draft that runs as written where nothing is changed', () => {
    expect(effectiveScenario(withFaults(newDraft(base), [lost]))).toEqual(effectiveScenario(newDraft(base)))
  })
})

describe('a matrix under way', () => {
  const plan = matrixPlan(newDraft(base))
  const verdict = (number: number): Verdict => ({ number, outcome: 'completed', summary: summary(), endTime: 5 })

  function started() {
    const engine = new FakeEngine()
    const seen: MatrixProgress[] = []
    const run = runMatrix(engine, plan, (progress) => seen.push(progress))
    const judging = engine.judgings[0]
    if (judging === undefined) throw new Error('nothing was asked')
    return { run, judging, last: () => seen.at(-1) as MatrixProgress }
  }

  it('fills as the verdicts come in, in whatever order', () => {
    const { judging, last } = started()
    judging.listener.judged([verdict(3), verdict(0)])
    expect(last().verdicts.map((one) => one?.number)).toEqual([0, undefined, undefined, 3])
    judging.listener.finished(false)
    expect(last().status).toBe('done')
  })

  it('can be stopped, and says so', () => {
    const { run, judging, last } = started()
    run.cancel()
    expect(judging.isCancelled).toBe(true)
    judging.listener.finished(true)
    expect(last()).toMatchObject({ status: 'stopped', problem: '' })
  })

  it('says when the engine fails', () => {
    const { judging, last } = started()
    judging.listener.failed('The engine failed: oh')
    expect(last()).toMatchObject({ status: 'failed', problem: 'The engine failed: oh' })
  })
})

describe('the engine judging cases', () => {
  async function judge(drafts: readonly Draft[], stopAfter = Number.POSITIVE_INFINITY) {
    const replies: WorkerReply[] = []
    const turns: (() => void)[] = []
    let now = 0
    const host = createHost({
      post: (reply) => replies.push(reply),
      now: () => ++now,
      later: (callback) => turns.push(callback),
    })
    const cases = drafts.map((draft) => ({ scenario: effectiveScenario(draft), variant: draft.variant }))
    host({ id: 1, type: 'judge', cases })
    await vi.waitFor(() => expect(turns.length + replies.length).toBeGreaterThan(0))
    for (let turn = 0; turns.length > 0; turn++) {
      if (turn === stopAfter) host({ id: 2, type: 'cancel', run: 1 })
      turns.shift()?.()
    }
    const verdicts = replies.flatMap((reply) => (reply.type === 'judged' ? reply.verdicts : []))
    return { verdicts, end: replies.at(-1) }
  }
  const words = (verdicts: readonly Verdict[]) =>
    verdicts.map((one) => ('outcome' in one ? one.outcome : `refused: ${one.refused}`))

  it('tells protection from no protection: the lesson’s key against a lost answer', async () => {
    const plan = matrixPlan(newDraft(story('lesson-key')))
    const { verdicts, end } = await judge(plan.drafts)
    expect(end).toMatchObject({ type: 'judgedAll', cancelled: false })
    expect(verdicts.map(({ number }) => number)).toEqual(plan.drafts.map((_, i) => i))
    const byRow = plan.rows.map(({ variant }, row) => {
      return [variant, ...words(verdicts.slice(row * plan.columns.length, (row + 1) * plan.columns.length))]
    })
    expect(plan.columns.map(({ kind }) => kind)).toEqual(['none', 'one'])
    expect(byRow).toEqual([
      ['key', 'completed', 'completed'],
      ['none', 'completed', 'promise broken'],
      ['missing', 'completed', 'completed'],
    ])
  })

  it('judges every library scenario as written like its own run: broken exactly where it is meant to break', async () => {
    for (const scenario of library.filter((one) => JSON.stringify(one).length < 6000)) {
      const drafts = [null, ...Object.keys(scenario.variants ?? {})].map((name) => newDraft(scenario, name))
      for (const verdict of (await judge(drafts)).verdicts) {
        if (!('outcome' in verdict)) throw new Error(`${scenario.id}: ${verdict.refused}`)
        const isBroken = verdict.summary.properties.some(({ holds }) => !holds)
        expect(verdict.outcome === 'promise broken', scenario.id).toBe(isBroken)
      }
    }
  }, 60_000)

  it('says of a case that cannot run why, and goes on', async () => {
    const wrong = withFaults(newDraft(base), [{ kind: 'crash', service: 'nobody', atMs: 1 }])
    const plain = matrixPlan(newDraft(story('lesson-key'))).drafts[0] as Draft
    const { verdicts } = await judge([wrong, plain])
    expect(words(verdicts)[0]).toMatch(/^refused: .*nobody/)
    expect(verdicts[1]).toHaveProperty('outcome')
  })

  it('stops between two slices, and keeps what it has', async () => {
    const plan = matrixPlan(newDraft(story('order-saga')))
    const drafts = Array.from({ length: 40 }, () => plan.drafts[0] as Draft)
    const { verdicts, end } = await judge(drafts, 1)
    expect(end).toMatchObject({ type: 'judgedAll', cancelled: true })
    expect(verdicts.length).toBeLessThan(40)
  })
})
