/** The run under load as curves over virtual time, with the settings that move them. */
import { useMemo } from 'react'
import { useSession } from '../../session/use-session.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Chart } from './chart.tsx'
import { chartsOf } from './chart-model.ts'
import styles from './curves-panel.module.css'
import { Knobs } from './knobs.tsx'

export default function CurvesPanel() {
  const curves = useSession((session) => session.curves)
  const before = useSession((session) => session.curvesBefore)
  const scenario = useSession((session) => session.effective)
  const charts = useMemo(() => (curves === null ? null : chartsOf(curves, before)), [curves, before])
  if (charts === null || curves === null || scenario === null) {
    return (
      <EmptyState title="Nothing is measured here">
        This scenario sends single requests. Open a story of the chapter “Load”, or give the workload a stream of
        arrivals: queue, latency and throughput are then drawn over virtual time.
      </EmptyState>
    )
  }
  return (
    <div className={styles.panel}>
      <Knobs scenario={scenario} hasBefore={before !== null} />
      <div className={styles.charts}>
        {charts.list.map((chart) => (
          <Chart key={chart.key} chart={chart} width={curves.width} end={charts.end} />
        ))}
      </div>
    </div>
  )
}
