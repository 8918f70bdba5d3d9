/** The library as chapters, and what a search leaves of it. */
import { variantChoices } from '../../session/draft.ts'
import type { LibraryItem, ScenarioInput } from '../../session/session-types.ts'

export interface Chapter {
  readonly title: string
  readonly items: readonly LibraryItem[]
}

/** So many scenarios fit without a search box. */
export const SEARCH_FROM = 13

/** Chapters in the order of the library; scenarios without one come last. */
export function chapters(library: readonly LibraryItem[], query: string): Chapter[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const byTitle = new Map<string, LibraryItem[]>()
  for (const item of library) {
    if (!matches(item, words)) continue
    const title = item.chapter === '' ? 'Further' : item.chapter
    byTitle.set(title, [...(byTitle.get(title) ?? []), item])
  }
  return [...byTitle].map(([title, items]) => ({ title, items }))
}

function matches(item: LibraryItem, words: readonly string[]): boolean {
  const variants = item.variants.map((variant) => variant.title)
  const text = [item.title, item.case, item.chapter, item.text, ...variants].join(' ').toLowerCase()
  return words.every((word) => text.includes(word))
}

export interface VariantRow {
  /** Null for the scenario as written. */
  readonly name: string | null
  readonly title: string
  /** The properties it is expected to break: a variant that shows the failure. */
  readonly breaks: readonly string[]
}

/** What there is to choose from, and what each choice breaks. */
export function variantRows(base: ScenarioInput): VariantRow[] {
  return variantChoices(base).map(({ name, title }) => {
    const { breaks } = name === null ? base : (base.variants?.[name] ?? base)
    return { name, title, breaks: breaks ?? [] }
  })
}

/** A file name for a scenario: its id and the variant. */
export function fileName(id: string, variant: string | null): string {
  const words = variant === null ? id : `${id}-${variant}`
  return `${words.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.sagascope.json`
}
