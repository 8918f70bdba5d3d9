import { describe, expect, it } from 'vitest'
import { runScenario } from '../../../test/run-scenario.ts'
import { library } from '../../library/library.ts'
import { checkpoint } from '../../library/projections.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { History } from '../../trace/history.ts'
import { Kind, kindName } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import type { ProgramInfo } from '../../trace/trace-format.ts'
import { codeAt } from './code-layout.ts'
import { handlingsOf } from './handlings.ts'
import { linesOf } from './line-of.ts'

const story = (id: string) => library.find((one) => one.id === id) as ScenarioInput
const at = (trace: Trace, playhead: number, chosen: number | null = null) =>
  codeAt(trace, handlingsOf(trace), new History(trace).stateAt(playhead), playhead, chosen)
const programOf = (trace: Trace, name: string) =>
  (trace.header.programs ?? []).find((one) => one.name === name) as ProgramInfo
const positions = (trace: Trace, ...kinds: number[]) =>
  Array.from({ length: trace.length }, (_, i) => i).filter((i) => kinds.includes(trace.at('kind', i)))

/** The texts of the lines the entries of a message stand for, one after the other, each once. */
function way(trace: Trace, name: string, message: number): string[] {
  const program = programOf(trace, name)
  const lines = linesOf(trace, program, handlingsOf(trace).past(message, trace.length))
  return lines.filter((line, i) => line !== lines[i - 1]).map((line) => program.lines[line]?.text ?? '?')
}

describe('the code beside the stage', () => {
  it('has the lesson’s own lines, as they stand', () => {
    const unique = runScenario(story('lesson-unique'), 'unique').trace.header.programs?.[0]?.lines.map(
      ({ text }) => text,
    )
    expect(unique?.[0]).toBe('TABLE transfers: UNIQUE KEY(transferId)')
    expect(unique).toContain('INSERT INTO transfers (transferId, amount) VALUES (transferId, amount)')
    const state = runScenario(story('lesson-state'), 'state').trace.header.programs?.[0]?.lines.map(({ text }) => text)
    expect(state).toContain('if order.status == "charged": return')
    const { trace } = runScenario(story('lesson-key'), 'key')
    expect(at(trace, 3)?.hands[0]?.payload).toBe('{"amount": 100, "idempotencyKey": "abc123"}')
  })

  it('goes through the lines in the order in which the engine runs them', () => {
    const { trace } = runScenario(story('lesson-key'), 'key')
    const [first, second] = positions(trace, Kind.received).map((position) => trace.at('message', position))
    expect(way(trace, 'pay', first as number)).toEqual([
      'on pay:',
      'BEGIN',
      "UPDATE accounts SET balance -= amount WHERE id = 'a1' AND balance >= amount, else refuse NO_MONEY",
      'INSERT INTO payments (amount, atMs) VALUES (amount, now)',
      'COMMIT',
      'reply Paid',
      'acknowledge',
    ])
    expect(way(trace, 'pay', second as number).slice(1, 3)).toEqual([
      'BEGIN',
      'there already: ROLLBACK, reply what is stored',
    ])
  })

  it('shows two at work in one program at different lines', () => {
    const { trace } = runScenario(story('lesson-state'), 'at once')
    const both = positions(trace, Kind.executed).map((position) => at(trace, position + 1)?.hands ?? [])
    const apart = both.find((hands) => hands.length === 2 && hands[0]?.ran !== hands[1]?.ran)
    expect(apart).toBeDefined()
    expect(apart?.every(({ ran }) => ran >= 0)).toBe(true)
  })

  it('stands at the work while its time passes, and says until when', () => {
    const { trace } = runScenario(story('lesson-key'), 'key')
    const begun = positions(trace, Kind.begun)[0] as number
    const view = at(trace, begun + 1)
    const line = programOf(trace, 'pay').lines[view?.hands[0]?.stands ?? -1]
    expect(line).toMatchObject({ text: 'work 5 ms', phase: 'work' })
    expect(view?.hands[0]?.until).toBe('15 ms')
  })

  it('waits at the claim while somebody else is at work under the same key', () => {
    const { trace } = runScenario(story('same-key-twice'), 'single transaction')
    const waits = positions(trace, Kind.waiting)[0] as number
    const hand = at(trace, waits + 1)?.hands.find(({ isNow }) => isNow)
    expect(programOf(trace, 'charge').lines[hand?.stands ?? -1]?.phase).toBe('claim key')
  })

  it('shows a chosen program though somebody else is at work', () => {
    const { trace } = runScenario(story('order-saga'), null)
    const refund = (trace.header.programs ?? []).findIndex(({ name }) => name === 'refund')
    expect(at(trace, 40, refund)).toEqual({ program: refund, hands: [] })
  })

  it('follows a projection through its rule, its commit and its position, together or with a gap for a crash', () => {
    const lines = (variant: string) => {
      const { trace } = runScenario(checkpoint, variant)
      const received = positions(trace, Kind.received).map((position) => trace.at('message', position))
      const event = received.find((one) => trace.text(trace.messageAt('type', one)) === 'OrderPlaced for totals')
      return way(trace, 'totals', event as number)
    }
    const apart = lines('increment')
    expect(apart.slice(0, 2)).toEqual(['on an event of orders:', 'BEGIN'])
    expect(apart.slice(-3)).toEqual(['COMMIT', 'COMMIT the position, by itself', 'acknowledge'])
    expect(apart.length).toBeGreaterThan(5)
    expect(lines('atomic').slice(-3)).toEqual(['store the position', 'COMMIT both at once', 'acknowledge'])
  })

  it('has a line for everything any handler of the library does', () => {
    const missing: string[] = []
    for (const scenario of library) {
      for (const variant of [null, ...Object.keys(scenario.variants ?? {})]) {
        const { trace } = runScenario(scenario, variant)
        const programs = trace.header.programs ?? []
        for (const position of positions(trace, Kind.received).slice(0, 300)) {
          const message = trace.at('message', position)
          const type = trace.text(trace.messageAt('type', message))
          const name = `${scenario.id} ${variant}: ${type}`
          const program = programs.find(
            (one) => one.service === trace.at('service', position) && one.messages.includes(type),
          )
          // Projections and other readers of events run no operation: there is no code of theirs to show.
          if (program === undefined) continue
          const past = handlingsOf(trace).past(message, trace.length)
          linesOf(trace, program, past).forEach((line, i) => {
            if (line < 0) missing.push(`${name}: ${kindName(trace.at('kind', past[i] as number))}`)
          })
        }
      }
    }
    expect([...new Set(missing)]).toEqual([])
  }, 60_000)
})
