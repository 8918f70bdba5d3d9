/** A serialization error: what the handling did since its transaction began is rolled back and done again. */
import { Outcome } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import { joinBranch } from './branches.ts'
import { abortTask, begin } from './handler.ts'
import { Next, type NextCode } from './model.ts'
import { failTask } from './service.ts'
import type { Simulation } from './simulation.ts'
import type { Task } from './task.ts'

/** Goes back to the first step after the task's latest begin, in a new transaction that sees what is true now. */
export function giveWay(sim: Simulation, task: Task, why = 'serialization error: somebody else was first'): NextCode {
  // What the branch has prepared before cannot be done again: this vote is no.
  if ((task.tx?.prepared ?? 0) > 0) return failTask(sim, task, 'SERIALIZATION_FAILURE') as NextCode
  const worksInBranch = task.branch !== null && task.ownTx === null
  sim.conflicts++
  abortTask(sim, task, why)
  if (task.returnProgram !== NONE) task.program = task.returnProgram
  task.returnProgram = NONE
  if (task.message !== null) task.payload = task.message.body.payload
  task.outcome = Outcome.none
  task.reason = null
  task.returned = null
  task.answer = true
  task.inboxRow = null
  task.fenceRow = null
  task.outboxRows.length = 0
  task.publications.length = task.phasePublications
  const { phasePc } = task
  if (worksInBranch) joinBranch(sim, task)
  else begin(sim, task)
  task.phasePc = phasePc
  task.pc = phasePc
  return Next.jump
}
