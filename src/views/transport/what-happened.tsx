/** The entry just shown, as one sentence, with its number among all. Pressing it selects the entry. */
import { useSession } from '../../session/use-session.ts'
import { describe } from '../../trace/describe.ts'
import { markOf } from '../../trace/history.ts'
import { classNames } from '../../ui/class-names.ts'
import styles from './what-happened.module.css'

export function WhatHappened() {
  const trace = useSession((session) => session.trace)
  const playhead = useSession((session) => session.playhead)
  const select = useSession((session) => session.select)
  const count = trace?.length ?? 0
  const digits = `${String(count).length}ch`
  const position = playhead - 1
  const known = trace !== null && position >= 0 && position < count
  const mark = known ? markOf(trace, position) : undefined
  return (
    <div className={styles.row}>
      <span className={styles.counter}>
        <span className={styles.word}>entry </span>
        <b style={{ minWidth: digits }} className={styles.number}>
          {playhead.toLocaleString('en')}
        </b>
        <span className={styles.count}> / {count.toLocaleString('en')}</span>
      </span>
      {known ? (
        <button
          type="button"
          className={classNames(styles.sentence, mark !== undefined && styles[mark])}
          title="Select this entry"
          onClick={() => select({ type: 'entry', position })}
        >
          {capitalized(describe(trace, trace.entry(position)))}
        </button>
      ) : (
        <span className={styles.nothing}>{count === 0 ? '' : 'Nothing has happened yet.'}</span>
      )}
    </div>
  )
}

export function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}
