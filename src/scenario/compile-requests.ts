/** What clients ask for: checked, copied as often as they say, in groups that keep their order. */
import type { RequestModel } from '../kernel/model.ts'
import { us } from './compile-faults.ts'
import { compileRetry } from './compile-retry.ts'
import type { ProgramTable } from './compile-services.ts'
import { nearest } from './nearest.ts'
import type { ProblemList } from './problems.ts'
import type { Request, Scenario } from './schema.ts'
import type { World } from './scope.ts'

export function compileRequests(
  scenario: Scenario,
  world: World,
  programs: ProgramTable,
  problems: ProblemList,
): RequestModel[] {
  const models: RequestModel[] = []
  const groups = new Map<string, number>()
  scenario.workload.requests.forEach((request, i) => {
    checkRequest(request, `workload.requests[${i}]`, scenario, world, programs, problems)
    for (let copy = 1; copy <= request.copies; copy++) {
      // Groups below zero: those of sagas are their numbers.
      const own = -1 - models.length
      const group = request.group === undefined ? own : (groups.get(request.group) ?? own)
      if (request.group !== undefined) groups.set(request.group, group)
      models.push(requestModel(request, copy, group, world))
    }
  })
  return models
}

function requestModel(request: Request, copy: number, group: number, world: World): RequestModel {
  const numbered = (text: string) => (request.copies > 1 ? text.replaceAll('#', String(copy)) : text)
  const payload = Object.entries(request.payload).map(([field, value]) => [
    field,
    typeof value === 'string' ? numbered(value) : value,
  ])
  return {
    to: world.serviceNames.indexOf(request.to),
    type: world.messageTypes.indexOf(request.message),
    at: us(request.atMs + (copy - 1) * request.everyMs),
    payload: Object.fromEntries(payload),
    key: request.key === undefined ? null : numbered(request.key),
    timeout: us(request.timeoutMs ?? 0),
    retry: compileRetry(request.retry),
    keys: request.keys,
    group,
    sequence: request.sequence ?? null,
  }
}

function checkRequest(
  request: Request,
  path: string,
  scenario: Scenario,
  world: World,
  programs: ProgramTable,
  problems: ProblemList,
): void {
  const to = world.serviceNames.indexOf(request.to)
  const type = world.messageTypes.indexOf(request.message)
  if (scenario.services[request.to] === undefined) {
    problems.add(`${path}.to`, `no service "${request.to}"${nearest(request.to, Object.keys(scenario.services))}`)
  } else if (type < 0 || (programs.handlers[to]?.[type] ?? -1) < 0) {
    const known = world.messageTypes.filter((_, one) => (programs.handlers[to]?.[one] ?? -1) >= 0)
    const mend = nearest(request.message, known)
    problems.add(`${path}.message`, `service ${request.to} handles no message "${request.message}"${mend}`)
  }
  if (request.key === '') {
    problems.add(`${path}.key`, 'an idempotency key cannot be empty; leave the field out for no key')
  }
}
