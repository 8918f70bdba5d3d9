import { describe, expect, it } from 'vitest'
import { Trace } from '../trace/trace.ts'
import { dropAt } from './drop-fault.ts'
import { CLIENT, ORDER, PAYMENT, roundTrips, scenario } from './fixture.ts'
import type { FaultKind, Target } from './session-types.ts'

const { header, part } = roundTrips(2)
const trace = new Trace(header, [part])
const dropped = (kind: FaultKind, target: Target, time: number) => dropAt(kind, target, { trace, time, scenario })
const line: Target = { type: 'edge', from: ORDER, to: PAYMENT }
const payment: Target = { type: 'service', service: PAYMENT }

describe('a fault dropped at 12 ms, while Payment works on a command', () => {
  const time = 12_000

  it('crashes the service just after the moment, for longer than the saga’s step waits', () => {
    const fault = { kind: 'crash', service: 'payment', atMs: 12.001, restartMs: 8000 }
    expect(dropped('crash', payment, time)).toEqual({ fault, rewound: false })
  })

  it('crashes the receiving end of a line', () => {
    expect(dropped('crash', line, time)?.fault).toMatchObject({ service: 'payment' })
    expect(dropped('crash', { ...line, to: CLIENT }, time)?.fault).toMatchObject({ service: 'order' })
  })

  it('hits the next message on the line, whichever way it goes', () => {
    const fault = { kind: 'drop', from: 'payment', to: 'order', afterMs: 12.001, nth: 1 }
    expect(dropped('drop', line, time)?.fault).toEqual(fault)
    expect(dropped('delay', line, 20_000)?.fault).toMatchObject({ from: 'order', to: 'payment', byMs: 8000 })
  })

  it('hits the next message to the service', () => {
    const fault = { kind: 'duplicate', to: 'payment', afterMs: 12.001, nth: 1, byMs: 20 }
    expect(dropped('duplicate', payment, time)?.fault).toEqual(fault)
  })

  it.each(['slow', 'refuse', 'fail'] as const)('waits with %s for the next handling', (kind) => {
    expect(dropped(kind, payment, time)).toMatchObject({
      fault: { kind, service: 'payment', afterMs: 12.001, nth: 1 },
      rewound: false,
    })
  })

  it('parts the two ends of a line, or a service from all others, for 10 s', () => {
    const span = { fromMs: 12.001, untilMs: 10_012.001 }
    expect(dropped('partition', line, time)?.fault).toMatchObject({ between: [['order'], ['payment']], ...span })
    expect(dropped('partition', payment, time)?.fault).toMatchObject({ between: [['payment'], ['order']], ...span })
  })

  it('does not touch the client', () => {
    const client: Target = { type: 'service', service: CLIENT }
    for (const kind of ['crash', 'slow', 'refuse', 'fail', 'partition'] as const) {
      expect(dropped(kind, client, time)).toBeUndefined()
    }
  })
})

describe('a fault that would come too late', () => {
  it('goes to the first such message of the run', () => {
    expect(dropped('drop', line, trace.endTime)).toEqual({
      fault: { kind: 'drop', from: 'order', to: 'payment', afterMs: 0, nth: 1 },
      rewound: true,
    })
    expect(dropped('refuse', payment, 120_000)).toMatchObject({ fault: { afterMs: 0 }, rewound: true })
  })

  it('crashes the service on its first message', () => {
    expect(dropped('crash', payment, trace.endTime)).toEqual({
      fault: { kind: 'crash', service: 'payment', nth: 1, point: 'on receipt', restartMs: 8000 },
      rewound: true,
    })
  })

  it('stays at its moment when nothing ever happens there', () => {
    const unused: Target = { type: 'edge', from: CLIENT, to: ORDER }
    expect(dropped('drop', unused, 12_000)).toMatchObject({ fault: { afterMs: 12.001 }, rewound: false })
  })
})
