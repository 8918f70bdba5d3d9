/** Look for what breaks: hunt for it, place every fault, or prove that nothing does. */
import { useEffect, useState } from 'react'
import { searchThePage, useSearch } from '../../session/use-search.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { TabPanel, Tabs } from '../../ui/tabs.tsx'
import { HuntTab } from './hunt-tab.tsx'
import { ProveTab } from './prove-tab.tsx'
import styles from './search-dialog.module.css'
import { SweepTab } from './sweep-tab.tsx'

const tabs = [
  { value: 'hunt', label: 'Hunt' },
  { value: 'sweep', label: 'Sweep' },
  { value: 'prove', label: 'Prove' },
] as const
type TabName = (typeof tabs)[number]['value']

export function SearchDialog({ onClose }: { onClose: () => void }) {
  const [tab, setTab] = useState<TabName>('hunt')
  const title = useSearch((search) => search.subject?.input.title)
  const trouble = useSearch((search) => search.trouble)
  useEffect(() => {
    searchThePage()
  }, [])
  return (
    <Dialog open onClose={onClose} title="Look for what breaks" className={styles.dialog}>
      <p className={styles.lead}>
        <strong>{title}</strong>, with other faults than its own.
      </p>
      <Tabs label="Ways to look" id="search" tabs={tabs} value={tab} onChange={setTab} />
      <TabPanel id="search" value={tab} className={styles.panel}>
        {tab === 'hunt' && <HuntTab onOpened={onClose} />}
        {tab === 'sweep' && <SweepTab onOpened={onClose} />}
        {tab === 'prove' && <ProveTab onOpened={onClose} />}
      </TabPanel>
      {trouble !== '' && (
        <p role="alert" className={styles.trouble}>
          {trouble}
        </p>
      )}
    </Dialog>
  )
}
