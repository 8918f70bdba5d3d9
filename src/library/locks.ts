/** Semantic locks and what they bring: two sagas that wait for each other. */
import type { ScenarioInput } from '../scenario/schema.ts'

type LockOptions = { whenHeld?: 'wait'; timeoutMs?: number; deadlocks?: 'detect' }

function stockService(options: LockOptions): ScenarioInput['services'][string] {
  const take = (name: 'first' | 'second') => ({ do: [{ lock: name, holder: 'order', ...options }] })
  const giveBack = (name: 'first' | 'second') => ({ do: [{ unlock: name, holder: 'order' }] })
  return {
    operations: {
      'lock first': take('first'),
      'unlock first': giveBack('first'),
      'lock second': take('second'),
      'unlock second': giveBack('second'),
      ship: {
        do: [
          { insert: 'shipments', row: { order: 'order' } },
          { unlock: 'first', holder: 'order' },
          { unlock: 'second', holder: 'order' },
        ],
      },
    },
    tables: { shipments: { columns: ['order'] } },
  }
}

const order = (name: string, first: string, second: string) => ({
  to: 'order',
  message: 'PlaceOrder',
  payload: { order: name, first, second },
})
const step = (what: 'first' | 'second') => ({
  name: `lock ${what}`,
  service: 'stock',
  operation: `lock ${what}`,
  compensation: `unlock ${what}`,
})

export const lockDeadlock: ScenarioInput = {
  sagascope: 1,
  id: 'lock-deadlock',
  title: 'Semantic locks, and a deadlock',
  case: 'S21',
  chapter: 'Isolation',
  text: 'Order A locks s1 and then wants s2; order B locks s2 and then wants s1. The locks that keep sagas apart make them wait for each other.',
  endMs: 60_000,
  bus: { order: 'none' },
  services: { order: {}, stock: stockService({ whenHeld: 'wait' }) },
  sagas: {
    order: {
      orchestrator: 'order',
      start: 'PlaceOrder',
      id: 'order',
      steps: [step('first'), step('second'), { name: 'ship', service: 'stock', operation: 'ship', kind: 'pivot' }],
    },
  },
  workload: { requests: [order('oA', 's1', 's2'), order('oB', 's2', 's1')] },
  observables: {
    completed: "sagas.filter(s, s.status == 'Completed').size()",
    deadlocks: 'deadlocks',
    shipped: 'stock.shipments.size()',
    locked: 'stock.locks.size()',
  },
  properties: {
    LIVE: { when: 'eventually', check: 'sagas.all(s, s.ended)', broken: 'Stuck: each saga waits for the other.' },
    DONE: {
      when: 'eventually',
      check: "sagas.all(s, s.status == 'Completed')",
      broken: 'Not done: an order that nothing stood in the way of was not shipped.',
    },
  },
  expect: { completed: 0, deadlocks: 1, shipped: 0, locked: 2 },
  breaks: ['LIVE', 'DONE'],
  variants: {
    A: { title: 'wait for ever', breaks: ['LIVE', 'DONE'] },
    B: {
      title: 'equal time-outs, retried at once',
      text: 'Both give up at the same instant, release, and begin again at the same instant: a livelock, round after round.',
      patch: {
        services: { stock: stockService({ whenHeld: 'wait', timeoutMs: 1000 }) },
        sagas: { order: { rerun: { initialMs: 0, attemptsMax: 10 } } },
      },
      expect: { deadlocks: 10, locked: 0 },
      breaks: ['DONE'],
    },
    C: {
      title: 'detected: one is the victim',
      text: 'The one that closes the circle is refused, gives back what it has, and begins again when the other is done.',
      patch: {
        services: { stock: stockService({ whenHeld: 'wait', deadlocks: 'detect' }) },
        sagas: { order: { rerun: { initialMs: 1000, attemptsMax: 5 } } },
      },
      expect: { completed: 2, deadlocks: 1, shipped: 2, locked: 0 },
    },
    D: {
      title: 'always s1 before s2',
      patch: { workload: { requests: [order('oA', 's1', 's2'), order('oB', 's1', 's2')] } },
      expect: { completed: 2, deadlocks: 0, shipped: 2, locked: 0 },
    },
    E: {
      title: 'fail fast, and try later',
      text: 'Nobody waits, so nobody waits in a circle. Both are refused, and come back at times of their own.',
      patch: {
        services: { stock: stockService({}) },
        sagas: { order: { rerun: { initialMs: 1000, jitter: 'full', attemptsMax: 10 } } },
      },
      expect: { completed: 2, deadlocks: 0, shipped: 2, locked: 0 },
    },
  },
}
