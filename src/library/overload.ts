/** Too much to do: queues that grow, clients that leave, circuits that open. */
import type { ScenarioInput } from '../scenario/schema.ts'

type Request = NonNullable<NonNullable<ScenarioInput['workload']>['requests']>[number]

const ask: Request = {
  to: 'shop',
  message: 'quote',
  payload: { customer: 'c#' },
  copies: 200,
  everyMs: 50,
  timeoutMs: 1000,
}

export const backlog: ScenarioInput = {
  sagascope: 1,
  id: 'backlog',
  title: 'A backlog, and work for nobody',
  chapter: 'Resilience',
  text: 'Twenty customers a second come, ten a second can be served, and each waits for one second. Soon every answer is for somebody who has left: the service works all the time and serves nobody. Watch the queue grow, and then what shedding makes of it.',
  bus: { order: 'none' },
  services: {
    shop: {
      handlerMs: 100,
      concurrency: 1,
      tables: { quotes: { columns: ['customer', 'atMs'] } },
      operations: { quote: { do: [{ insert: 'quotes', row: { customer: 'customer', atMs: 'now' } }] } },
    },
  },
  workload: { requests: [ask] },
  observables: {
    worked: 'shop.quotes.size()',
    served: 'clients.filter(c, !c.gaveUp).size()',
    forNobody: "clients.filter(c, c.gaveUp && c.answer == 'ok').size()",
    turnedAway: "clients.filter(c, c.answer == 'error OVERLOADED').size()",
    lastAtMs: 'shop.quotes.last().atMs',
  },
  properties: {
    USEFUL: {
      when: 'eventually',
      check: "clients.filter(c, c.gaveUp && c.answer == 'ok').size() * 10 <= shop.quotes.size()",
      title: 'Work is for somebody',
      broken: 'For nobody: most of the work was done for clients that had given up.',
    },
  },
  expect: {},
  breaks: ['USEFUL'],
  variants: {
    A: {
      title: 'an endless queue',
      expect: { worked: 200, served: 18, forNobody: 182, lastAtMs: 20_000 },
      breaks: ['USEFUL'],
    },
    B: {
      title: 'the clients ask again',
      text: 'Each attempt that was given up is followed by two more, and all of them are worked on: impatience makes a backlog three times as long.',
      patch: { workload: { requests: [{ ...ask, retry: { initialMs: 0, attemptsMax: 3 } }] } },
      expect: { worked: 544, served: 45, forNobody: 155, lastAtMs: 54_400 },
      breaks: ['USEFUL'],
    },
    C: {
      title: 'messages live for one second',
      text: 'What has waited for a second is thrown away unread. It is not enough: what has waited for a little less is answered too late all the same.',
      patch: { bus: { timeToLiveMs: 1000 } },
      expect: { worked: 110, served: 18, forNobody: 92 },
      breaks: ['USEFUL'],
    },
    D: {
      title: 'they live for less than the client waits',
      text: 'The time to live leaves room for the work itself: who is served has waited for it.',
      patch: { bus: { timeToLiveMs: 850 } },
      expect: { worked: 109, served: 109, forNobody: 0 },
    },
    E: {
      title: 'a short queue: the rest is turned away at once',
      text: 'At most eight wait. Who comes then hears no at once instead of nothing after a second, and everybody who gets in is served in time.',
      patch: { services: { shop: { queueMax: 8 } } },
      expect: { worked: 108, served: 108, forNobody: 0, turnedAway: 92 },
    },
  },
}

type Statement = NonNullable<NonNullable<ScenarioInput['services'][string]['operations']>[string]>['do'][number]
type Call = Extract<Statement, { call: string }>

/** A shop that asks a card processor for every order. */
const paying = (options: Partial<Call>): NonNullable<ScenarioInput['services'][string]['operations']> => ({
  pay: { do: [{ call: 'capture', to: 'psp', timeoutMs: 2000, ...options }] },
})

export const circuitBreaker: ScenarioInput = {
  sagascope: 1,
  id: 'circuit-breaker',
  title: 'A circuit breaker, open and half-open',
  chapter: 'Resilience',
  text: 'The card processor hangs for a minute, and an order comes every second. Without a breaker every one of them waits two seconds for nothing. With one, five failures open the circuit: the next ones fail at once, after thirty seconds a single call may try, and the first that works closes it.',
  bus: { order: 'none' },
  services: {
    shop: { handlerMs: 0, operations: paying({}) },
    psp: {
      handlerMs: 10,
      tables: { captures: { columns: ['order'] } },
      operations: { capture: { do: [{ insert: 'captures', row: { order: 'order' } }] } },
    },
  },
  workload: {
    requests: [{ to: 'shop', message: 'pay', payload: { order: 'o#' }, copies: 100, everyMs: 1000 }],
  },
  faults: [
    {
      kind: 'slow',
      service: 'psp',
      on: 'capture',
      times: 'always',
      untilMs: 60_000,
      byMs: 10_000,
      where: 'before transaction',
    },
  ],
  observables: {
    asked: 'sent("capture")',
    paid: "clients.filter(c, c.answer == 'ok').size()",
    failedFast: "clients.filter(c, c.answer == 'error CIRCUIT_OPEN').size()",
    waited: "clients.filter(c, c.answer == 'error TIMEOUT').size()",
    circuit: "entries.filter(e, e.kind == 'circuit').map(e, e.detail)",
  },
  properties: {
    SPARED: {
      when: 'eventually',
      check: "clients.filter(c, c.answer == 'error TIMEOUT').size() <= 10",
      title: 'Who is down is left alone',
      broken: 'Hammered: a service that is down is asked again and again, and everybody waits for it.',
    },
  },
  expect: {},
  breaks: ['SPARED'],
  variants: {
    A: {
      title: 'no breaker',
      expect: { asked: 100, paid: 40, failedFast: 0, waited: 60, circuit: [] },
      breaks: ['SPARED'],
    },
    B: {
      title: 'a breaker',
      text: 'The trial at half past fails, and the circuit is open for another thirty seconds; the next one works. Some orders could have been paid in between: that is the price.',
      patch: { services: { shop: { operations: paying({ breaker: { failures: 5, openMs: 30_000 } }) } } },
      expect: {
        asked: 39,
        paid: 32,
        failedFast: 61,
        waited: 7,
        circuit: ['open', 'half-open', 'open', 'half-open', 'closed'],
      },
    },
    C: {
      title: 'a breaker that wants to see three work',
      patch: { services: { shop: { operations: paying({ breaker: { failures: 5, openMs: 30_000, trials: 3 } }) } } },
      expect: { asked: 39, paid: 32, failedFast: 61, circuit: ['open', 'half-open', 'open', 'half-open', 'closed'] },
    },
    D: {
      title: 'impatient: open for five seconds',
      text: 'It asks more often whether the other is back, is right sooner, and lets more orders wait.',
      patch: { services: { shop: { operations: paying({ breaker: { failures: 5, openMs: 5000 } }) } } },
      expect: { asked: 53, paid: 40, failedFast: 47, waited: 13 },
      breaks: ['SPARED'],
    },
  },
}
