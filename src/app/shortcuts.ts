/** The keyboard, for the whole page. The list is what the help shows; what a focused control needs stays its own. */
import { tinykeys } from 'tinykeys'
import type { SessionStore } from '../session/session-store.ts'
import type { PanelView, Session } from '../session/session-types.ts'

export interface Dialogs {
  share(): void
  help(): void
  compare(): void
  matrix(): void
}

const panels: readonly PanelView[] = ['verdict', 'saga', 'tables', 'message', 'faults', 'keys', 'code']
/** Words are typed here. */
const TYPING = 'input, textarea, select, [contenteditable]:not([contenteditable="false"])'
/** The space bar presses these. */
const PRESSED = 'button, a[href], summary, [role="button"], [role="tab"], [role="radio"], [role="option"]'

type Act = (session: Session, dialogs: Dialogs) => void

const anywhere: Record<string, Act> = {
  KeyK: (session) => session.togglePlay(),
  ArrowRight: (session) => session.step(1),
  ArrowLeft: (session) => session.step(-1),
  '.': (session) => session.step(1),
  ',': (session) => session.step(-1),
  ']': (session) => session.jump(1, 'any'),
  '[': (session) => session.jump(-1, 'any'),
  Home: (session) => session.toStart(),
  End: (session) => session.toEnd(),
  s: (_session, dialogs) => dialogs.share(),
  c: (_session, dialogs) => dialogs.compare(),
  m: (_session, dialogs) => dialogs.matrix(),
  '?': (_session, dialogs) => dialogs.help(),
  'Shift+?': (_session, dialogs) => dialogs.help(),
  '$mod+z': (session) => session.undo(),
  '$mod+Shift+z': (session) => session.redo(),
  '$mod+y': (session) => session.redo(),
  Escape: letGo,
}
panels.forEach((panel, place) => {
  anywhere[`Digit${place + 1}`] = (session) => session.setPanel(panel)
})

/** One thing at a time: the fault in the hand, then the open sheet, then what is selected. */
function letGo(session: Session): void {
  if (session.armed !== null) session.arm(null)
  else if (session.sheet !== 'none') session.setSheet('none')
  else session.select(null)
}

export function listenForShortcuts(store: SessionStore, dialogs: Dialogs): () => void {
  const run = (act: Act, isTaken: (event: KeyboardEvent) => boolean) => (event: KeyboardEvent) => {
    if (event.defaultPrevented || isElsewhere(event) || isForPopover(event) || isTaken(event)) return
    const { comparison } = store.getState()
    if (comparison !== null && event.key === 'Escape') return leave(event, store.getState())
    event.preventDefault()
    // Side by side, every key moves all runs: whichever is asked, they share their playhead.
    act(comparison?.getState().sides[0]?.session.getState() ?? store.getState(), dialogs)
  }
  const bindings = Object.entries(anywhere).map(([key, act]) => [key, run(act, () => false)])
  const space = run(
    (session) => session.togglePlay(),
    (event) => isAt(event, PRESSED),
  )
  return tinykeys(window, { ...Object.fromEntries(bindings), Space: space })
}

function leave(event: KeyboardEvent, session: Session): void {
  event.preventDefault()
  session.endComparison()
}

/** What is open above the page is closed first, by the browser itself. */
function isForPopover({ key }: KeyboardEvent): boolean {
  return key === 'Escape' && [...document.querySelectorAll('[popover]')].some((panel) => panel.matches(':popover-open'))
}

function isAt(event: KeyboardEvent, selector: string): boolean {
  return event.target instanceof Element && event.target.closest(selector) !== null
}

function isElsewhere(event: KeyboardEvent): boolean {
  return isAt(event, TYPING) || document.querySelector('dialog[open]') !== null
}
