import type { RoleShape } from './space-time-drawing.ts'

const outlines: Record<RoleShape, string> = {
  command: 'M-5-3.6H1.4L5 0 1.4 3.6H-5Z',
  event: 'M0-5 5 0 0 5-5 0Z',
  reply: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0',
}

/** What a message is, as a shape around 0, 0: a command points, an event is a diamond, a reply is round. */
export function RoleMark({ shape, twin = false }: { shape: RoleShape; twin?: boolean }) {
  return (
    <>
      {twin && <path d={outlines[shape]} transform="scale(1.6)" fill="none" stroke="var(--saga)" />}
      <path d={outlines[shape]} fill="var(--saga)" />
    </>
  )
}
