/** A few words beside a lifeline where a saga decided something or a fault struck. */
import { stepName } from '../../trace/describe.ts'
import { positionAtTime } from '../../trace/history.ts'
import type { Entry, Trace } from '../../trace/trace.ts'
import { NONE } from '../../trace/trace-format.ts'
import { textWidth } from '../timeline/bar-labels.ts'
import type { MarkTone } from '../timeline/lane-drawing.ts'
import { toPixels } from '../timeline/time-window.ts'
import { markService } from '../timeline/trace-index.ts'
import type { LabelRoom } from './label-room.ts'
import type { Note, NoteTone } from './space-time-drawing.ts'
import type { SpaceTimeFrame } from './space-time-layout.ts'

/** With more entries in sight than this there is no room for words. */
const ENTRIES_MAX = 1500
const OFFSET = 13
const HEIGHT = 15

interface Wording {
  readonly tone: NoteTone
  readonly mark: MarkTone | null
  readonly text: string
}

/** Undefined for what the diagram already shows, or need not say. */
function wordingOf(trace: Trace, entry: Entry): Wording | undefined {
  const step = () => stepName(trace, entry, entry.a)
  const say = (tone: NoteTone, text: string, mark: MarkTone | null = null): Wording => ({ tone, mark, text })
  switch (entry.kind) {
    case 'crashed':
      return say('bad', 'crashed', 'crashed')
    case 'recovered':
      return say('ok', 'is back', 'recovered')
    case 'replicaCrashed':
      return say('bad', `replica ${entry.a + 1} crashed`, 'crashed')
    case 'replicaRecovered':
      return say('ok', `replica ${entry.a + 1} is back`, 'recovered')
    case 'delayed':
      return say('undo', 'held back', 'delayed')
    case 'slowed':
      return say('undo', 'slow', 'slowed')
    case 'duplicated':
      return say('undo', 'copied', 'duplicated')
    case 'deduplicated':
      return say('plain', 'duplicate turned away')
    case 'refused':
      return say('bad', `refused: ${trace.text(entry.a)}`)
    case 'failed':
      return say('bad', `error: ${trace.text(entry.a)}`)
    case 'stepTimedOut':
      return say('bad', `${step()}: no answer`)
    case 'compensationStarted':
      return say('undo', 'turns back')
    case 'stepCompensated':
      return say('undo', `${step()} undone`)
    case 'sagaCompleted':
      return say('ok', 'saga completed')
    case 'sagaCompensated':
      return say('undo', 'saga compensated')
    case 'prepared':
      return say('plain', 'votes yes, in doubt')
    case 'decided':
      return say(trace.text(entry.a) === 'commit' ? 'ok' : 'undo', `decides: ${trace.text(entry.a)}`)
    case 'sagaAborted':
      return say('undo', 'aborted')
    case 'sagaNeedsIntervention':
      return say('bad', 'needs a person')
    case 'replyIgnored':
      return say('plain', 'reply not acted on')
    case 'deadLettered':
      return say('bad', 'parked')
    default:
      return undefined
  }
}

export function notesWithin(frame: SpaceTimeFrame, room: LabelRoom): Note[] {
  const { fold, window, index } = frame
  const first = window.from <= 0 ? 0 : positionAtTime(index.trace, fold.toTime(window.from) - 1)
  const after = Math.min(positionAtTime(index.trace, fold.toTime(window.to)), index.length)
  if (after - first > ENTRIES_MAX) return []
  const bundles = new Map<string, Bundle>()
  for (let position = first; position < after; position++) collect(frame, position, bundles)
  return [...bundles.values()].flatMap((bundle) => placed(bundle, room, frame.fontSize))
}

/** What happened on one lifeline at one moment. */
interface Bundle {
  readonly line: number
  readonly y: number
  readonly notes: (Wording & { readonly position: number })[]
}

function collect(frame: SpaceTimeFrame, position: number, bundles: Map<string, Bundle>): void {
  const { trace } = frame.index
  const entry = trace.entry(position)
  const wording = wordingOf(trace, entry)
  if (wording === undefined) return
  const service = serviceOf(trace, entry)
  const line = frame.columns.x[service]
  if (line === undefined) return
  const key = `${service} ${entry.time}`
  const y = toPixels(frame.window, frame.height, frame.fold.toFolded(entry.time))
  const bundle = bundles.get(key) ?? { line, y, notes: [] }
  bundle.notes.push({ position, ...wording })
  bundles.set(key, bundle)
}

/** The last stands just over its moment, so that the playhead underlines it; earlier ones over that. */
function placed({ line, y, notes }: Bundle, room: LabelRoom, fontSize: number): Note[] {
  const width = Math.max(...notes.map(({ text, mark }) => textWidth(text, fontSize) + (mark === null ? 0 : HEIGHT) + 4))
  const height = notes.length * HEIGHT
  const at = (x: number, top: number) => ({ x, y: top, width, height })
  const over = y - height - 1
  const left = line - OFFSET - width
  const right = line + OFFSET
  const place = room.take([
    at(right, over),
    at(left, over),
    at(right, y + 2),
    at(left, y + 2),
    at(right, over - HEIGHT),
  ])
  if (place === undefined) return []
  return notes.map((note, number) => ({ ...note, x: place.x, y: place.y + (number + 0.5) * HEIGHT }))
}

/** A saga's decisions stand at its orchestrator. */
function serviceOf(trace: Trace, entry: Entry): number {
  const service = markService(trace, entry.position)
  return service === NONE ? (trace.header.sagas[0]?.orchestrator ?? NONE) : service
}
