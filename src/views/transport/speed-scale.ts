/** Speed on a logarithmic scale: equal steps of the slider are equal factors. */
export const SPEED_MIN = 0.1
export const SPEED_MAX = 50
/** Steps of the slider from one end to the other. */
export const SCALE_STEPS = 200

export const presets: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 4, 8, 20, 50]
/** How near a preset, as a factor, the slider snaps to it. */
const SNAP = 1.06

export function toScale(speed: number): number {
  const share = Math.log(speed / SPEED_MIN) / Math.log(SPEED_MAX / SPEED_MIN)
  return Math.round(Math.min(1, Math.max(0, share)) * SCALE_STEPS)
}

export function fromScale(step: number): number {
  const speed = SPEED_MIN * (SPEED_MAX / SPEED_MIN) ** (step / SCALE_STEPS)
  const preset = presets.find((near) => speed / near < SNAP && near / speed < SNAP)
  return preset ?? Number(speed.toPrecision(2))
}

const fractions: Readonly<Record<number, string>> = { 0.1: '1/10', 0.25: '¼', 0.5: '½' }

export function speedText(speed: number): string {
  return `${fractions[speed] ?? Number(speed.toPrecision(2))}×`
}
