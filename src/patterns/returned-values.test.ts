// What an operation returns: to clients, into events, into the saga's data, and again from what a protection has kept.
import { describe, expect, it } from 'vitest'
import { runScenario } from '../../test/run-scenario.ts'
import type { FaultInput, ScenarioInput } from '../scenario/schema.ts'

type Protections = NonNullable<ScenarioInput['services'][string]['protections']>

/** A seat gets a number; whoever ships it names the number. */
function seats(protections: Protections, faults: FaultInput[], saga: object = {}): ScenarioInput {
  return {
    sagascope: 1,
    id: 'seats',
    title: 'Seats',
    bus: { order: 'none' },
    services: {
      desk: {
        tables: { tickets: { columns: ['order', 'seat'] } },
        operations: { print: { do: [{ insert: 'tickets', row: { order: 'order', seat: 'seat' } }] } },
      },
      hall: {
        tables: { seats: { columns: ['number', 'order'], key: 'number' }, freed: { columns: ['seat'] } },
        protections,
        operations: {
          take: {
            do: [{ insert: 'seats', row: { number: 'seats.size() + 1', order: 'order' } }],
            returns: { seat: 'seats.last().number' },
          },
          free: { do: [{ insert: 'freed', row: { seat: 'seat' } }] },
        },
      },
    },
    sagas: {
      order: {
        orchestrator: 'desk',
        start: 'Order',
        id: 'order',
        steps: [
          {
            name: 'take',
            service: 'hall',
            operation: 'take',
            compensation: 'free',
            timeoutMs: 100,
            retry: { attemptsMax: 3, initialMs: 0 },
          },
          { name: 'print', service: 'desk', operation: 'print', kind: 'pivot' },
        ],
        ...saga,
      },
    },
    workload: {
      requests: [
        { to: 'hall', message: 'take', key: 'c', payload: { order: 'before' } },
        { to: 'desk', message: 'Order', atMs: 50, payload: { order: 'o1' } },
      ],
    },
    faults,
    observables: {
      ticket: 'desk.tickets.first().seat',
      freed: 'hall.freed.map(f, f.seat)',
      data: 'saga("o1").data.seat',
      seats: 'hall.seats.size()',
      response: 'clients.first().response.seat',
    },
  }
}

function run(protections: Protections, faults: FaultInput[], saga: object = {}) {
  return runScenario(seats(protections, faults, saga)).observables
}

describe('what an operation returns', () => {
  it('is heard by the client that asked', () => {
    expect(run({}, [])).toMatchObject({ response: 1 })
  })

  it('becomes a field of the saga’s data that later steps know', () => {
    expect(run({}, [])).toMatchObject({ ticket: 2, data: 2 })
  })

  it('is known to the compensation too', () => {
    const refused: FaultInput[] = [{ kind: 'refuse', service: 'desk', on: 'print' }]
    expect(run({}, refused)).toMatchObject({ freed: [2] })
  })

  const lost: FaultInput[] = [{ kind: 'drop', message: 'take ok', nth: 2 }]
  it.each<[string, Protections]>([
    ['an idempotency key', { idempotencyKey: {} }],
    ['an idempotency key that claims first', { idempotencyKey: { mode: 'claim first' } }],
    ['an inbox by business key', { inbox: { by: 'business key' } }],
    ['a fence', { fence: {} }],
  ])('comes again from what %s has kept', (_name, protections) => {
    expect(run(protections, lost)).toMatchObject({ ticket: 2, seats: 2 })
  })

  it('is another one when nothing has been kept', () => {
    expect(run({}, lost)).toMatchObject({ ticket: 3, seats: 3 })
  })

  it('is carried by the events of a choreographed saga', () => {
    const { workload, ...rest } = seats({}, [], { style: 'choreographed', orchestrator: 'hall' })
    const requests = workload?.requests?.map((request) => ({ ...request, to: 'hall' }))
    expect(runScenario({ ...rest, workload: { requests: requests ?? [] } }).observables).toMatchObject({ data: 2 })
  })

  it('comes with the vote of a two-phase commit, and again when it is asked again', () => {
    expect(run({}, [], { style: 'two-phase' })).toMatchObject({ ticket: 2, seats: 2 })
    expect(run({}, lost, { style: 'two-phase' })).toMatchObject({ ticket: 2, seats: 2 })
  })

  it('is known to whoever calls, under the name it gives the answer', () => {
    const { services, ...rest } = seats({}, [])
    const order = {
      do: [
        { call: 'take', to: 'hall', as: 'place' },
        { insert: 'tickets', row: { order: 'order', seat: 'place.seat' } },
      ],
    }
    const { observables } = runScenario({
      ...rest,
      services: { ...services, desk: { ...services.desk, operations: { ...services.desk?.operations, order } } },
      workload: { requests: [{ to: 'desk', message: 'order', payload: { order: 'o9' } }] },
    })
    expect(observables).toMatchObject({ ticket: 1 })
  })
})
