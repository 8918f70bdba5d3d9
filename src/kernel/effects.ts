/**
 * How often the effect of a handling has become true: once per commit that changed a table of the scenario's own.
 * Counted for models that ask for it. An effect belongs to a saga, a client's request or, failing both, a message.
 */
import type { Transaction } from './disk.ts'
import type { Simulation } from './simulation.ts'
import type { Message, Task } from './task.ts'

export const Owner = { saga: 0, request: 1, message: 2 } as const
export type OwnerCode = (typeof Owner)[keyof typeof Owner]

/** One effect of one owner. The phase is the place of the commit in the handler: an operation can commit in parts. */
export interface Effect {
  readonly owner: OwnerCode
  readonly number: number
  readonly program: number
  /** Of the saga, −1 for none. */
  readonly step: number
  readonly phase: number
  readonly times: number
}

const PHASES = 256
const STEPS = 64
const PROGRAMS = 4096

/** Called before the rows of the transaction are the committed ones. */
export function countEffect(sim: Simulation, task: Task, tx: Transaction): void {
  const { message } = task
  if (message === null || !changesSomething(sim, tx)) return
  const key = keyOf(task, message)
  sim.effects.set(key, (sim.effects.get(key) ?? 0) + 1)
}

/** A row written with what was there already is no effect; what the protections keep is none either. */
function changesSomething(sim: Simulation, tx: Transaction): boolean {
  return tx.writes.some(({ table, row }) => {
    if (sim.model.header.tables[table.number]?.system) return false
    const { cells: before, pending: after } = row
    if (before === null || after === null) return before !== after
    return before.some((cell, i) => cell !== after[i])
  })
}

function keyOf(task: Task, message: Message): number {
  const { saga, request } = message.body
  const owner = saga >= 0 ? saga * 3 : request >= 0 ? request * 3 + Owner.request : message.logical * 3 + Owner.message
  return ((owner * PROGRAMS + task.program) * STEPS + task.step + 1) * PHASES + (task.pc % PHASES)
}

/** Every effect so far, in the order in which they first became true. */
export function effectsOf(sim: Simulation): Effect[] {
  return [...sim.effects].map(([key, times]) => {
    const phase = key % PHASES
    const step = Math.floor(key / PHASES) % STEPS
    const program = Math.floor(key / (PHASES * STEPS)) % PROGRAMS
    const owner = Math.floor(key / (PHASES * STEPS * PROGRAMS))
    return { owner: (owner % 3) as OwnerCode, number: Math.floor(owner / 3), program, step: step - 1, phase, times }
  })
}
