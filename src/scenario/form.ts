/** What has to be true of any JSON before a schema looks at it. */
import type { Problem } from '../base/result.ts'

/** Deeper than any scenario, and shallow enough for every recursive reader. */
export const DEPTH_MAX = 40

/** No object, nested too deeply, or with names that every object has already: null when there is nothing of the kind. */
export function formProblem(input: unknown): Problem | null {
  if (!isObject(input) || Array.isArray(input)) return { path: '', message: 'a scenario is one JSON object' }
  if (isTooDeep(input)) return { path: '', message: `this is nested deeper than ${DEPTH_MAX} levels` }
  return reservedName(input, '')
}

/** Level by level, so that neither depth nor a circle of references can exhaust the stack. */
function isTooDeep(input: unknown): boolean {
  let level: unknown[] = [input]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_MAX) return true
    level = [...new Set(level.flatMap((value) => (isObject(value) ? Object.values(value) : [])))]
  }
  return false
}

/** `__proto__`, `constructor`, `toString`: a schema would pass over them in silence. */
export function isReserved(name: string): boolean {
  return name in {}
}

function reservedName(value: unknown, path: string): Problem | null {
  if (!isObject(value)) return null
  for (const [key, inner] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    const problem = isReserved(key) ? { path: place, message: reservedMessage } : reservedName(inner, place)
    if (problem !== null) return problem
  }
  return null
}

export const reservedMessage = 'this name is taken: every object has it already; choose another'

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
