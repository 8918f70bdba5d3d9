/** From the scenario's faults to what the kernel looks for. A fault's number is its place in the list, on or off. */
import { hashText } from '../base/hash.ts'
import {
  type AmnesiaFault,
  type CrashAt,
  Falls,
  type HandlingFault,
  type MessageFault,
  type PartitionFault,
  type PauseFault,
  type SkewFault,
} from '../kernel/model.ts'
import { nearest } from './nearest.ts'
import { ProblemList } from './problems.ts'
import type { Fault, Scenario } from './schema.ts'
import { crashPoints } from './schema-fault.ts'
import type { World } from './scope.ts'

export interface CompiledFaults {
  readonly messageFaults: MessageFault[]
  readonly partitions: PartitionFault[]
  readonly crashes: CrashAt[]
  readonly amnesias: AmnesiaFault[]
  readonly pauses: PauseFault[]
  readonly skews: SkewFault[]
  /** By service. */
  readonly handling: HandlingFault[][]
}

export function noFaults(world: World): CompiledFaults {
  const handling: HandlingFault[][] = world.serviceNames.map(() => [])
  return { messageFaults: [], partitions: [], crashes: [], amnesias: [], pauses: [], skews: [], handling }
}

/** Adds faults that are known to name what exists: unchecked, so that a search can place thousands in a second. */
export function placeFaults(scenario: Scenario, world: World, faults: readonly Fault[], to: CompiledFaults): void {
  const compiler = new FaultCompiler(scenario, world, new ProblemList(), 'faults')
  faults.forEach((fault, number) => {
    compiler.add(fault, number, to)
  })
}

export function compileFaults(scenario: Scenario, world: World, problems: ProblemList): CompiledFaults {
  const compiled = noFaults(world)
  scenario.faults.forEach((fault, number) => {
    const compiler = new FaultCompiler(scenario, world, problems, `faults[${number}]`)
    if (compiler.check(fault) && fault.enabled) compiler.add(fault, number, compiled)
  })
  return compiled
}

class FaultCompiler {
  private readonly scenario: Scenario
  private readonly world: World
  private readonly problems: ProblemList
  private readonly path: string

  constructor(scenario: Scenario, world: World, problems: ProblemList, path: string) {
    this.scenario = scenario
    this.world = world
    this.problems = problems
    this.path = path
  }

  check(fault: Fault): boolean {
    const before = this.problems.problems.length
    // A client has no process of ours that could crash or dawdle.
    if ('service' in fault) this.service(fault.service, 'service', this.world.serviceNames.slice(0, -1))
    if ('message' in fault && fault.message !== undefined) this.message(fault.message, 'message')
    if ('on' in fault && fault.on !== undefined) this.handled(fault.on)
    if ('from' in fault && fault.from !== undefined) this.service(fault.from, 'from')
    if ('to' in fault && fault.to !== undefined) this.service(fault.to, 'to')
    if (fault.kind === 'crash') this.replica(fault)
    if (fault.kind === 'partition') {
      fault.between.forEach((set, i) => {
        set.forEach((service, j) => this.service(service, `between[${i}][${j}]`))
      })
      if (fault.untilMs !== undefined && fault.untilMs <= fault.fromMs) {
        this.problems.add(`${this.path}.untilMs`, 'a partition heals after it began; make untilMs larger than fromMs')
      }
    }
    return this.problems.problems.length === before
  }

  add(fault: Fault, number: number, to: CompiledFaults): void {
    switch (fault.kind) {
      case 'crash':
        if (fault.atMs !== undefined) {
          const service = this.index(fault.service)
          to.crashes.push({
            number,
            service,
            at: us(fault.atMs),
            restart: this.restart(fault),
            replica: replicaOf(fault.replica),
          })
          return
        }
        to.handling[this.index(fault.service)]?.push({
          ...this.handling(fault, number),
          kind: 'crash',
          point: crashPoints.indexOf(fault.point),
          restart: this.restart(fault),
          replica: replicaOf(fault.replica),
        })
        return
      case 'slow':
      case 'refuse':
      case 'fail':
        to.handling[this.index(fault.service)]?.push({
          ...this.handling(fault, number),
          kind: fault.kind,
          times: fault.times === 'always' ? Number.POSITIVE_INFINITY : fault.times,
          until: fault.untilMs === undefined ? Number.POSITIVE_INFINITY : us(fault.untilMs),
          by: fault.kind === 'slow' ? us(fault.byMs) : 0,
          afterCommit: fault.kind === 'fail' && fault.point === 'after commit',
          inTransaction: fault.kind === 'slow' && fault.where === 'in transaction',
          reason: fault.kind === 'slow' ? '' : fault.reason,
        })
        return
      case 'poison':
        to.handling[this.index(fault.service)]?.push({
          ...this.handling(fault, number),
          kind: 'poison',
          until: fault.untilMs === undefined ? Number.POSITIVE_INFINITY : us(fault.untilMs),
        })
        return
      case 'pause':
        if (fault.atMs !== undefined) {
          to.pauses.push({ number, service: this.index(fault.service), at: us(fault.atMs), length: us(fault.forMs) })
          return
        }
        to.handling[this.index(fault.service)]?.push({
          ...this.handling(fault, number),
          kind: 'pause',
          point: crashPoints.indexOf(fault.point),
          by: us(fault.forMs),
        })
        return
      case 'skew':
        to.skews.push({
          number,
          service: this.index(fault.service),
          from: us(fault.fromMs),
          until: fault.untilMs === undefined ? Number.POSITIVE_INFINITY : us(fault.untilMs),
          offset: us(fault.offsetMs),
          drift: fault.driftPpm,
        })
        return
      case 'amnesia':
        to.amnesias.push({ number, at: us(fault.atMs), window: us(fault.windowMs) })
        return
      case 'partition':
        to.partitions.push(this.partition(fault, number))
        return
      default:
        to.messageFaults.push(this.messageFault(fault, number))
    }
  }

