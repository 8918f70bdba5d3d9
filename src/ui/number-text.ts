/** What a visitor typed into a number field: a number, nothing, or a sentence that says how to mend it. */
export interface NumberRules {
  /** Empty is an answer of its own. */
  optional?: boolean
  whole?: boolean
  min?: number
  max?: number
}

export type NumberRead = { ok: true; value: number | undefined } | { ok: false; problem: string }

const wrong = (problem: string): NumberRead => ({ ok: false, problem })

export function readNumber(text: string, rules: NumberRules = {}): NumberRead {
  const trimmed = text.trim().replace(',', '.')
  if (trimmed === '') return rules.optional ? { ok: true, value: undefined } : wrong('Please enter a number.')
  const value = Number(trimmed)
  if (!Number.isFinite(value) || !/^[-+]?[\d.]/.test(trimmed)) return wrong(`“${text.trim()}” is not a number.`)
  if (rules.min !== undefined && value < rules.min) return wrong(`It must be at least ${rules.min}.`)
  if (rules.max !== undefined && value > rules.max) return wrong(`It must be at most ${rules.max}.`)
  if (rules.whole && !Number.isInteger(value)) return wrong('It must be a whole number.')
  return { ok: true, value }
}

/** The next value an arrow key reaches, kept within the rules. */
export function stepNumber(value: number | undefined, by: number, rules: NumberRules): number {
  const next = Math.round(((value ?? 0) + by) * 1e6) / 1e6
  return Math.min(rules.max ?? Infinity, Math.max(rules.min ?? -Infinity, next))
}
