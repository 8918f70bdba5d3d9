/** For component tests: a store that holds what a test says and remembers which actions were called. */
import { type Mock, vi } from 'vitest'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Session, SessionActions, SessionState } from '../../session/session-types.ts'
import { History } from '../../trace/history.ts'
import { lostReply } from './lost-reply-fixture.ts'

const actionNames = [
  'openLibrary',
  'openText',
  'setVariant',
  'setSeed',
  'undo',
  'redo',
  'dropFault',
  'changeFault',
  'toggleFault',
  'removeFault',
  'seek',
  'select',
  'arm',
  'setPanel',
  'setSheet',
  'announce',
  'notify',
  'fileText',
] as const satisfies readonly (keyof SessionActions)[]

export type FakeSession = StoreApi<Session> & { readonly did: Record<(typeof actionNames)[number], Mock> }

/** A session at a playhead of the lost reply. */
export function fakeSession(state: Partial<SessionState> = {}): FakeSession {
  const { trace, summary } = lostReply()
  const history = new History(trace)
  const playhead = state.playhead ?? trace.length
  const did = Object.fromEntries(actionNames.map((name) => [name, vi.fn()])) as FakeSession['did']
  const nothing = { draft: null, effective: null, selection: null, armed: null, sheet: 'none', notice: null } as const
  const store = createStore<Session>()(
    () =>
      ({
        ...nothing,
        library: [],
        faults: [],
        trace,
        history,
        run: { status: 'done', entries: trace.length, time: trace.endTime, summary },
        playhead,
        time: playhead === 0 ? 0 : trace.timeAt(playhead - 1),
        world: history.stateAt(playhead),
        playing: false,
        panel: 'verdict',
        ...state,
        ...did,
      }) as unknown as Session,
  )
  return Object.assign(store, { did })
}
