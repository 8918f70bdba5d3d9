import { describe, expect, it } from 'vitest'
import { fromScale, presets, SCALE_STEPS, SPEED_MAX, SPEED_MIN, speedText, toScale } from './speed-scale.ts'

describe('the speed slider', () => {
  it('reaches from a tenth to fifty', () => {
    expect(fromScale(0)).toBe(SPEED_MIN)
    expect(fromScale(SCALE_STEPS)).toBe(SPEED_MAX)
  })

  it('has every usual speed', () => {
    for (const preset of presets) expect(fromScale(toScale(preset))).toBe(preset)
  })

  it('goes by equal factors', () => {
    const [slow, middle, fast] = [0.3, 0.5, 0.7].map((share) => fromScale(share * SCALE_STEPS))
    expect(middle! / slow!).toBeCloseTo(fast! / middle!, 0)
  })

  it('reads as a factor', () => {
    expect([0.1, 0.25, 1, 3.14].map(speedText)).toEqual(['1/10×', '¼×', '1×', '3.1×'])
  })
})
