/**
 * Curves over virtual time, as they travel from the engine to whoever draws them: a fixed number of stretches of equal
 * length, and for each stretch one number per line. Part of the contract: knows no engine and no pixels.
 */
export interface CurveLine {
  /** `mean`, `highest`, `p50`, `p99`, …; empty for the only line of a curve. */
  readonly label: string
  /** By stretch; NaN where there is nothing to say. */
  readonly values: Float64Array
}

export interface CurveData {
  /** What it is about, for people: the service, the message, the store. */
  readonly about: string
  /** What is measured: `queue`, `latency`, `store`. */
  readonly name: string
  readonly unit: string
  readonly lines: readonly CurveLine[]
  /** A level to compare with, in the same unit: the closed form of the textbook, or a capacity. */
  readonly reference?: { readonly label: string; readonly value: number }
}

export interface CurvesData {
  /** Length of a stretch, microseconds. */
  readonly width: number
  /** Stretches that have begun. */
  readonly count: number
  /** Virtual time reached, microseconds. */
  readonly time: number
  readonly curves: readonly CurveData[]
}
