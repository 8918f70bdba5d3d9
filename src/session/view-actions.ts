import type { KindName } from '../trace/kinds.ts'
import type { Trace } from '../trace/trace.ts'
import { NONE } from '../trace/trace-format.ts'
import type { SessionContext } from './session-store.ts'
import type { PanelView, Selection, SessionActions } from './session-types.ts'

type ViewActions = Pick<
  SessionActions,
  | 'select'
  | 'arm'
  | 'setBottom'
  | 'setPanel'
  | 'setSheet'
  | 'dismissNotice'
  | 'announce'
  | 'notify'
  | 'cancelRun'
  | 'ask'
>

export function viewActions({ get, set, runs }: SessionContext): ViewActions {
  return {
    select(selection) {
      const { trace, seek } = get()
      set({ selection })
      if (selection === null || trace === null) return
      if (selection.type === 'entry') seek(selection.position + 1)
      const panel = panelFor(trace, selection)
      if (panel !== undefined) set({ panel })
    },
    arm(armed) {
      set({ armed })
      get().announce(
        armed === null
          ? 'Put back'
          : `${armed} in hand: choose a service or a line with Tab and press Enter, or Escape to put it back`,
      )
    },
    setBottom: (bottom) => set({ bottom }),
    setPanel: (panel) => set({ panel }),
    setSheet: (sheet) => set({ sheet }),
    dismissNotice: () => set({ notice: null }),
    announce(text) {
      // The same words twice in a row would not be read again: a no-break space makes them another text.
      set({ announcement: text === get().announcement ? `${text}\u00a0` : text })
    },
    notify: (notice) => set({ notice }),
    cancelRun: () => runs.cancel(),
    ask: (expressions) => runs.ask(expressions),
  }
}

const sagaKinds = new Set<KindName>([
  'sagaStarted',
  'stepStarted',
  'stepSucceeded',
  'stepRefused',
  'stepFailed',
  'stepTimedOut',
  'compensationStarted',
  'stepCompensating',
  'stepCompensated',
  'compensationFailed',
  'compensationRegistered',
  'sagaCompleted',
  'sagaCompensated',
  'sagaNeedsIntervention',
  'decided',
  'sagaAborted',
])

function panelFor(trace: Trace, selection: Selection): PanelView | undefined {
  switch (selection.type) {
    case 'message':
      return 'message'
    case 'service':
      return 'tables'
    case 'saga':
      return 'saga'
    case 'fault':
      return 'faults'
    default: {
      if (selection.position >= trace.length) return undefined
      const entry = trace.entry(selection.position)
      if (entry.kind === 'violated') return 'verdict'
      if (entry.kind === 'rowChanged') return 'tables'
      if (sagaKinds.has(entry.kind)) return 'saga'
      return entry.message === NONE ? undefined : 'message'
    }
  }
}