  private handling(fault: { on?: string | undefined; nth: number; afterMs: number }, number: number): HandlingFault {
    return {
      number,
      kind: 'crash',
      on: fault.on ?? null,
      nth: fault.nth,
      times: 1,
      after: us(fault.afterMs),
      until: Number.POSITIVE_INFINITY,
      point: -1,
      restart: 0,
      replica: Falls.service,
      by: 0,
      inTransaction: false,
      afterCommit: false,
      reason: '',
    }
  }

  private messageFault(fault: Extract<Fault, { kind: 'drop' | 'duplicate' | 'delay' }>, number: number): MessageFault {
    const index = (service: string | undefined) => (service === undefined ? -1 : this.index(service))
    return {
      number,
      entity: hashText(`${fault.kind}/${fault.message ?? ''}/${fault.from ?? ''}/${fault.to ?? ''}/${fault.id ?? ''}`),
      kind: fault.kind,
      type: fault.message === undefined ? -1 : this.world.messageTypes.indexOf(fault.message),
      from: index(fault.from),
      to: index(fault.to),
      nth: fault.nth ?? 1,
      times: fault.times,
      threshold: fault.probability === undefined ? -1 : Math.floor(fault.probability * 2 ** 32),
      after: us(fault.afterMs),
      until: fault.untilMs === undefined ? Number.POSITIVE_INFINITY : us(fault.untilMs),
      copies: fault.kind === 'duplicate' ? fault.copies : 0,
      by: fault.kind === 'drop' ? 0 : us(fault.byMs),
    }
  }

  private partition(fault: Extract<Fault, { kind: 'partition' }>, number: number): PartitionFault {
    const side = new Uint8Array(this.world.serviceNames.length)
    // A service's name stands for all its processes, unless one of them is named itself.
    fault.between.forEach((set, i) => {
      for (const service of set) for (const process of this.processesOf(service)) side[process] = i + 1
    })
    fault.between.forEach((set, i) => {
      for (const service of set) side[this.index(service)] = i + 1
    })
    return {
      number,
      from: us(fault.fromMs),
      until: fault.untilMs === undefined ? Number.POSITIVE_INFINITY : us(fault.untilMs),
      mode: fault.mode,
      side,
      there: fault.direction !== 'back',
      back: fault.direction !== 'there',
    }
  }

  private restart(fault: Extract<Fault, { kind: 'crash' }>): number {
    if (fault.restartMs === 'never') return Number.POSITIVE_INFINITY
    const service = this.scenario.services[fault.service] ?? this.scenario.services[this.firstOf(fault.service)]
    return us(fault.restartMs ?? service?.restartMs ?? 1000)
  }

  private replica({ service: name, replica, atMs }: Extract<Fault, { kind: 'crash' }>): void {
    const service = this.scenario.services[name]
    if (replica === undefined || service === undefined) return
    const path = `${this.path}.replica`
    if (replica === 'at work') {
      if (atMs === undefined) return
      this.problems.add(path, 'at a given time nobody need be at work; name a replica by its number, from 1')
      return
    }
    const most = Math.max(service.replicas, ...service.scaling.map(({ replicas }) => replicas))
    if (replica <= most) return
    this.problems.add(path, `${name} never has more than ${most === 1 ? '1 replica' : `${most} replicas`}`)
  }

  private service(name: string, field: string, known = this.world.serviceNames): void {
    if (known.includes(name)) return
    this.problems.add(`${this.path}.${field}`, `no service "${name}"${nearest(name, known)}`)
  }

  private message(name: string, field: string): void {
    if (this.world.messageTypes.includes(name)) return
    this.problems.add(
      `${this.path}.${field}`,
      `no message is called "${name}"${nearest(name, this.world.messageTypes)}`,
    )
  }

  /** A handler can be met by message name, by the name of an operation it runs, or as a time-out. */
  private handled(name: string): void {
    const operations = Object.values(this.scenario.services).flatMap((service) => Object.keys(service.operations))
    const projections = Object.values(this.scenario.services).flatMap((service) => Object.keys(service.projections))
    const known = [...this.world.messageTypes, ...operations, ...projections, 'timeout', 'restart', 'relay']
    if (!known.includes(name))
      this.problems.add(`${this.path}.on`, `nothing called "${name}" is handled${nearest(name, known)}`)
  }

  private processesOf(service: string): readonly number[] {
    const index = this.index(service)
    const all = this.world.instances?.all[index] ?? []
    return all[0] === index ? all : [index]
  }

  private firstOf(process: string): string {
    const first = this.world.instances?.first[this.index(process)]
    return first === undefined ? process : (this.world.serviceNames[first] as string)
  }

  private index(service: string): number {
    return this.world.serviceNames.indexOf(service)
  }
}

function replicaOf(replica: number | 'at work' | undefined): number {
  if (replica === undefined) return Falls.service
  return replica === 'at work' ? Falls.handler : replica - 1
}

/** Milliseconds of the language to microseconds of the kernel. */
export function us(ms: number): number {
  return Math.round(ms * 1000)
}
