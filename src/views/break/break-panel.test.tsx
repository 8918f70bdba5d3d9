import { fireEvent, render, screen } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useStore } from 'zustand'
import type { FaultInput, ScenarioInput, Session, SessionFault, SessionState } from '../../session/session-types.ts'
import { type FakeSession, fakeSession } from '../inspect/fake-session.ts'
import { BreakPanel } from './break-panel.tsx'
import { FaultEditor } from './fault-editor.tsx'

let session: FakeSession
vi.mock('../../session/use-session.ts', () => ({
  useSession: <T,>(selector: (session: Session) => T) => useStore(session, selector),
}))

const scenario = {
  services: {
    order: {},
    payment: { restartMs: 800, operations: { charge: { do: [], reply: 'Charged' }, refund: { do: [] } } },
  },
  sagas: {
    order: {
      orchestrator: 'order',
      start: 'PlaceOrder',
      steps: [{ name: 'charge', service: 'payment', operation: 'charge', compensation: 'refund' }],
    },
  },
} as unknown as ScenarioInput

const inForce = (fault: FaultInput): SessionFault => ({ origin: 'visitor', place: 0, number: 0, fault })
const start = (state: Partial<SessionState> = {}) => {
  session = fakeSession({ effective: scenario, ...state })
}

/** jsdom has neither pointer capture nor a layout: the capture does nothing, the test says what is under the pointer. */
let under: Element | null = null
beforeEach(() => {
  under = null
  HTMLElement.prototype.setPointerCapture = () => {}
  document.elementFromPoint = () => under
})

function target(value: string): HTMLElement {
  const element = document.body.appendChild(document.createElement('div'))
  element.dataset.faultTarget = value
  return element
}
const pointer = (x: number) => ({ pointerId: 1, button: 0, clientX: x, clientY: 0 })

describe('dragging a failure onto the stage', () => {
  const dragTo = (name: string, element: Element | null) => {
    const button = screen.getByRole('button', { name })
    fireEvent.pointerDown(button, pointer(0))
    under = element
    fireEvent.pointerMove(button, pointer(200))
    return button
  }

  it('marks what it is over and breaks it when let go', () => {
    start()
    render(<BreakPanel />)
    const payment = target('service:2')
    const button = dragTo('Crash', payment)
    expect(payment.hasAttribute('data-hover')).toBe(true)
    fireEvent.pointerUp(button, pointer(200))
    fireEvent.click(button)
    expect(session.did.dropFault).toHaveBeenCalledExactlyOnceWith('crash', { type: 'service', service: 2 })
    expect(payment.hasAttribute('data-hover')).toBe(false)
    expect(session.did.arm).not.toHaveBeenCalled()
  })

  it('can be taken back with Escape', () => {
    start()
    render(<BreakPanel />)
    const button = dragTo('Drop', target('edge:1:2'))
    fireEvent.keyDown(window, { key: 'Escape' })
    fireEvent.pointerUp(button, pointer(200))
    expect(session.did.dropFault).not.toHaveBeenCalled()
    expect(document.documentElement.dataset.dragging).toBeUndefined()
  })

  it('breaks nothing beside a target, and says so', () => {
    start()
    render(<BreakPanel />)
    fireEvent.pointerUp(dragTo('Delay', document.body), pointer(200))
    expect(session.did.dropFault).not.toHaveBeenCalled()
    expect(session.did.announce).toHaveBeenCalledWith(expect.stringContaining('nothing is broken'))
  })
})

