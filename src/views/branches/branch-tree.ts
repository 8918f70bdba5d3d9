/** The branches in the order of a tree: each below what it grew from, with how far to indent it and what to say of it. */
import { branchName } from '../../session/branch-actions.ts'
import { sessionFaults } from '../../session/draft.ts'
import type { Branch } from '../../session/session-types.ts'
import { timeText } from '../../trace/describe.ts'

export interface BranchRow {
  readonly branch: Branch
  readonly name: string
  readonly depth: number
  readonly isCurrent: boolean
  /** `begun at 5.010 s · variant B · 2 failures`. */
  readonly about: string
}

/** `branches` with the one at hand as it is now. */
export function branchRows(branches: readonly Branch[], current: number): BranchRow[] {
  const rows: BranchRow[] = []
  const add = (branch: Branch, depth: number) => {
    rows.push({ branch, name: branchName(branch), depth, isCurrent: branch.id === current, about: aboutBranch(branch) })
    for (const child of branches.filter(({ parent }) => parent === branch.id)) add(child, depth + 1)
  }
  const known = new Set(branches.map(({ id }) => id))
  for (const branch of branches) if (branch.parent === null || !known.has(branch.parent)) add(branch, 0)
  return rows
}

const origins = { opened: '', act: '', undone: 'kept from an undo', finding: 'found' }

function aboutBranch({ name, origin, forkedAt, draft }: Branch): string {
  const faults = sessionFaults(draft).filter(({ fault }) => fault.enabled ?? true).length
  const parts = [
    origins[origin],
    begunAt(name, forkedAt),
    draft.variant === null ? '' : `variant ${draft.variant}`,
    draft.seed === null ? '' : `seed ${draft.seed}`,
    faults === 0 ? 'no failures' : faults === 1 ? '1 failure' : `${faults} failures`,
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

/** Most names say it already. */
function begunAt(name: string, forkedAt: number | null): string {
  if (forkedAt === null) return ''
  const time = timeText(Math.round(forkedAt))
  return name.includes(time) ? '' : `begun at ${time}`
}
