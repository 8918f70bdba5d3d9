import { type ReactNode, useId, useRef, useState } from 'react'
import { Button } from './button.tsx'
import styles from './popover.module.css'
import { placeBeside } from './popover-layout.ts'

interface PopoverProps {
  /** What the button says. */
  label: ReactNode
  /** The name of what opens. */
  title: string
  icon?: ReactNode
  tone?: 'plain' | 'quiet'
  size?: 'm' | 's'
  className?: string
  children: ReactNode
}

/** A button and a light-dismissed panel beside it, on the native popover. */
export function Popover({ label, title, icon, tone = 'plain', size = 'm', className, children }: PopoverProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const onToggle = (panel: HTMLElement, opening: boolean) => {
    setOpen(opening)
    if (!opening || button.current === null) return
    const page = { width: window.innerWidth, height: window.innerHeight }
    const { left, top } = placeBeside(button.current.getBoundingClientRect(), panel.getBoundingClientRect(), page)
    panel.style.left = `${left}px`
    panel.style.top = `${top}px`
  }
  return (
    <>
      <Button
        ref={button}
        tone={tone}
        size={size}
        icon={icon}
        className={className}
        popoverTarget={id}
        aria-expanded={open}
      >
        {label}
      </Button>
      <div
        id={id}
        popover="auto"
        role="dialog"
        aria-label={title}
        className={styles.panel}
        onToggle={(event) => onToggle(event.currentTarget, event.newState === 'open')}
      >
        {open && children}
      </div>
    </>
  )
}
