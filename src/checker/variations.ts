/** A schedule's neighbours: the same faults a little earlier, later, longer or shorter, and under other draws. */
import type { Fault } from '../scenario/schema.ts'
import type { Schedule } from './schedule.ts'

const SEEDS = 4

/** The schedule itself is the first. */
export function variationsOf(schedule: Schedule): Schedule[] {
  const { faults, seed } = schedule
  const seeds = Array.from({ length: SEEDS }, (_, i) => ({ ...schedule, seed: (seed + i + 1) % 2 ** 32 }))
  const faulty = faults.flatMap((fault, i) =>
    variationsOfFault(fault).map((varied) => ({ ...schedule, faults: faults.with(i, varied) })),
  )
  return [schedule, ...seeds, ...faulty]
}

/** Milliseconds that can be halved and doubled. */
const spans = ['byMs', 'forMs', 'restartMs', 'atMs'] as const

function variationsOfFault(fault: Fault): Fault[] {
  const fields = fault as unknown as Readonly<Record<string, unknown>>
  const changed = (name: string, value: unknown) => ({ ...fields, [name]: value }) as unknown as Fault
  const places = typeof fields.nth === 'number' ? [fields.nth + 1, fields.nth - 1].filter((nth) => nth > 0) : []
  const times = spans.flatMap((name) => {
    const value = fields[name]
    return typeof value === 'number' && value > 0
      ? [changed(name, Math.floor(value / 2)), changed(name, value * 2)]
      : []
  })
  return [...places.map((nth) => changed('nth', nth)), ...times]
}
