import { revisitAt } from './apply-draft.ts'
import { added, without, withPresent } from './branches.ts'
import { newDraft } from './draft.ts'
import type { SessionContext } from './session-store.ts'
import type { Branch, SessionActions } from './session-types.ts'
import { waysOf } from './undo.ts'

type BranchActions = Pick<SessionActions, 'addBranch' | 'switchBranch' | 'renameBranch' | 'removeBranch'>

export function branchActions(context: SessionContext): BranchActions {
  const { get, set } = context
  return {
    addBranch(name, scenario, playhead) {
      const branching = added(get(), { name, draft: newDraft(scenario), playhead, origin: 'finding' })
      set(branching)
      return (branching.branches.at(-1) as Branch).id
    },
    switchBranch(id, playhead) {
      const to = get().branches.find((branch) => branch.id === id)
      if (to === undefined || id === get().branch) return
      set({ branches: withPresent(get()), branch: id, ...waysOf(to.past, to.future), selection: null, armed: null })
      const left = playhead === undefined ? { playhead: to.playhead, time: to.time } : { playhead }
      revisitAt(context, to.draft, { ...left, playing: false })
      get().announce(`On branch ${branchName(to)}`)
    },
    renameBranch(id, name) {
      const branches = get().branches.map((branch) => (branch.id === id ? { ...branch, name: name.trim() } : branch))
      set({ branches })
    },
    removeBranch: (id) => set(without(get(), id)),
  }
}

/** What a branch is called: its own name, else what it is about. */
export function branchName({ name, origin, draft }: Pick<Branch, 'name' | 'origin' | 'draft'>): string {
  if (name !== '') return name
  return origin === 'undone' ? `${draft.base.title}, undone` : draft.base.title
}
