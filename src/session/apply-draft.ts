/** Every change of the draft goes through here: keep the way back, run it, land at the right place. */
import { type Problem, problemLine } from '../base/result.ts'
import { effectiveScenario, sameStory, sessionFaults } from './draft.ts'
import type { Landing } from './runs.ts'
import type { SessionContext } from './session-store.ts'
import type { Draft, SessionState } from './session-types.ts'

/** An edit the visitor can undo. When the engine refuses it, the draft goes back and the visitor is told why. */
export function edit(context: SessionContext, to: Draft, landing?: Landing): void {
  const from = context.get().draft
  if (from !== null) context.drafts.push(from)
  run(context, to, landing ?? landingFor(context, from, to), (problems) => takeBack(context, from, to, problems))
}

/** Goes to a draft that has been there before. */
export function revisit(context: SessionContext, from: Draft, to: Draft): void {
  run(context, to, landingFor(context, from, to), (problems) => refuse(context, problems))
}

/** Runs the present draft once more, after the engine had to be restarted. */
export function runAgain(context: SessionContext): void {
  const { draft } = context.get()
  if (draft !== null) run(context, draft, landingFor(context, draft, draft), (problems) => refuse(context, problems))
}

function run(
  context: SessionContext,
  draft: Draft,
  landing: Landing,
  onRefused: (problems: readonly Problem[]) => void,
): void {
  context.set({ ...projected(draft), canUndo: context.drafts.canUndo, canRedo: context.drafts.canRedo })
  const { effective } = context.get()
  if (effective === null) return
  context.runs.start(effective, draft.variant, landing, {
    refused: onRefused,
    failed: (message) =>
      context.set({
        playing: false,
        notice: {
          tone: 'error',
          title: message,
          lines: ['Your scenario and your edits are as you left them.'],
          action: { label: 'Run again', run: () => runAgain(context) },
        },
      }),
  })
}

function projected(draft: Draft): Partial<SessionState> {
  return { draft, effective: effectiveScenario(draft), faults: sessionFaults(draft) }
}

function takeBack(context: SessionContext, from: Draft | null, refused: Draft, problems: readonly Problem[]): void {
  if (context.get().draft === refused && from !== null) {
    context.drafts.takeBack()
    context.set({ ...projected(from), canUndo: context.drafts.canUndo })
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
