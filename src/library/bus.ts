/** The bus and the crash points: what a crash at each gap of a handler costs, and a partition that heals. */
import type { ScenarioInput } from '../scenario/schema.ts'
import { completed, live, money, oneCharge, order, orderSaga, payment, placeOrder, steps } from './order-world.ts'

type Variants = NonNullable<ScenarioInput['variants']>

const gaps = [
  { name: 'CP0', point: 'on receipt', title: 'before anything' },
  { name: 'CP1', point: 'before commit', title: 'before commit' },
  { name: 'CP2', point: 'after commit', title: 'after commit, before the reply' },
  { name: 'CP3', point: 'after send', title: 'after the reply, before the ack' },
  { name: 'CP3b', point: 'ack lost', title: 'ack sent but lost' },
  { name: 'CP4', point: 'after ack', title: 'acknowledged first, before commit' },
] as const
type Gap = (typeof gaps)[number]

const protections = [
  { name: 'none', title: 'no protection', patch: {} },
  { name: 'skip', title: 'inbox that skips', patch: { inbox: { reply: 'none' } } },
  { name: 'inbox outbox', title: 'inbox and outbox', patch: { inbox: { reply: 'none' }, outbox: true } },
  { name: 'key', title: 'key with stored reply', patch: { idempotencyKey: {} } },
] as const

/** Charges and replies by gap, for: no protection, skip, inbox and outbox, key. Catalogue B01. */
const outcomes: Record<Gap['name'], { charges: number[]; replies: number[] }> = {
  CP0: { charges: [1, 1, 1, 1], replies: [1, 1, 1, 1] },
  CP1: { charges: [1, 1, 1, 1], replies: [1, 1, 1, 1] },
  CP2: { charges: [2, 1, 1, 1], replies: [1, 0, 1, 1] },
  CP3: { charges: [2, 1, 1, 1], replies: [2, 1, 1, 2] },
  CP3b: { charges: [2, 1, 1, 1], replies: [2, 1, 1, 2] },
  CP4: { charges: [0, 0, 0, 0], replies: [0, 0, 0, 0] },
}

function variant(gap: Gap, column: number): Variants[string] {
  const protection = protections[column] as (typeof protections)[number]
  const charges = outcomes[gap.name].charges[column] as number
  const replies = outcomes[gap.name].replies[column] as number
  const acknowledge = gap.name === 'CP4' ? { acknowledge: 'first' } : {}
  return {
    title: `${gap.title}, ${protection.title}`,
    patch: {
      services: { payment: { ...acknowledge, protections: protection.patch } },
      faults: [{ kind: 'crash', service: 'payment', on: 'charge', point: gap.point, restartMs: 1000 }],
    },
    expect: {
      charges,
      replies,
      deliveries: gap.name === 'CP4' ? 1 : 2,
      saga: replies === 0 ? 'Running' : 'Completed',
    },
    breaks: [...(charges > 1 ? ['ONE-CHARGE'] : []), ...(replies === 0 ? ['LIVE'] : [])],
  }
}

const matrix: Variants = Object.fromEntries(
  gaps.flatMap((gap) => protections.map((protection, i) => [`${gap.name} ${protection.name}`, variant(gap, i)])),
)

export const crashPoints: ScenarioInput = {
  ...orderSaga,
  id: 'crash-points',
  title: 'Crash-point matrix',
  case: 'B01',
  chapter: 'The bus',
  text: 'One charge command, one crash, one restart. Where exactly the crash falls decides: nothing happens, it happens twice, or it happened and nobody hears of it. Then switch the protections.',
  services: { order, payment },
  sagas: {
    order: {
      orchestrator: 'order',
      start: 'PlaceOrder',
      id: 'order',
      steps: [steps.create, steps.charge, steps.approve],
    },
  },
  workload: { requests: [placeOrder] },
  observables: {
    deliveries: 'deliveries("charge")',
    charges: "payment.ledger.filter(l, l.type == 'charge').size()",
    replies: 'replies("charge")',
    saga: 'saga("o1").status',
  },
  properties: { 'ONE-CHARGE': oneCharge, MONEY: money(1000), LIVE: live },
  expect: { deliveries: 1, charges: 1, replies: 1, saga: 'Completed' },
  variants: matrix,
}

const statefulCharge = {
  tables: { payments: { columns: ['order', 'status'], key: 'order', rows: [{ order: 'o1', status: 'UNPAID' }] } },
  operations: {
    charge: {
      do: [
        { read: 'payments', where: { order: 'order' }, as: 'paid' },
        { return: "paid.status == 'PAID'" },
        ...(payment.operations?.charge?.do ?? []),
        { update: 'payments', where: { order: 'order' }, change: "status = 'PAID'" },
      ],
    },
  },
}

const once = { charges: 1, balance: 900 }
const cut = { kind: 'partition', between: [['order'], ['payment']], untilMs: 20_000 } as const

export const partition: ScenarioInput = {
  ...orderSaga,
  id: 'partition-heals',
  title: 'Partition, then heal',
  case: 'B10',
  chapter: 'The bus',
  text: 'Order and Payment cannot reach each other for 20 s. Order asks again at 0, 1, 3, 7 and 15 s; all five wait at the partition and arrive together when it heals.',
  sagas: {
    order: {
      ...(orderSaga.sagas?.order as NonNullable<ScenarioInput['sagas']>[string]),
      steps: (orderSaga.sagas?.order?.steps ?? []).map((step) =>
        step.name === 'charge' ? { ...step, timeoutMs: 0, retry: 'temporal' as const } : step,
      ),
    },
  },
  faults: [{ ...cut, between: [['order'], ['payment']] }],
  observables: { ...orderSaga.observables, sent: 'sent("charge")', turnedAway: 'deduplicated("charge")' },
  expect: { ...completed, charges: 5, balance: 500, sent: 5, turnedAway: 0 },
  breaks: ['ONE-CHARGE', 'ATOM'],
  variants: {
    none: { title: 'no protection', breaks: ['ONE-CHARGE', 'ATOM'] },
    key: {
      title: 'idempotency key',
      patch: { services: { payment: { protections: { idempotencyKey: {} } } } },
      expect: { ...once, turnedAway: 4 },
    },
    state: {
      title: 'state check, one at a time',
      patch: { services: { payment: statefulCharge } },
      expect: { ...once, turnedAway: 4 },
    },
    'replies none': {
      title: 'only the replies are cut',
      text: 'The charges happen during the partition; only their replies wait.',
      patch: { faults: [{ ...cut, direction: 'back' }] },
      breaks: ['ONE-CHARGE', 'ATOM'],
    },
    'replies key': {
      title: 'only the replies are cut, with key',
      patch: {
        services: { payment: { protections: { idempotencyKey: {} } } },
        faults: [{ ...cut, direction: 'back' }],
      },
      expect: { ...once, turnedAway: 4 },
    },
    drops: {
      title: 'the client side drops',
      text: 'Nothing is buffered: what is sent during the cut is lost. The attempt at 31 s gets through.',
      patch: { faults: [{ ...cut, mode: 'drop' }] },
      expect: { ...once, sent: 6 },
    },
  },
}
