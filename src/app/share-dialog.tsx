import { Check, Copy, Save, Share2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { momentWords } from '../session/moment-words.ts'
import { sessionStore, useSession } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { copyText } from '../ui/copy-text.ts'
import { Dialog } from '../ui/dialog.tsx'
import { saveFile } from './files.ts'
import styles from './share-dialog.module.css'

type Link = { state: 'making' } | { state: 'made'; address: string } | { state: 'refused'; why: string }

const wordsOf = (problem: unknown) => (problem instanceof Error ? problem.message : String(problem))

/** The link to exactly what is on the screen. */
export function ShareDialog({ onClose }: { onClose: () => void }) {
  const [link, setLink] = useState<Link>({ state: 'making' })
  useEffect(() => {
    const { pause, shareLink } = sessionStore.getState()
    // What is shared stands still.
    pause()
    shareLink().then(
      (address) => setLink({ state: 'made', address }),
      (problem) => setLink({ state: 'refused', why: wordsOf(problem) }),
    )
  }, [])
  return (
    <Dialog open onClose={onClose} title="Share this moment">
      <Contents />
      {link.state === 'made' && <Ready address={link.address} />}
      {link.state === 'refused' && (
        <>
          <p role="alert">{link.why}</p>
          <div className={styles.actions}>
            <SaveButton />
          </div>
        </>
      )}
      <p className={styles.foot}>
        Everything is in the link itself: nothing is stored on a server, and it keeps working when Sagascope’s library
        changes.
      </p>
    </Dialog>
  )
}

function SaveButton() {
  return (
    <Button icon={<Save aria-hidden="true" />} onClick={() => saveFile(sessionStore.getState())}>
      Save as a file
    </Button>
  )
}

function Contents() {
  const title = useSession((session) => session.effective?.title)
  const words = useSession(momentWords)
  return (
    <p className={styles.contents}>
      <strong>{title}</strong>
      <span>{words}</span>
    </p>
  )
}

function Ready({ address }: { address: string }) {
  const [said, setSaid] = useState('')
  const copy = () =>
    copyText(address).then(
      () => setSaid('Copied'),
      (problem) => setSaid(wordsOf(problem)),
    )
  const send = () => navigator.share({ title: document.title, url: address }).catch(() => {})
  return (
    <>
      <textarea
        readOnly
        rows={4}
        aria-label="Link"
        className={styles.link}
        value={address}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className={styles.actions}>
        <Button
          tone="primary"
          icon={said === 'Copied' ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
          onClick={copy}
        >
          Copy the link
        </Button>
        {'share' in navigator && (
          <Button icon={<Share2 aria-hidden="true" />} onClick={send}>
            Send…
          </Button>
        )}
        <SaveButton />
        <span role="status" className={styles.said}>
          {said}
        </span>
        <span className={styles.length}>{address.length.toLocaleString('en')} characters</span>
      </div>
    </>
  )
}
