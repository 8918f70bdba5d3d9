/**
 * Every handler as code to be read: the operation with its protections, in the order in which the engine runs them (see
 * patterns/participant.ts and patterns/saga-programs.ts). Each line says which phase it stands for, so that a view can
 * find the line that runs from what the trace says.
 */
import type { ProgramInfo, ProgramLine, StatementInfo } from '../trace/trace-format.ts'
import { decisions } from './compile-two-phase.ts'
import { everyStatement } from './every-statement.ts'
import { Body, Listing } from './listing.ts'
import { projectionListings } from './projection-listing.ts'
import type { Operation, Scenario, Service } from './schema.ts'
import { findTable, type World } from './scope.ts'
import type { Statement } from './statement-types.ts'

export function programListings(scenario: Scenario, world: World, statements: readonly StatementInfo[]): ProgramInfo[] {
  return Object.entries(scenario.services).flatMap(([name, service], number) => [
    ...orchestrators(scenario, world, service, name, number, statements),
    ...decisionsHeard(scenario, service, name, number),
    ...Object.entries(service.operations).map(([operation, definition]) => ({
      service: number,
      name: operation,
      messages: messagesOf(scenario, world, name, operation),
      lines: operationLines(
        world,
        number,
        service,
        operation,
        definition,
        statements,
        isBranch(scenario, name, operation),
      ),
    })),
    ...projectionListings(scenario, world, service, number, statements),
  ])
}

/** The operation's own message, and the events and starts that lead to it. */
function messagesOf(scenario: Scenario, world: World, service: string, operation: string): string[] {
  const events = [...(world.wiring.subscriptions.get(service) ?? [])].flatMap(([event, does]) =>
    does === operation ? [event] : [],
  )
  const starts = Object.values(scenario.sagas).flatMap((saga) => {
    const first = saga.steps[0]
    const isFirst = saga.style === 'choreographed' && first?.service === service && first.operation === operation
    return isFirst ? [saga.start] : []
  })
  return [operation, ...events, ...starts]
}

function operationLines(
  world: World,
  number: number,
  service: Service,
  name: string,
  operation: Operation,
  statements: readonly StatementInfo[],
  isBranch: boolean,
): readonly ProgramLine[] {
  const listing = new Listing()
  declare(listing, world, number, operation.do)
  listing.add(0, 'received', `on ${name}:`)
  if (service.acknowledge === 'first') listing.add(1, 'acknowledge', 'acknowledge')
  listing.add(1, 'begin', 'BEGIN')
  claims(listing, service)
  listing.work(operation.handlerMs ?? service.handlerMs)
  new Body(listing, world, number, [name], operation.do, operation.uniqueViolation, statements).add(operation.do, 1)
  if (service.protections.inbox?.when === 'after the work') addInbox(listing)
  if (isBranch) {
    voting(listing)
    return listing.lines
  }
  records(listing, service)
  const reply = operation.reply ?? `${name} ok`
  endings(listing, service, reply, operation.refusal ?? `${name} refused`, `${name} failed`)
  return listing.lines
}

/** Unique indexes of the tables it inserts into: they decide as much as the code does. */
function declare(listing: Listing, world: World, service: number, statements: readonly Statement[]): void {
  const tables = new Set<number>()
  for (const statement of everyStatement(statements)) {
    if ('insert' in statement) tables.add(findTable(world, service, statement.insert))
  }
  for (const table of tables) {
    const model = world.tables[table]
    for (const columns of model?.uniques ?? []) {
      const names = columns.map((column) => model?.columns[column]).join(', ')
      listing.add(0, 'declared', `TABLE ${model?.name}: UNIQUE KEY(${names})`)
    }
  }
}

function claims(listing: Listing, { protections }: Service): void {
  const { inbox, idempotencyKey: key, fence } = protections
  if (inbox !== undefined && inbox.when === 'before the work') addInbox(listing)
  if (key !== undefined) {
    const name = key.field ?? 'the key'
    const isLooked = key.mode === 'check then insert'
    listing.add(
      1,
      'claim key',
      isLooked ? `look for ${name} in idempotency_keys` : `INSERT ${name} INTO idempotency_keys`,
    )
    listing.add(2, 'known key', 'there already: ROLLBACK, reply what is stored')
    if (key.fingerprint) listing.add(2, 'busy key', `there with another payload: refuse ${key.reused}`)
    if (key.mode === 'claim first') {
      listing.add(2, 'busy key', 'there and not done: refuse 409')
      listing.add(1, 'commit claim', 'COMMIT the claim, and BEGIN')
    }
  }
  if (fence !== undefined) {
    listing.add(1, 'claim fence', 'INSERT (saga, step) INTO fence')
    listing.add(2, 'known fence', 'there already: reply what it says, or refuse')
  }
}

function addInbox(listing: Listing): void {
  listing.add(1, 'claim inbox', 'INSERT the message INTO inbox')
  listing.add(2, 'known inbox', 'there already: ROLLBACK, reply what is stored')
}

/** What the protections write before the commit. */
function records(listing: Listing, { protections }: Service): void {
  const { idempotencyKey: key, inbox, outbox } = protections
  if (inbox?.reply === 'stored') listing.add(1, 'record', 'store the reply in the inbox')
  if (key !== undefined) {
    const isLooked = key.mode === 'check then insert'
    listing.add(1, 'record', isLooked ? 'INSERT the key with its reply' : 'store the reply under the key')
  }
  if (outbox) listing.add(1, 'record', 'INSERT what is to be sent INTO outbox')
}

