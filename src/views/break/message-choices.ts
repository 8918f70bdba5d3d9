/** The names of messages a fault can wait for, as the scenario declares them and as the run has shown them. */
import type { ScenarioInput } from '../../session/session-types.ts'
import { roleWord } from '../../trace/describe.ts'
import type { Trace } from '../../trace/trace.ts'

export interface MessageName {
  readonly name: string
  /** `command`, `reply`, `saga start`, … */
  readonly role: string
  /** Who receives it; empty when anybody may. */
  readonly to: string
}

/** So many messages of a run are looked at for names: they repeat early. */
const LOOKED_AT = 2000

export function messageNames(scenario: ScenarioInput, trace: Trace | null): MessageName[] {
  const known = new Map<string, MessageName>()
  const add = (name: string, role: string, to: string) => {
    const key = `${name}\n${to}`
    if (!known.has(key)) known.set(key, { name, role, to })
  }
  for (const saga of Object.values(scenario.sagas ?? {})) {
    add(saga.start, 'saga start', saga.orchestrator)
    for (const step of saga.steps) {
      if (step.service === saga.orchestrator) continue
      add(step.operation, 'command', step.service)
      if (step.compensation !== undefined) add(step.compensation, 'compensation', step.service)
      addReplies(scenario, step.service, step.operation, saga.orchestrator, add)
    }
  }
  const { requests = [], arrivals = [] } = scenario.workload ?? {}
  for (const request of [...requests, ...arrivals]) add(request.message, 'request', request.to)
  if (trace !== null) addSeen(trace, add)
  return [...known.values()]
}

type Add = (name: string, role: string, to: string) => void

function addReplies(scenario: ScenarioInput, service: string, operation: string, to: string, add: Add): void {
  const declared = scenario.services[service]?.operations?.[operation]
  add(declared?.reply ?? `${operation} ok`, 'reply', to)
  add(declared?.refusal ?? `${operation} refused`, 'reply', to)
}

function addSeen(trace: Trace, add: Add): void {
  for (let id = 0; id < Math.min(trace.messageCount, LOOKED_AT); id++) {
    const message = trace.message(id)
    add(message.type, roleWord(message), trace.header.services[message.to]?.name ?? '')
  }
}

/** As choices, the messages a service can receive (all of them without a service); a name in use is never missing. */
export function messageChoices(names: readonly MessageName[], to: string | undefined, inUse: string | undefined) {
  const choices = new Map<string, string>()
  for (const { name, role, to: receiver } of names) {
    if (to !== undefined && receiver !== to) continue
    if (!choices.has(name)) choices.set(name, `${name} (${role})`)
  }
  if (inUse !== undefined && !choices.has(inUse)) choices.set(inUse, inUse)
  return [{ value: '', label: 'any' }, ...[...choices].map(([value, label]) => ({ value, label }))]
}
