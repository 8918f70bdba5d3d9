/** The views of event sourcing on real runs of the library. */
import { describe, expect, it } from 'vitest'
import { library } from '../library/library.ts'
import { compile, readScenario } from '../scenario/compile.ts'
import { applyVariant } from '../scenario/patch.ts'
import { Run } from '../scenario/run.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { History } from '../trace/history.ts'
import { Kind } from '../trace/kinds.ts'
import { eventName } from '../trace/projection-state.ts'
import { Trace } from '../trace/trace.ts'
import { answersOf, KeptRuns } from '../worker/kept-runs.ts'
import { projectionViews } from './projections/projection-layout.ts'
import { eventRow, gapText, storeRows } from './store/store-rows.ts'
import { auditRows, question, stateHere, subjectsIn } from './time-travel/audit-layout.ts'
import { tableDifferences } from './time-travel/difference-layout.ts'
import { costChart, snapshotEvery, snapshotRule } from './time-travel/loads.ts'

function played(id: string, variant: string | null = null) {
  const story = library.find((one) => one.id === id) as ScenarioInput
  const scenario = readScenario(applyVariant(story, variant))
  if (!scenario.ok) throw new Error(id)
  const model = compile(scenario.value, variant)
  if (!model.ok) throw new Error(id)
  const run = new Run(model.value, scenario.value).runToEnd()
  const trace = new Trace(run.header, [run.takePart()])
  const history = new History(trace)
  const kept = new KeptRuns()
  kept.add(1, run, scenario.value)
  return {
    trace,
    history,
    end: history.stateAt(trace.length),
    ask: (text: string) => answersOf(kept.find(1), [text])[0],
  }
}

function firstOf(trace: Trace, kind: number): number {
  for (let at = 0; at < trace.length; at++) if (trace.at('kind', at) === kind) return at
  throw new Error(`no entry of kind ${kind}`)
}

const all = { stream: '', type: '' }

describe('the log of a store', () => {
  it('shows an event from its commit on, not from its append', () => {
    const { trace, history } = played('checkpoint')
    const appended = firstOf(trace, Kind.appended)
    const changed = firstOf(trace, Kind.rowChanged)
    const table = trace.header.eventStores?.[0]?.events as number
    expect(storeRows(history.stateAt(appended + 1), table, all).length).toBe(0)
    const after = history.stateAt(changed + 1)
    expect(storeRows(after, table, all).length).toBe(1)
    expect(eventRow(after, table, 0)).toMatchObject({ position: 1, stream: 'order-o1', committedAt: changed })
  })

  it('shows a position nobody has filled as a gap, and says what becomes of it', () => {
    const late = played('sequence-gap', 'while open')
    const rolledBack = played('sequence-gap', 'while open rolled back')
    for (const [{ trace, history, end }, becomes] of [
      [late, /will be at/],
      [rolledBack, /rolled back/],
    ] as const) {
      const table = trace.header.eventStores?.[0]?.events as number
      const gap = Array.from({ length: trace.length }, (_, at) => history.stateAt(at)).find((world) => {
        const rows = world.tables[table]
        return rows !== undefined && rows.size < rows.end
      })
      const row = Array.from({ length: gap?.tables[table]?.end ?? 0 }, (_, i) => i).find(
        (i) => !gap?.tables[table]?.has(i),
      )
      expect(eventRow(gap as never, table, row as number)).toBeNull()
      expect(gapText(trace, end, table, row as number)).toMatch(becomes)
    }
  })

  it('is narrowed by stream and type', () => {
    const { trace, end } = played('temporal-query')
    const table = trace.header.eventStores?.[0]?.events as number
    const rows = storeRows(end, table, { stream: 'account', type: 'Charged' })
    expect(Array.from({ length: rows.length }, (_, i) => eventRow(end, table, rows.rowAt(i))?.version)).toEqual([2, 3])
    expect(storeRows(end, table, { stream: 'nobody', type: '' }).length).toBe(0)
  })
})

