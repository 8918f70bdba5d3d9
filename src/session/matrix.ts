/**
 * Every variant of a scenario against every one of its failures: which runs there are, and the worker's verdicts as they
 * come in. A cell is a draft, so that it can be opened like any other.
 */
import type { EngineClient } from '../worker/client.ts'
import type { Verdict } from '../worker/protocol.ts'
import { effectiveScenario, variantChoices, withFaults } from './draft.ts'
import type { Draft, FaultInput } from './session-types.ts'

export type { Verdict }

export interface MatrixColumn {
  readonly kind: 'written' | 'none' | 'one' | 'all'
  /** What fails in it; null for whatever each variant is written with. */
  readonly faults: readonly FaultInput[] | null
}

export interface MatrixRow {
  readonly variant: string | null
  readonly title: string
}

export interface MatrixPlan {
  readonly rows: readonly MatrixRow[]
  readonly columns: readonly MatrixColumn[]
  /** Row by row. */
  readonly drafts: readonly Draft[]
}

/** The failures are those of all variants and the visitor's: none of them, each alone, all together. */
export function matrixPlan(draft: Draft): MatrixPlan {
  const choices = variantChoices(draft.base)
  const rows = choices.length === 0 ? [asItIs(draft)] : choices.map(({ name, title }) => ({ variant: name, title }))
  const written = rows.map(({ variant }) => faultsIn({ ...draft, variant }))
  const faults = distinct(written.flat())
  const isSameForAll = written.every((list) => keyOf(list) === keyOf(faults))
  const columns: MatrixColumn[] = [
    ...(isSameForAll ? [] : [{ kind: 'written', faults: null } as const]),
    { kind: 'none', faults: [] },
    ...faults.map((fault) => ({ kind: 'one', faults: [fault] }) as const),
    ...(faults.length > 1 ? [{ kind: 'all', faults } as const] : []),
  ]
  const drafts = rows.flatMap(({ variant }) => columns.map((column) => cellDraft({ ...draft, variant }, column)))
  return { rows, columns, drafts }
}

function asItIs({ base, variant }: Draft): MatrixRow {
  return { variant, title: base.title }
}

function cellDraft(draft: Draft, { faults }: MatrixColumn): Draft {
  return faults === null ? draft : withFaults(draft, faults)
}

/** What is switched on. */
function faultsIn(draft: Draft): FaultInput[] {
  return (effectiveScenario(draft).faults ?? []).filter((fault) => fault.enabled ?? true)
}

function distinct(faults: readonly FaultInput[]): FaultInput[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()]
}

function keyOf(faults: readonly FaultInput[]): string {
  return JSON.stringify(
    distinct(faults)
      .map((fault) => JSON.stringify(fault))
      .sort(),
  )
}

export interface MatrixProgress {
  /** By cell, row by row; null while it is not known. */
  readonly verdicts: readonly (Verdict | null)[]
  readonly status: 'running' | 'done' | 'stopped' | 'failed'
  /** Why it failed; empty otherwise. */
  readonly problem: string
}

export interface MatrixRun {
  cancel(): void
}

/** Tells of every change, the first before it returns. */
export function runMatrix(
  engine: EngineClient,
  plan: MatrixPlan,
  onChange: (progress: MatrixProgress) => void,
): MatrixRun {
  let progress: MatrixProgress = { verdicts: plan.drafts.map(() => null), status: 'running', problem: '' }
  const change = (next: Partial<MatrixProgress>) => {
    progress = { ...progress, ...next }
    onChange(progress)
  }
  change({})
  return engine.judge(plan.drafts.map(caseOf), {
    judged(found) {
      if (found.length === 0) return
      const verdicts = [...progress.verdicts]
      for (const verdict of found) verdicts[verdict.number] = verdict
      change({ verdicts })
    },
    finished: (cancelled) => change({ status: cancelled ? 'stopped' : 'done' }),
    failed: (problem) => change({ status: 'failed', problem }),
  })
}

/** Without the other variants: they are not needed for the run, and there may be many cells. */
function caseOf(draft: Draft) {
  const { variants: _, ...scenario } = effectiveScenario(draft)
  return { scenario, variant: draft.variant }
}
