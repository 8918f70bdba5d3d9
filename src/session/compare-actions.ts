import { edit, engineTrouble, fromStart } from './apply-draft.ts'
import { added, withPresent } from './branches.ts'
import { whyNotBeside } from './comparable.ts'
import type { ComparisonStart } from './comparison-types.ts'
import type { SessionContext } from './session-store.ts'
import type { Session, SessionActions } from './session-types.ts'
import { momentOfPlayhead, THE_START } from './shared-moment.ts'

type CompareActions = Pick<SessionActions, 'compareWith' | 'endComparison' | 'keepSide' | 'goOnWith'>

export function compareActions(context: SessionContext): CompareActions {
  const { get } = context
  return {
    compareWith(others) {
      const { draft, speed } = get()
      if (draft === null) return 'There is nothing to compare yet.'
      const drafts = [draft]
      for (const other of others) {
        const reason = whyNotBeside(drafts, other)
        if (reason !== null) return reason
        drafts.push(other)
      }
      openComparison(context, { drafts, speed, view: 'stage', ...whereToBegin(context) })
      return null
    },
    endComparison() {
      const { comparison } = get()
      if (comparison === null) return
      const { sides, close } = comparison.getState()
      close()
      context.set({ comparison: null })
      sides.forEach(({ session }, i) => keepEdits(context, session.getState(), i + 1))
    },
    keepSide({ session }) {
      const { draft, playhead } = session.getState()
      if (draft !== null) get().goOnWith(draft, playhead)
    },
    goOnWith(draft, playhead) {
      get().endComparison()
      const at = playhead ?? 0
      const branch = withPresent(get()).find((one) => one.draft === draft)
      if (branch === undefined)
        edit(context, draft, playhead === null ? fromStart(context) : { playhead, playing: false })
      else if (branch.id === get().branch) get().seek(at)
      else get().switchBranch(branch.id, at)
    },
  }
}

/** From the moment shown; who stands at either end sees the runs play from their start. */
function whereToBegin({ get, prefersReducedMotion }: SessionContext): Pick<ComparisonStart, 'moment' | 'playing'> {
  const { trace, playhead } = get()
  const isMidway = trace !== null && playhead > 0 && playhead < trace.length
  if (isMidway) return { moment: momentOfPlayhead(trace, playhead), playing: false }
  return { moment: THE_START, playing: !prefersReducedMotion() }
}

/** Few visits compare: what it takes is loaded when it is asked for. */
export function openComparison(context: SessionContext, start: ComparisonStart): void {
  const { get, set } = context
  get().pause()
  import('./comparison.ts').then(
    ({ createComparison }) => {
      get().comparison?.getState().close()
      const { announce } = get()
      set({ comparison: createComparison({ ...context, announce }, start), armed: null, sheet: 'none' })
    },
    (error) => engineTrouble(context, error),
  )
}

/** What the visitor changed on a side while it stood there becomes a branch: closing throws nothing away. */
function keepEdits({ get, set }: SessionContext, { draft, past, playhead }: Session, number: number): void {
  if (draft === null || past.length === 0) return
  const name = `Run ${number} of a comparison, changed`
  set(added(get(), { name, draft, playhead, origin: 'act' }))
}
