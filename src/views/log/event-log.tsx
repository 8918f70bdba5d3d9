/** Every entry of the run as a sentence, in order. A projection of (trace, playhead) like every view. */
import { useDeferredValue, useMemo, useState } from 'react'
import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import { useCauses } from './causes.ts'
import { Entries } from './entries.tsx'
import styles from './event-log.module.css'
import type { LogGroup } from './log-groups.ts'
import { foundRows } from './log-rows.ts'
import { LogTools } from './log-tools.tsx'
import { useLogRows } from './use-log-rows.ts'

export default function EventLog() {
  const trace = useSession((session) => session.trace)
  return trace === null ? null : <EventLogOf trace={trace} />
}

function EventLogOf({ trace }: { trace: Trace }) {
  // The trace grows in place while a run is under way.
  useSession((session) => session.run.entries)
  const length = trace.length
  const current = useSession((session) => session.playhead - 1)
  const [text, setText] = useState('')
  const [groups, setGroups] = useState<ReadonlySet<LogGroup>>(new Set())
  const [causesOnly, setCausesOnly] = useState(false)
  const [hovered, setHovered] = useState(-1)
  const wanted = useDeferredValue(text)
  const filter = useMemo(() => ({ text: wanted.trim().toLowerCase(), groups }), [wanted, groups])
  const filtered = useLogRows(trace, length, filter)
  // Entries only: while the causes alone are shown, going back in time must not take away what was asked for.
  const [asked, setAsked] = useState(-1)
  const causes = useCauses(trace, causesOnly ? asked : hovered >= 0 ? hovered : current)
  const rows = useMemo(
    () => (causesOnly ? foundRows([...causes.chain].reverse()) : filtered.rows),
    [causesOnly, causes, filtered.rows],
  )
  return (
    <section className={styles.log} aria-label="Event log">
      <LogTools
        text={text}
        onText={setText}
        groups={groups}
        onGroups={setGroups}
        causesOnly={causesOnly}
        onCausesOnly={(only) => {
          setAsked(current)
          setCausesOnly(only)
        }}
      >
        <span className={styles.count}>
          {filtered.searched < 1 && !causesOnly
            ? `${Math.floor(filtered.searched * 100)} % searched`
            : `${rows.length.toLocaleString('en')} of ${length.toLocaleString('en')}`}
        </span>
      </LogTools>
      {rows.length === 0 ? (
        <p className={styles.empty}>
          {filtered.searched < 1
            ? 'Searching…'
            : length === 0
              ? 'Nothing has happened yet.'
              : 'No entry fits the filter.'}
        </p>
      ) : (
        // Another filter is another list: its sizes and its place in it start anew.
        <Entries
          key={`${causesOnly} ${filter.text} ${[...groups].join()}`}
          trace={trace}
          rows={rows}
          current={current}
          causes={causes}
          onHover={setHovered}
        />
      )}
    </section>
  )
}
