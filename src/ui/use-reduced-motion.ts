import { useSyncExternalStore } from 'react'

let list: MediaQueryList | undefined

/** One list for the whole page: asking for a new one in every frame is dear. */
function media(): MediaQueryList {
  list ??= matchMedia('(prefers-reduced-motion: reduce)')
  return list
}

export function prefersReducedMotion(): boolean {
  return media().matches
}

function subscribe(onChange: () => void): () => void {
  media().addEventListener('change', onChange)
  return () => media().removeEventListener('change', onChange)
}

/** Whether the visitor asked for less motion; follows a change of mind. */
export function useReducedMotion(): boolean {
  return useSyncExternalStore(subscribe, prefersReducedMotion)
}