function endings(listing: Listing, service: Service, ok: string, refused: string, failed: string): void {
  const { outbox, idempotencyKey: key, transactional } = service.protections
  if (transactional) listing.add(1, 'send', `write the reply ${ok} in the broker’s transaction`)
  listing.add(1, 'commit', transactional ? 'COMMIT: rows, messages and acknowledgement are one' : 'COMMIT')
  if (!transactional) listing.add(1, 'send', outbox ? 'the relay sends what the outbox holds' : `reply ${ok}`)
  if (service.acknowledge !== 'first') listing.add(1, 'acknowledge', 'acknowledge')
  const keeps = key !== undefined && key.stores !== 'successes' ? ', store it under the key' : ''
  listing.add(0, 'refused', 'when refused:')
  listing.add(1, 'refused', `ROLLBACK${keeps}, reply ${refused}`)
  listing.add(0, 'failed', 'on an error:')
  const given = service.onError === 'redeliver' ? 'give the message back to the broker' : `reply ${failed}`
  const keepsErrors = key?.stores === 'everything' ? ', store it under the key' : ''
  listing.add(1, 'failed', `ROLLBACK${keepsErrors}, ${given}`)
}

/** A step of a two-phase commit: done, but for the commit. */
function isBranch(scenario: Scenario, service: string, operation: string): boolean {
  return Object.values(scenario.sagas).some(
    (saga) =>
      saga.style === 'two-phase' &&
      saga.orchestrator !== service &&
      saga.steps.some((step) => step.service === service && step.operation === operation),
  )
}

function voting(listing: Listing): void {
  listing.add(1, 'prepare', 'PREPARE: written, locked, kept through a crash')
  listing.add(1, 'send', 'vote yes')
  listing.add(1, 'acknowledge', 'acknowledge')
  listing.add(0, 'refused', 'when refused:')
  listing.add(1, 'refused', 'ROLLBACK, vote no')
  listing.add(0, 'failed', 'on an error:')
  listing.add(1, 'failed', 'ROLLBACK, no vote')
}

/** Phase two at a participant: it does as it is told. */
function decisionsHeard(scenario: Scenario, service: Service, name: string, number: number): ProgramInfo[] {
  const takesPart = Object.keys(service.operations).some((operation) => isBranch(scenario, name, operation))
  if (!takesPart) return []
  const listing = new Listing()
  listing.add(0, 'received', 'on the decision:')
  listing.work(service.handlerMs)
  listing.add(1, 'commit', 'COMMIT or ROLLBACK what is prepared')
  listing.add(1, 'send', 'confirm a commit')
  listing.add(1, 'acknowledge', 'acknowledge')
  listing.add(0, 'failed', 'on an error: not done, told again later')
  return [{ service: number, name: 'decision', messages: [decisions.commit, decisions.abort], lines: listing.lines }]
}

/** An orchestrator: it hears, decides, runs its own steps, and commits all of it together with the saga. */
function orchestrators(
  scenario: Scenario,
  world: World,
  service: Service,
  name: string,
  number: number,
  statements: readonly StatementInfo[],
): ProgramInfo[] {
  return Object.entries(scenario.sagas).flatMap(([sagaName, saga]) => {
    if (saga.orchestrator !== name || saga.style === 'choreographed') return []
    const listing = new Listing()
    const { outbox, transactional } = service.protections
    const sendsFirst = transactional !== false || (saga.persist === 'after sending' && !outbox)
    listing.add(0, 'received', `on ${saga.start}, an answer, a time-out:`)
    listing.add(1, 'begin', 'BEGIN')
    if (service.protections.inbox !== undefined) addInbox(listing)
    listing.work(service.handlerMs)
    listing.add(1, 'decide', 'decide: the next step, or turn back')
    for (const operation of localOperations(saga, name)) {
      const definition = service.operations[operation]
      if (definition === undefined) continue
      listing.add(1, 'declared', `if ${operation} is due here:`)
      const { do: all, uniqueViolation } = definition
      new Body(listing, world, number, [operation], all, uniqueViolation, statements).add(all, 2)
    }
    records(listing, service)
    if (saga.style === 'two-phase') listing.add(1, 'prepare', 'PREPARE its own part')
    if (sendsFirst) listing.add(1, 'send', `send the commands${transactional ? ' in the broker’s transaction' : ''}`)
    listing.add(1, 'commit', 'COMMIT the saga and its own changes')
    if (!sendsFirst) listing.add(1, 'send', outbox ? 'the relay sends the commands' : 'send the commands')
    listing.add(1, 'acknowledge', 'acknowledge')
    listing.add(0, 'failed', 'on an error:')
    listing.add(1, 'failed', 'ROLLBACK')
    const answers = saga.steps.flatMap(({ service: asked, operation, compensation }) =>
      [operation, compensation].flatMap((done) => {
        const definition = done === undefined ? undefined : scenario.services[asked]?.operations[done]
        if (done === undefined || definition === undefined) return []
        return [definition.reply ?? `${done} ok`, definition.refusal ?? `${done} refused`, `${done} failed`]
      }),
    )
    return [
      {
        service: number,
        name: sagaName,
        messages: [saga.start, saga.resume ?? saga.start, decisions.committed, decisions.inquire, ...answers],
        lines: listing.lines,
      },
    ]
  })
}

/** What its orchestrator runs by itself, without a message. */
function localOperations(saga: Scenario['sagas'][string], orchestrator: string): Set<string> {
  const names = saga.steps.flatMap(({ service, operation, compensation }) =>
    service === orchestrator ? [operation, ...(compensation === undefined ? [] : [compensation])] : [],
  )
  return new Set(names)
}
