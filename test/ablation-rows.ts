/** For tests: the ablation matrix. What is taken away from the safe configuration, and what must turn red. */
import { bareRefund } from '../src/library/order-world.ts'
import type { Patch } from './safely.ts'

/** Found by random schedules: the safe configuration without one protection breaks one of the laws. */
export interface FuzzRow {
  readonly removed: string
  readonly red: string
  readonly patch: Patch
  readonly laws: readonly string[]
  /** Kinds of protections, one of which the checker must name: what was taken away. */
  readonly cures: readonly string[]
  /** How many faults the catalogue's case needs, 1 when absent. */
  readonly faults?: number
  /** The variant of the safe configuration it is taken from. */
  readonly from?: 'key' | 'inbox'
  /** What else the row needs, protection or not: the safe configuration with this is the one it is compared with. */
  readonly beside?: Patch
}

/** Shown alone: a story of the library on the smallest configuration, since other protections would mask it. */
export interface AloneRow {
  readonly removed: string
  readonly story: string
  /** Variant without the protection and its twin that has it; the twin can be another story's. */
  readonly bad: string
  readonly good: string | { readonly story: string }
  /** Kinds of protections, one of which the checker must name; the good twin when absent. */
  readonly cures?: readonly string[]
  /** The law that breaks, or the observable with its bad and good value. */
  readonly red: string | readonly [observable: string, bad: number, good: number]
}

const onParticipants = (protections: Patch) => ({
  services: { payment: { protections }, inventory: { protections }, shipping: { protections } },
})
const noFence = { protections: { fence: null } }
/** T1 as an upsert, so that a second saga of the same order is not stopped by the order's own primary key. */
const upsert = {
  create: {
    do: [{ insert: 'orders', row: { id: 'order', customer: 'customer', state: "'PENDING'" }, conflict: 'replace' }],
  },
}
const bareRelease = {
  reply: 'Released',
  do: [{ update: 'stock', where: { sku: 'sku' }, change: 'available += quantity' }],
}
const impatient = { timeoutMs: 60, retry: null }
const step = (name: string, change: Patch | null) => ({ [name]: change })

