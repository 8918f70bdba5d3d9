/** A serialization error: what the handling did since its transaction began is rolled back and done again. */
import { Outcome } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { abortTask, begin } from './handler.ts'
import { Next, type NextCode } from './model.ts'
import type { Simulation } from './simulation.ts'
import type { Task } from './task.ts'

/** Goes back to the first step after the task's latest begin, in a new transaction that sees what is true now. */
export function giveWay(sim: Simulation, task: Task): NextCode {
  sim.conflicts++
  abortTask(sim, task, 'serialization error: somebody else was first')
  if (task.returnProgram !== NONE) task.program = task.returnProgram
  task.returnProgram = NONE
  if (task.message !== null) task.payload = task.message.body.payload
  task.outcome = Outcome.none
  task.reason = null
  task.answer = true
  task.inboxRow = null
  task.fenceRow = null
  task.outboxRows.length = 0
  task.publications.length = task.phasePublications
  const { phasePc } = task
  begin(sim, task)
  task.phasePc = phasePc
  task.pc = phasePc
  return Next.jump
}
