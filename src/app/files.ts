/** Scenario files: in by button or drop, out as a download. */
import type { Session } from '../session/session-types.ts'

/** A file of this many bytes has more characters than the session reads, whatever its script. */
const SIZE_MAX = 4_000_000

export async function openFile(file: File, session: Session): Promise<void> {
  if (file.size > SIZE_MAX) {
    const size = `${(file.size / 1_000_000).toFixed(1)} MB`
    const lines = [`${file.name} has ${size}; a scenario file has at most 1 MB.`]
    return session.notify({ tone: 'error', title: 'This file could not be opened', lines })
  }
  session.openText(await file.text())
}

export function saveFile({ effective, fileText }: Session): void {
  if (effective === null) return
  const address = URL.createObjectURL(new Blob([fileText()], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = `${effective.id}.sagascope.json`
  link.click()
  URL.revokeObjectURL(address)
}
