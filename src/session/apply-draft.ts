/** Every change of the draft goes through here: keep the way back, run it, land at the right place. */
import { type Problem, problemLine } from '../base/result.ts'
import { type Growth, grown } from './branches.ts'
import { effectiveScenario, sameStory, sessionFaults } from './draft.ts'
import type { Landing } from './runs.ts'
import type { SessionContext } from './session-store.ts'
import type { Draft, SessionState } from './session-types.ts'
import { leaveBehind, waysOf } from './undo.ts'

/** An edit the visitor can undo. When the engine refuses it, the draft goes back and the visitor is told why. */
export function edit(context: SessionContext, to: Draft, landing?: Landing, growth: Growth = { as: 'edit' }): void {
  const before = context.get()
  context.set({ ...leaveBehind(before), ...grown(before, to, growth) })
  run(context, to, landing ?? landingFor(context, before.draft, to), (problems) =>
    takeBack(context, before, to, problems),
  )
}

/** Goes to a draft that has been there before. */
export function revisit(context: SessionContext, to: Draft): void {
  revisitAt(context, to, landingFor(context, context.get().draft, to))
}

export function revisitAt(context: SessionContext, to: Draft, landing: Landing): void {
  run(context, to, landing, (problems) => refuse(context, problems))
}

function run(
  context: SessionContext,
  draft: Draft,
  landing: Landing,
  onRefused: (problems: readonly Problem[]) => void,
): void {
  const shown = projected(draft)
  const { selection } = context.get()
  const isGone = selection?.type === 'fault' && selection.number >= shown.faults.length
  context.set({ ...shown, selection: isGone ? null : selection })
  context.runs.start(shown.effective, draft.variant, landing, {
    refused: onRefused,
    failed: (message) =>
      context.set({
        playing: false,
        notice: {
          tone: 'error',
          title: message,
          lines: ['Your scenario and your edits are as you left them.'],
          action: { label: 'Run again', run: () => revisit(context, draft) },
        },
      }),
  })
}

function projected(draft: Draft) {
  return { draft, effective: effectiveScenario(draft), faults: sessionFaults(draft) }
}

/** As if the edit had never been made. */
function takeBack(context: SessionContext, before: SessionState, refused: Draft, problems: readonly Problem[]): void {
  const { draft, past, future, branches, branch } = before
  if (context.get().draft === refused && draft !== null) {
    context.set({ ...projected(draft), ...waysOf(past, future), branches, branch })
  }
  refuse(context, problems)
}

export function refuse(context: SessionContext, problems: readonly Problem[], title = 'This cannot run'): void {
  const shown = problems.slice(0, 8).map(problemLine)
  const rest = problems.length - shown.length
  const lines = rest > 0 ? [...shown, `… and ${rest} more`] : shown
  context.set({ notice: { tone: 'error', title, lines } })
}

/** The same story with other faults: stay where you are (at the end, stay at the end). Another story: from the start. */
function landingFor(context: SessionContext, from: Draft | null, to: Draft): Landing {
  const { playhead, time, trace, run } = context.get()
  if (from === null || trace === null || !sameStory(from, to)) return fromStart(context)
  const atEnd = playhead === trace.length && run.status === 'done'
  return atEnd ? { playhead: 'end' } : { playhead, time }
}

/** Something alive at once; without motion for those who asked for none. */
export function fromStart(context: SessionContext): Landing {
  return { playhead: 0, playing: !context.prefersReducedMotion() }
}

export function engineTrouble(context: SessionContext, error: unknown): void {
  const title = error instanceof Error ? error.message : String(error)
  context.set({ notice: { tone: 'error', title, lines: ['Your scenario and your edits are as you left them.'] } })
}
