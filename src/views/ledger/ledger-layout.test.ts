import { describe, expect, it } from 'vitest'
import { runScenario } from '../../../test/run-scenario.ts'
import { library } from '../../library/library.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { timeText } from '../../trace/describe.ts'
import { History } from '../../trace/history.ts'
import { Kind } from '../../trace/kinds.ts'
import type { Trace } from '../../trace/trace.ts'
import { Encounters, encountersOf } from './encounters.ts'
import { expiryAt, type KeyEntry, ledgerAt, type StoreView } from './ledger-layout.ts'

const story = (id: string) => library.find((one) => one.id === id) as ScenarioInput
const runOf = (id: string, variant: string) => runScenario(story(id), variant).trace
const ledger = (trace: Trace, playhead = trace.length, filter = ''): StoreView[] =>
  ledgerAt(trace, encountersOf(trace), new History(trace).stateAt(playhead), filter)
const onlyKey = (trace: Trace, playhead?: number) => ledger(trace, playhead)[0]?.entries[0] as KeyEntry
const told = (trace: Trace, entry: KeyEntry) =>
  entry.lines.map(({ position, who, what }) => `${timeText(trace.timeAt(position))} ${who}: ${what}`)

describe('the ledger of keys', () => {
  it('has the row as it is on disk, and what each request met', () => {
    const trace = runOf('lost-response', 'key')
    const entry = onlyKey(trace)
    expect(entry).toMatchObject({ key: 'abc123', state: 'held', status: 'DONE', reply: 'ok' })
    expect(entry.facts.map(({ name }) => name)).toEqual(['fingerprint'])
    expect(told(trace, entry)).toEqual([
      '15 ms charge: first: executed',
      '2.010 s charge #2: turned away, told again: Charged',
    ])
  })

  it('is empty before anybody came, and knows nothing of what comes later', () => {
    const trace = runOf('lost-response', 'key')
    expect(ledger(trace, 0)[0]?.entries).toEqual([])
    const first = encountersOf(trace).all[0]?.position as number
    expect(onlyKey(trace, first + 1).lines).toHaveLength(1)
  })

  it('shows a claim that is not committed as one, with nothing on disk', () => {
    const trace = runOf('same-key-twice', 'single transaction')
    const waits = Array.from({ length: trace.length }, (_, i) => i).find((i) => trace.at('kind', i) === Kind.waiting)
    const entry = onlyKey(trace, (waits as number) + 1)
    expect(entry).toMatchObject({ key: 'abc123', state: 'claimed', status: '' })
    expect(told(trace, entry)).toEqual(['0 ms charge: waits for the one at work'])
  })

  it('tells the conflict of a claim-first key from the wait of a single transaction', () => {
    const trace = runOf('same-key-twice', 'claim first')
    expect(told(trace, onlyKey(trace))).toEqual([
      '0 ms charge: first: claims the key',
      '0 ms charge: refused, 409: somebody is at it',
      '5 ms charge: done: the reply is stored',
      '1.000 s charge #2: turned away, told again: Charged',
    ])
  })

  it('sees the second row of one key that nobody recognised', () => {
    const trace = runOf('same-key-twice', 'check then insert')
    expect(onlyKey(trace).lines.map(({ what, tone }) => [what, tone])).toEqual([
      ['first: executed', 'plain'],
      ['not recognised: executed again', 'bad'],
    ])
  })

  it('counts the expiry down in virtual time, and says when a retry comes too late', () => {
    const trace = runOf('retry-after-window', 'late')
    const day = 24 * 3_600_000_000
    const entry = onlyKey(trace, encountersOf(trace).all[0]!.position + 1)
    expect(expiryAt(entry, entry.createdAt as number)).toEqual({ text: 'expires in 24 h 0 min', left: 100 })
    expect(expiryAt(entry, (entry.createdAt as number) + day / 2)).toEqual({ text: 'expires in 12 h 0 min', left: 50 })
    expect(expiryAt(entry, (entry.createdAt as number) + day)?.left).toBe(0)
    expect(onlyKey(trace).lines.at(-1)).toMatchObject({ what: 'the key had expired: executed again', tone: 'bad' })
  })

  it('says which status another payload gets', () => {
    const last = (variant: string) => onlyKey(runOf('key-reused', variant)).lines.at(-1)?.what
    expect(last('ietf')).toBe('refused, 422: the key with another payload')
    expect(last('brandur')).toBe('refused, 409: the key with another payload')
    expect(last('qonto')).toBe('turned away, told again: Charged')
  })

  it('shows the error that is stored, and every later request told it again', () => {
    const trace = runOf('stored-errors', 'stored')
    expect(onlyKey(trace)).toMatchObject({ status: 'DONE', reply: 'error UNAVAILABLE' })
    const met = onlyKey(trace).lines.map(({ what }) => what)
    expect(met[0]).toBe('first: claims the key')
    expect(met.at(-1)).toBe('turned away, told again: charge failed UNAVAILABLE')
  })

  it('knows a unique constraint by the value it has, mapped or not', () => {
    const [mapped, unmapped] = [runOf('lost-response', 'unique'), runOf('lost-response', 'unique unmapped')]
    expect(onlyKey(mapped).key).toBe('order o1, type charge')
    expect(onlyKey(mapped).lines.at(-1)?.what).toBe('turned away, told again: Charged')
    expect(onlyKey(unmapped).lines.at(-1)?.what).toBe('an error: the value is there already')
  })

  it('lists what a state check saw, though it keeps nothing', () => {
    const what = (variant: string) => onlyKey(runOf('lesson-state', variant)).lines.map((line) => line.what)
    expect(what('state')).toEqual(['looks: does not hold, goes on', 'turned away: it holds'])
    expect(what('at once')).toEqual(['looks: does not hold, goes on', 'looks: does not hold, goes on'])
  })

  it('says who takes over, gives back and clears away', () => {
    const what = (variant: string) => onlyKey(runOf('recovery-points', variant)).lines.map((line) => line.what)
    expect(what('A')).toContain('takes over what nobody finished')
    expect(what('C unique')).toContain('failed: gives the key back')
    expect(what('reaper').at(-1)).toBe('deleted by the reaper')
  })

  it('finds a key by a part of it', () => {
    const trace = runOf('stored-errors', 'fresh key')
    expect(ledger(trace, trace.length, '-2')[0]?.entries.map(({ key }) => key)).toEqual(['abc123-2'])
  })

  it('reads a trace that grows as it reads a whole one', () => {
    for (const [id, variant] of [
      ['recovery-points', 'D'],
      ['same-key-twice', 'state locked'],
    ] as const) {
      const { parts, trace } = runScenario(story(id), variant, { slice: 7 })
      const whole = new Encounters(trace).grow().all
      const growing = new (trace.constructor as typeof Trace)(trace.header)
      const read = new Encounters(growing)
      for (const part of parts) {
        growing.append(part)
        read.grow()
      }
      expect(read.all).toEqual(whole)
    }
  })
})
