import { useMemo, useState } from 'react'
import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import { Button } from '../../ui/button.tsx'
import { Overline } from '../../ui/overline.tsx'
import { EntryLine, EntryLines } from './entry-line.tsx'
import { foldStory, type WhyLine, whyLine, whyPositions } from './why-layout.ts'
import styles from './why-story.module.css'

/** How it came to a violation, as sentences one can go to. */
export function WhyStory({ trace, violation }: { trace: Trace; violation: number }) {
  const history = useSession((session) => session.history)
  const [unfolded, setUnfolded] = useState(-1)
  const lines = useMemo(
    () => whyPositions(trace, violation).map((position) => whyLine(trace, history, position)),
    [trace, history, violation],
  )
  const story = foldStory(lines, unfolded === violation ? Infinity : undefined)
  return (
    <section className={styles.why}>
      <Overline level={3}>Why</Overline>
      <EntryLines label="Why it broke">
        <Lines trace={trace} lines={story.head} />
        {story.hidden > 0 && (
          <li className={styles.hidden}>
            <Button tone="quiet" size="s" onClick={() => setUnfolded(violation)}>
              {story.hidden} more between
            </Button>
          </li>
        )}
        <Lines trace={trace} lines={story.tail} />
      </EntryLines>
    </section>
  )
}

function Lines({ trace, lines }: { trace: Trace; lines: readonly WhyLine[] }) {
  return lines.map((line) => (
    <EntryLine key={line.position} trace={trace} position={line.position} tone={line.tone}>
      {line.text}
    </EntryLine>
  ))
}
