import { Download, FolderOpen } from 'lucide-react'
import { type ChangeEvent, useRef } from 'react'
import { useSession } from '../../session/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { fileName } from './library-layout.ts'
import styles from './library-panel.module.css'

/** No scenario is anywhere near as long: a film opened by mistake is not read at all. */
const BYTES_MAX = 20_000_000

/** A scenario from a file, and the present one into a file. */
export function OwnFiles() {
  const input = useRef<HTMLInputElement>(null)
  const draft = useSession((session) => session.draft)
  const fileText = useSession((session) => session.fileText)
  const openFile = useOpenFile()
  const save = () => {
    if (draft !== null) download(fileName(draft.base.id, draft.variant), fileText())
  }
  return (
    <>
      <div className={styles.files}>
        <Button icon={<FolderOpen aria-hidden="true" />} onClick={() => input.current?.click()}>
          Open a file
        </Button>
        <Button icon={<Download aria-hidden="true" />} disabled={draft === null} onClick={save}>
          Save
        </Button>
      </div>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        aria-label="Scenario file"
        hidden
        onChange={openFile}
      />
      <p className={styles.quiet}>Or drop a scenario file anywhere on the page. Saved files keep your faults.</p>
    </>
  )
}

function useOpenFile() {
  const openText = useSession((session) => session.openText)
  const notify = useSession((session) => session.notify)
  return async (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.currentTarget
    const file = input.files?.[0]
    if (file === undefined) return
    if (file.size > BYTES_MAX) {
      const megabytes = Math.round(file.size / 1_000_000)
      notify({
        tone: 'error',
        title: `“${file.name}” is no scenario`,
        lines: [`It has ${megabytes} MB; a scenario is a JSON text of at most a few.`],
      })
    } else {
      openText(await file.text())
    }
    // The same file chosen once more is a change again.
    input.value = ''
  }
}

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // Some browsers only begin to read after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
