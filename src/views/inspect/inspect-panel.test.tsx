import { fireEvent, render, screen, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useStore } from 'zustand'
import type { Session, SessionState } from '../../session/session-types.ts'
import { type FakeSession, fakeSession } from './fake-session.ts'
import { InspectPanel } from './inspect-panel.tsx'
import { lostReply, PAYMENT } from './lost-reply-fixture.ts'

let session: FakeSession
vi.mock('../../session/use-session.ts', () => ({
  useSession: <T,>(selector: (session: Session) => T) => useStore(session, selector),
}))

const { at, charge, reply } = lostReply()
const show = (state: Partial<SessionState> = {}) => {
  session = fakeSession(state)
  render(<InspectPanel />)
}

beforeEach(() => vi.clearAllMocks())

describe('the verdict', () => {
  it('goes to the entry that broke the promise when its headline is pressed', () => {
    show()
    fireEvent.click(screen.getByRole('button', { name: /Money kept/ }))
    expect(session.did.seek).toHaveBeenCalledWith(at.violated + 1)
  })

  it('speaks of the future before it has come', () => {
    show({ playhead: at.timedOut })
    expect(screen.getByRole('button', { name: /^Will break: Money kept/ })).toBeTruthy()
    expect(screen.queryByText(/First broken/)).toBeNull()
    expect(screen.getByText(/Expected here/)).toBeTruthy()
  })

  it('tells why, line by line, and each line leads to its moment', () => {
    show()
    const why = within(screen.getByRole('list', { name: 'Why it broke' }))
    fireEvent.click(why.getByRole('button', { name: /was lost/ }))
    expect(session.did.seek).toHaveBeenCalledWith(at.dropped + 1)
  })

  it('sets what came out beside what was expected', () => {
    show()
    const rows = within(screen.getByRole('table', { name: /Observables/ })).getAllByRole('row')
    expect(rows[1]?.textContent).toBe('balance900as expected')
  })
})

describe('the tables', () => {
  it('show a changed cell with what it was, and new rows as new', () => {
    show({ panel: 'tables', playhead: at.balanceChanged + 2 })
    const accounts = within(screen.getByRole('table', { name: 'Payment: accounts' }))
    expect(accounts.getByText('1000').tagName).toBe('DEL')
    expect(accounts.getByText('900').tagName).toBe('INS')
    expect(within(screen.getByRole('table', { name: 'Payment: ledger' })).getByText('new')).toBeTruthy()
  })

  it('put the selected service first', () => {
    show({ panel: 'tables', selection: { type: 'service', service: PAYMENT } })
    const titles = screen.getAllByRole('heading', { level: 3 }).map((heading) => heading.textContent)
    expect(titles[0]).toContain('Payment')
  })
})

describe('the saga', () => {
  it('shows each step at the playhead and what is owed', () => {
    show({ panel: 'saga', playhead: at.dropped + 1 })
    expect(screen.getByText('asked, no answer yet')).toBeTruthy()
    expect(screen.getByText('owes reject')).toBeTruthy()
  })

  it('says when it will start', () => {
    show({ panel: 'saga', playhead: 0 })
    expect(screen.getByText('Saga o1 starts at 0 ms')).toBeTruthy()
  })
})

describe('the message', () => {
  it('shows payload, key and fate, and leads to the message that caused it', () => {
    show({ panel: 'message', selection: { type: 'message', id: reply } })
    expect(screen.getByText('lost: a fault')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /^charge/ }))
    expect(session.did.select).toHaveBeenCalledWith({ type: 'message', id: charge })
  })

  it('says what to do when nothing has moved yet', () => {
    show({ panel: 'message', playhead: 0 })
    expect(screen.getByText('No message yet')).toBeTruthy()
  })
})

describe('the tabs', () => {
  it('have one for the fault only while one is selected', () => {
    show()
    expect(screen.queryByRole('tab', { name: 'Fault' })).toBeNull()
  })

  it('are walked through with the arrow keys', () => {
    show()
    fireEvent.keyDown(screen.getByRole('tablist'), { key: 'ArrowLeft' })
    expect(session.did.setPanel).toHaveBeenCalledWith('message')
  })

  it('say what to do before anything has run', () => {
    show({ trace: null })
    expect(screen.getByText('Nothing has run yet')).toBeTruthy()
  })
})
