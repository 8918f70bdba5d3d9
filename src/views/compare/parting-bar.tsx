import { GitFork, LocateFixed } from 'lucide-react'
import type { Side } from '../../session/comparison-types.ts'
import { Button } from '../../ui/button.tsx'
import styles from './parting-bar.module.css'
import { partingHeadline, partingSentence } from './parting-words.ts'
import { SideNumber } from './side-number.tsx'
import { useComparison } from './use-comparison.ts'

/** The first entry at which the runs part, what each does there, and the way to it. */
export function PartingBar() {
  const sides = useComparison((comparison) => comparison.sides)
  const partings = useComparison((comparison) => comparison.partings)
  const toParting = useComparison((comparison) => comparison.toParting)
  const shown = earliest(sides, partings)
  return (
    <section className={styles.bar} aria-label="Where the runs part">
      <p className={styles.headline} role="status">
        <GitFork aria-hidden="true" />
        {partingHeadline(partings)}
      </p>
      {shown !== undefined && (
        <>
          <ul className={styles.sentences}>
            {[0, shown.index].map((index) => (
              <li key={index}>
                <SideNumber index={index} />
                <span title={sentenceOf(sides[index], shown)}>{sentenceOf(sides[index], shown)}</span>
              </li>
            ))}
          </ul>
          <Button
            size="s"
            icon={<LocateFixed aria-hidden="true" />}
            aria-label="Go to where the runs part"
            onClick={() => toParting()}
          >
            Go there
          </Button>
        </>
      )}
    </section>
  )
}

interface Shown {
  /** Which side parts from the first. */
  readonly index: number
  readonly position: number
  readonly time: number
}

function earliest(sides: readonly Side[], partings: ReturnType<typeof usePartings>): Shown | undefined {
  const known = partings.flatMap((parting, index): Shown[] => {
    if (parting.state !== 'parts' || index >= sides.length) return []
    return [{ index, position: parting.position, time: parting.moment.time }]
  })
  return known.sort((one, other) => one.time - other.time || one.position - other.position)[0]
}

const usePartings = () => useComparison((comparison) => comparison.partings)

function sentenceOf(side: Side | undefined, { position, time }: Shown): string {
  const trace = side?.session.getState().trace
  return trace == null ? '' : partingSentence(trace, position, time)
}