describe('a projection', () => {
  it('lags while events are behind, and has caught up at the end', () => {
    const { trace, history, end } = played('checkpoint', 'atomic')
    const first = projectionViews(trace, history.stateAt(firstOf(trace, Kind.projected) + 1))[0]
    expect(first?.state.position).toBe(1)
    expect(first?.lag).toBe((first?.head ?? 0) - 1)
    expect(projectionViews(trace, end)[0]).toMatchObject({ lag: 0, checkpoint: 10, repeated: 0, head: 10 })
  })

  it('agrees with the engine in every story at its end', () => {
    for (const { id, variants } of library.filter((one) => /projection/i.test(one.chapter ?? ''))) {
      for (const variant of [null, ...Object.keys(variants ?? {})]) {
        const { trace, end, ask } = played(id, variant)
        for (const view of projectionViews(trace, end)) {
          const answer = ask(`projection("${view.name}")`)
          if (!answer?.ok || view.persistent) continue
          const { position, checkpoint } = answer.value as { position: number; checkpoint: number }
          expect([id, variant, view.checkpoint], id).toEqual([id, variant, checkpoint])
          // Events that it does not follow are passed over without a word.
          expect(view.state.position, `${id} ${variant}`).toBeLessThanOrEqual(position)
        }
      }
    }
  })

  it('counts what is applied again, and stands where it had stored after a crash', () => {
    const { trace, history, end } = played('checkpoint', 'increment')
    const back = history.stateAt(firstOf(trace, Kind.recovered) + 1)
    expect(back.projections[0]?.position).toBe(6)
    expect(projectionViews(trace, end)[0]).toMatchObject({ repeated: 1, checkpoint: 10 })
  })

  it('is rebuilt in place until it has read everything again', () => {
    const { trace, history, end } = played('rebuild', 'suppressed')
    const world = history.stateAt(firstOf(trace, Kind.rebuildStarted) + 1)
    expect(projectionViews(trace, world)[0]).toMatchObject({ lag: 10, state: { rebuild: 'in place', position: 0 } })
    expect(end.projections[0]).toMatchObject({ rebuild: null, position: 10 })
    expect(projectionViews(trace, end)[0]?.repeated).toBe(0)
  })

  it('has both read models side by side while one is built beside it', () => {
    const { trace, history, end } = played('rebuild', 'beside')
    const finished = firstOf(trace, Kind.rebuildFinished)
    const started = firstOf(trace, Kind.rebuildStarted)
    const projected = Array.from({ length: finished - started }, (_, i) => started + i).filter(
      (at) => trace.at('kind', at) === Kind.projected,
    )
    const middle = history.stateAt((projected[4] as number) + 1)
    const view = projectionViews(trace, middle)[0]
    expect(view).toMatchObject({ lag: 0, state: { rebuild: 'blue/green', position: 10 } })
    expect(view?.state.next).toBe(5)
    expect(view?.nextTables[0]?.rows).toHaveLength(5)
    expect(view?.tables[0]?.rows).toHaveLength(10)
    expect(projectionViews(trace, end)[0]).toMatchObject({ nextTables: [], state: { rebuild: null } })
  })

  it('gets its events by their own names', () => {
    const { trace } = played('rebuild', 'beside')
    expect(eventName(trace, 'OrderPlaced for totals')).toBe('OrderPlaced')
    expect(eventName(trace, 'OrderPlaced for totals next')).toBe('OrderPlaced')
    expect(eventName(trace, 'ready for boarding')).toBe('ready for boarding')
  })
})

describe('questions about time', () => {
  it('tell the life of an aggregate, each state with its event and cause', () => {
    const { trace, history, end, ask } = played('temporal-query')
    const subject = subjectsIn(trace, end)[0]
    if (subject === undefined) throw new Error('no aggregate')
    expect(subject.stream).toBe('account-1')
    const answer = ask(question.audit(subject))
    if (!answer?.ok) throw new Error('no audit')
    const rows = auditRows(trace, end, subject, answer.value)
    expect(rows.map(({ state }) => state.balance)).toEqual([1000, 900, 800, 900, 1000])
    expect(rows.map(({ cause }) => cause)).toEqual(['open', 'charge', 'charge', 'refund', 'refund'])
    const earlier = history.stateAt((rows[1]?.committedAt as number) + 1)
    expect(stateHere(auditRows(trace, earlier, subject, answer.value))?.version).toBe(2)
    expect(ask(question.asOf(subject, 15, 25))).toMatchObject({ ok: true, value: { balance: 900 } })
    expect(ask(question.asOf(subject, 15, 40))).toMatchObject({ ok: true, value: { balance: 1000 } })
  })

  it('that make no sense are answered with a sentence', () => {
    const { ask } = played('temporal-query')
    expect(ask('state("acount", "1")')).toMatchObject({ ok: false, message: expect.stringContaining('account') })
    expect(ask('state(')).toMatchObject({ ok: false })
    expect(ask('entries.size()')).toMatchObject({ ok: false })
    expect(answersOf(undefined, ['now'])[0]).toMatchObject({ ok: false })
  })

  it('compare two moments: was, now, difference', () => {
    const { trace, history, end } = played('checkpoint')
    const totals = tableDifferences(trace, history.stateAt(0), end).find(({ title }) => title === 'Totals: totals')
    expect(totals?.cells).toContainEqual({ name: 'all.count', was: '0', now: '10', delta: '+10' })
    expect(tableDifferences(trace, end, end)).toEqual([])
  })

  it('cost what is read: a snapshot spares the events before it', () => {
    const spared = played('snapshots', 'snapshot')
    expect(costChart(spared.trace, spared.trace.length)).toMatchObject({ loads: 1, read: 50, without: 950 })
    const none = played('snapshots', 'none')
    expect(costChart(none.trace, none.trace.length)).toMatchObject({ loads: 1, read: 950, without: 950 })
    expect(costChart(none.trace, 0)).toMatchObject({ loads: 0, read: 0 })
    expect(snapshotEvery(library.find(({ id }) => id === 'snapshots') as never)).toBe(100)
    expect(snapshotRule(100, 250)).toEqual([
      [0, 0],
      [100, 100],
      [100, 0],
      [200, 100],
      [200, 0],
      [250, 50],
    ])
  })
})