export const fuzzRows: readonly FuzzRow[] = [
  {
    removed: 'KEY or INBOX(biz) on every participant',
    red: 'charged or shipped twice',
    patch: onParticipants({ idempotencyKey: null }),
    laws: ['STOCK', 'ONE-CHARGE', 'ATOM'],
    cures: ['key', 'inbox'],
  },
  {
    // The fence turns a second compensation away as well: with it, nothing breaks.
    removed: 'Guarded refund, its key and its fence',
    red: 'more refunds than charges',
    patch: {
      services: { payment: { operations: { refund: bareRefund }, protections: { idempotencyKey: null, fence: null } } },
    },
    laws: ['MONEY'],
    cures: ['key', 'fence'],
  },
  {
    removed: 'Guarded release, its key and its fence',
    red: 'available 6',
    patch: {
      services: {
        inventory: { operations: { release: bareRelease }, protections: { idempotencyKey: null, fence: null } },
      },
    },
    laws: ['STOCK'],
    // A release that was never owed is turned away by the guard alone, and no switch writes one.
    cures: ['key', 'fence', 'variant'],
  },
  {
    removed: 'Stored reply (an inbox that only skips)',
    red: 'replies 0, the saga stalls',
    from: 'inbox',
    patch: onParticipants({ inbox: { reply: 'none' } }),
    laws: ['LIVE'],
    cures: ['stored reply'],
  },
  {
    removed: 'Compensation registered before the command',
    red: '1/0/900 with REJECTED',
    patch: { sagas: { order: { register: 'after' } } },
    laws: ['ATOM'],
    cures: ['register before'],
  },
  {
    removed: 'FENCE',
    red: '1/0/900 with REJECTED',
    patch: { services: { payment: noFence, inventory: noFence } },
    laws: ['ATOM'],
    cures: ['fence'],
  },
  {
    removed: 'Tombstone kept as long as the longest delay',
    red: '1/0/900 with REJECTED',
    patch: {
      services: {
        payment: { protections: { fence: { lifetimeMs: 2000 } } },
        inventory: { protections: { fence: { lifetimeMs: 2000 } } },
      },
    },
    laws: ['ATOM'],
    cures: ['tombstone'],
  },
  {
    removed: 'State guard on replies',
    red: 'a reservation leaks, or two',
    patch: { sagas: { order: { guard: false } } },
    laws: ['ATOM'],
    cures: ['state guard'],
  },
  {
    removed: 'Durable orchestrator',
    red: 'PENDING for ever',
    patch: { sagas: { order: { durable: false } } },
    laws: ['LIVE'],
    cures: ['durable'],
  },
  {
    removed: 'OUTBOX (send first, then save)',
    red: 'money back and goods shipped',
    patch: {
      services: { order: { protections: { outbox: false } } },
      sagas: { order: { persist: 'after sending' } },
      properties: { NOLOSS: null },
    },
    // An impatient orchestrator: a crash while it turns back, and the reply that comes before it has turned back again.
    beside: { sagas: { order: { steps: { charge: impatient, reserve: impatient } } } },
    laws: ['ATOM'],
    cures: ['outbox'],
  },
  {
    removed: 'Unique saga id',
    red: 'sagas 2, charges 2',
    from: 'inbox',
    patch: { sagas: { order: { unique: false } } },
    beside: { services: { order: { operations: upsert } } },
    laws: ['ONE-CHARGE'],
    cures: ['unique saga id'],
  },
  {
    removed: 'Saga-row concurrency control (parallel steps, no re-sends)',
    red: 'the join never fires',
    patch: { sagas: { order: { concurrency: 'none' } } },
    beside: {
      sagas: {
        order: {
          steps: {
            charge: { after: ['create'], timeoutMs: null, retry: null },
            reserve: { after: ['create'], timeoutMs: null, retry: null },
            ship: { after: ['charge', 'reserve'] },
          },
        },
      },
    },
    laws: ['LIVE'],
    cures: ['saga row'],
  },
  {
    removed: 'Pivot after all steps that can be refused',
    red: 'shipped 1, charges 0',
    patch: {
      sagas: {
        order: {
          steps: {
            ship: { after: ['reserve'] },
            charge: { after: ['ship'] },
            reserve: { after: ['create'] },
            approve: { after: ['charge'] },
          },
        },
      },
    },
    laws: ['ATOM'],
    cures: ['pivot last'],
  },
  {
    removed: 'Re-asking an unknown pivot',
    red: 'shipped 1, net charge 0',
    patch: {
      sagas: {
        order: {
          steps: step('ship', {
            onTimeout: 'compensate',
            onFailure: 'compensate',
            retry: { initialMs: 500, attemptsMax: 3 },
          }),
        },
      },
    },
    laws: ['ATOM'],
    cures: ['re-ask'],
  },
]

/** What looks safe and is not. */
export const nearMisses: readonly FuzzRow[] = [
  {
    removed: 'A business key without the step',
    red: 'the refund is taken for the charge',
    patch: {
      ...onParticipants({ idempotencyKey: { scope: 'service', fingerprint: false } }),
      sagas: { order: { steps: { charge: { keys: 'saga' }, reserve: { keys: 'saga' }, ship: { keys: 'saga' } } } },
    },
    laws: ['ATOM'],
    cures: ['key scope'],
  },
  {
    removed: 'Keys claimed first, without a lock time-out',
    red: 'IN_PROGRESS for ever after a crash',
    patch: onParticipants({ idempotencyKey: { mode: 'claim first' } }),
    laws: ['LIVE'],
    cures: ['lock time-out'],
    faults: 2,
  },
  {
    removed: 'Finished sagas purged, and a late second start',
    red: 'shipped, and net charge 0',
    from: 'inbox',
    patch: { sagas: { order: { ended: 'remove' } } },
    beside: { services: { order: { operations: upsert } } },
    laws: ['ATOM', 'ONE-CHARGE'],
    cures: ['ended kept'],
  },
  {
    removed: 'Refusals not stored, and the pivot changes its answer',
    red: 'shipped for free',
    patch: { services: { shipping: { protections: { idempotencyKey: { stores: 'successes' } } } } },
    laws: ['ATOM'],
    cures: ['stored refusals'],
    faults: 2,
  },
]

const shows = (observable: string, bad: number, good: number) => [observable, bad, good] as const

