import { act, fireEvent, render, screen, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createStore, type StoreApi, useStore } from 'zustand'
import type { Session, SessionFault, SessionState } from '../../session/session-types.ts'
import { TimeFold } from '../../session/time-fold.ts'
import { History } from '../../trace/history.ts'
import { Kind } from '../../trace/kinds.ts'
import { ORDER, orderStory, PAYMENT } from './order-story.ts'
import { Stage } from './stage.tsx'

let session: StoreApi<Session>
vi.mock('../../session/use-session.ts', () => ({
  useSessionStore: () => session,
  useSession: <T,>(selector: (state: Session) => T) => useStore(session, selector),
}))

const trace = orderStory()
const history = new History(trace)
const drop: SessionFault = {
  origin: 'scenario',
  place: 0,
  number: 0,
  fault: { kind: 'drop', message: 'Charged', from: 'payment' },
}
const actions = { select: vi.fn(), dropFault: vi.fn(), toggleFault: vi.fn(), setPanel: vi.fn() }

function following(kind: number): number {
  for (let position = 0; position < trace.length; position++)
    if (trace.at('kind', position) === kind) return position + 1
  return 0
}

function moment(playhead: number): Partial<SessionState> {
  return { playhead, time: playhead === 0 ? 0 : trace.timeAt(playhead - 1), world: history.stateAt(playhead) }
}

function show(playhead: number, state: Partial<SessionState> = {}): void {
  const all = {
    trace,
    history,
    fold: new TimeFold(trace),
    run: { status: 'done', entries: trace.length, time: trace.endTime, summary: null },
    ...moment(playhead),
    faults: [],
    effective: null,
    selection: null,
    armed: null,
    playing: false,
    ...state,
    ...actions,
  }
  session = createStore<Session>()(() => all as unknown as Session)
  render(<Stage />)
}

beforeEach(() => {
  for (const action of Object.values(actions)) action.mockReset()
  // jsdom has no canvas; without a pen the layer draws nothing.
  HTMLCanvasElement.prototype.getContext = (() => null) as typeof HTMLCanvasElement.prototype.getContext
})

describe('the stage', () => {
  it('says what it shows: title, variant, seed, entry and time', () => {
    show(following(Kind.dropped))
    const stamp = screen.getByText('Lost reply after the commit').parentElement
    expect(stamp?.textContent).toContain(`variant A · seed 7 · entry 19 / ${trace.length} · 25 ms`)
  })

  it('describes the moment in words', () => {
    show(following(Kind.crashed))
    const stage = screen.getByRole('region', { name: 'Stage' })
    const description = document.getElementById(stage.getAttribute('aria-describedby') ?? '')
    expect(description?.textContent).toBe(
      '60 ms: Inventory crashed at a time. 1 message is on the way. Down: Inventory.',
    )
  })

  it('says what to do when nothing runs', () => {
    show(0, { trace: null, world: null, fold: null, run: { status: 'idle', entries: 0, time: 0, summary: null } })
    expect(screen.getByText(/Choose a scenario/)).toBeTruthy()
  })

  it('has a card for every service, each a button that selects it', () => {
    show(following(Kind.begun))
    fireEvent.click(screen.getByRole('button', { name: 'Payment: up, in transaction' }))
    expect(actions.select).toHaveBeenCalledWith({ type: 'service', service: PAYMENT })
  })

  it('follows the playhead in both directions', () => {
    show(following(Kind.begun))
    act(() => session.setState(moment(following(Kind.crashed))))
    expect(screen.getByRole('button', { name: 'Inventory: down, crashed' })).toBeTruthy()
    expect(screen.getByText('down · 5.1 s left')).toBeTruthy()
    act(() => session.setState(moment(following(Kind.begun))))
    expect(screen.getByRole('button', { name: 'Inventory: up, idle' })).toBeTruthy()
  })

  it('shows the saga on its orchestrator, and what is owed', () => {
    show(following(Kind.compensationRegistered))
    const saga = within(screen.getByRole('region', { name: 'Saga o1' }))
    expect(saga.getAllByRole('listitem').map((step) => step.textContent)).toEqual([
      'create orderdone',
      'chargeoweddone',
      'reserve stock',
      'approve',
    ])
  })

  it('lists the messages on the bus for the keyboard', () => {
    show(following(Kind.duplicated))
    fireEvent.click(screen.getByRole('button', { name: /^charge \(Order → Payment, copy\)/ }))
    expect(actions.select).toHaveBeenCalledWith({ type: 'message', id: 3 })
  })
})

describe('a fault on the stage', () => {
  it('hangs at its service, opens for editing and can be switched off', () => {
    show(following(Kind.dropped), { faults: [drop] })
    const card = document.querySelector<HTMLElement>(`[data-fault-target="service:${PAYMENT}"]`)!
    fireEvent.click(within(card).getByRole('button', { name: 'Edit the fault drop · 1st Charged' }))
    expect(actions.select).toHaveBeenCalledWith({ type: 'fault', number: 0 })
    const toggle = within(card).getByRole('switch', { name: 'drop · 1st Charged' })
    expect(toggle.getAttribute('aria-checked')).toBe('true')
    fireEvent.click(toggle)
    expect(actions.toggleFault).toHaveBeenCalledWith(drop)
  })

  it('stays as a badge when it is switched off', () => {
    show(0, { faults: [{ ...drop, fault: { ...drop.fault, enabled: false } }] })
    expect(screen.getByRole('switch').getAttribute('aria-checked')).toBe('false')
  })
})

describe('a fault in the hand', () => {
  it('is put on the service whose card is pressed', () => {
    show(following(Kind.begun), { armed: 'crash' })
    fireEvent.click(screen.getByRole('button', { name: 'Put crash on Order' }))
    expect(actions.dropFault).toHaveBeenCalledWith('crash', { type: 'service', service: ORDER })
    expect(actions.select).not.toHaveBeenCalled()
  })

  it('can be put on a line as well, by a button after the cards', () => {
    show(0, { armed: 'drop' })
    const buttons = screen.getAllByRole('button').map((button) => button.textContent)
    const line = 'Put drop on the line between Order and Payment'
    expect(buttons.indexOf(line)).toBeGreaterThan(buttons.indexOf('Inventory'))
    fireEvent.click(screen.getByRole('button', { name: line }))
    expect(actions.dropFault).toHaveBeenCalledWith('drop', { type: 'edge', from: ORDER, to: PAYMENT })
  })

  it('leaves no line buttons behind', () => {
    show(0)
    expect(screen.queryByRole('button', { name: /on the line/ })).toBeNull()
  })

  it('finds every card as a target of the palette', () => {
    show(0)
    const targets = [...document.querySelectorAll<HTMLElement>('[data-fault-target]')]
    expect(targets.map((target) => target.dataset.faultTarget)).toContain(`service:${PAYMENT}`)
  })
})
