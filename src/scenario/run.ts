/** One run of a model: advances in slices, hands out the trace as it grows, and sums up at the end. */
import { curvesData } from '../kernel/curves.ts'
import type { Model } from '../kernel/model.ts'
import { type Checking, Simulation } from '../kernel/simulation.ts'
import type { CurvesData } from '../trace/curve-data.ts'
import type { TraceHeader, TracePart, Value } from '../trace/trace-format.ts'
import { TraceWriter } from '../trace/trace-writer.ts'
import type { Scenario } from './schema.ts'

export interface PropertyResult {
  readonly name: string
  readonly when: 'always' | 'eventually' | 'sometimes'
  readonly holds: boolean
  readonly position: number
  readonly time: number
  readonly expectedToBreak: boolean
}

export interface ObservableResult {
  readonly name: string
  readonly value: Value
  readonly expected?: Value
}

export interface Summary {
  readonly quiescent: boolean
  readonly reason: string
  /** What repeated when a limit ended the run: `ping to left, pong to right`; null when nothing did. */
  readonly cycle: string | null
  readonly observables: readonly ObservableResult[]
  readonly properties: readonly PropertyResult[]
  readonly asExpected: boolean
  readonly entries: number
  readonly hash: string
}

export class Run {
  readonly header: TraceHeader
  readonly simulation: Simulation
  private readonly scenario: Pick<Scenario, 'expect' | 'breaks'>
  private readonly writer: TraceWriter | null
  private observables: ObservableResult[] | null = null

  constructor(
    model: Model,
    scenario: Pick<Scenario, 'expect' | 'breaks'> & Partial<Pick<Scenario, 'keep'>>,
    options: { readonly trace?: boolean; readonly seed?: number; readonly checking?: Checking } = {},
  ) {
    this.scenario = scenario
    this.writer = options.trace === false ? null : new TraceWriter()
    this.simulation = new Simulation(model, {
      ...(scenario.keep === 'curves' ? { samples: this.writer } : { trace: this.writer }),
      ...(options.seed === undefined ? {} : { seed: options.seed }),
      ...(options.checking === undefined ? {} : { checking: options.checking }),
    })
    const { header } = model
    this.header = { ...header, scenario: { ...header.scenario, seed: this.simulation.seed } }
  }

  /** Virtual time reached, microseconds. */
  get time(): number {
    return this.simulation.now
  }

  /** Entries written so far. */
  get entries(): number {
    return this.writer?.entries.length ?? 0
  }

  /** Takes up to so many actions; true while there is more to do. */
  advance(actionsMax: number): boolean {
    const more = this.simulation.advance(actionsMax)
    // Observables may read the whole trace: look before its parts are handed out.
    if (!more && this.observables === null) this.observables = this.lookAtObservables()
    return more
  }

  runToEnd(): this {
    while (this.advance(1_000_000));
    return this
  }

  cancel(): void {
    this.simulation.cancel()
    this.observables ??= this.lookAtObservables()
  }

  /** What was measured up to now; null where nothing is. */
  curves(): CurvesData | null {
    const { load, model, now } = this.simulation
    return load === null || model.load === null ? null : curvesData(load.curves, model.load.curves, now)
  }

  /** What has come since the last call. Nothing before the end when an observable wants to read the whole trace. */
  takePart(): TracePart {
    if (this.writer === null) throw new Error('this run keeps no trace')
    const waits = this.observables === null && this.simulation.model.observables.some((one) => one.needsTrace)
    return waits ? { entries: [], messages: [], bodies: [], changes: [], cells: [], values: [] } : this.writer.take()
  }

  /** After the end. Takes what is left of the trace into the hash, so take the last part before if it is wanted. */
  summary(): Summary {
    const { simulation, writer } = this
    const properties = this.propertyResults()
    const observables = this.observables ?? this.lookAtObservables()
    writer?.take()
    return {
      quiescent: simulation.quiescent,
      reason: simulation.end ?? 'still running',
      cycle: simulation.cycle,
      observables,
      properties,
      asExpected:
        properties.every((property) => property.holds !== property.expectedToBreak) &&
        observables.every(({ value, expected }) => expected === undefined || same(value, expected)),
      entries: this.entries,
      hash: writer?.hash(this.header) ?? '',
    }
  }

  private lookAtObservables(): ObservableResult[] {
    const { expect } = this.scenario
    return this.simulation.model.observables.map(({ name, value, needsTrace }) => {
      const found = needsTrace && this.simulation.trace === null ? null : value(this.simulation)
      return name in expect ? { name, value: found, expected: expect[name] as Value } : { name, value: found }
    })
  }

  private propertyResults(): PropertyResult[] {
    const { simulation } = this
    return simulation.model.properties.map(({ name, when }, i) => ({
      name,
      when,
      holds: simulation.propertyStates[i] !== 2,
      position: simulation.violationPositions[i] as number,
      time: simulation.violationTimes[i] as number,
      expectedToBreak: this.scenario.breaks.includes(name),
    }))
  }
}

function same(a: Value, b: Value): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
