import { describe, expect, it } from 'vitest'
import { withoutDescriptions } from './without-field-docs.ts'

describe('a schema without its documentation', () => {
  it('loses what its fields mean, and nothing else', () => {
    const code = `
      const a = fields({ n: withDefault(v.picklist(['x', 'y']), 'x', 'Which one.'), m: optional(text('at most'), 'What.') })
      const b = required(v.pipe(a, v.maxLength(3, 'at most 3')), 'A list.')`
    expect(withoutDescriptions(code)).toBe(`
      const a = fields({ n: withDefault(v.picklist(['x', 'y']), 'x', ''), m: optional(text('at most'), '') })
      const b = required(v.pipe(a, v.maxLength(3, 'at most 3')), '')`)
  })
})
