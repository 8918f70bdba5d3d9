/** The buttons of time, for one run or for several at once: to the start, back, play, forward, to the end. */
import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight, Pause, Play, SkipBack, SkipForward } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { clockText } from './clock-text.ts'
import styles from './time-controls.module.css'

interface TimeControlsProps {
  playing: boolean
  atStart: boolean
  atEnd: boolean
  /** There is nothing to play. */
  isEmpty: boolean
  toStart: () => void
  step: (direction: 1 | -1) => void
  togglePlay: () => void
  toEnd: () => void
  /** To the mark before or behind, where these buttons are the place for it. */
  jump?: (direction: 1 | -1) => void
}

export function TimeControls(props: TimeControlsProps) {
  const { playing, atStart, atEnd, isEmpty, toStart, step, togglePlay, toEnd, jump } = props
  return (
    <div className={styles.controls}>
      <Turn label="To the start" keys="Home" onClick={toStart} disabled={atStart}>
        <SkipBack aria-hidden="true" />
      </Turn>
      {jump !== undefined && (
        <Turn label="Previous mark of any run" keys="[" isExtra onClick={() => jump(-1)} disabled={atStart}>
          <ChevronFirst aria-hidden="true" />
        </Turn>
      )}
      <Turn label="One entry back" keys="ArrowLeft" onClick={() => step(-1)} disabled={atStart}>
        <ChevronLeft aria-hidden="true" />
      </Turn>
      <IconButton
        label={playing ? 'Pause' : 'Play'}
        tone="primary"
        className={styles.play}
        onClick={togglePlay}
        disabled={isEmpty}
        aria-keyshortcuts="Space K"
      >
        {playing ? <Pause fill="currentColor" aria-hidden="true" /> : <Play fill="currentColor" aria-hidden="true" />}
      </IconButton>
      <Turn label="One entry forward" keys="ArrowRight" onClick={() => step(1)} disabled={atEnd}>
        <ChevronRight aria-hidden="true" />
      </Turn>
      {jump !== undefined && (
        <Turn label="Next mark of any run" keys="]" isExtra onClick={() => jump(1)} disabled={atEnd}>
          <ChevronLast aria-hidden="true" />
        </Turn>
      )}
      <Turn label="To the end" keys="End" onClick={toEnd} disabled={atEnd}>
        <SkipForward aria-hidden="true" />
      </Turn>
    </div>
  )
}

interface TurnProps {
  label: string
  keys: string
  /** Left out where there is little room. */
  isExtra?: boolean
  onClick: () => void
  disabled: boolean
  children: ReactNode
}

function Turn({ label, keys, isExtra = false, onClick, disabled, children }: TurnProps) {
  return (
    <IconButton
      label={label}
      tone="plain"
      className={isExtra ? styles.extra : undefined}
      onClick={onClick}
      disabled={disabled}
      aria-keyshortcuts={keys}
    >
      {children}
    </IconButton>
  )
}

/** Virtual time and where it ends, microseconds. */
export function TimeClock({ time, end, className }: { time: number; end: number; className?: string | undefined }) {
  const total = clockText(end, end)
  return (
    <div className={className} role="timer" aria-label="Virtual time">
      <b style={{ minWidth: `${total.length}ch` }}>{clockText(time, end)}</b>
      <span> / {total}</span>
    </div>
  )
}
