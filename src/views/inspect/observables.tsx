import { Check, X } from 'lucide-react'
import type { RunSummary, Session } from '../../session/session-types.ts'
import { useSession } from '../../session/use-session.ts'
import { valueText } from '../../trace/describe.ts'
import { Overline } from '../../ui/overline.tsx'
import { Table } from '../../ui/table.tsx'
import styles from './observables.module.css'

type Observable = RunSummary['observables'][number]

export function isAsExpected(observable: Observable): boolean {
  return observable.expected === undefined || valueText(observable.expected) === valueText(observable.value)
}

/** The numbers of the catalogue at the end of the run, beside what the scenario expects. */
export function Observables({ summary }: { summary: RunSummary }) {
  const { observables } = summary
  const isChanged = useSession(hasOwnFaults)
  if (observables.length === 0) return null
  return (
    <section className={styles.observables}>
      <Overline level={3}>At the end</Overline>
      <Table label="Observables at the end" columns={['observable', 'value']}>
        {observables.map((observable) => (
          <tr key={observable.name} data-differs={isChanged || isAsExpected(observable) ? undefined : ''}>
            <td>{observable.name}</td>
            <td>
              <span className={styles.value}>{shortText(observable.value)}</span>
              <Expected observable={observable} isChanged={isChanged} />
            </td>
          </tr>
        ))}
      </Table>
    </section>
  )
}

/** What the scenario expects is expected without the visitor's own failures. */
function hasOwnFaults({ draft }: Session): boolean {
  return draft !== null && (draft.added.length > 0 || Object.keys(draft.changed[draft.variant ?? ''] ?? {}).length > 0)
}

function Expected({ observable, isChanged }: { observable: Observable; isChanged: boolean }) {
  if (observable.expected === undefined || (isChanged && isAsExpected(observable))) return null
  if (isChanged) return <span className={styles.before}>as written {shortText(observable.expected)}</span>
  if (isAsExpected(observable)) {
    return (
      <span className={styles.expected} data-met="">
        <Check aria-hidden="true" />
        <span className="sr-only">as expected</span>
      </span>
    )
  }
  return (
    <span className={styles.expected}>
      <X aria-hidden="true" />
      expected {shortText(observable.expected)}
    </span>
  )
}

/** A list of names without its brackets and quotes. */
function shortText(value: Observable['value']): string {
  return Array.isArray(value) && value.length > 0 ? value.map(shortText).join(', ') : valueText(value)
}
