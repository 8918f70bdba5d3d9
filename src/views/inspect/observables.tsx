import { Check, X } from 'lucide-react'
import type { RunSummary } from '../../session/session-types.ts'
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
  if (observables.length === 0) return null
  const expectations = observables.some((observable) => observable.expected !== undefined)
  const columns = expectations ? ['observable', 'at the end', 'expected'] : ['observable', 'at the end']
  return (
    <section className={styles.observables}>
      <Overline level={3}>At the end</Overline>
      <Table label="Observables at the end" columns={columns}>
        {observables.map((observable) => (
          <tr key={observable.name} data-differs={isAsExpected(observable) ? undefined : ''}>
            <td>{observable.name}</td>
            <td className={styles.value}>{valueText(observable.value)}</td>
            {expectations && (
              <td>
                <Expected observable={observable} />
              </td>
            )}
          </tr>
        ))}
      </Table>
    </section>
  )
}

function Expected({ observable }: { observable: Observable }) {
  if (observable.expected === undefined) return null
  const isMet = isAsExpected(observable)
  const Icon = isMet ? Check : X
  return (
    <span className={styles.expected} data-met={isMet ? '' : undefined}>
      <Icon aria-hidden="true" />
      {isMet ? <span className="sr-only">as expected: </span> : <span className="sr-only">differs from </span>}
      {valueText(observable.expected)}
    </span>
  )
}
