/** Statements that reach other services: publish, send, call. */
import { sendOrPublish } from '../kernel/bus.ts'
import type { ServiceModel } from '../kernel/model.ts'
import type { Simulation } from '../kernel/simulation.ts'
import type { Outgoing, Task } from '../kernel/task.ts'
import { sendInTransaction } from '../patterns/broker-transactions.ts'
import { callSteps } from '../patterns/call.ts'
import { eventCopies } from '../patterns/choreography.ts'
import { us } from './compile-faults.ts'
import { compileRetry } from './compile-retry.ts'
import type { Retry } from './schema.ts'
import { executed, type StatementScope } from './statement-scope.ts'
import type { CallStatement, PublishStatement, SendStatement } from './statement-types.ts'

export function compilePublish(scope: StatementScope, statement: PublishStatement, path: string): void {
  const event = scope.context.event(statement.publish)
  const payload = scope.payload(statement.with, `${path}.with`)
  const number = scope.register(statement)
  const atOnce = statement.when === 'at once'
  scope.program.emit((sim, task) => {
    scope.enter(sim, task)
    const copies = eventCopies(task, event, payload(task), task.saga)
    if (atOnce) for (const copy of copies) sendAtOnce(sim, task, copy)
    else task.publications.push(...copies)
    return executed(sim, task, number, 0)
  })
}

/** Of an open transaction of the broker, or for everybody to see. */
function sendAtOnce(sim: Simulation, task: Task, copy: Outgoing): void {
  const { transactionTime } = sim.model.services[task.service] as ServiceModel
  if (transactionTime > 0 && task.tx !== null) sendInTransaction(sim, task, copy)
  else sendOrPublish(sim, task.service, copy, task.cause)
}

export function compileSend(scope: StatementScope, statement: SendStatement, path: string): void {
  const { world, problems, service } = scope.context
  const target = statement.to ?? (world.serviceNames[service] as string)
  if (!scope.context.handles(target, statement.send) && !scope.context.starts(target, statement.send)) {
    problems.add(`${path}.send`, `service ${target} has no operation "${statement.send}", and no saga starts with it`)
    return
  }
  const to = world.serviceNames.indexOf(target)
  const type = world.messageTypes.indexOf(statement.send)
  const delay = Math.round((statement.afterMs ?? 0) * 1000)
  const payload = scope.payload(statement.with, `${path}.with`)
  const number = scope.register(statement)
  scope.program.emit((sim, task) => {
    scope.enter(sim, task)
    const [copy] = eventCopies(task, { type, subscribers: [to] }, payload(task), task.saga)
    // Not an event: asked for by name, of one service, without an answer.
    task.publications.push({ ...(copy as Outgoing), delay, subscribers: -1 })
    return executed(sim, task, number, 0)
  })
}

export function compileCall(scope: StatementScope, statement: CallStatement, path: string): void {
  const { world, problems } = scope.context
  if (!scope.context.handles(statement.to, statement.call)) {
    problems.add(`${path}.call`, `service ${statement.to} has no operation "${statement.call}"`)
    return
  }
  const payload = scope.payload(statement.with, `${path}.with`)
  const key = statement.key === undefined ? null : scope.expression(statement.key, `${path}.key`, -1)
  const as = statement.as === undefined ? -1 : scope.variable(statement.as, -1, `${path}.as`)
  const number = scope.register(statement)
  const [ask, hear] = callSteps({
    type: world.messageTypes.indexOf(statement.call),
    to: world.serviceNames.indexOf(statement.to),
    payload: (sim, task) => {
      scope.enter(sim, task)
      return payload(task)
    },
    key: (sim, task) => {
      scope.enter(sim, task)
      return key === null ? null : String(key(scope.env) ?? '')
    },
    as,
    timeout: us(statement.timeoutMs ?? 0),
    retry: compileRetry(statement.retry as Retry | undefined),
    budget: statement.budget ?? null,
    breaker:
      statement.breaker === undefined
        ? null
        : {
            failures: statement.breaker.failures ?? 5,
            open: us(statement.breaker.openMs ?? 30_000),
            trials: statement.breaker.trials ?? 1,
          },
  })
  scope.program.emit((sim, task) => executed(sim, task, number, 0), ask, hear)
}
