import { type KeyboardEvent, type PointerEvent, useEffect, useState } from 'react'
import styles from './bottom-split.module.css'

const KEY = 'sagascope-bottom'
const MIN = 140
const MAX = 640
const STEP = 24

function storedHeight(): number | null {
  try {
    const height = Number(localStorage.getItem(KEY))
    return height >= MIN && height <= MAX ? height : null
  } catch {
    return null
  }
}

/** The edge between stage and timeline: drag it, or move it with the arrow keys. */
export function BottomSplit() {
  const [height, setHeight] = useState(storedHeight)
  useEffect(() => {
    if (height === null) return
    document.documentElement.style.setProperty('--bottom-height', `${height}px`)
    try {
      localStorage.setItem(KEY, String(height))
    } catch {
      // Storage is blocked: the height lasts as long as the page.
    }
  }, [height])
  const resize = (to: number) => setHeight(Math.round(Math.max(MIN, Math.min(MAX, to))))
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) resize(window.innerHeight - event.clientY)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key]
    if (direction === undefined) return
    event.preventDefault()
    resize((height ?? 264) + direction * STEP)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr cannot be moved
    <div
      role="separator"
      aria-orientation="horizontal"
      aria-label="Height of the timeline"
      aria-valuemin={MIN}
      aria-valuemax={MAX}
      aria-valuenow={height ?? 264}
      tabIndex={0}
      className={styles.split}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      onKeyDown={onKeyDown}
      onDoubleClick={() => resize(264)}
    />
  )
}
