import { useSyncExternalStore } from 'react'

const coarse = globalThis.matchMedia?.('(pointer: coarse)')

/** Whether fingers do the pointing: everything that can be pressed is larger then. */
export function useCoarse(): boolean {
  return useSyncExternalStore(
    (changed) => {
      coarse?.addEventListener('change', changed)
      return () => coarse?.removeEventListener('change', changed)
    },
    () => coarse?.matches ?? false,
  )
}