export const aloneRows: readonly AloneRow[] = [
  {
    removed: 'KEY on the charge alone (I01)',
    story: 'lost-response',
    bad: 'none',
    good: 'key',
    red: shows('charges', 2, 1),
  },
  {
    removed: 'KEY under a partition (B10)',
    story: 'partition-heals',
    bad: 'none',
    good: 'key',
    red: shows('charges', 5, 1),
  },
  {
    removed: 'INBOX after a crash (B01-CP2)',
    story: 'crash-points',
    bad: 'CP2 none',
    good: 'CP2 inbox outbox',
    red: shows('charges', 2, 1),
  },
  {
    removed: 'Stored reply alone (B01-CP2)',
    story: 'crash-points',
    bad: 'CP2 skip',
    good: 'CP2 key',
    red: shows('replies', 0, 1),
  },
  {
    removed: 'Guarded refund alone (S10)',
    story: 'compensation-repeated',
    bad: 'i none',
    good: 'i guarded',
    red: 'MONEY',
  },
  { removed: 'Guarded release alone (S09)', story: 'crash-while-compensating', bad: 'B', good: 'A', red: 'STOCK' },
  { removed: 'Tombstone kept long enough (S06)', story: 'compensation-overtakes', bad: 'D', good: 'C', red: 'ATOM' },
  {
    removed: 'OUTBOX, log saved first (S08)',
    story: 'orchestrator-crash',
    bad: 'A without outbox',
    good: 'A',
    red: 'LIVE',
  },
  { removed: 'OUTBOX for an event (B02)', story: 'dual-write', bad: 'A', good: 'D', red: shows('events', 0, 1) },
  { removed: 'OUTBOX in a choreography (C03)', story: 'silent-stall', bad: 'A', good: 'B', red: 'LIVE' },
  {
    removed: 'INBOX behind OUTBOX (B03)',
    story: 'relay-crash',
    bad: 'A',
    good: 'A inbox',
    red: shows('effects', 2, 1),
  },
  { removed: 'Unique saga id (S16)', story: 'duplicate-start', bad: 'A', good: 'B', red: shows('sagas', 2, 1) },
  {
    removed: 'Forward-only after the pivot (S12)',
    story: 'wrong-pivot',
    bad: 'C',
    good: { story: 'after-the-pivot' },
    cures: ['forward only'],
    red: 'ATOM',
  },
  { removed: 'Owed compensation kept (S11)', story: 'compensation-fails', bad: 'E', good: 'B', red: 'NOTHING-HIDDEN' },
  { removed: 'Semantic lock (S18)', story: 'create-and-cancel', bad: 'A', good: 'B', red: 'STOCK' },
  { removed: 'Reread as a conditional write (S18)', story: 'create-and-cancel', bad: 'D', good: 'C', red: 'STOCK' },
  { removed: 'Inverse-delta compensation (S23)', story: 'before-image', bad: 'A', good: 'B', red: 'STOCK' },
  {
    removed: 'Atomic claim (I02)',
    story: 'same-key-twice',
    bad: 'check then insert',
    good: 'single transaction',
    red: 'ONE-CHARGE',
  },
  {
    removed: 'Lock or condition on the state check (I02)',
    story: 'same-key-twice',
    bad: 'state',
    good: 'state locked',
    red: 'ONE-CHARGE',
  },
  { removed: 'Fingerprint (I04)', story: 'key-reused', bad: 'qonto', good: 'ietf', red: 'HONEST' },
  {
    removed: 'Key kept as long as retries come (I06)',
    story: 'retry-after-window',
    bad: 'late',
    good: 'in time',
    red: 'ONE-CHARGE',
  },
  { removed: 'Key kept until the replay (B08)', story: 'dead-letters', bad: 'iii', good: 'i inbox', red: 'ONCE' },
  { removed: 'Jitter (B12)', story: 'thundering-herd', bad: 'none', good: 'full', red: 'CALM' },
  {
    removed: 'Retries in one layer only (B11)',
    story: 'retry-amplification',
    bad: 'three',
    good: 'one layer',
    red: shows('calls', 64, 4),
  },
  { removed: 'Atomic checkpoint (K02)', story: 'checkpoint', bad: 'increment', good: 'atomic', red: 'PROJ' },
  { removed: 'Gap handling (K07)', story: 'sequence-gap', bad: 'naive', good: 'while open', red: shows('lost', 1, 0) },
  {
    removed: 'Replay suppression (K05)',
    story: 'rebuild',
    bad: 'again',
    good: 'suppressed',
    red: shows('emails', 20, 10),
  },
  {
    removed: 'expectedVersion (E04)',
    story: 'expected-version',
    bad: 'any',
    good: 'expected',
    red: shows('balance', -50, 50),
  },
]
