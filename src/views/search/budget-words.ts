/** What a hunt may do, as choices in words. */
import type { Budget } from '../../session/search-store.ts'

export const amounts = [
  { value: 1, label: 'one fault' },
  { value: 3, label: 'up to 3' },
  { value: 8, label: 'up to 8' },
] as const

export const kindGroups = [
  { value: 'all', label: 'of any kind' },
  { value: 'network', label: 'of the network' },
  { value: 'services', label: 'of services' },
] as const
export type KindGroup = (typeof kindGroups)[number]['value']

const network = ['drop', 'duplicate', 'delay', 'partition'] as const
const services = ['slow', 'crash', 'pause', 'fail', 'refuse'] as const
const kinds: Record<KindGroup, Budget['kinds']> = { all: [...network, ...services], network, services }

export const seedCounts = [
  { value: 2000, label: '2,000 tries' },
  { value: 20_000, label: '20,000' },
  { value: 200_000, label: '200,000' },
] as const

const WITHIN_MS = 8000

export function budgetOf(faults: number, group: KindGroup): Budget {
  return { faults, kinds: kinds[group], at: [], more: 1, withinMs: WITHIN_MS }
}
