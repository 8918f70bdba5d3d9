/** A schedule: everything a search has chosen for one run. Plain data, and expressible as a plain scenario. */

import type { Fault, FaultInput, ScenarioInput } from '../scenario/schema.ts'
import { faultDefaults } from './fault-defaults.ts'

export interface Schedule {
  /** Of every draw inside the run. */
  readonly seed: number
  readonly faults: readonly Fault[]
  /** When the further sagas begin, milliseconds after the request they are copies of; by place in `copies`. */
  readonly more: readonly { readonly copy: number; readonly afterMs: number }[]
}

/** Nothing goes wrong. */
export function calmSchedule(seed: number): Schedule {
  return { seed, faults: [], more: [] }
}

/** A request that can be asked once more, under another id. */
export interface RequestCopy {
  readonly request: NonNullable<NonNullable<ScenarioInput['workload']>['requests']>[number]
  readonly title: string
}

/** A fault as a person would write it: what goes without saying left out. */
export function asWritten(fault: Fault): FaultInput {
  const defaults: Readonly<Record<string, unknown>> = faultDefaults[fault.kind]
  const isSaid = (name: string, value: unknown) =>
    value !== undefined && defaults[name] !== value && !isFirst(name, value)
  const said = Object.entries(fault).filter(([name, value]) => isSaid(name, value))
  return Object.fromEntries(said) as FaultInput
}

/** Nobody says "the first" when nothing else could be meant. */
function isFirst(name: string, value: unknown): boolean {
  return name === 'nth' && value === 1
}

/** The scenario with the schedule in it, in place of the faults it had. */
export function withSchedule(
  scenario: ScenarioInput,
  schedule: Schedule,
  copies: readonly RequestCopy[],
): ScenarioInput {
  const { workload = {} } = scenario
  const more = schedule.more.flatMap(({ copy, afterMs }) => {
    const known = copies[copy]
    return known === undefined ? [] : [{ ...known.request, atMs: (known.request.atMs ?? 0) + afterMs }]
  })
  return {
    ...scenario,
    seed: schedule.seed,
    faults: schedule.faults.map(asWritten),
    ...(more.length === 0 ? {} : { workload: { ...workload, requests: [...(workload.requests ?? []), ...more] } }),
  }
}