describe('taking a failure in hand', () => {
  it('happens on a press, and a second press puts it back', () => {
    start()
    const { unmount } = render(<BreakPanel />)
    fireEvent.click(screen.getByRole('button', { name: 'Refuse' }))
    expect(session.did.arm).toHaveBeenLastCalledWith('refuse')
    unmount()
    start({ armed: 'refuse' })
    render(<BreakPanel />)
    expect(screen.getByText('Refuse in hand.')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Refuse', pressed: true }))
    expect(session.did.arm).toHaveBeenLastCalledWith(null)
  })

  it('steps out of the way on a phone', () => {
    start({ sheet: 'break' })
    render(<BreakPanel />)
    fireEvent.click(screen.getByRole('button', { name: 'Crash' }))
    expect(session.did.setSheet).toHaveBeenCalledWith('none')
  })
})

describe('the faults in force', () => {
  const fault = inForce({ kind: 'drop', message: 'Charged', from: 'payment', to: 'order' })

  it('are switched, edited and removed', () => {
    start({ faults: [fault] })
    render(<BreakPanel />)
    fireEvent.click(screen.getByRole('switch', { name: /1st Charged, Payment → Order/ }))
    expect(session.did.toggleFault).toHaveBeenCalledWith(fault)
    fireEvent.click(screen.getByRole('button', { name: /^Edit Drop/ }))
    expect(session.did.select).toHaveBeenCalledWith({ type: 'fault', number: 0 })
    fireEvent.click(screen.getByRole('button', { name: /^Remove Drop/ }))
    expect(session.did.removeFault).toHaveBeenCalledWith(fault)
  })

  it('say what to do when there are none', () => {
    start()
    render(<BreakPanel />)
    expect(screen.getByText(/Drag a failure/)).toBeTruthy()
  })
})

describe('the editor', () => {
  const edit = (fault: FaultInput) => {
    start({ faults: [inForce(fault)] })
    render(<FaultEditor fault={inForce(fault)} />)
  }
  const changedTo = () => session.did.changeFault.mock.lastCall?.[1]
  const type = (name: string, text: string) => {
    const field = screen.getByRole('textbox', { name })
    fireEvent.change(field, { target: { value: text } })
    fireEvent.blur(field)
  }

  it('offers the gaps of the handler by name', () => {
    edit({ kind: 'crash', service: 'payment', on: 'charge' })
    fireEvent.click(screen.getByRole('radio', { name: 'after commit, before the reply' }))
    expect(changedTo()).toEqual({ kind: 'crash', service: 'payment', on: 'charge', point: 'after commit' })
  })

  it('offers the messages the service really gets', () => {
    edit({ kind: 'crash', service: 'payment' })
    const names = [...screen.getByRole<HTMLSelectElement>('combobox', { name: 'Message' }).options].map(
      ({ value }) => value,
    )
    expect(names).toEqual(['', 'charge', 'refund'])
  })

  it('keeps a bad number to itself and says what is wrong with it', () => {
    edit({ kind: 'delay', byMs: 40 })
    type('Longer by', '-3')
    expect(session.did.changeFault).not.toHaveBeenCalled()
    expect(screen.getByRole('alert').textContent).toBe('It must be at least 0.')
    expect(screen.getByRole('textbox', { name: 'Longer by' }).getAttribute('aria-invalid')).toBe('true')
    type('Longer by', '60')
    expect(changedTo()).toEqual({ kind: 'delay', byMs: 60 })
  })

  it('reads a chance as per cent', () => {
    edit({ kind: 'drop', probability: 0.5 })
    type('Chance for each such message', '12,5')
    expect(changedTo()).toEqual({ kind: 'drop', probability: 0.125 })
  })

  it('lets a crash last as long as usual, for a while, or for good', () => {
    edit({ kind: 'crash', service: 'payment' })
    expect(screen.getByRole('radio', { name: '800 ms, as usual' }).getAttribute('aria-checked')).toBe('true')
    fireEvent.click(screen.getByRole('radio', { name: 'for good' }))
    expect(changedTo()).toEqual({ kind: 'crash', service: 'payment', restartMs: 'never' })
  })

  it('will not leave a side of a partition empty', () => {
    edit({ kind: 'partition', between: [['order'], ['payment']] })
    const row = screen.getByRole('radiogroup', { name: 'Side of Order' })
    fireEvent.click(row.querySelector('[title="On side B"]') as Element)
    expect(session.did.changeFault).not.toHaveBeenCalled()
    expect(screen.getByRole('alert').textContent).toMatch(/would be empty/)
  })
})
