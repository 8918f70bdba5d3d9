/** Where a fault has its badge: the service it is about, or the one at the end of the line it is about. */
import type { FaultInput, ScenarioInput, SessionFault } from '../../session/session-types.ts'
import type { TraceHeader } from '../../trace/trace-format.ts'

/** The service number, or −1 for a fault that can hit anywhere. */
export function faultService(fault: FaultInput, header: TraceHeader, scenario: ScenarioInput | null): number {
  const numberOf = (name: string | undefined) => header.services.findIndex((service) => service.name === name)
  if ('service' in fault) return numberOf(fault.service)
  if (fault.kind === 'partition') return partitionSide(fault.between, header, numberOf)
  if (fault.kind === 'amnesia') return -1
  // The sender: what is lost, copied or late never left it well.
  if (fault.from !== undefined && !isHub(header, numberOf(fault.from))) return numberOf(fault.from)
  if (fault.to !== undefined && !isHub(header, numberOf(fault.to))) return numberOf(fault.to)
  const named = fault.message === undefined ? undefined : serviceOfMessage(fault.message, scenario)
  return numberOf(named ?? fault.from ?? fault.to)
}

function isHub(header: TraceHeader, service: number): boolean {
  return header.sagas.some((saga) => saga.orchestrator === service)
}

/** A wall is badged on its far side: the hub has badges enough. */
function partitionSide(
  between: readonly [readonly string[], readonly string[]],
  header: TraceHeader,
  numberOf: (name: string) => number,
): number {
  const services = [...between[1], ...between[0]].map(numberOf).filter((service) => service >= 0)
  return services.find((service) => !isHub(header, service)) ?? services[0] ?? -1
}

/** Who handles a message of this name, or answers with it. */
function serviceOfMessage(message: string, scenario: ScenarioInput | null): string | undefined {
  for (const [name, service] of Object.entries(scenario?.services ?? {})) {
    for (const [operation, { reply, refusal }] of Object.entries(service.operations ?? {})) {
      const names = [operation, reply ?? `${operation} ok`, refusal ?? `${operation} refused`]
      if (names.includes(message)) return name
    }
  }
  return undefined
}

export interface Badge {
  readonly fault: SessionFault
  /** In full, and as short as it can be on the card it is about. */
  readonly phrase: string
  readonly text: string
  readonly on: boolean
}

/** The badges by service number; those without a place under −1. */
export function badgesByService(
  faults: readonly SessionFault[],
  header: TraceHeader,
  scenario: ScenarioInput | null,
): Map<number, Badge[]> {
  const badges = new Map<number, Badge[]>()
  for (const fault of faults) {
    const service = faultService(fault.fault, header, scenario)
    const phrase = header.faults[fault.number] ?? fault.fault.kind
    const text = badgeText(phrase, header.services[service]?.title)
    const badge = { fault, phrase, text, on: fault.fault.enabled ?? true }
    const known = badges.get(service)
    if (known === undefined) badges.set(service, [badge])
    else known.push(badge)
  }
  return badges
}

/** On its own card a fault need not say whose it is, nor from when on it counts. */
export function badgeText(phrase: string, title: string | undefined): string {
  const short = phrase.replace(/ after [\d.]+ m?s$/, '')
  if (short.startsWith('partition')) return short.replace(/ from [\d.]+ m?s .*$/, '')
  if (title === undefined) return short
  return short
    .replace(`· ${title}, `, '· ')
    .replace(`· ${title} `, '· ')
    .replace(` from ${title}`, '')
    .replace(` at ${title}`, '')
    .replace(/ to [^,:]+$/, '')
}

/** A wall between two services, and whether it stops both ways. */
export interface Cut {
  readonly from: number
  readonly to: number
  readonly bothWays: boolean
}

/** The pairs of talking services that a partition in force separates. */
export function cutsOf(partitions: ReadonlySet<number>, faults: readonly SessionFault[], header: TraceHeader): Cut[] {
  const cuts: Cut[] = []
  for (const { number, fault } of faults) {
    if (fault.kind !== 'partition' || !partitions.has(number)) continue
    const [left, right] = fault.between.map((side) => new Set(side)) as [Set<string>, Set<string>]
    const nameOf = (service: number) => header.services[service]?.name ?? ''
    for (const [a, b] of header.edges) {
      const there = left.has(nameOf(a)) && right.has(nameOf(b))
      const back = left.has(nameOf(b)) && right.has(nameOf(a))
      if (!there && !back) continue
      const turned = there === (fault.direction !== 'back')
      cuts.push({ from: turned ? a : b, to: turned ? b : a, bothWays: (fault.direction ?? 'both') === 'both' })
    }
  }
  return cuts
}
