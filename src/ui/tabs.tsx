import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { moveWithin } from './roving.ts'
import styles from './tabs.module.css'

export interface Tab<T extends string> {
  value: T
  label: ReactNode
}

interface TabsProps<T extends string> {
  label: string
  /** Ties tabs and panel together; unique on the page. */
  id: string
  tabs: readonly Tab<T>[]
  value: T
  onChange: (value: T) => void
  className?: string
}

/** A row of tabs; put the content into a `TabPanel` with the same id and value. */
export function Tabs<T extends string>({ label, id, tabs, value, onChange, className }: TabsProps<T>) {
  const index = tabs.findIndex((tab) => tab.value === value)
  const choose = (next: number) => {
    const tab = tabs[next]
    if (tab !== undefined) onChange(tab.value)
  }
  return (
    <div
      role="tablist"
      aria-label={label}
      tabIndex={-1}
      className={classNames(styles.row, className)}
      onKeyDown={(event) => moveWithin(event, index, choose)}
    >
      {tabs.map((tab, i) => (
        <button
          key={tab.value}
          type="button"
          role="tab"
          id={`${id}-tab-${tab.value}`}
          aria-selected={i === index}
          aria-controls={i === index ? `${id}-panel` : undefined}
          tabIndex={i === Math.max(0, index) ? 0 : -1}
          ref={i === index ? intoView : undefined}
          className={styles.tab}
          onClick={() => onChange(tab.value)}
        >
          {tab.label}
        </button>
      ))}
    </div>
  )
}

/** Where there are more tabs than room, the one that is open is in sight. */
function intoView(tab: HTMLElement | null): void {
  const row = tab?.parentElement
  if (tab === null || row === null || row === undefined || row.scrollWidth <= row.clientWidth) return
  const left = tab.offsetLeft - row.offsetLeft
  const isSeen = left >= row.scrollLeft && left + tab.offsetWidth <= row.scrollLeft + row.clientWidth
  if (!isSeen) row.scrollLeft = left - (row.clientWidth - tab.offsetWidth) / 2
}

interface TabPanelProps {
  id: string
  value: string
  className?: string
  children: ReactNode
}

export function TabPanel({ id, value, className, children }: TabPanelProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling panel has to be reachable by keyboard
    <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${value}`} tabIndex={0} className={className}>
      {children}
    </div>
  )
}
