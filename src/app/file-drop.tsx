import { useEffect, useState } from 'react'
import { sessionStore } from '../session/use-session.ts'
import styles from './file-drop.module.css'
import { openFile } from './files.ts'

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false

/** A scenario file may be dropped anywhere on the page. */
export function FileDrop() {
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setIsOver(true)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setIsOver(false)
    }
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setIsOver(false)
      const file = event.dataTransfer?.files[0]
      if (file !== undefined) openFile(file, sessionStore.getState())
    }
    const stop = new AbortController()
    window.addEventListener('dragover', over, { signal: stop.signal })
    window.addEventListener('dragleave', leave, { signal: stop.signal })
    window.addEventListener('drop', drop, { signal: stop.signal })
    return () => stop.abort()
  }, [])
  return isOver ? (
    <div className={styles.over}>
      <p>Drop the scenario file to open it</p>
    </div>
  ) : null
}
