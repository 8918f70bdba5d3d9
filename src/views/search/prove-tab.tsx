import { ShieldCheck, Square } from 'lucide-react'
import { useState } from 'react'
import { useSearch } from '../../session/use-search.ts'
import { Button } from '../../ui/button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { FindingActions, wordsOf } from './finding-card.tsx'
import styles from './search-dialog.module.css'

const amounts = [
  { value: 0, label: 'no fault' },
  { value: 1, label: 'at most one' },
  { value: 2, label: 'at most two' },
] as const

const verdictTones = {
  proved: 'ok',
  broken: 'bad',
  'bound reached': 'undo',
  'not provable': 'undo',
  unfinished: 'undo',
} as const

/** Every order of deliveries and time-outs, with every placement of up to so many faults. */
export function ProveTab({ onOpened }: { onOpened: () => void }) {
  const { status, counts, result, found } = useSearch((search) => search.prove)
  const { proveWith, cancel } = useSearch((search) => search)
  const [faults, setFaults] = useState<number>(1)
  return (
    <>
      <p className={styles.note}>
        Every order of deliveries and time-outs, with every placement of so many faults: not tried, but all of them.
      </p>
      <div className={styles.budget}>
        <Segmented label="How many faults" size="s" segments={amounts} value={faults} onChange={setFaults} />
      </div>
      <div className={styles.actions}>
        {status === 'running' ? (
          <Button icon={<Square aria-hidden="true" />} onClick={cancel}>
            Stop
          </Button>
        ) : (
          <Button tone="primary" icon={<ShieldCheck aria-hidden="true" />} onClick={() => proveWith(faults)}>
            {status === 'idle' ? 'Prove' : 'Prove again'}
          </Button>
        )}
        <span role="status" className={styles.counts}>
          {counts !== null && result === null && `${counts.states.toLocaleString('en')} states`}
        </span>
      </div>
      {result !== null && (
        <div className={styles.verdict} data-tone={verdictTones[result.verdict]}>
          <p>{result.sentence}</p>
          {result.counterexample !== null && (
            <ol className={styles.steps}>
              {keyed(result.counterexample.steps).map(({ key, step }) => (
                <li key={key}>{step}</li>
              ))}
            </ol>
          )}
          {found !== null && (
            <>
              <code className={styles.faults}>{wordsOf(found.line)}</code>
              <FindingActions name={`${found.promise} breaks`} scenario={found.scenario} onOpened={onOpened} />
            </>
          )}
          {result.counterexample !== null && found === null && (
            <p className={styles.note}>
              These steps hang on an order that no times were found for, so they cannot be played on the stage.
            </p>
          )}
        </div>
      )}
    </>
  )
}

function keyed(steps: readonly string[]): { key: string; step: string }[] {
  return steps.map((step, i) => ({ key: `${i} ${step}`, step }))
}
