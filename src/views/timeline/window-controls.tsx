/** Zoom by button: for the keyboard, and for those who do not think of the wheel. */
import { ChevronsDownUp, ChevronsUpDown, Maximize2, Minus, Plus } from 'lucide-react'
import { classNames } from '../../ui/class-names.ts'
import type { TimeCamera } from './use-time-window.ts'
import styles from './window-controls.module.css'

interface WindowControlsProps {
  camera: TimeCamera
  rows: { readonly expanded: boolean; toggle(): void } | null
}

const FACTOR = 1.6

export function WindowControls({ camera, rows }: WindowControlsProps) {
  return (
    <div className={styles.controls}>
      <Control label="Zoom out" className={styles.zoom} disabled={camera.whole} onClick={() => camera.zoom(1 / FACTOR)}>
        <Minus size={14} />
      </Control>
      <Control label="Zoom in" className={styles.zoom} onClick={() => camera.zoom(FACTOR)}>
        <Plus size={14} />
      </Control>
      <Control label="Show the whole run" disabled={camera.whole} onClick={camera.fit}>
        <Maximize2 size={13} />
      </Control>
      {rows !== null && (
        <Control label={rows.expanded ? 'Pool the sagas' : 'Show every saga'} onClick={rows.toggle}>
          {rows.expanded ? <ChevronsDownUp size={14} /> : <ChevronsUpDown size={14} />}
        </Control>
      )}
    </div>
  )
}

interface ControlProps {
  label: string
  className?: string | undefined
  disabled?: boolean
  onClick: () => void
  children: React.ReactNode
}

function Control({ label, className, disabled = false, onClick, children }: ControlProps) {
  return (
    <button
      type="button"
      className={classNames(styles.control, className)}
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  )
}
