import { fireEvent } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeEngine, FakeFrames } from '../session/fixture.ts'
import { createSession, type SessionStore } from '../session/session-store.ts'
import { listenForShortcuts } from './shortcuts.ts'

let store: SessionStore
let stop: () => void
const dialogs = { share: vi.fn(), help: vi.fn(), compare: vi.fn(), matrix: vi.fn() }
const now = () => store.getState()
const press = (key: string, more: KeyboardEventInit = {}, at: Element = document.body) =>
  fireEvent.keyDown(at, { key, code: key.length === 1 ? `Key${key.toUpperCase()}` : key, ...more })

beforeEach(async () => {
  const address = () => ''
  store = createSession({
    engine: new FakeEngine(),
    frames: new FakeFrames(),
    prefersReducedMotion: () => true,
    address,
  })
  stop = listenForShortcuts(store, dialogs)
  now().openLibrary('two-services')
  await vi.waitFor(() => expect(now().trace).not.toBeNull())
})
afterEach(() => {
  stop()
  document.body.replaceChildren()
  vi.clearAllMocks()
})

describe('the keyboard', () => {
  it('plays, pauses and steps', () => {
    press('k')
    expect(now().playing).toBe(true)
    press(' ', { code: 'Space' })
    expect(now().playing).toBe(false)
    press('ArrowRight')
    press('.', { code: 'Period' })
    expect(now().playhead).toBe(2)
    press('ArrowLeft')
    press(',', { code: 'Comma' })
    expect(now().playhead).toBe(0)
    press('End')
    expect(now().playhead).toBe(6)
    press('[', { code: 'BracketLeft' })
    press('Home')
    press(']', { code: 'BracketRight' })
    expect(now().playhead).toBe(6)
  })

  it('undoes and does again', () => {
    now().setSeed(9)
    press('z', { ctrlKey: true })
    expect(now().draft?.seed).toBeNull()
    press('Z', { ctrlKey: true, shiftKey: true })
    expect(now().draft?.seed).toBe(9)
    press('z', { ctrlKey: true })
    press('y', { ctrlKey: true })
    expect(now().draft?.seed).toBe(9)
  })

  it('chooses panels by number, whatever the keyboard layout writes there', () => {
    press('"', { code: 'Digit3' })
    expect(now().panel).toBe('tables')
  })

  it('opens share and help', () => {
    press('s')
    press('?', { code: 'Slash', shiftKey: true })
    expect(dialogs.share).toHaveBeenCalledOnce()
    expect(dialogs.help).toHaveBeenCalledOnce()
  })

  it('lets go of one thing at a time with Escape', () => {
    now().select({ type: 'service', service: 1 })
    now().setSheet('inspect')
    now().arm('crash')
    press('Escape')
    expect(now()).toMatchObject({ armed: null, sheet: 'inspect' })
    press('Escape')
    expect(now()).toMatchObject({ sheet: 'none', selection: { type: 'service' } })
    press('Escape')
    expect(now().selection).toBeNull()
  })
})

describe('the keyboard stays away', () => {
  const added = (tag: string) => document.body.appendChild(document.createElement(tag))

  it('from where words are typed', () => {
    for (const tag of ['input', 'textarea', 'select']) press('k', {}, added(tag))
    expect(now().playing).toBe(false)
  })

  it('with the space bar from a button, which it presses', () => {
    const button = added('button')
    press(' ', { code: 'Space' }, button)
    expect(now().playing).toBe(false)
    press('k', {}, button)
    expect(now().playing).toBe(true)
  })

  it('from an open dialog', () => {
    added('dialog').setAttribute('open', '')
    press('k')
    expect(now().playing).toBe(false)
  })

  it('from a key that somebody has used already', () => {
    const tabs = added('div')
    tabs.addEventListener('keydown', (event) => event.preventDefault())
    press('ArrowRight', {}, tabs)
    expect(now().playhead).toBe(0)
  })
})
