import { FlaskConical } from 'lucide-react'
import { useState } from 'react'
import type { ShownCure, ShownWhy } from '../../session/search-store.ts'
import { useSession } from '../../session/use-session.ts'
import { Button } from '../../ui/button.tsx'
import styles from './cures.module.css'

type Asked = { readonly promise: string; readonly why: ShownWhy | null; readonly trouble: string }

const SHOWN = 6

/** What would have prevented it, found by trying each protection on this very run; asked for, since it takes a while. */
export function Cures({ promise }: { promise: string }) {
  const effective = useSession((session) => session.effective)
  const [asked, setAsked] = useState<(Asked & { of: unknown }) | null>(null)
  const mine = asked !== null && asked.promise === promise && asked.of === effective ? asked : null
  const ask = () => {
    const begun = { promise, why: null, trouble: '', of: effective }
    setAsked(begun)
    import('../../session/use-search.ts')
      .then(({ whyOnThePage }) => whyOnThePage(promise))
      .then(
        (why) => setAsked({ ...begun, why }),
        (problem: unknown) =>
          setAsked({ ...begun, trouble: problem instanceof Error ? problem.message : String(problem) }),
      )
  }
  if (mine === null) {
    return (
      <Button size="s" icon={<FlaskConical aria-hidden="true" />} className={styles.ask} onClick={ask}>
        What would have prevented it?
      </Button>
    )
  }
  if (mine.trouble !== '') return <p role="alert">{mine.trouble}</p>
  if (mine.why === null) return <p role="status">Trying every protection on this run …</p>
  return <Answer why={mine.why} />
}

function Answer({ why }: { why: ShownWhy }) {
  const seek = useSession((session) => session.seek)
  const { lastChance, position, cures, tried } = why
  return (
    <div className={styles.answer} role="status">
      {position < 0 ? (
        <p>{lastChance}</p>
      ) : (
        <button type="button" className={styles.chance} title="Go there" onClick={() => seek(position + 1)}>
          {lastChance}
        </button>
      )}
      {cures.length === 0 ? (
        <p>None of the {tried} protections tried prevents it by itself.</p>
      ) : (
        <>
          <p className={styles.head}>It holds with</p>
          <ul className={styles.cures}>
            {cures.slice(0, SHOWN).map((cure) => (
              <Cure key={cure.title} cure={cure} />
            ))}
          </ul>
          <p className={styles.tried}>
            {cures.length} of {tried} protections tried
          </p>
        </>
      )}
    </div>
  )
}

function Cure({ cure }: { cure: ShownCure }) {
  const tune = useSession((session) => session.tune)
  const setVariant = useSession((session) => session.setVariant)
  const { title, prevents, of, patch, variant } = cure
  const apply = () => (variant === null ? tune(patch, `switched on: ${title}`) : setVariant(variant))
  return (
    <li>
      <span>
        {title}
        {of > 1 && (
          <span className={styles.share}>
            {' '}
            in {prevents} of {of} variations
          </span>
        )}
      </span>
      <Button size="s" aria-label={`Switch on: ${title}`} onClick={apply}>
        Switch on
      </Button>
    </li>
  )
}
