/** A request that dies midway: what is remembered of it, who takes it up again, and from where. */
import type { ScenarioInput } from '../scenario/schema.ts'
import type { ServiceInput } from './order-world.ts'

type Statements = NonNullable<ServiceInput['operations']>[string]['do']
type Variants = NonNullable<ScenarioInput['variants']>

const hour = 3_600_000
const rides = { columns: ['id', 'order', 'request', 'status'] }
const ride = (pspKey: object): Statements => [
  { insert: 'rides', row: { id: 'newId', order: 'order', request: 'key', status: "'CREATED'" } },
  { commit: 'ride_created' },
  { call: 'charge', to: 'psp', ...pspKey },
  { update: 'rides', where: { request: 'key' }, change: "status = 'PAID'" },
]
const psp: ServiceInput = {
  title: 'PSP',
  tables: { charges: { columns: ['order', 'amount', 'atMs'] } },
  operations: { charge: { do: [{ insert: 'charges', row: { order: 'order', amount: 'amount', atMs: 'now' } }] } },
  protections: { idempotencyKey: {} },
}
/** Our key goes on to the payment provider, which has keys too. */
const withPspKey = { operations: { ride: { do: ride({ key: 'key' }) } } }
const key = { mode: 'claim first', lockTimeoutMs: 90_000 } as const
const request = { to: 'shop', message: 'ride', key: 'abc123', payload: { order: 'o1', amount: 100 } }
const at = (...times: number[]) => ({ requests: times.map((atMs) => ({ ...request, atMs })) })
const completer = { idempotencyKey: { completerMs: 300_000 } }

const variants: Variants = {
  A: {
    title: 'recovery points, the PSP without a key',
    text: 'The retry goes on behind ride_created. It cannot know that the provider was called already.',
    expect: { rides: 1, pspCharges: 2, status: ['PAID'], statuses: [[], [201]] },
    breaks: ['ONE-PSP-CHARGE'],
  },
  B: {
    title: 'recovery points, our key for the PSP too',
    text: 'The provider gets the same key again, and answers with what it has stored.',
    patch: { services: { shop: withPspKey } },
    expect: { rides: 1, pspCharges: 1, status: ['PAID'], statuses: [[], [201]] },
  },
  C: {
    title: 'no recovery points: from the top',
    text: 'The retry starts again with a fresh order id: a second ride, a second charge.',
    patch: { services: { shop: { protections: { idempotencyKey: { recoveryPoints: false } } } } },
    expect: { rides: 2, pspCharges: 2, statuses: [[], [201]] },
    breaks: ['ONE-PSP-CHARGE', 'ONE-RIDE'],
  },
  'C unique': {
    title: 'from the top, with a unique constraint',
    text: 'The first row is in the way of every retry. The ride is neither made nor undone.',
    patch: {
      services: {
        shop: {
          tables: { rides: { ...rides, unique: [['order']] } },
          protections: { idempotencyKey: { recoveryPoints: false } },
        },
      },
      workload: at(0, 91_000, 200_000),
    },
    expect: { rides: 1, pspCharges: 1, status: ['CREATED'], statuses: [[], [500], [500]] },
    breaks: ['LIVE'],
  },
  D: {
    title: 'a retry while the lock is held',
    text: 'After 10 s the lock of the first attempt is still in force, though its holder is dead: 409. After 91 s it has timed out.',
    patch: { services: { shop: withPspKey }, workload: at(0, 10_000, 91_000) },
    expect: { rides: 1, pspCharges: 1, status: ['PAID'], statuses: [[], [409], [201]] },
  },
  'no time-out': {
    title: 'a lock without a time-out',
    text: 'Claim first and no lock time-out: every retry hears 409, for ever.',
    patch: {
      services: { shop: { ...withPspKey, protections: { idempotencyKey: { lockTimeoutMs: null } } } },
      workload: at(0, 91_000, 500_000),
    },
    expect: { rides: 1, pspCharges: 1, status: ['CREATED'], statuses: [[], [409], [409]] },
    breaks: ['LIVE'],
  },
  E: {
    title: 'the client never comes back: a completer',
    text: 'After 300 s a completer takes the request up, with the stored payload, at its recovery point.',
    patch: { services: { shop: { ...withPspKey, protections: completer } }, workload: at(0) },
    expect: { rides: 1, pspCharges: 1, status: ['PAID'] },
  },
  'E no PSP key': {
    title: 'a completer, the PSP without a key',
    patch: { services: { shop: { protections: completer } }, workload: at(0) },
    expect: { rides: 1, pspCharges: 2, status: ['PAID'] },
    breaks: ['ONE-PSP-CHARGE'],
  },
  'E alone': {
    title: 'the client never comes back, and nobody else either',
    patch: { services: { shop: withPspKey }, workload: at(0) },
    expect: { rides: 1, pspCharges: 1, status: ['CREATED'] },
    breaks: ['LIVE'],
  },
  reaper: {
    title: 'a reaper after 72 hours',
    text: 'The reaper deletes the key. Whoever comes with it now is new.',
    patch: {
      endMs: 100 * hour,
      services: {
        shop: { ...withPspKey, protections: { idempotencyKey: { completerMs: 300_000, reaperMs: 72 * hour } } },
      },
      workload: at(0),
    },
    expect: { rides: 1, pspCharges: 1, status: ['PAID'], keys: 0 },
  },
}

export const recoveryPoints: ScenarioInput = {
  sagascope: 1,
  id: 'recovery-points',
  title: 'A crash midway',
  case: 'I09',
  chapter: 'Idempotency',
  text: 'A ride is created, the payment provider is called, the payment is written down: two transactions with a call between them. The process dies after the call. Each commit is a recovery point, kept with the key; a lock says who is at work, and times out after 90 s.',
  services: {
    shop: {
      acknowledge: 'first',
      tables: { rides },
      operations: { ride: { do: ride({}) } },
      protections: { idempotencyKey: key },
    },
    psp,
  },
  workload: at(0, 91_000),
  faults: [{ kind: 'crash', service: 'shop', on: 'ride', point: 'before commit', restartMs: 1000 }],
  observables: {
    rides: 'shop.rides.size()',
    pspCharges: 'psp.charges.size()',
    status: 'shop.rides.map(r, r.status)',
    keys: 'shop.idempotency_keys.size()',
    statuses: 'clients.map(c, c.statuses)',
  },
  properties: {
    'ONE-PSP-CHARGE': {
      when: 'always',
      check: 'psp.charges.size() <= 1',
      broken: 'Charged twice: the provider has taken the money two times for one ride.',
    },
    'ONE-RIDE': { when: 'always', check: 'shop.rides.size() <= 1', broken: 'Two rides for one request.' },
    LIVE: {
      when: 'eventually',
      check: "shop.rides.all(r, r.status == 'PAID') || shop.rides.size() > 1",
      broken: 'Stuck: the ride is neither paid nor undone, and nobody will move it.',
    },
  },
  expect: {},
  breaks: ['ONE-PSP-CHARGE'],
  variants,
}
