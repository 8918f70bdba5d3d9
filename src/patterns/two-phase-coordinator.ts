/**
 * The coordinator of a two-phase commit at work: its own part of the transaction is prepared with the handling that did
 * it and ends with the handling that logs the decision; the participants are told by messages.
 */
import { branchOf, commitBranch, leaveBranch, prepareBranch, rollBackBranch } from '../kernel/branches.ts'
import { sendOrPublish } from '../kernel/bus.ts'
import { commitTask } from '../kernel/handler.ts'
import type { Program } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Message, Outgoing, Task } from '../kernel/task.ts'
import { Kind, Outcome, Role } from '../trace/kinds.ts'
import { NONE } from '../trace/trace-format.ts'
import type { Wishes } from './decision.ts'
import { type SagaInstance, type SagaModel, type TwoPhaseModel, Verdict } from './saga-model.ts'
import { ignore, type OrchestratorSettings, openWork, orchestratorProgram } from './saga-programs.ts'
import { keepSaga, type SagaWork, sagaModel } from './saga-state.ts'
import { TwoPhaseDecision } from './two-phase-decide.ts'

type DecisionTypes = Pick<TwoPhaseModel, 'commit' | 'abort'>

/** The decision as it goes to participants. */
export function decisionMessages(
  task: Task,
  model: SagaModel,
  saga: number,
  tells: NonNullable<Wishes['tells']>,
): Outgoing[] {
  const protocol = model.twoPhase as TwoPhaseModel
  return tells.flatMap(({ service, commit }) =>
    service === model.orchestrator ? [] : [decisionMessage(task, protocol, service, commit, saga)],
  )
}

function decisionMessage(task: Task, types: DecisionTypes, to: number, commit: boolean, saga: number): Outgoing {
  return {
    type: commit ? types.commit : types.abort,
    to,
    role: Role.command,
    outcome: Outcome.none,
    saga,
    step: NONE,
    compensation: !commit,
    attempt: 1,
    key: null,
    reason: null,
    payload: {},
    answers: NONE,
    group: saga,
    request: NONE,
    hops: (task.message?.body.hops ?? 0) + 1,
    delay: 0,
    subscribers: NONE,
  }
}

/** The decision and the votes are logged, and the coordinator's own branch is prepared, or ends with the decision. */
export function commitCoordinator(sim: Simulation, task: Task, work: SagaWork): void {
  const { saga, wishes } = work
  if (saga.verdict === Verdict.abort) leaveBranch(sim, task)
  const { publications, released } = task
  task.publications = []
  task.released = []
  commitTask(sim, task, () => keepSaga(sim, task, work))
  if (task.branch !== null) {
    task.branch.outgoing.push(...publications)
    task.branch.released.push(...released)
    const steps = wishes.facts.flatMap(({ kind, a }) =>
      kind === Kind.stepSucceeded && isLocal(sim, saga, a) ? [a] : [],
    )
    prepareBranch(sim, task, task.service, steps)
  }
  const own = wishes.tells?.find(({ service }) => service === task.service)
  const branch = own === undefined ? undefined : branchOf(sim, task.service, saga.number)
  if (own === undefined || branch === undefined) return
  if (!own.commit) {
    rollBackBranch(sim, task, branch)
    return
  }
  commitBranch(sim, task, branch)
  for (const out of branch.outgoing) sendOrPublish(sim, task.service, out, task.cause)
}

function isLocal(sim: Simulation, saga: SagaInstance, step: number): boolean {
  return sagaModel(sim, saga.definition).steps[step]?.local === true
}

/** A participant says that it has committed. */
export function confirmationProgram(settings: OrchestratorSettings): Program {
  return orchestratorProgram('confirmation', settings, {
    load: (_sim, task) => (task.message as Message).body.saga,
    decide: (sim, task, loaded) => {
      if (loaded === null) return ignore(sim, task, NONE, 'there is no such saga any more')
      return decideFor(sim, task, loaded, (decision, from) => decision.confirmed(from))
    },
  })
}

/** A participant in doubt asks. As long as nothing is decided, it hears nothing. */
export function inquiryProgram(types: DecisionTypes, settings: OrchestratorSettings): Program {
  return orchestratorProgram('inquiry', settings, {
    load: (_sim, task) => (task.message as Message).body.saga,
    decide: (sim, task, loaded) => {
      // Presumed abort: of what the log does not know, the answer is abort.
      const verdict = loaded === null ? Verdict.abort : loaded.verdict
      if (verdict === Verdict.none) return ignore(sim, task, NONE, 'nothing is decided yet')
      const { from, body } = task.message as Message
      const out = decisionMessage(task, types, from, verdict === Verdict.commit, body.saga)
      // Answering changes nothing in the log, so it needs not wait for a commit.
      sendOrPublish(sim, task.service, out, task.cause)
      return null
    },
  })
}

function decideFor(
  sim: Simulation,
  task: Task,
  loaded: SagaInstance,
  decide: (decision: TwoPhaseDecision, from: number) => void,
): SagaWork | null {
  const model = sagaModel(sim, loaded.definition)
  const work = openWork(loaded)
  const { from } = task.message as Message
  decide(new TwoPhaseDecision(model, model.twoPhase as TwoPhaseModel, work.saga, work.wishes, sim.seed), from)
  return work.wishes.ignored === null ? work : ignore(sim, task, NONE, work.wishes.ignored)
}
