import type { KeyboardEvent } from 'react'

const steps: Record<string, 1 | -1 | 'first' | 'last'> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
  Home: 'first',
  End: 'last',
}

/** Where an arrow key moves within a row of `count` things, wrapping around; undefined for other keys. */
export function rovingIndex(key: string, index: number, count: number): number | undefined {
  const step = steps[key]
  if (step === undefined || count === 0) return undefined
  if (step === 'first') return 0
  if (step === 'last') return count - 1
  return (index + step + count) % count
}

/** Moves focus and choice among the buttons of a row: one tab stop, arrows inside. */
export function moveWithin(event: KeyboardEvent<HTMLElement>, index: number, choose: (index: number) => void): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const buttons = event.currentTarget.querySelectorAll<HTMLElement>('button:not(:disabled)')
  const next = rovingIndex(event.key, index, buttons.length)
  if (next === undefined) return
  event.preventDefault()
  // Arrows move time elsewhere on the page; inside a row they belong to the row.
  event.stopPropagation()
  buttons[next]?.focus()
  choose(next)
}
