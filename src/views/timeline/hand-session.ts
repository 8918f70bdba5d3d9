/** For component tests: the page's real session, showing a trace written by hand. */
import type { SessionState } from '../../session/session-types.ts'
import { TimeFold } from '../../session/time-fold.ts'
import { sessionStore } from '../../session/use-session.ts'
import { History } from '../../trace/history.ts'
import type { HandTrace } from './hand-trace.ts'

export function showTrace(by: HandTrace, playhead: number, state: Partial<SessionState> = {}) {
  const trace = by.trace()
  const history = new History(trace)
  sessionStore.setState({
    trace,
    history,
    fold: new TimeFold(trace),
    run: { status: 'done', entries: trace.length, time: trace.endTime, summary: null },
    playhead,
    time: playhead === 0 ? 0 : trace.timeAt(playhead - 1),
    world: history.stateAt(playhead),
    playing: false,
    selection: null,
    bottom: 'timeline',
    ...state,
  })
  return { trace, now: () => sessionStore.getState() }
}
