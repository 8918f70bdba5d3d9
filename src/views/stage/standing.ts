/**
 * What stands at a service for a while, as short phrases for the foot of its card: open circuits, semantic locks and who
 * waits for them, what waits at the broker, what was parked.
 */
import { partitionsText, timeText, valueText } from '../../trace/describe.ts'
import type { Trace } from '../../trace/trace.ts'
import { NONE } from '../../trace/trace-format.ts'
import type { ServiceState, WorldState } from '../../trace/world-state.ts'

export interface Standing {
  readonly kind: 'lease' | 'group' | 'clock' | 'circuit' | 'lock' | 'wait' | 'queued' | 'parked' | 'rebuild'
  readonly text: string
  /** In full, for a pointer that rests on it. */
  readonly title: string
}

/** So many of one kind are told one by one. */
const EACH_MAX = 2

export function standingAt(trace: Trace, world: WorldState, service: number): Standing[] {
  const state = world.services[service]
  if (state === undefined) return []
  const queued = state.queue.size
  const parked = parkedAt(trace, world, service)
  return [
    ...groupWords(state),
    ...leaseAndClock(state),
    ...rebuilds(trace, world, service),
    ...circuits(trace, world, service),
    ...few([...locks(trace, world, service), ...doubts(world, service)], 'locks held'),
    ...few(waits(trace, world, service), 'wait'),
    ...(queued > 0 ? [one('queued', `${queued} queued`, `${queued} at the broker wait for a free handler`)] : []),
    ...(parked > 0 ? [one('parked', `${parked} parked`, `${parked} dead letters: handed out too often`)] : []),
  ]
}

function one(kind: Standing['kind'], text: string, title: string): Standing {
  return { kind, text, title }
}

function few(all: readonly Standing[], what: string): readonly Standing[] {
  if (all.length <= EACH_MAX) return all
  const rest = all.slice(EACH_MAX - 1)
  const title = rest.map((standing) => standing.title).join(', ')
  return [...all.slice(0, EACH_MAX - 1), { kind: rest[0]?.kind ?? 'lock', text: `${rest.length} more ${what}`, title }]
}

/** What the broker believes of a member of a consumer group. */
function groupWords({ group }: ServiceState): Standing[] {
  if (group === undefined) return []
  const { generation, partitions, rebalancing } = group
  const has = partitionsText(partitions)
  if (!rebalancing) return [one('group', `${has} · gen ${generation}`, `it has ${has} in generation ${generation}`)]
  return [
    one('group', `rebalancing · had ${partitions || 'none'}`, `its group deals the partitions anew; it had ${has}`),
  ]
}

function leaseAndClock({ lease, clock }: ServiceState): Standing[] {
  return [
    ...(lease === undefined
      ? []
      : [one('lease', `lease, epoch ${lease}`, `it believes that it holds the lease of epoch ${lease}`)]),
    ...(clock === undefined
      ? []
      : [one('clock', clockText(clock), `its ${clockText(clock)}, and it does not know it`)]),
  ]
}

/** `clock 5 s ahead`; one that only drifts is wrong by more and more. */
function clockText({ offset, drift }: NonNullable<ServiceState['clock']>): string {
  if (offset === 0) return drift > 0 ? 'clock gains' : 'clock loses'
  return `clock ${timeText(Math.abs(offset) * 1000)} ${offset > 0 ? 'ahead' : 'behind'}`
}

/** Read models that are built anew, or wait at a gap in the log. */
function rebuilds(trace: Trace, world: WorldState, service: number): Standing[] {
  return (trace.header.projections ?? []).flatMap(({ name, services }, number) => {
    const state = world.projections[number]
    if (state === undefined || !services.includes(service)) return []
    const at = state.rebuild === 'in place' ? state.position : state.next
    const how = state.rebuild === 'in place' ? 'in place: its tables fill again' : 'beside the old one, which serves'
    return [
      ...(state.rebuild === null
        ? []
        : [
            one(
              'rebuild',
              `${name}: rebuilt ${state.rebuild}`,
              `${name} is rebuilt ${how}; ${at} of ${state.rebuildUntil}`,
            ),
          ]),
      ...(state.gap === 0
        ? []
        : [one('wait', `${name} holds at ${state.gap}`, `nobody has committed position ${state.gap} yet`)]),
    ]
  })
}

/** Half-open circuits let one through, open ones nobody. */
function circuits(trace: Trace, world: WorldState, service: number): Standing[] {
  return [...(world.services[service]?.circuits ?? [])].map(([to, state]) => {
    const callee = trace.header.services[to]?.title ?? ''
    const meaning = state === 'open' ? 'nothing is asked, every call fails at once' : 'one call may try'
    return one('circuit', `${callee}: circuit ${state}`, `the circuit to ${callee} is ${state}: ${meaning}`)
  })
}

function locks(trace: Trace, world: WorldState, service: number): Standing[] {
  return (trace.header.services[service]?.tables ?? []).flatMap((table) => {
    const info = trace.header.tables[table]
    if (info === undefined || !info.system || info.name !== 'locks') return []
    return [...(world.tables[table]?.values() ?? [])].map(({ cells }) => {
      const [name, holder, token] = cells.map(valueText)
      return one(
        'lock',
        `${name} locked by ${holder}`,
        `the semantic lock ${name} is held by ${holder}, token ${token}`,
      )
    })
  })
}

/** What is prepared keeps its rows locked, also through a crash, until the decision is heard. */
function doubts(world: WorldState, service: number): Standing[] {
  return [...(world.services[service]?.inDoubt ?? [])].map(([saga, rows]) => {
    const id = world.sagas[saga]?.id ?? ''
    const locked = `${rows} ${rows === 1 ? 'row' : 'rows'} locked`
    return one('lock', `${locked} for ${id}`, `in doubt: voted yes for ${id}, ${locked} until the coordinator decides`)
  })
}

const HELD = /^lock (.*), held by (.*)$/

/** Who waits for whom: owner and waiter of a lock, or what a transaction waits for. */
function waits(trace: Trace, world: WorldState, service: number): Standing[] {
  return [...(world.services[service]?.waits ?? [])].map(([message, position]) => {
    const what = trace.text(trace.at('a', position))
    const wants = trace.text(trace.at('b', position))
    const type = message === NONE ? 'a timer' : trace.text(trace.messageAt('type', message))
    const [, lock, owner] = HELD.exec(what) ?? []
    if (lock === undefined || wants === '') return one('wait', `${type} waits`, `${type} waits for ${what}`)
    return one('wait', `${wants} waits for ${lock}`, `${wants} waits for the lock ${lock}, which ${owner} holds`)
  })
}

function parkedAt(trace: Trace, world: WorldState, service: number): number {
  let parked = 0
  for (const message of world.deadLetters) if (trace.messageAt('to', message) === service) parked++
  return parked
}
