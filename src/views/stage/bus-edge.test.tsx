import { fireEvent, render, screen } from '@testing-library/react'
import type { ComponentProps } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Session } from '../../session/session-types.ts'
import { BusEdge } from './bus-edge.tsx'
import { orderStory } from './order-story.ts'

const dropFault = vi.fn()
let state: Partial<Session>
vi.mock('../../session/use-session.ts', () => ({
  useSession: <T,>(selector: (session: Session) => T) => selector(state as Session),
}))

const data = { from: 0, to: 1, lanes: ['M0 0L9 0', 'M9 5L0 5'], heads: [], reach: 'M0 2L9 2' }
const props = { data } as unknown as ComponentProps<typeof BusEdge>

function show(armed: Session['armed']): void {
  state = { armed, dropFault, trace: orderStory() }
  render(
    <svg role="img" aria-label="bus">
      <BusEdge {...props} />
    </svg>,
  )
}

beforeEach(() => dropFault.mockReset())

describe('the line between two services', () => {
  it('can always be found by a drag', () => {
    show(null)
    expect(document.querySelector('[data-fault-target="edge:0:1"]')).toBeTruthy()
    expect(screen.queryByRole('button')).toBeNull()
  })

  it.each(['Enter', ' '])('takes the fault in the hand by keyboard, with the key “%s”', (key) => {
    show('drop')
    const line = screen.getByRole('button', { name: 'Put drop on the line between Order and Payment' })
    expect(line.getAttribute('tabindex')).toBe('0')
    fireEvent.keyDown(line, { key })
    expect(dropFault).toHaveBeenCalledWith('drop', { type: 'edge', from: 0, to: 1 })
  })

  it('takes it by a click', () => {
    show('drop')
    fireEvent.click(screen.getByRole('button'))
    expect(dropFault).toHaveBeenCalledTimes(1)
  })
})
