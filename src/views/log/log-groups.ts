/** The kinds of entries as a reader thinks of them. */
import { Kind, type KindName } from '../../trace/kinds.ts'

export type LogGroup = 'messages' | 'transactions' | 'rows' | 'saga' | 'faults' | 'violations'

export const groupTitles: readonly { readonly group: LogGroup; readonly title: string }[] = [
  { group: 'messages', title: 'Messages' },
  { group: 'transactions', title: 'Transactions' },
  { group: 'rows', title: 'Rows' },
  { group: 'saga', title: 'Saga' },
  { group: 'faults', title: 'Faults' },
  { group: 'violations', title: 'Violations' },
]

const members: Record<LogGroup, readonly KindName[]> = {
  messages: [
    'sent',
    'delivered',
    'held',
    'redelivered',
    'deadLettered',
    'received',
    'acknowledged',
    'deduplicated',
    'responded',
    'published',
    'moved',
    'acknowledgementVoid',
    'offsetCommitted',
    'commitTurnedAway',
    'awaitsCommit',
    'brokerAborted',
  ],
  transactions: ['begun', 'executed', 'waiting', 'committed', 'aborted', 'refused', 'failed', 'prepared', 'resolved'],
  rows: ['rowChanged', 'rowRead'],
  saga: [
    'sagaStarted',
    'stepStarted',
    'stepSucceeded',
    'stepRefused',
    'stepFailed',
    'stepTimedOut',
    'compensationStarted',
    'compensationRegistered',
    'stepCompensating',
    'stepCompensated',
    'compensationFailed',
    'sagaCompleted',
    'sagaCompensated',
    'sagaNeedsIntervention',
    'decided',
    'sagaAborted',
    'replyIgnored',
    'alerted',
  ],
  faults: [
    'dropped',
    'duplicated',
    'delayed',
    'acknowledgementLost',
    'crashed',
    'recovered',
    'replicaCrashed',
    'replicaRecovered',
    'forgotten',
    'partitioned',
    'healed',
    'slowed',
    'paused',
    'unpaused',
    'clockSet',
    'leaseTaken',
    'leaseLost',
    'assigned',
    'rebalanceBegan',
    'memberLeft',
    'memberJoined',
  ],
  violations: ['violated'],
}

const groups: (LogGroup | undefined)[] = []
for (const { group } of groupTitles) for (const kind of members[group]) groups[Kind[kind]] = group

/** Undefined for what belongs to none, such as the end of the run. */
export function groupOf(kind: number): LogGroup | undefined {
  return groups[kind]
}
