import { describe, expect, it } from 'vitest'
import { readNumber, stepNumber } from './number-text.ts'

describe('a number somebody typed', () => {
  it('may have blanks around it and a comma for the point', () => {
    expect(readNumber(' 12,5 ')).toEqual({ ok: true, value: 12.5 })
  })

  it('may be missing only where that means something', () => {
    expect(readNumber('', { optional: true })).toEqual({ ok: true, value: undefined })
    expect(readNumber(' ')).toEqual({ ok: false, problem: 'Please enter a number.' })
  })

  it.each([
    ['12 ms', '“12 ms” is not a number.'],
    ['Infinity', '“Infinity” is not a number.'],
    ['-1', 'It must be at least 0.'],
    ['101', 'It must be at most 100.'],
    ['1.5', 'It must be a whole number.'],
  ])('that cannot be used gets a sentence: %s', (text, problem) => {
    expect(readNumber(text, { min: 0, max: 100, whole: true })).toEqual({ ok: false, problem })
  })

  it('is stepped by arrows without leaving its bounds or gathering dust', () => {
    expect(stepNumber(0.1, 0.2, {})).toBe(0.3)
    expect(stepNumber(1, -5, { min: 0 })).toBe(0)
    expect(stepNumber(undefined, 5, {})).toBe(5)
  })
})
