import { Search } from 'lucide-react'
import { useId, useState } from 'react'
import type { LibraryItem } from '../../session/session-types.ts'
import { useSession } from '../../session/use-session.ts'
import { Overline } from '../../ui/overline.tsx'
import { chapters, SEARCH_FROM } from './library-layout.ts'
import styles from './library-panel.module.css'
import { OpenScenario } from './open-scenario.tsx'
import { OwnFiles } from './own-files.tsx'

/** The stories to open, by chapter; the open one with its lesson and its variants. */
export function LibraryPanel() {
  const library = useSession((session) => session.library)
  const base = useSession((session) => session.draft?.base)
  const [query, setQuery] = useState('')
  const shown = chapters(library, query)
  const isOwn = base !== undefined && library.length > 0 && !library.some((item) => item.id === base.id)
  return (
    <div className={styles.panel}>
      {library.length >= SEARCH_FROM && <SearchBox query={query} onChange={setQuery} />}
      {library.length === 0 && <p className={styles.quiet}>The scenarios are on their way.</p>}
      {library.length > 0 && shown.length === 0 && (
        <p className={styles.quiet}>No scenario has “{query}”. Try a word like “charge”, or a case like S05.</p>
      )}
      {shown.map((chapter) => (
        <section key={chapter.title} aria-label={chapter.title}>
          <Overline className={styles.chapter}>{chapter.title}</Overline>
          <ul>
            {chapter.items.map((item) => (
              <Item key={item.id} item={item} isOpen={item.id === base?.id} />
            ))}
          </ul>
        </section>
      ))}
      <section aria-label="Your own">
        <Overline className={styles.chapter}>Your own</Overline>
        {isOwn && (
          <div className={styles.open}>
            <div className={styles.item} data-open="">
              {base.title}
            </div>
            <OpenScenario base={base} />
          </div>
        )}
        <OwnFiles />
      </section>
    </div>
  )
}

function Item({ item, isOpen }: { item: LibraryItem; isOpen: boolean }) {
  const base = useSession((session) => session.draft?.base)
  const openLibrary = useSession((session) => session.openLibrary)
  return (
    <li className={isOpen ? styles.open : undefined}>
      <button
        type="button"
        className={styles.item}
        data-open={isOpen ? '' : undefined}
        aria-current={isOpen ? 'true' : undefined}
        onClick={() => !isOpen && openLibrary(item.id)}
      >
        <span>{item.title}</span>
        {item.case !== '' && <span className={styles.case}>{item.case}</span>}
      </button>
      {isOpen && base !== undefined && <OpenScenario base={base} />}
    </li>
  )
}

function SearchBox({ query, onChange }: { query: string; onChange: (query: string) => void }) {
  const id = useId()
  return (
    <div className={styles.search}>
      <label htmlFor={id} className="sr-only">
        Search the scenarios
      </label>
      <Search aria-hidden="true" />
      <input
        id={id}
        type="search"
        placeholder="Search scenarios"
        value={query}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  )
}
