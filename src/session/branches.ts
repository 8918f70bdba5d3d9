/**
 * The lines a visit has taken, as a tree. Acting at a moment of a run begins a branch, and so does whatever an edit
 * after an undo would have thrown away: nothing is discarded. Undo and redo run along the drafts as ever; where they
 * cross the beginning of a branch, the branch changes with them.
 */
import type { Branch, Draft, SessionState } from './session-types.ts'

/** The branches, and which of them is the one being worked on. Its own state is the session's, not what is kept of it. */
export type Branching = Pick<SessionState, 'branches' | 'branch'>
type Present = Branching & Pick<SessionState, 'draft' | 'past' | 'future' | 'playhead' | 'time'>

/** How an edit relates to the branches. */
export type Growth =
  | { readonly as: 'edit' }
  /** Something done at a moment: the run as it was stays beside what comes of it. */
  | { readonly as: 'act'; readonly name: string }
  /** Another scenario. */
  | { readonly as: 'opening' }

/** The branches after an edit that leads to a draft. */
export function grown(present: Present, to: Draft, growth: Growth): Branching {
  const held = { ...present, branches: holdUndone(present) }
  if (growth.as === 'edit') return { branches: held.branches, branch: held.branch }
  if (growth.as === 'act') return begun(held, to, { name: growth.name, parent: held.branch, origin: 'act' })
  if (isUntouched(held)) return { branches: held.branches, branch: held.branch }
  return begun(held, to, { name: '', parent: null, origin: 'opened' })
}

/** The branches with what is being worked on written into its own. */
export function withPresent({ branches, branch, draft, past, future, playhead, time }: Present): readonly Branch[] {
  if (draft === null) return branches
  return branches.map((one) => (one.id === branch ? { ...one, draft, past, future, playhead, time } : one))
}

/** The branch one is on after going to a draft by undo or redo. */
export function branchAfter(present: Present, direction: 'undo' | 'redo', to: Draft): number {
  const { branches, branch, draft } = present
  const current = branches.find(({ id }) => id === branch)
  if (direction === 'undo') return current?.first === draft ? (current?.from ?? branch) : branch
  return branches.find(({ from, first }) => from === branch && first === to)?.id ?? branch
}

/** A branch from elsewhere, beside the present one; what is worked on stays as it is. */
export function added(present: Present, branch: Pick<Branch, 'name' | 'draft' | 'playhead' | 'origin'>): Branching {
  const { branches, branch: current } = present
  const rest = { past: [], future: [], time: 0, forkedAt: null }
  const made = { ...branch, ...rest, id: nextId(branches), first: branch.draft, parent: current, from: null }
  return { branches: [...branches, made], branch: current }
}

/** Without one branch; what grew from it grows from its parent then. The one being worked on stays. */
export function without({ branches, branch }: Branching, id: number): Branching {
  const gone = branches.find((one) => one.id === id)
  if (gone === undefined || id === branch) return { branches, branch }
  const rest = branches.filter((one) => one !== gone)
  const moved = rest.map((one) => ({
    ...one,
    parent: one.parent === id ? gone.parent : one.parent,
    from: one.from === id ? gone.from : one.from,
  }))
  return { branches: moved, branch }
}

function begun(
  present: Present,
  first: Draft,
  { name, parent, origin }: Pick<Branch, 'name' | 'parent' | 'origin'>,
): Branching {
  const { branches, branch, draft, time } = present
  const id = nextId(branches)
  const isFirst = draft === null
  const made: Branch = {
    id,
    name,
    parent,
    from: isFirst ? null : branch,
    origin,
    forkedAt: origin === 'act' ? time : null,
    first,
    draft: first,
    past: [],
    future: [],
    playhead: 0,
    time: 0,
  }
  return { branches: [...withPresent(present), made], branch: id }
}

/** What was undone and would be forgotten by the next edit becomes a branch, unless one holds it already. */
function holdUndone(present: Present): readonly Branch[] {
  const { branches, branch, draft, past, future, playhead, time } = present
  const first = future.at(-1)
  const last = future[0]
  if (draft === null || first === undefined || last === undefined) return branches
  if (branches.some((one) => one.first === first)) return branches
  const between = future.slice(1).reverse()
  const held: Branch = {
    id: nextId(branches),
    name: '',
    parent: branch,
    from: branch,
    origin: 'undone',
    forkedAt: null,
    first,
    draft: last,
    past: [...past, draft, ...between],
    future: [],
    playhead,
    time,
  }
  return [...branches, held]
}

/** A scenario only looked at: the next one that is opened takes its place. */
function isUntouched({ branches, branch, draft }: Present): boolean {
  const current = branches.find(({ id }) => id === branch)
  if (current === undefined || draft === null) return false
  const isEdited = draft.seed !== null || draft.added.length > 0 || Object.keys(draft.changed).length > 0
  const hasGrown = branches.some(({ parent, from }) => parent === branch || from === branch)
  return current.origin === 'opened' && !isEdited && !hasGrown
}

function nextId(branches: readonly Branch[]): number {
  return 1 + Math.max(0, ...branches.map(({ id }) => id))
}
