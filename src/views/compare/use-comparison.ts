import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Comparison, ComparisonStore } from '../../session/comparison-types.ts'

const ComparisonContext = createContext<ComparisonStore | null>(null)
export const ComparisonProvider = ComparisonContext.Provider

export function useComparisonStore(): ComparisonStore {
  const store = useContext(ComparisonContext)
  if (store === null) throw new Error('there is no comparison around this part of the page')
  return store
}

/** What a component reads of the comparison; it renders again only when the selected value changes. */
export function useComparison<T>(selector: (comparison: Comparison) => T): T {
  return useStore(useComparisonStore(), selector)
}
