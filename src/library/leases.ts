/** Who may act: leases, what becomes of one that stood still, and what an epoch is good for. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { completed, inventory, order, orderSaga, type ServiceInput, sagaWith } from './order-world.ts'

const chapter = 'Time'

/** Two orchestrators on one disk; the one with the lease acts. */
const twoOrders: ServiceInput = { ...order, instances: 2, lease: { timeToLiveMs: 10_000, renewMs: 3000 } }

const stands = (point: 'before commit' | 'after commit') =>
  ({ kind: 'pause', service: 'order', on: 'Charged', point, forMs: 30_000 }) as const

export const zombie: ScenarioInput = {
  ...orderSaga,
  id: 'zombie-orchestrator',
  title: 'A zombie comes back',
  case: 'S24',
  chapter,
  text: 'Two orchestrators share a disk, and one holds the lease. It stands still for thirty seconds just after it has decided to reserve; its lease expires, the other one takes over with epoch 2 and finishes the order. Then the first goes on where it stood, and sends what it had decided.',
  services: { ...orderSaga.services, order: twoOrders },
  sagas: sagaWith({ onRestart: 'ask again' }),
  faults: [stands('after commit')],
  observables: {
    ...orderSaga.observables,
    reservations: 'inventory.reservations.size()',
    epoch: 'order.leases.first().epoch',
    holder: 'order.leases.first().holder',
    stale: 'refused("reserve")',
    knownByKey: 'deduplicated("reserve")',
  },
  properties: {
    ...orderSaga.properties,
    ONCE: {
      when: 'always',
      check: 'order.orders.all(o, inventory.reservations.filter(r, r.order == o.id).size() <= 1)',
      title: 'One reservation per order',
      broken: 'Reserved twice: a zombie has acted on what it believed.',
    },
  },
  expect: {
    ...completed,
    available: 3,
    reserved: 1,
    reservations: 2,
    stale: 0,
    knownByKey: 0,
  },
  breaks: ['ONCE'],
  variants: {
    A: { title: 'nobody looks at the epoch', expect: { epoch: 2, holder: 'order_2' }, breaks: ['ONCE'] },
    B: {
      title: 'Inventory looks at the epoch',
      text: 'The command of the zombie carries epoch 1, and Inventory has seen epoch 2: refused, and not answered.',
      patch: { services: { inventory: { ...inventory, protections: { epochs: true } } } },
      expect: { available: 4, reserved: 0, reservations: 1, stale: 1 },
    },
    C: {
      title: 'Inventory knows the key',
      text: 'Both send the same key. An idempotent receiver need not know who may act.',
      patch: { services: { inventory: { ...inventory, protections: { idempotencyKey: {} } } } },
      expect: { available: 4, reserved: 0, reservations: 1, knownByKey: 1 },
    },
    D: {
      title: 'the disk looks at the epoch',
      text: 'That comes too late for a command: the zombie had committed before it stood still, and nobody looks at what it sends.',
      patch: { services: { order: { lease: { fencing: true } } } },
      breaks: ['ONCE'],
    },
    E: {
      title: 'one orchestrator, no lease',
      text: 'It stands still, and the order is thirty seconds late. Nobody took over, so nobody comes back.',
      patch: { services: { order: { instances: 1, lease: null } }, observables: { epoch: null, holder: null } },
      expect: { available: 4, reserved: 0, reservations: 1 },
    },
  },
}

type Statement = NonNullable<ServiceInput['operations']>[string]['do'][number]

/** Somebody who edits a file under a lock, and needs some seconds for it. */
const editor = (statements: readonly Statement[]): ServiceInput => ({
  instances: 2,
  operations: { edit: { do: [...statements] } },
})
const takeLock: Statement = {
  lock: "'file'",
  holder: 'who',
  whenHeld: 'wait',
  timeToLiveMs: 10_000,
  as: 'lease',
}
const writeFile = (extra: Record<string, string>): Statement => ({
  call: 'write',
  to: 'storage',
  with: { text: 'who', ...extra },
})
const edit = (extra: Record<string, string> = {}): readonly Statement[] => [
  takeLock,
  { commit: 'locked' },
  { work: 3000 },
  writeFile(extra),
  { unlock: "'file'", holder: 'who' },
]
const storage = (isChecked: boolean): ServiceInput => ({
  tables: {
    files: { columns: ['name', 'text', 'token'], key: 'name', rows: [{ name: 'file', text: 'empty', token: 0 }] },
    writes: { columns: ['text', 'token', 'atMs'] },
  },
  operations: {
    write: {
      do: [
        {
          update: 'files',
          where: { name: "'file'" },
          ...(isChecked ? { require: 'request.token >= token', otherwise: 'STALE_TOKEN' } : {}),
          change: ['text = request.text', 'token = request.token'],
        },
        { insert: 'writes', row: { text: 'text', token: 'token', atMs: 'now' } },
      ],
    },
  },
})
const edits = ['ada', 'bob'].map((who, i) => ({ to: 'editor', message: 'edit', payload: { who }, atMs: i * 500 }))
const withToken = edit({ token: 'lease.token' })

