/** An outcome of checking somebody's input: a value, or a list of problems that name the place and the mend. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: Problem[] }

export interface Problem {
  /** Where, as a path a reader can follow: `sagas.order.steps[2].operation`. Empty for the whole document. */
  readonly path: string
  /** What is wrong and how to mend it, without the path. */
  readonly message: string
}

export const ok = <T>(value: T): Result<T> => ({ ok: true, value })
export const fail = <T>(...problems: Problem[]): Result<T> => ({ ok: false, problems })

/** One line per problem, place first. */
export function problemLine(problem: Problem): string {
  return problem.path === '' ? problem.message : `${problem.path}: ${problem.message}`
}
