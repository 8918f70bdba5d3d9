/** A projection as code to be read: its place in the order, its rules, its position, in the order of its handler. */
import type { ProgramInfo, ProgramLine, StatementInfo } from '../trace/trace-format.ts'
import { Body, Listing } from './listing.ts'
import type { Scenario, Service } from './schema.ts'
import type { World } from './scope.ts'
import { eventMessage, followedTypes, nextLane } from './store-names.ts'

type Projection = Service['projections'][string]

/** One for each service a projection of this one runs in. */
export function projectionListings(
  scenario: Scenario,
  world: World,
  service: Service,
  home: number,
  statements: readonly StatementInfo[],
): ProgramInfo[] {
  return Object.entries(service.projections).flatMap(([name, definition]) => {
    const types = followedTypes(scenario, definition)
    const messages = [name, nextLane(name)].flatMap((lane) => types.map((type) => eventMessage(type, lane)))
    const lines = projectionLines(world, service, home, name, definition, statements)
    const others = definition.instances.map((one) => world.serviceNames.indexOf(one)).filter((one) => one >= 0)
    return [home, ...others].map((number) => ({ service: number, name, messages, lines }))
  })
}

function projectionLines(
  world: World,
  service: Service,
  home: number,
  name: string,
  definition: Projection,
  statements: readonly StatementInfo[],
): readonly ProgramLine[] {
  const listing = new Listing()
  const { checkpoint, outOfOrder } = definition
  listing.add(0, 'received', `on an event of ${definition.from}:`)
  if (checkpoint === 'before the update') listing.add(1, 'checkpoint', 'COMMIT the position, by itself')
  listing.add(1, 'begin', 'BEGIN')
  if (outOfOrder !== 'apply') listing.add(1, 'order', 'older than the last of its stream: pass it over')
  if (outOfOrder === 'buffer') listing.add(1, 'order', 'too early: keep it until those before it have come')
  listing.work(definition.handlerMs ?? service.handlerMs)
  const all = Object.values(definition.on).flat()
  const body = new Body(listing, world, home, [name, nextLane(name)], all, 'fail', statements)
  for (const [type, rules] of Object.entries(definition.on)) {
    listing.add(1, 'declared', type === '*' ? 'any other event:' : `${type}:`)
    body.add(rules, 2)
  }
  if (checkpoint === 'with the update') listing.add(1, 'record', 'store the position')
  if (service.protections.outbox) listing.add(1, 'record', 'INSERT what is to be sent INTO outbox')
  listing.add(1, 'commit', checkpoint === 'with the update' ? 'COMMIT both at once' : 'COMMIT')
  if (checkpoint === 'after the update') listing.add(1, 'checkpoint', 'COMMIT the position, by itself')
  listing.add(1, 'send', service.protections.outbox ? 'the relay sends what the outbox holds' : 'send')
  listing.add(1, 'acknowledge', 'acknowledge')
  listing.add(0, 'failed', 'on an error:')
  listing.add(1, 'failed', `ROLLBACK, ${inTrouble[definition.onError]}`)
  return listing.lines
}

const inTrouble: Record<Projection['onError'], string> = {
  retry: 'and once more',
  skip: 'after some attempts pass the event over',
  park: 'after some attempts put the event aside',
  'park sequence': 'after some attempts put its whole stream aside',
  stop: 'after some attempts stop the projection',
}
