/** Sagas: steps become a graph; every name is checked; defaults that depend on other fields are filled in. */

import type { Evaluate } from '../kernel/evaluation.ts'
import type { ChoreographyModel, EventMeaning } from '../patterns/choreography.ts'
import type { SagaModel, SagaStepModel, TwoPhaseModel } from '../patterns/saga-model.ts'
import { stepEvents, undoneEvent } from './choreography-wiring.ts'
import { us } from './compile-faults.ts'
import { compileRetry } from './compile-retry.ts'
import type { ProgramTable } from './compile-services.ts'
import { decisions } from './compile-two-phase.ts'
import { compileExpression } from './expression.ts'
import { ExpressionError } from './expression-error.ts'
import { nearest } from './nearest.ts'
import type { ProblemList } from './problems.ts'
import type { Saga, Scenario, Step } from './schema.ts'
import { OperationNames, type World } from './scope.ts'

export function compileSagas(
  scenario: Scenario,
  world: World,
  programs: ProgramTable,
  problems: ProblemList,
): { sagas: SagaModel[]; choreographies: Map<string, ChoreographyModel> } {
  const models: SagaModel[] = []
  const choreographies = new Map<string, ChoreographyModel>()
  const timers = new Map<string, number>()
  Object.entries(scenario.sagas).forEach(([name, saga], number) => {
    const path = `sagas.${name}`
    const orchestrator = world.serviceNames.indexOf(saga.orchestrator)
    if (scenario.services[saga.orchestrator] === undefined) {
      problems.add(
        `${path}.orchestrator`,
        `no service "${saga.orchestrator}"${nearest(saga.orchestrator, Object.keys(scenario.services))}`,
      )
      return
    }
    const isOrchestrated = saga.style !== 'choreographed'
    if (isOrchestrated && !timers.has(saga.orchestrator)) {
      timers.set(saga.orchestrator, programs.addOrchestrator(orchestrator, saga.orchestrator))
    }
    if (isOrchestrated) {
      programs.addStart(orchestrator, saga.orchestrator, saga.start, number)
    }
    if (saga.style === 'two-phase') programs.addTwoPhase(orchestrator, saga.orchestrator, saga)
    if (saga.resume !== undefined) {
      programs.addResume(orchestrator, saga.orchestrator, saga.resume, number)
    }
    models[number] = {
      number,
      name,
      orchestrator,
      id: expression(saga.id, orchestrator, world, problems, `${path}.id`),
      unique: saga.unique,
      durable: saga.durable,
      guard: saga.guard,
      removeEnded: saga.ended === 'remove',
      endedKept: saga.endedKeptMs === undefined ? Number.POSITIVE_INFINITY : us(saga.endedKeptMs),
      concurrency: saga.concurrency,
      settle: saga.onRefusal === 'settle',
      onRestart: saga.onRestart,
      rerun: compileRetry(saga.rerun),
      steps: compileSteps(scenario, saga, path, world, programs, problems),
      twoPhase: saga.style === 'two-phase' ? twoPhaseModel(saga, world) : null,
      timerProgram: timers.get(saga.orchestrator) ?? -1,
    }
    if (!isOrchestrated) choreographies.set(name, choreography(scenario, saga, models[number], world))
  })
  return { sagas: models, choreographies }
}

function twoPhaseModel(saga: Saga, world: World): TwoPhaseModel {
  const type = (name: string) => world.messageTypes.indexOf(name)
  const services = saga.steps.map((step) => step.service).filter((service) => service !== saga.orchestrator)
  return {
    commit: type(decisions.commit),
    abort: type(decisions.abort),
    committed: type(decisions.committed),
    inquire: type(decisions.inquire),
    inquireAfter: us(saga.twoPhase.inquireMs),
    resendAfter: us(saga.twoPhase.resendMs),
    participants: [...new Set(services)].map((service) => world.serviceNames.indexOf(service)),
  }
}

/** What each event of a choreographed saga says to an onlooker. */
function choreography(scenario: Scenario, saga: Saga, model: SagaModel, world: World): ChoreographyModel {
  const meanings = new Map<number, EventMeaning>()
  const type = (event: string) => world.messageTypes.indexOf(event)
  saga.steps.forEach((step, number) => {
    const operations = scenario.services[step.service]?.operations ?? {}
    const { done, refused } = stepEvents(step, operations[step.operation])
    meanings.set(type(done), { step: number, says: 'done' })
    meanings.set(type(refused), { step: number, says: 'refused' })
    if (step.compensation === undefined) return
    meanings.set(type(undoneEvent(step, operations[step.compensation])), { step: number, says: 'undone' })
  })
  return { saga: model, meanings, id: model.id }
}

