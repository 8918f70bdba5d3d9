/**
 * A bug in us, never in the visitor's input: throws with the sentence given. On hot paths give a function: building a
 * sentence that nobody reads costs more than the check.
 */
export function assert(condition: unknown, message: string | (() => string)): asserts condition {
  if (!condition) throw new Error(typeof message === 'string' ? message : message())
}

/** The end of an exhaustive switch: a compile error when a case is missing, a clear throw when data lies. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`)
}
