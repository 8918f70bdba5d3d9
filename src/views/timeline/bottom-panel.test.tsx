import { fireEvent, render, screen, within } from '@testing-library/react'
import { beforeAll, describe, expect, it } from 'vitest'
import { BottomPanel } from './bottom-panel.tsx'
import { showTrace } from './hand-session.ts'
import { lostReply, PAYMENT } from './hand-trace.ts'

function show(playhead: number, state: Parameters<typeof showTrace>[2] = {}) {
  const session = showTrace(lostReply(), playhead, state)
  render(<BottomPanel />)
  return session
}
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole('button', { name }))

describe('the transport', () => {
  it('steps forward and back, and to both ends', () => {
    const { now, trace } = show(5)
    press('One entry forward')
    expect(now().playhead).toBe(6)
    press('One entry back')
    press('One entry back')
    expect(now().playhead).toBe(4)
    press('To the end')
    expect(now().playhead).toBe(trace.length)
    press('To the start')
    expect(now().playhead).toBe(0)
  })

  it('has nowhere to go beyond the ends', () => {
    show(0)
    expect(screen.getByRole('button', { name: 'One entry back' })).toHaveProperty('disabled', true)
    expect(screen.getByRole('button', { name: 'One entry forward' })).toHaveProperty('disabled', false)
  })

  it('jumps to the fault and to the violation, and counts them', () => {
    const { now, trace } = show(1)
    expect(screen.getByText('Violations').parentElement!.textContent).toBe('Violations0/1')
    press('Next fault')
    expect(trace.entry(now().playhead - 1).kind).toBe('dropped')
    press('Next violation')
    expect(trace.entry(now().playhead - 1).kind).toBe('violated')
    expect(screen.getByText('Violations').parentElement!.textContent).toBe('Violations1/1')
    expect(screen.getByRole('button', { name: 'Next violation' })).toHaveProperty('disabled', true)
  })

  it('says in a sentence what just happened', () => {
    const { now, trace } = show(1)
    press('Next fault')
    press(/^Charged \(Payment → Order\) was lost/)
    expect(now().selection).toEqual({ type: 'entry', position: now().playhead - 1 })
    expect(trace.entry(now().playhead - 1).kind).toBe('dropped')
  })

  it('shows a run under way, with a way to stop it', () => {
    const run = { status: 'running', entries: 120_000, time: 12_400_000, summary: null } as const
    show(3, { run })
    expect(screen.getByRole('progressbar', { name: 'The run is under way' })).toBeTruthy()
    expect(screen.getByText(/120,000 entries/)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Stop here' })).toBeTruthy()
  })
})

describe('the timeline', () => {
  it('moves the playhead by its handle with the keys, one entry each', () => {
    const { now, trace } = show(5)
    const handle = screen.getByRole('slider', { name: 'Playhead' })
    expect(handle.getAttribute('aria-valuetext')).toMatch(/^5 ms, entry 5 of/)
    fireEvent.keyDown(handle, { key: 'ArrowRight' })
    expect(now().playhead).toBe(6)
    fireEvent.keyDown(handle, { key: 'Home' })
    expect(now().playhead).toBe(0)
    fireEvent.keyDown(handle, { key: 'End' })
    expect(now().playhead).toBe(trace.length)
  })

  it('keeps the arrow keys of its handle from the rest of the page', () => {
    show(5)
    let heard = 0
    const listen = () => heard++
    window.addEventListener('keydown', listen)
    fireEvent.keyDown(screen.getByRole('slider', { name: 'Playhead' }), { key: 'ArrowRight' })
    window.removeEventListener('keydown', listen)
    expect(heard).toBe(0)
  })

  it('selects a service or a saga by its lane', async () => {
    const { now } = show(9)
    fireEvent.click(await screen.findByRole('button', { name: 'Payment' }))
    expect(now().selection).toEqual({ type: 'service', service: PAYMENT })
    press(/^o1/)
    expect(now().selection).toEqual({ type: 'saga', saga: 0 })
  })

  it('says how the saga stands at the playhead', () => {
    show(lostReply().trace().length)
    expect(screen.getByRole('button', { name: /^o1/ }).textContent).toContain('compensated')
  })

  it('zooms by button and finds back to the whole run', () => {
    show(5)
    const whole = screen.getByRole('button', { name: 'Show the whole run' })
    expect(whole).toHaveProperty('disabled', true)
    press('Zoom in')
    expect(whole).toHaveProperty('disabled', false)
    press('Show the whole run')
    expect(whole).toHaveProperty('disabled', true)
  })
})

describe('the views of time', () => {
  // Loaded when first shown; here before, so that a busy machine does not run out the clock of the test.
  beforeAll(async () => {
    await Promise.all([import('../space-time/space-time.tsx'), import('../log/event-log.tsx')])
  }, 30_000)

  it('switch between timeline, space-time and log', async () => {
    const { now } = show(12)
    fireEvent.click(screen.getByRole('radio', { name: 'Space-time' }))
    const diagram = within(await screen.findByRole('region', { name: 'Space-time diagram' }))
    expect(diagram.getByRole('button', { name: 'Payment' })).toBeTruthy()
    fireEvent.click(screen.getByRole('radio', { name: 'Event log' }))
    expect(await screen.findByRole('region', { name: 'Event log' })).toBeTruthy()
    expect(now().bottom).toBe('log')
  })
})
