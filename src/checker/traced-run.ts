/** One schedule with its whole trace: for looking, after the fast runs have found where to look. */
import type { Simulation } from '../kernel/simulation.ts'
import type { Trace } from '../trace/trace.ts'

export interface TracedRun {
  readonly trace: Trace
  readonly simulation: Simulation
  /** By promise: the entry that broke it, −1 for none. */
  readonly violations: ReadonlyMap<string, number>
}
