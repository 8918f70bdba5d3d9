/** The verdict in words: what stands at the top of the panel, and one row for each property. */
import type { RunState, ScenarioInput } from '../../session/session-types.ts'
import { timeText } from '../../trace/describe.ts'
import type { Trace } from '../../trace/trace.ts'
import type { PropertyInfo } from '../../trace/trace-format.ts'
import type { WorldState } from '../../trace/world-state.ts'

/** holds: to the end. ahead: it will break after the playhead. broken: it has. open: the run is not over. */
export type PropertyState = 'holds' | 'ahead' | 'broken' | 'open'

export interface PropertyRow {
  readonly name: string
  /** What it promises, for people; empty when only the name is known. */
  readonly title: string
  readonly check: string
  readonly state: PropertyState
  /** Its violation, −1 for none. */
  readonly position: number
  /** `entry 41 · 5.020 s`, `always`, … */
  readonly note: string
  /** The scenario says it breaks here: a variant that shows the failure. */
  readonly expectedToBreak: boolean
}

export interface VerdictInput {
  readonly trace: Trace
  readonly run: RunState
  readonly playhead: number
  readonly world: WorldState | null
}

/**
 * Variants that meet the same faults and keep the property, for a scenario that is about its breaking. A variant with
 * other faults tells another story, and is no way out of this one.
 */
export function holdingVariants(
  scenario: ScenarioInput,
  current: string | null,
  property: string,
): { name: string; title: string }[] {
  const variants = scenario.variants ?? {}
  const faultsOf = (name: string | null) => {
    const patched = name === null ? undefined : variants[name]?.patch?.faults
    return JSON.stringify(patched === undefined ? (scenario.faults ?? []) : patched)
  }
  const shown = current === null ? scenario.breaks : variants[current]?.breaks
  if (!shown?.includes(property)) return []
  return Object.entries(variants).flatMap(([name, { title, breaks }]) =>
    breaks?.includes(property) || faultsOf(name) !== faultsOf(current) ? [] : [{ name, title }],
  )
}

/** An entry for people: counted from 1, as the playhead is when it has just been shown. */
export function entryNumber(position: number): string {
  return `entry ${(position + 1).toLocaleString('en')}`
}

function place(trace: Trace, position: number): string {
  return `${entryNumber(position)}, ${timeText(trace.timeAt(position))}`
}

const held = { always: 'always', eventually: 'in the end', sometimes: 'seen' }
const goal = { always: 'at every commit', eventually: 'in the end', sometimes: 'at least once' }

export function propertyRows(input: VerdictInput): PropertyRow[] {
  const { trace, run, playhead, world } = input
  return trace.header.properties.map(({ name, title = '', when, check }, number) => {
    const verdict = run.summary?.properties.find((known) => known.name === name)
    const position = verdict?.position ?? world?.violations.get(number) ?? -1
    const isBroken = verdict === undefined ? position >= 0 : !verdict.holds
    const row = { name, title, check, position, expectedToBreak: verdict?.expectedToBreak ?? false }
    if (!isBroken) {
      return verdict === undefined
        ? { ...row, state: 'open', note: goal[when] }
        : { ...row, state: 'holds', note: held[when] }
    }
    const state = position < playhead ? 'broken' : 'ahead'
    return { ...row, state, note: position < 0 ? goal[when] : place(trace, position) }
  })
}

export type HeadlineTone = 'wait' | 'ok' | 'ahead' | 'broken'

export interface Headline {
  readonly tone: HeadlineTone
  readonly title: string
  readonly text: string
  /** The violation it speaks of, −1 for none. */
  readonly position: number
  /** `First broken at entry 41, 5.020 s.` */
  readonly where: string
  readonly expected: boolean
  /** The property it speaks of; empty for none. */
  readonly property: string
}

export function headline(input: VerdictInput): Headline {
  const { trace, run } = input
  const rows = propertyRows(input)
  const first = rows
    .filter((row) => row.state === 'broken' || row.state === 'ahead')
    .sort((one, other) => one.position - other.position)[0]
  if (first !== undefined) return brokenHeadline(input, first)
  const rest = { position: -1, where: '', expected: false, property: '' }
  if (run.summary === null) return { ...rest, tone: 'wait', ...waiting(run) }
  if (rows.length === 0) {
    return { ...rest, tone: 'wait', title: 'Nothing was promised', text: 'This scenario has no properties to check.' }
  }
  const missed = rows.find((row) => row.expectedToBreak)
  if (missed !== undefined) {
    return {
      ...rest,
      tone: 'ok',
      title: 'Everything held, for once',
      text: `“${missed.name}” was expected to break in this variant. ${ending(trace, run)}`,
    }
  }
  return { ...rest, tone: 'ok', title: 'All promises hold', text: ending(trace, run) }
}

function brokenHeadline({ trace, playhead }: VerdictInput, row: PropertyRow): Headline {
  const promised = trace.header.properties.find((known) => known.name === row.name)
  const { title, text } = brokenWords(row.name, promised)
  const { name: property, position, expectedToBreak: expected } = row
  if (row.state === 'broken') {
    return {
      tone: 'broken',
      title,
      text,
      position,
      where: `First broken at ${place(trace, position)}.`,
      expected,
      property,
    }
  }
  const now = playhead === 0 ? 0 : trace.timeAt(playhead - 1)
  const wait = timeText(trace.timeAt(position) - now)
  const where = `${row.name} still holds here. It breaks at ${place(trace, position)}: ${position + 1 - playhead} entries and ${wait} from here.`
  return { tone: 'ahead', title: `Will break: ${title}`, text, position, where, expected, property }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** `title: sentence` as the scenario writes it. */
export function brokenWords(name: string, property: PropertyInfo | undefined): { title: string; text: string } {
  const broken = property?.broken ?? ''
  const colon = broken.indexOf(':')
  if (colon > 0) return { title: broken.slice(0, colon).trim(), text: sentence(broken.slice(colon + 1).trim()) }
  return {
    title: broken === '' ? `Broken: ${name}` : broken,
    text: property === undefined ? '' : `Promised: ${property.check}`,
  }
}

function waiting(run: RunState): { title: string; text: string } {
  const entries = run.entries.toLocaleString('en')
  switch (run.status) {
    case 'running':
      return { title: 'Running', text: `${entries} entries so far, nothing broken yet.` }
    case 'stopped':
      return { title: 'Stopped', text: `The run was stopped after ${entries} entries: no verdict.` }
    case 'failed':
      return { title: 'No verdict', text: 'The engine could not finish this run.' }
    default:
      return { title: 'No verdict yet', text: 'The verdict comes with the end of the run.' }
  }
}

function ending(trace: Trace, run: RunState): string {
  const count = trace.header.properties.length
  const checked = `${count} ${count === 1 ? 'property' : 'properties'} checked over ${trace.length.toLocaleString('en')} entries`
  const reason = run.summary?.quiescent ? `at rest after ${timeText(trace.endTime)}` : `ended by ${run.summary?.reason}`
  return `${checked}; ${reason}.`
}