export const expiredLock: ScenarioInput = {
  sagascope: 1,
  id: 'expired-lock',
  title: 'The holder of an expired lock',
  case: 'S22',
  chapter,
  text: 'Ada takes the lock, and then stands still for twenty seconds. Her lock lives for ten; Bob gets it, writes and gives it back. Then Ada goes on and writes too, sure of a lock she no longer has. A lock that can expire is not enough: what it protects has to look at the token.',
  bus: { order: 'none' },
  services: { editor: editor(withToken), storage: storage(false) },
  workload: { requests: edits },
  faults: [{ kind: 'pause', service: 'editor', atMs: 1000, forMs: 20_000 }],
  observables: {
    text: 'storage.files["file"].text',
    writes: 'storage.writes.map(w, w.text)',
    tokens: 'storage.writes.map(w, w.token)',
    stale: 'refused("write")',
    answers: 'clients.map(c, c.answer)',
  },
  properties: {
    NEWEST: {
      when: 'always',
      check: 'storage.writes.all(w, storage.files.all(f, f.token >= w.token))',
      title: 'Who had the lock last has the last word',
      broken: 'Overwritten: somebody whose lock had expired wrote over the work of its new holder.',
    },
  },
  expect: {},
  breaks: ['NEWEST'],
  variants: {
    A: {
      title: 'a lock that expires',
      expect: { text: 'ada', writes: ['bob', 'ada'], tokens: [2, 1], stale: 0 },
      breaks: ['NEWEST'],
    },
    B: {
      title: 'the storage looks at the token',
      text: 'Every holder gets a higher token than the one before. The storage has seen 2, and 1 is too late.',
      patch: { services: { storage: storage(true) } },
      expect: { text: 'bob', writes: ['bob'], stale: 1, answers: ['refused STALE_TOKEN', 'ok'] },
    },
    C: {
      title: 'she looks at the clock first',
      text: 'It helps here, and only as long as nothing happens between the look and the write.',
      patch: {
        services: {
          editor: editor([
            takeLock,
            { commit: 'locked' },
            { work: 3000 },
            { check: 'lease.until > now', otherwise: 'LOCK_EXPIRED' },
            writeFile({ token: 'lease.token' }),
            { unlock: "'file'", holder: 'who' },
          ]),
        },
      },
      expect: { text: 'bob', writes: ['bob'], answers: ['refused LOCK_EXPIRED', 'ok'] },
    },
    D: {
      title: 'a lock that never expires',
      text: 'Nobody overwrites anything, and Bob waits for as long as Ada stands still. If she never came back, he would wait for ever.',
      patch: {
        services: {
          editor: editor([
            { lock: "'file'", holder: 'who', whenHeld: 'wait', as: 'lease' },
            { commit: 'locked' },
            { work: 3000 },
            writeFile({ token: 'lease.token' }),
            { unlock: "'file'", holder: 'who' },
          ]),
        },
      },
      expect: { text: 'bob', writes: ['ada', 'bob'] },
    },
  },
}

const job: ServiceInput = {
  instances: 2,
  lease: { timeToLiveMs: 10_000, renewMs: 3000 },
  handlerMs: 1000,
  tables: { done: { columns: ['job', 'atMs'] } },
  operations: { process: { do: [{ insert: 'done', row: { job: 'job', atMs: 'now' } }] } },
}

export const skewedLease: ScenarioInput = {
  sagascope: 1,
  id: 'skewed-lease',
  title: 'A lease, and a clock that is fast',
  case: 'B15',
  chapter,
  text: 'Nothing crashes and nobody stands still. The clock of the second process is eight seconds ahead, a lease lasts for ten and is renewed every three: just before a renewal it looks expired to the second, which takes it. Until the first wants to renew there are two who lead.',
  bus: { order: 'none' },
  services: { leader: job },
  workload: {
    requests: [{ to: 'leader', message: 'process', payload: { job: 'j#' }, copies: 12, everyMs: 400 }],
  },
  faults: [{ kind: 'skew', service: 'leader_2', offsetMs: 8000 }],
  observables: {
    done: 'leader.done.size()',
    holder: 'leader.leases.first().holder',
    epoch: 'leader.leases.first().epoch',
    leaders: "entries.filter(e, e.kind == 'received').map(e, e.service).distinct()",
    takenAt: "entries.filter(e, e.kind == 'leaseTaken').map(e, e.ms)",
    lostAt: "entries.filter(e, e.kind == 'leaseLost').map(e, e.ms)",
  },
  properties: {
    'ONE LEADER': {
      when: 'eventually',
      check: "entries.filter(e, e.kind == 'leaseTaken').size() == 1",
      title: 'Who works is left alone',
      broken: 'Two leaders: one was at work and in time, and another took its lease all the same.',
    },
  },
  expect: { done: 12 },
  breaks: ['ONE LEADER'],
  variants: {
    A: {
      title: 'each goes by its own clock',
      expect: { holder: 'leader_2', epoch: 2, takenAt: [0, 2000], lostAt: [3000] },
      breaks: ['ONE LEADER'],
    },
    B: {
      title: 'all go by the clock of the disk',
      patch: { services: { leader: { lease: { clock: 'disk' } } } },
      expect: { holder: 'leader', epoch: 1, leaders: ['leader'] },
    },
    C: {
      title: 'clocks that agree well enough',
      text: 'Six seconds ahead is less than a lease has left when it is renewed. The margin is what the clocks may differ by.',
      patch: { faults: [{ kind: 'skew', service: 'leader_2', offsetMs: 6000 }] },
      expect: { holder: 'leader', epoch: 1, leaders: ['leader'] },
    },
  },
}
