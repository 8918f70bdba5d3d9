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
const HEIGHT = 14

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
  const notes: Note[] = []
  for (let position = first; position < after; position++) {
    const note = noteAt(frame, position, room)
    if (note !== undefined) notes.push(note)
  }
  return notes
}

function noteAt({ index, fold, window, height, columns }: SpaceTimeFrame, position: number, room: LabelRoom) {
  const { trace } = index
  const entry = trace.entry(position)
  const wording = wordingOf(trace, entry)
  if (wording === undefined) return undefined
  const line = columns.x[serviceOf(index.trace, entry)]
  if (line === undefined) return undefined
  const y = toPixels(window, height, fold.toFolded(entry.time))
  const lead = wording.mark === null ? 0 : HEIGHT
  const width = textWidth(wording.text) + lead + 4
  const at = (dx: number, dy: number) => ({ x: line + dx, y: y - HEIGHT / 2 + dy, width, height: HEIGHT })
  const beside = -OFFSET - width
  const place = room.take([at(OFFSET, 0), at(OFFSET, 9), at(OFFSET, -9), at(beside, 0), at(beside, 9), at(OFFSET, 18)])
  if (place === undefined) return undefined
  return { position, x: place.x, y: place.y + HEIGHT / 2, ...wording }
}

/** A saga's decisions stand at its orchestrator. */
function serviceOf(trace: Trace, entry: Entry): number {
  const service = markService(trace, entry.position)
  return service === NONE ? (trace.header.sagas[0]?.orchestrator ?? NONE) : service
}
