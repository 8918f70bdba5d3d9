import { act, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newDraft } from '../session/draft.ts'
import { scenario } from '../session/fixture.ts'
import { sessionStore } from '../session/use-session.ts'
import { followArmedFault } from './armed-focus.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { Notices } from './notices.tsx'
import { PartTrouble } from './trouble.tsx'
import { VariantSwitch } from './variant-switch.tsx'
import { Welcome } from './welcome.tsx'

const initial = sessionStore.getInitialState()
const given = (state: Partial<typeof initial>) => act(() => sessionStore.setState(state))
const item = { id: scenario.id, title: '', case: '', chapter: '', text: '', variants: [] }

beforeEach(() => sessionStore.setState(initial, true))
afterEach(() => {
  localStorage.clear()
  vi.restoreAllMocks()
})

describe('the variant switch', () => {
  it('is not there when there is nothing to choose', () => {
    given({ draft: newDraft({ ...scenario, variants: {} }) })
    const { container } = render(<VariantSwitch />)
    expect(container.childElementCount).toBe(0)
  })

  it('offers the scenario as it is and each variant, and goes to the one chosen', () => {
    const setVariant = vi.fn()
    given({ draft: newDraft(scenario), setVariant })
    render(<VariantSwitch />)
    expect(screen.getByRole('radio', { name: 'as it is' }).getAttribute('aria-checked')).toBe('true')
    fireEvent.click(screen.getByRole('radio', { name: /calm/ }))
    expect(setVariant).toHaveBeenCalledWith('calm')
  })

  it('is a list only when there are many', () => {
    const variants = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`V${i}`, { title: `number ${i}` }]))
    given({ draft: newDraft({ ...scenario, variants }) })
    render(<VariantSwitch />)
    expect(screen.queryByRole('radio')).toBeNull()
    expect(screen.getAllByRole('option')).toHaveLength(9)
  })
})

describe('a notice', () => {
  it('stays until it is dismissed', () => {
    render(<Notices />)
    given({ notice: { tone: 'error', title: 'No', lines: ['steps[2]: unknown'] } })
    expect(screen.getByRole('alert').textContent).toContain('steps[2]: unknown')
    fireEvent.click(screen.getByRole('button', { name: 'Dismiss' }))
    expect(sessionStore.getState().notice).toBeNull()
  })

  it('offers one thing to do, and is gone once it is done', () => {
    const run = vi.fn()
    render(<Notices />)
    given({ notice: { tone: 'info', title: 'Opened from a link', lines: [], action: { label: 'Back', run } } })
    fireEvent.click(screen.getByRole('button', { name: 'Back' }))
    expect(run).toHaveBeenCalledOnce()
    expect(sessionStore.getState().notice).toBeNull()
  })

  it('is apart from what a screen reader says next', () => {
    render(<Notices />)
    given({ announcement: 'Undone' })
    expect(screen.getByRole('status').textContent).toBe('Undone')
  })
})

describe('a part of the page that fails', () => {
  it('is replaced by what happened, and comes back on request', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    let fails = true
    const Part = () => {
      if (fails) throw new Error('no such column')
      return <p>drawn</p>
    }
    render(
      <ErrorBoundary fallback={(error, retry) => <PartTrouble name="The stage" error={error} retry={retry} />}>
        <Part />
      </ErrorBoundary>,
    )
    expect(screen.getByRole('alert').textContent).toContain('no such column')
    fails = false
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    expect(screen.getByText('drawn')).toBeTruthy()
  })
})

describe('the welcome', () => {
  const state = { library: [item], draft: newDraft(scenario) }

  it('says what to try, then what to do next, and once closed does not come back', () => {
    given(state)
    const { unmount } = render(<Welcome />)
    expect(screen.getByRole('region').textContent).toContain('drag Crash onto Payment')
    given({ draft: { ...state.draft, added: [{ kind: 'drop' }] } })
    expect(screen.getByRole('region').textContent).toContain('Step back')
    fireEvent.click(screen.getByRole('button', { name: 'Close the welcome' }))
    unmount()
    render(<Welcome />)
    expect(screen.queryByRole('region')).toBeNull()
  })

  it('belongs to the first story only', () => {
    given({ ...state, library: [{ ...item, id: 'other' }] })
    render(<Welcome />)
    expect(screen.queryByRole('region')).toBeNull()
  })
})

describe('a fault taken in the hand', () => {
  it('takes the focus to the first place it can be put, and back when it is put back', () => {
    render(
      <>
        <aside>
          <button type="button">Crash</button>
        </aside>
        <main>
          <div data-fault-target="service:1">
            <button type="button">Order</button>
          </div>
        </main>
      </>,
    )
    const stop = followArmedFault(sessionStore)
    const crash = screen.getByRole('button', { name: 'Crash' })
    crash.focus()
    // jsdom does not tell keyboard focus from any other.
    vi.spyOn(crash, 'matches').mockImplementation((selector) => selector === ':focus-visible')
    given({ armed: 'crash' })
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Order' }))
    given({ armed: null })
    expect(document.activeElement).toBe(crash)
    stop()
  })
})
