/** Runs side by side: one playhead, a stage or diagram each, where they part, and what they came to. */
import { Columns2, Plus, X } from 'lucide-react'
import { type CSSProperties, useEffect, useRef, useState } from 'react'
import { SIDES_MAX } from '../../session/comparable.ts'
import type { ComparisonStore, ComparisonView, Side } from '../../session/comparison-types.ts'
import { useSession } from '../../session/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { type Segment, Segmented } from '../../ui/segmented.tsx'
import { CompareColumn } from './compare-column.tsx'
import { CompareInspector } from './compare-inspector.tsx'
import { CompareTransport } from './compare-transport.tsx'
import styles from './compare-view.module.css'
import { ObservablesTable } from './observables-table.tsx'
import { PartingBar } from './parting-bar.tsx'
import { type SideStory, sharedWords, sideTitles } from './side-title.ts'
import { ComparisonProvider, useComparison } from './use-comparison.ts'

const views: readonly Segment<ComparisonView>[] = [
  { value: 'stage', label: 'Stages' },
  { value: 'space-time', label: 'Space-time' },
]

interface CompareViewProps {
  comparison: ComparisonStore
  /** Asks with what else to compare. */
  onAdd: () => void
}

export function CompareView({ comparison, onAdd }: CompareViewProps) {
  return (
    <ComparisonProvider value={comparison}>
      <Compared onAdd={onAdd} />
    </ComparisonProvider>
  )
}

function Compared({ onAdd }: { onAdd: () => void }) {
  const sides = useComparison((comparison) => comparison.sides)
  const partings = useComparison((comparison) => comparison.partings)
  const keepSide = useSession((session) => session.keepSide)
  const stories = useStories(sides)
  const titles = sideTitles(stories)
  const region = useRef<HTMLElement>(null)
  useEffect(() => region.current?.focus(), [])
  const [inspected, setInspected] = useInspected(sides)
  const columns = { '--sides': sides.length } as CSSProperties
  return (
    <main ref={region} tabIndex={-1} className={styles.view} aria-label="Side by side" style={columns}>
      <Bar shared={sharedWords(stories)} onAdd={onAdd} />
      <div className={styles.runs} data-inspected={inspected === null ? undefined : ''}>
        <div className={styles.columns}>
          {sides.map((side, i) => (
            <CompareColumn
              key={side.id}
              side={side}
              index={i}
              title={titles[i] ?? { title: '', details: [] }}
              parting={partings[i]}
              isInspected={side === inspected}
              onInspect={() => setInspected(side === inspected ? null : side)}
              onKeep={() => keepSide(side)}
            />
          ))}
        </div>
        {inspected !== null && (
          <CompareInspector
            sides={sides}
            inspected={inspected}
            titles={titles.map(({ title }) => title)}
            onInspect={setInspected}
          />
        )}
      </div>
      <PartingBar />
      <CompareTransport />
      <ObservablesTable />
    </main>
  )
}

/** The side that is looked into: whichever something was selected in last. */
function useInspected(sides: readonly Side[]): [Side | null, (side: Side | null) => void] {
  const [chosen, setChosen] = useState<Side | null>(null)
  useEffect(() => {
    const stops = sides.map((side) =>
      side.session.subscribe((now, before) => {
        if (now.selection !== before.selection && now.selection !== null) setChosen(side)
      }),
    )
    return () => {
      for (const stop of stops) stop()
    }
  }, [sides])
  return [chosen !== null && sides.includes(chosen) ? chosen : null, setChosen]
}

function Bar({ shared, onAdd }: { shared: readonly string[]; onAdd: () => void }) {
  const view = useComparison((comparison) => comparison.view)
  const setView = useComparison((comparison) => comparison.setView)
  const isFull = useComparison((comparison) => comparison.sides.length >= SIDES_MAX)
  const endComparison = useSession((session) => session.endComparison)
  return (
    <header className={styles.bar}>
      <h2 className={styles.heading}>
        <Columns2 aria-hidden="true" />
        Side by side
      </h2>
      <p className={styles.shared} title={shared.join(' · ')}>
        {shared.length > 0 && <>The same for all: {shared.join(' · ')}</>}
      </p>
      <Segmented label="What is shown of each run" segments={views} value={view} onChange={setView} size="s" />
      <Button size="s" icon={<Plus aria-hidden="true" />} aria-label="Add a run" disabled={isFull} onClick={onAdd}>
        <span className={styles.word}>Add</span>
      </Button>
      <Button size="s" icon={<X aria-hidden="true" />} aria-label="Close the comparison" onClick={endComparison}>
        <span className={styles.word}>Close</span>
      </Button>
    </header>
  )
}

/** What each side is about. A side can be edited while it stands there. */
function useStories(sides: readonly Side[]): SideStory[] {
  const [, redraw] = useState(0)
  useEffect(() => {
    const stops = sides.map(({ session }) =>
      session.subscribe((now, before) => {
        if (now.draft !== before.draft) redraw((count) => count + 1)
      }),
    )
    return () => {
      for (const stop of stops) stop()
    }
  }, [sides])
  return sides.flatMap(({ session }) => {
    const { draft, effective, faults } = session.getState()
    return draft === null || effective === null ? [] : [{ draft, effective, faults }]
  })
}
