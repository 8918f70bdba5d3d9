import { Role, type RoleCode } from '../../trace/kinds.ts'

/** The token's shape on the stage: an arrow-headed pill asks, a diamond tells, a disc answers. */
export function RoleShape({ role }: { role: RoleCode }) {
  if (role === Role.event) return shape(<path d="M9 2 15 8 9 14 3 8z" />)
  if (role === Role.reply || role === Role.response) return shape(<circle cx="9" cy="8" r="5" />)
  return shape(<path d="M2 4.5a1.5 1.5 0 0 1 1.5-1.5H12l5 5-5 5H3.5A1.5 1.5 0 0 1 2 11.5z" />)
}

function shape(drawing: React.ReactNode) {
  return (
    <svg width="18" height="16" viewBox="0 0 18 16" fill="currentColor" aria-hidden="true">
      {drawing}
    </svg>
  )
}
