/** Scenario files: in by button or drop, out as a download. */
import type { Session } from '../../session/session-types.ts'
import { fileName } from './library-layout.ts'

/** No scenario is anywhere near as long: a film opened by mistake is not read at all. */
const BYTES_MAX = 5_000_000

export async function openFile(file: File, session: Pick<Session, 'notify' | 'openText'>): Promise<void> {
  if (file.size > BYTES_MAX) {
    const size = `${(file.size / 1_000_000).toFixed(1)} MB`
    const lines = [`${file.name} has ${size}; a scenario file has at most 5 MB.`]
    session.notify({ tone: 'error', title: 'This file could not be opened', lines })
  } else {
    session.openText(await file.text())
  }
}

export function saveFile({ draft, fileText }: Pick<Session, 'draft' | 'fileText'>): void {
  if (draft === null) return
  const address = URL.createObjectURL(new Blob([fileText()], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = fileName(draft.base.id, draft.variant)
  link.click()
  // Some browsers only begin to read after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
