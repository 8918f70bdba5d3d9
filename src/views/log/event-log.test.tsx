import { fireEvent, render, screen } from '@testing-library/react'
import { type ComponentProps, type ReactElement, type Ref, useImperativeHandle } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { showTrace } from '../timeline/hand-session.ts'
import { lostReply } from '../timeline/hand-trace.ts'
import EventLog from './event-log.tsx'

interface ListProps extends ComponentProps<'div'> {
  data: ArrayLike<number>
  itemSize: number
}
const scrolledTo = vi.fn()
// Without layout every row would be as tall as the page: the whole list stands in for the part of it in sight.
vi.mock('virtua', () => ({
  VList({ ref, data, itemSize: _, children, ...rest }: ListProps) {
    const draw = children as unknown as (position: number, row: number) => ReactElement
    useImperativeHandle(ref as Ref<unknown>, () => ({ scrollToIndex: scrolledTo }))
    return <div {...rest}>{Array.from(data, draw)}</div>
  },
}))

function show(playhead: number) {
  const session = showTrace(lostReply(), playhead)
  render(<EventLog />)
  return session
}
const sentences = () => screen.getAllByRole('option').map((option) => option.lastElementChild!.textContent)

describe('the event log', () => {
  it('goes to the entry that is pressed', () => {
    const { now, trace } = show(2)
    fireEvent.click(screen.getByRole('option', { name: /was lost/ }))
    expect(trace.entry(now().playhead - 1).kind).toBe('dropped')
    expect(screen.getByRole('option', { selected: true }).textContent).toContain('was lost')
  })

  it('moves through what the filter left with the arrow keys', () => {
    const { now, trace } = show(2)
    fireEvent.click(screen.getByRole('button', { name: 'Transactions' }))
    expect(sentences()).toEqual(['Payment began a transaction for charge', 'Payment committed charge'])
    const list = screen.getByRole('listbox', { name: 'Entries' })
    fireEvent.keyDown(list, { key: 'ArrowDown' })
    expect(trace.entry(now().playhead - 1).kind).toBe('begun')
    fireEvent.keyDown(list, { key: 'ArrowDown' })
    expect(trace.entry(now().playhead - 1).kind).toBe('committed')
    fireEvent.keyDown(list, { key: 'ArrowUp' })
    expect(trace.entry(now().playhead - 1).kind).toBe('begun')
  })

  it('keeps the current entry in view', () => {
    show(8)
    expect(scrolledTo).toHaveBeenLastCalledWith(7, { align: 'nearest' })
  })

  it('shows only what led to an entry when asked, first cause first', () => {
    show(lostReply().trace().length - 2)
    fireEvent.click(screen.getByRole('button', { name: 'Its causes' }))
    expect(sentences()).toEqual(['The saga turned back: no answer', 'Compensating create', 'The saga is compensated'])
  })

  it('filters by words, and says so when nothing fits', async () => {
    show(2)
    const box = screen.getByRole('searchbox', { name: 'Filter the log' })
    fireEvent.change(box, { target: { value: 'timed out' } })
    expect(sentences()).toEqual(['Step charge timed out, attempt 1'])
    fireEvent.change(box, { target: { value: 'no such thing' } })
    expect(screen.getByText('No entry fits the filter.')).toBeTruthy()
  })
})
