/**
 * Runs in the worker and how they come onto the screen. The old trace stays until the new one reaches the place where
 * the visitor will stand; a short run is shown whole, in one change, so that nothing flashes.
 */
import type { Problem } from '../base/result.ts'
import type { CurvesData } from '../trace/curve-data.ts'
import { History } from '../trace/history.ts'
import { Trace } from '../trace/trace.ts'
import type { EngineClient, RunHandle, RunListener } from '../worker/client.ts'
import type { Answer } from '../worker/protocol.ts'
import { momentAt } from './moment.ts'
import type { RunState, RunSummary, ScenarioInput, SessionState } from './session-types.ts'
import { TimeFold } from './time-fold.ts'

export interface Landing {
  /** Where to stand in the new run; `end` for its end. */
  readonly playhead: number | 'end'
  readonly time?: number
  /** Play or pause then; undefined goes on as it is. */
  readonly playing?: boolean
}

export interface RunOutcome {
  refused(problems: readonly Problem[]): void
  failed(message: string): void
}

interface Stage {
  get(): SessionState
  set(change: Partial<SessionState>): void
}

/** How long a first part waits for the rest of a short run before it is shown. */
const PATIENCE_MS = 40
/** The fold is made anew when the trace has grown by so much: all the making together stays linear. */
const GROWTH = 1.25

export class Runs {
  private handle: RunHandle | null = null
  private readonly engine: EngineClient
  private readonly stage: Stage
  private cancelled: () => void = () => {}

  constructor(engine: EngineClient, stage: Stage) {
    this.engine = engine
    this.stage = stage
  }

  start(scenario: ScenarioInput, variant: string | null, landing: Landing, outcome: RunOutcome): void {
    this.handle?.cancel()
    this.cancelled()
    const arrival = new Arrival(this.stage, landing)
    this.cancelled = () => arrival.abandon()
    this.stage.set({ run: { ...this.stage.get().run, status: 'running', entries: 0, time: 0 } })
    this.handle = this.engine.run(scenario, variant, arrival.listener(outcome))
  }

  /** Evaluates observation expressions on the latest run, in the engine. Rejects with a sentence. */
  ask(expressions: readonly string[]): Promise<readonly Answer[]> {
    return this.handle?.ask(expressions) ?? Promise.reject(new Error('Nothing has run yet.'))
  }

  /** Stops the run; what has arrived stays. */
  cancel(): void {
    this.handle?.cancel()
  }
}

/** One run on its way to the screen. */
class Arrival {
  private readonly stage: Stage
  private readonly landing: Landing
  private trace: Trace | null = null
  private curves: CurvesData | null = null
  private shown = false
  private abandoned = false
  private folded = 0
  private patience: ReturnType<typeof setTimeout> | undefined

  constructor(stage: Stage, landing: Landing) {
    this.stage = stage
    this.landing = landing
  }

  abandon(): void {
    this.abandoned = true
    clearTimeout(this.patience)
  }

  listener(outcome: RunOutcome): RunListener {
    const unless = <T extends unknown[]>(act: (...args: T) => void) => {
      return (...args: T) => {
        if (!this.abandoned) act(...args)
      }
    }
    return {
      started: unless((header) => {
        this.trace = new Trace(header)
      }),
      part: unless((part, time) => {
        this.trace?.append(part)
        this.grow({ status: 'running', entries: this.trace?.length ?? 0, time, summary: null })
      }),
      curves: unless((curves) => {
        this.curves = curves
        if (this.shown) this.stage.set({ curves })
      }),
      finished: unless((summary) => this.finish(summary)),
      refused: unless((problems) => {
        this.settle(this.stage.get().trace === null ? 'idle' : 'done')
        outcome.refused(problems)
      }),
      failed: unless((message) => {
        this.settle('failed')
        outcome.failed(message)
      }),
    }
  }

  private grow(run: RunState): void {
    if (this.shown) {
      this.stage.set({ run, ...this.freshFold(GROWTH) })
    } else {
      // The old trace is still on the screen, and so is its verdict.
      this.stage.set({ run: { ...run, summary: this.stage.get().run.summary } })
      this.patience ??= setTimeout(() => this.showIfReached(), PATIENCE_MS)
    }
  }

  private showIfReached(): void {
    this.patience = undefined
    const { playhead } = this.landing
    const reached = playhead !== 'end' && (this.trace?.length ?? 0) > playhead
    if (reached) this.stage.set(this.entrance({ ...this.stage.get().run, summary: null }))
  }

  private finish(summary: RunSummary): void {
    clearTimeout(this.patience)
    const { trace } = this
    if (trace === null) return
    const run: RunState = {
      status: summary.reason === 'cancelled' ? 'stopped' : 'done',
      entries: trace.length,
      time: trace.endTime,
      summary,
    }
    this.stage.set(this.shown ? { run, ...this.freshFold(1) } : this.entrance(run))
  }

  /** The change that puts this run onto the screen in place of the old one. */
  private entrance(run: RunState): Partial<SessionState> {
    const trace = this.trace as Trace
    const history = new History(trace)
    const { playhead, time, playing } = this.landing
    this.shown = true
    const before = this.stage.get()
    const isSame = before.trace?.header.scenario.id === trace.header.scenario.id
    this.folded = trace.length
    return {
      trace,
      history,
      fold: new TimeFold(trace),
      run,
      curves: this.curves,
      curvesBefore: isSame ? before.curves : null,
      selection: stillThere(this.stage.get(), trace),
      ...momentAt(history, null, playhead === 'end' ? trace.length : playhead, time),
      ...(playing === undefined ? {} : { playing }),
    }
  }

  private freshFold(growth: number): Partial<SessionState> {
    const trace = this.trace as Trace
    if (trace.length === this.folded || trace.length < this.folded * growth) return {}
    this.folded = trace.length
    return { fold: new TimeFold(trace) }
  }

  private settle(status: RunState['status']): void {
    clearTimeout(this.patience)
    this.stage.set({ run: { ...this.stage.get().run, status } })
  }
}

/** A selection names things by number: it survives when the new run has a thing of that number. */
function stillThere({ selection }: SessionState, trace: Trace): SessionState['selection'] {
  switch (selection?.type) {
    case 'entry':
      return selection.position < trace.length ? selection : null
    case 'message':
      return selection.id < trace.messageCount ? selection : null
    case 'service':
      return selection.service < trace.header.services.length ? selection : null
    default:
      return selection
  }
}
