/** Light, dark, or as the system has it. Kept where it can be read before the first picture, so that nothing flashes. */
import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'
export const themes: readonly Theme[] = ['system', 'light', 'dark']

const KEY = 'sagascope-theme'
const listeners = new Set<() => void>()
let current: Theme = stored()

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY)
    return themes.find((theme) => theme === value) ?? 'system'
  } catch {
    return 'system'
  }
}

/** Puts the chosen theme onto the page. */
export function applyTheme(): void {
  const { dataset } = document.documentElement
  if (current === 'system') delete dataset.theme
  else dataset.theme = current
}

export function setTheme(theme: Theme): void {
  current = theme
  try {
    localStorage.setItem(KEY, theme)
  } catch {
    // Storage is blocked: the theme lasts as long as the page.
  }
  applyTheme()
  for (const listener of listeners) listener()
}

export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => current,
  )
}
