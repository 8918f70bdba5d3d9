import { Download, FolderOpen } from 'lucide-react'
import { type ChangeEvent, useRef } from 'react'
import { useSession } from '../../session/use-session.ts'
import { Button } from '../../ui/button.tsx'
import styles from './library-panel.module.css'
import { openFile, saveFile } from './scenario-files.ts'

/** A scenario from a file, and the present one into a file. */
export function OwnFiles() {
  const input = useRef<HTMLInputElement>(null)
  const draft = useSession((session) => session.draft)
  const fileText = useSession((session) => session.fileText)
  const openText = useSession((session) => session.openText)
  const notify = useSession((session) => session.notify)
  const onChange = async (event: ChangeEvent<HTMLInputElement>) => {
    const chooser = event.currentTarget
    const file = chooser.files?.[0]
    if (file !== undefined) await openFile(file, { openText, notify })
    // The same file chosen once more is a change again.
    chooser.value = ''
  }
  return (
    <>
      <div className={styles.files}>
        <Button
          icon={<FolderOpen aria-hidden="true" />}
          title="Open a scenario file"
          onClick={() => input.current?.click()}
        >
          Open file
        </Button>
        <Button
          icon={<Download aria-hidden="true" />}
          title="Save the scenario, with your faults, to a file"
          disabled={draft === null}
          onClick={() => saveFile({ draft, fileText })}
        >
          Save
        </Button>
      </div>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        aria-label="Scenario file"
        hidden
        onChange={onChange}
      />
      <p className={styles.quiet}>Or drop a scenario file anywhere on the page. Saved files keep your faults.</p>
    </>
  )
}