function compileSteps(
  scenario: Scenario,
  saga: Saga,
  path: string,
  world: World,
  programs: ProgramTable,
  problems: ProblemList,
): SagaStepModel[] {
  const names = saga.steps.map((step) => step.name)
  const after = saga.steps.map((step, i) => predecessors(step, i, names, `${path}.steps[${i}]`, problems))
  findCycle(after, names, path, problems)
  const groups = compensationGroups(saga, names, path, problems)
  return saga.steps.map((step, i) => {
    const where = `${path}.steps[${i}]`
    if (names.indexOf(step.name) !== i) problems.add(`${where}.name`, `two steps are called "${step.name}"`)
    const service = world.serviceNames.indexOf(step.service)
    const definition = scenario.services[step.service]
    if (definition === undefined) {
      problems.add(
        `${where}.service`,
        `no service "${step.service}"${nearest(step.service, Object.keys(scenario.services))}`,
      )
    }
    const operations = definition?.operations ?? {}
    const local = step.service === saga.orchestrator && saga.style !== 'choreographed'
    const operation = (name: string | undefined, field: string) => {
      if (name === undefined || definition === undefined) return -1
      const found = operations[name]
      if (found === undefined) {
        problems.add(
          `${where}.${field}`,
          `no operation "${name}" in service ${step.service}${nearest(name, Object.keys(operations))}`,
        )
        return -1
      }
      return local ? programs.addLocal(service, name, found) : world.messageTypes.indexOf(name)
    }
    return {
      name: step.name,
      service,
      kind: step.kind,
      local,
      action: operation(step.operation, 'operation'),
      compensation: operation(step.compensation, 'compensation'),
      actionName: step.operation,
      compensationName: step.compensation ?? '',
      after: after[i] as number[],
      undoAfter: undoAfter(saga, i, after, groups),
      returns: [step.operation, step.compensation].flatMap((name) =>
        name === undefined ? [] : Object.keys(operations[name]?.returns ?? {}),
      ),
      fields: Object.entries(step.with ?? {}).map(([name, cell]) => ({
        name,
        value:
          typeof cell === 'string' ? expression(cell, service, world, problems, `${where}.with.${name}`) : () => cell,
      })),
      timeout: step.timeoutMs === undefined ? -1 : us(step.timeoutMs),
      askAgainOnTimeout:
        (step.onTimeout ?? (step.kind === 'compensatable' ? 'compensate' : 'ask again')) === 'ask again',
      retry: compileRetry(step.retry),
      retryRefusals: step.retryRefusals,
      keys: step.keys,
      registerBefore: (step.register ?? saga.register) === 'before',
      compensationTimeout: step.compensationTimeoutMs === undefined ? -1 : us(step.compensationTimeoutMs),
      compensationRetry: compileRetry(step.compensationRetry),
      turnBackOnFailure: (step.onFailure ?? (step.kind === 'retriable' ? 'ask again' : 'compensate')) === 'compensate',
      onUndoFailure: step.onCompensationFailure,
    }
  })
}

function predecessors(step: Step, i: number, names: readonly string[], path: string, problems: ProblemList): number[] {
  if (step.after === undefined) return i === 0 ? [] : [i - 1]
  return step.after.flatMap((name, j) => {
    const index = names.indexOf(name)
    if (index < 0) problems.add(`${path}.after[${j}]`, `no step "${name}"${nearest(name, names)}`)
    return index < 0 ? [] : [index]
  })
}

function findCycle(after: readonly number[][], names: readonly string[], path: string, problems: ProblemList): void {
  const done = new Set<number>()
  for (let left = after.length; left > 0; left--) {
    const next = after.findIndex((before, i) => !done.has(i) && before.every((one) => done.has(one)))
    if (next < 0) {
      const stuck = names.filter((_, i) => reaches(after, i, i))
      problems.add(
        `${path}.steps`,
        `these steps wait for each other in a circle: ${stuck.join(', ')}; take one name out of an "after"`,
      )
      return
    }
    done.add(next)
  }
}

/** Which compensations must be done before this step's: its successors in the graph, or the groups before its own. */
function undoAfter(saga: Saga, step: number, after: readonly number[][], groups: readonly number[][] | null): number[] {
  if (saga.compensations === 'parallel') return []
  if (groups === null) return after.flatMap((_, i) => (i !== step && reaches(after, i, step) ? [i] : []))
  const own = groups.findIndex((group) => group.includes(step))
  return groups.slice(0, own < 0 ? groups.length : own).flat()
}

/** Does `from` come after `to` in the graph? Looks at each step once: the graph may still hold a circle. */
function reaches(after: readonly number[][], from: number, to: number, seen = new Set<number>()): boolean {
  if (seen.has(from)) return false
  seen.add(from)
  return (after[from] ?? []).some((one) => one === to || reaches(after, one, to, seen))
}

function compensationGroups(
  saga: Saga,
  names: readonly string[],
  path: string,
  problems: ProblemList,
): number[][] | null {
  if (typeof saga.compensations === 'string') return null
  return saga.compensations.map((group, i) =>
    group.flatMap((name, j) => {
      const index = names.indexOf(name)
      if (index < 0) problems.add(`${path}.compensations[${i}][${j}]`, `no step "${name}"${nearest(name, names)}`)
      return index < 0 ? [] : [index]
    }),
  )
}

function expression(text: string, service: number, world: World, problems: ProblemList, path: string): Evaluate {
  try {
    return compileExpression(text, new OperationNames(world, service, -1, new Map())).get
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    problems.add(path, error.message)
    return () => null
  }
}
