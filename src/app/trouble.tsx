import { useState } from 'react'
import { useSession } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { copyText } from '../ui/copy-text.ts'
import styles from './trouble.module.css'

/** The whole page failed: says what happened and hands over the visitor's work. */
export function Trouble({ error }: { error: Error }) {
  const shareLink = useSession((session) => session.shareLink)
  const [copied, setCopied] = useState('')
  const copy = async () => {
    try {
      await copyText(await shareLink())
      setCopied('Copied. It opens exactly what you were looking at.')
    } catch (problem) {
      setCopied(problem instanceof Error ? problem.message : 'The link could not be copied.')
    }
  }
  return (
    <main className={styles.page} role="alert">
      <h1>The page could not be drawn</h1>
      <p>
        This is a bug in Sagascope, not in your scenario. Your work is stored in this browser; you can also take a link
        to it with you before you reload.
      </p>
      <pre>{error.message}</pre>
      <div className={styles.actions}>
        <Button tone="primary" onClick={() => location.reload()}>
          Reload
        </Button>
        <Button onClick={copy}>Copy the link to my work</Button>
      </div>
      <p aria-live="polite">{copied}</p>
    </main>
  )
}

/** One part of the page failed: the rest goes on. */
export function PartTrouble({ error, retry, name }: { error: Error; retry: () => void; name: string }) {
  return (
    <div className={styles.part} role="alert">
      <p>
        <strong>{name} could not be drawn.</strong> Everything else goes on working.
      </p>
      <pre>{error.message}</pre>
      <Button size="s" onClick={retry}>
        Try again
      </Button>
    </div>
  )
}
