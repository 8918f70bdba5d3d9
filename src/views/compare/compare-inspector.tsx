/** What there is to know about one of the compared runs at the common moment: its tables, its message, its keys. */
import { X } from 'lucide-react'
import { lazy, Suspense } from 'react'
import type { Side } from '../../session/comparison-types.ts'
import { SessionProvider } from '../../session/use-session.ts'
import { IconButton } from '../../ui/button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import styles from './compare-inspector.module.css'

const InspectPanel = lazy(() => import('../inspect/inspect-panel.tsx').then((m) => ({ default: m.InspectPanel })))

interface CompareInspectorProps {
  sides: readonly Side[]
  /** Of what run. */
  inspected: Side
  titles: readonly string[]
  onInspect: (side: Side | null) => void
}

export function CompareInspector({ sides, inspected, titles, onInspect }: CompareInspectorProps) {
  const index = sides.indexOf(inspected)
  const segments = sides.map(({ id }, i) => ({
    value: id,
    label: String(i + 1),
    title: `Run ${i + 1}: ${titles[i] ?? ''}`,
  }))
  return (
    <aside className={styles.inspector} aria-label={`Inspector of run ${index + 1}`}>
      <header className={styles.head}>
        <Segmented
          label="Run to look into"
          size="s"
          segments={segments}
          value={inspected.id}
          onChange={(id) => onInspect(sides.find((side) => side.id === id) ?? null)}
        />
        <p className={styles.title}>{titles[index]}</p>
        <IconButton label="Close the inspector" size="s" onClick={() => onInspect(null)}>
          <X aria-hidden="true" />
        </IconButton>
      </header>
      <SessionProvider value={inspected.session}>
        <Suspense>
          <InspectPanel key={inspected.id} />
        </Suspense>
      </SessionProvider>
    </aside>
  )
}
