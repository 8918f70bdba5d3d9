import { fireEvent, render, screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { useStore } from 'zustand'
import type { Draft, LibraryItem, Session, SessionState } from '../../session/session-types.ts'
import { type FakeSession, fakeSession } from '../inspect/fake-session.ts'
import { LibraryPanel } from './library-panel.tsx'

let session: FakeSession
vi.mock('../../session/use-session.ts', () => ({
  useSession: <T,>(selector: (session: Session) => T) => useStore(session, selector),
}))

const item = (id: string, title: string, caseId: string): LibraryItem => ({
  id,
  title,
  case: caseId,
  chapter: 'Sagas',
  text: '',
  variants: [],
})
const draft = {
  base: {
    id: 'lost-reply',
    title: 'Lost reply',
    text: 'Watch the money.',
    variants: { A: { title: 'compensate what reported', breaks: ['all or nothing'] }, B: { title: 'register before' } },
  },
  variant: 'A',
} as unknown as Draft
const library = [item('happy', 'Happy path', 'S01'), item('lost-reply', 'Lost reply', 'S05')]
const show = (state: Partial<SessionState> = {}) => {
  session = fakeSession({ library, draft, ...state })
  render(<LibraryPanel />)
}

describe('the library panel', () => {
  it('opens a scenario, and leaves the open one alone', () => {
    show()
    fireEvent.click(screen.getByRole('button', { name: /Happy path/ }))
    expect(session.did.openLibrary).toHaveBeenCalledExactlyOnceWith('happy')
    fireEvent.click(screen.getByRole('button', { name: /Lost reply/, current: true }))
    expect(session.did.openLibrary).toHaveBeenCalledTimes(1)
  })

  it('shows lesson and variants of the open one and says which show the failure', () => {
    show()
    expect(screen.getByText('Watch the money.')).toBeTruthy()
    expect(screen.getByRole('button', { name: /^A ?compensate.*breaks all or nothing/, current: true })).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /register before.*holds/ }))
    expect(session.did.setVariant).toHaveBeenCalledWith('B')
  })

  it('has a search box only when there are many', () => {
    show()
    expect(screen.queryByRole('searchbox')).toBeNull()
  })

  it('finds a scenario among many, and says so when there is none', () => {
    const many = Array.from({ length: 20 }, (_, i) => item(`s${i}`, `Story ${i}`, `S${i}`))
    show({ library: [...many, ...library] })
    const box = screen.getByRole('searchbox', { name: 'Search the scenarios' })
    fireEvent.change(box, { target: { value: 'happy' } })
    expect(screen.queryByText('Story 3')).toBeNull()
    expect(screen.getByText('Happy path')).toBeTruthy()
    fireEvent.change(box, { target: { value: 'zebra' } })
    expect(screen.getByText(/No scenario has “zebra”/)).toBeTruthy()
  })

  it('lists a scenario of one’s own with its variants', () => {
    show({ library: [item('happy', 'Happy path', 'S01')] })
    expect(screen.getByText('Lost reply')).toBeTruthy()
    expect(screen.getByRole('button', { name: /register before/ })).toBeTruthy()
  })
})
