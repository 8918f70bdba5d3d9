import { Telescope } from 'lucide-react'
import { lazy, type ReactNode, Suspense } from 'react'
import type { PanelView } from '../../session/session-types.ts'
import { useSession } from '../../session/use-session.ts'
import type { Trace } from '../../trace/trace.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { type Segment, Segmented } from '../../ui/segmented.tsx'
import { type Tab, TabPanel, Tabs } from '../../ui/tabs.tsx'
import { FaultsView } from './faults-view.tsx'
import styles from './inspect-panel.module.css'
import { MessageView } from './message-view.tsx'
import { SagaView } from './saga-view.tsx'
import { TablesView } from './tables-view.tsx'
import { VerdictSign, VerdictView } from './verdict-view.tsx'

const CodeView = lazy(() => import('../code/code-view.tsx'))
const LedgerView = lazy(() => import('../ledger/ledger-view.tsx'))
const ProjectionsView = lazy(() => import('../projections/projections-view.tsx'))
const SqlView = lazy(() => import('../sql/sql-view.tsx'))
const TimeView = lazy(() => import('../time-travel/time-view.tsx'))

/** Tabs that hold two panels: what is in front, and the other. */
const pairs: Partial<Record<PanelView, { label: string; segments: readonly Segment<PanelView>[] }>> = {
  tables: {
    label: 'About tables',
    segments: [
      { value: 'tables', label: 'Rows' },
      { value: 'sql', label: 'SQL' },
    ],
  },
  projections: {
    label: 'About events',
    segments: [
      { value: 'projections', label: 'Projections' },
      { value: 'time', label: 'Time' },
    ],
  },
}
const tabOf: Partial<Record<PanelView, PanelView>> = { time: 'projections', sql: 'tables' }

/** What there is to know about this moment: the verdict, the saga, the tables, the message, the selected fault. */
export function InspectPanel() {
  const trace = useSession((session) => session.trace)
  const panel = useSession((session) => session.panel)
  const setPanel = useSession((session) => session.setPanel)
  const hasFault = useSession((session) => session.selection?.type === 'fault')
  const tab = tabOf[panel] ?? panel
  const pair = pairs[tab]
  return (
    <div className={styles.panel}>
      <Tabs label="Inspect" id="inspect" tabs={tabsFor(trace, tab, hasFault)} value={tab} onChange={setPanel} />
      <TabPanel id="inspect" value={tab} className={styles.content}>
        {pair !== undefined && trace !== null && (
          <Segmented {...pair} value={panel} onChange={setPanel} className={styles.pair} />
        )}
        <Suspense fallback={<p className={styles.loading}>Loading…</p>}>
          <View panel={panel} trace={trace} />
        </Suspense>
      </TabPanel>
    </div>
  )
}

/** Only what this run has: no saga, no tab for one. The tab that is open stays. */
function tabsFor(trace: Trace | null, open: PanelView, hasFault: boolean): Tab<PanelView>[] {
  const verdict = (
    <span className={styles.verdict}>
      Verdict
      {trace !== null && <VerdictSign trace={trace} />}
    </span>
  )
  const hasSagas = trace === null || trace.header.sagas.length > 0
  const tabs: [PanelView, ReactNode, boolean][] = [
    ['verdict', verdict, true],
    ['saga', 'Saga', hasSagas],
    ['tables', 'Tables', true],
    ['message', 'Message', true],
    ['keys', 'Keys', trace !== null && recognisesDuplicates(trace)],
    ['code', 'Code', trace !== null && (trace.header.programs ?? []).length > 0],
    ['projections', 'Events', trace !== null && (trace.header.eventStores ?? []).length > 0],
    ['faults', 'Fault', hasFault],
  ]
  return tabs.flatMap(([value, label, isThere]) => (isThere || value === open ? [{ value, label }] : []))
}

function recognisesDuplicates({ header }: Trace): boolean {
  return (header.stores ?? []).length > 0 || header.statements.some(({ verb }) => verb === 'return')
}

function View({ panel, trace }: { panel: PanelView; trace: Trace | null }) {
  if (panel === 'faults') return <FaultsView />
  if (trace === null) return <NothingRan />
  switch (panel) {
    case 'verdict':
      return <VerdictView trace={trace} />
    case 'saga':
      return <SagaView trace={trace} />
    case 'tables':
      return <TablesView trace={trace} />
    case 'message':
      return <MessageView trace={trace} />
    case 'keys':
      return <LedgerView trace={trace} />
    case 'code':
      return <CodeView trace={trace} />
    case 'sql':
      return <SqlView trace={trace} />
    case 'projections':
      return <ProjectionsView trace={trace} />
    case 'time':
      return <TimeView trace={trace} />
    default:
      return null
  }
}

function NothingRan() {
  const hasFailed = useSession((session) => session.run.status === 'failed')
  return hasFailed ? (
    <EmptyState icon={<Telescope aria-hidden="true" />} title="The run did not get anywhere">
      Undo the last change, or choose another scenario.
    </EmptyState>
  ) : (
    <EmptyState icon={<Telescope aria-hidden="true" />} title="Nothing has run yet">
      Choose a scenario, or open one of your own.
    </EmptyState>
  )
}
