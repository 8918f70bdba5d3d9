/** Breaking by keyboard: with a fault in the hand the focus goes to where it can be put, and back when it is put back. */
import type { SessionStore } from '../session/session-store.ts'

const TARGETS = 'main [data-fault-target] :is(button, [tabindex="0"])'
const LINES = 'main g[data-fault-target]'

export function followArmedFault(store: SessionStore): () => void {
  let home: HTMLElement | null = null
  return store.subscribe((now, before) => {
    if (now.armed === before.armed) return
    const { activeElement } = document
    if (now.armed === null) {
      // Dropped on a service: the focus is where it landed. A line keeps none, and what was put back returns to the palette.
      const isPutBack = now.draft === before.draft && activeElement?.matches(TARGETS)
      if (isPutBack || activeElement?.matches(LINES)) home?.focus()
      home = null
    } else if (activeElement instanceof HTMLElement && activeElement.closest('aside') && isByKeyboard(activeElement)) {
      home = activeElement
      document.querySelector<HTMLElement>(TARGETS)?.focus()
    }
  })
}

function isByKeyboard(element: Element): boolean {
  return element.matches(':focus-visible')
}
