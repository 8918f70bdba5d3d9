/**
 * The page's side of the worker: requests in, promises and run events out. Starts the worker at the first request,
 * starts a new one when it crashes or stops answering, asks simple questions again then, and tells whose run was lost.
 */
import { assertNever } from '../base/assert.ts'
import type { Problem, Result } from '../base/result.ts'
import { fail, ok } from '../base/result.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import type { CurvesData } from '../trace/curve-data.ts'
import type { TraceHeader, TracePart } from '../trace/trace-format.ts'
import type { Answer, JudgedCase, LibraryItem, RunSummary, Verdict, WorkerReply, WorkerRequest } from './protocol.ts'

export interface RunListener {
  started(header: TraceHeader): void
  /** `time`: virtual time reached, microseconds. */
  part(part: TracePart, time: number): void
  /** What is measured of a run under load, up to now. */
  curves?(curves: CurvesData): void
  finished(summary: RunSummary): void
  /** The scenario cannot run as it stands. */
  refused(problems: readonly Problem[]): void
  /** A bug in us, or a worker that crashed or hung and was replaced: a sentence for the visitor. */
  failed(message: string): void
}

export interface JudgeListener {
  judged(verdicts: readonly Verdict[]): void
  finished(cancelled: boolean): void
  failed(message: string): void
}

export interface Cancellable {
  cancel(): void
}

export interface RunHandle extends Cancellable {
  /** Evaluates observation expressions on the run; one answer each. Rejects when the engine fails. */
  ask(expressions: readonly string[]): Promise<readonly Answer[]>
}

/** What the session asks of the engine; tests bring their own. */
export interface EngineClient {
  library(): Promise<readonly LibraryItem[]>
  open(libraryId: string): Promise<Result<ScenarioInput>>
  /** Parses and checks a scenario file's text. */
  check(text: string): Promise<Result<ScenarioInput>>
  run(scenario: ScenarioInput, variant: string | null, listener: RunListener): RunHandle
  /** Runs each case to its end for its outcome, in their order. */
  judge(cases: readonly JudgedCase[], listener: JudgeListener): Cancellable
}

/** The few members of a Worker used here, so that a test can stand in for one. */
export interface WorkerLike {
  postMessage(message: WorkerRequest): void
  terminate(): void
  onmessage: ((event: MessageEvent<WorkerReply>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
  onmessageerror: ((event: MessageEvent) => void) | null
}

/** A busy worker sends a part every 50 ms or so; one that is silent for so long is stuck. */
const SILENCE_MAX_MS = 10_000

interface Pending {
  readonly request: WorkerRequest
  readonly answer: (reply: WorkerReply) => void
  readonly lost: (message: string) => void
  /** A run that has started is not asked for again: what made the worker fail would make it fail again. */
  triesLeft: number
}

type Unnumbered<T> = T extends { id: number } ? Omit<T, 'id'> : never

export function startWorker(): WorkerLike {
  return new Worker(new URL('./entry.ts', import.meta.url), { type: 'module', name: 'engine' }) as WorkerLike
}

export function createEngineClient(start: () => WorkerLike = startWorker): EngineClient {
  const pending = new Map<number, Pending>()
  let worker: WorkerLike | null = null
  let lastId = 0
  let silence: ReturnType<typeof setTimeout> | undefined

  function listen(): void {
    clearTimeout(silence)
    if (pending.size > 0) silence = setTimeout(() => replace('stopped answering'), SILENCE_MAX_MS)
  }

  function post(request: WorkerRequest): void {
    if (worker === null) {
      worker = start()
      worker.onmessage = (event) => receive(event.data)
      worker.onerror = (event) => {
        event.preventDefault()
        replace(`crashed (${event.message || 'it could not be loaded'})`)
      }
      worker.onmessageerror = () => replace('sent something unreadable')
    }
    worker.postMessage(request)
  }

  function receive(reply: WorkerReply): void {
    const asked = pending.get(reply.id)
    if (asked !== undefined) {
      asked.triesLeft = 0
      if (!isInterim(reply)) pending.delete(reply.id)
      asked.answer(reply)
    }
    listen()
  }

  function replace(what: string): void {
    worker?.terminate()
    worker = null
    const waiting = [...pending.entries()]
    pending.clear()
    for (const [id, asked] of waiting) {
      if (asked.triesLeft-- > 0) pending.set(id, asked)
      else asked.lost(`The engine ${what} and was restarted.`)
    }
    for (const asked of pending.values()) post(asked.request)
    listen()
  }

  function ask(request: Unnumbered<WorkerRequest>, asked: Omit<Pending, 'request'>): number {
    const id = ++lastId
    const numbered = { ...request, id } as WorkerRequest
    pending.set(id, { ...asked, request: numbered })
    post(numbered)
    if (pending.size === 1) listen()
    return id
  }

  function question<T>(request: Unnumbered<WorkerRequest>, read: (reply: WorkerReply) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const lost = (message: string) => reject(new Error(message))
      const answer = (reply: WorkerReply) => (reply.type === 'failed' ? lost(reply.message) : resolve(read(reply)))
      ask(request, { answer, lost, triesLeft: 1 })
    })
  }

  function cancellable(id: number): Cancellable {
    return {
      cancel() {
        if (pending.has(id)) post({ id: ++lastId, type: 'cancel', run: id })
      },
    }
  }

  return {
    library: () => question({ type: 'library' }, (reply) => (reply.type === 'library' ? reply.items : [])),
    open: (libraryId) => question({ type: 'open', libraryId }, asScenario),
    check: (text) => question({ type: 'check', text }, asScenario),
    run(scenario, variant, listener) {
      const request = { type: 'run', scenario, variant } as const
      const id = ask(request, { answer: (reply) => tell(listener, reply), lost: listener.failed, triesLeft: 1 })
      return {
        ...cancellable(id),
        ask: (expressions) =>
          question({ type: 'ask', run: id, expressions }, (reply) => (reply.type === 'answers' ? reply.answers : [])),
      }
    },
    judge(cases, listener) {
      const answer = (reply: WorkerReply) => {
        if (reply.type === 'judged') listener.judged(reply.verdicts)
        else if (reply.type === 'judgedAll') listener.finished(reply.cancelled)
        else if (reply.type === 'failed') listener.failed(`The engine failed: ${reply.message}`)
      }
      return cancellable(ask({ type: 'judge', cases }, { answer, lost: listener.failed, triesLeft: 1 }))
    },
  }
}

/** More will come of the same request. */
function isInterim({ type }: WorkerReply): boolean {
  return type === 'started' || type === 'part' || type === 'curves' || type === 'judged'
}

function asScenario(reply: WorkerReply): Result<ScenarioInput> {
  if (reply.type === 'scenario') return ok(reply.scenario)
  return fail(...(reply.type === 'refused' ? reply.problems : []))
}

function tell(listener: RunListener, reply: WorkerReply): void {
  switch (reply.type) {
    case 'started':
      listener.started(reply.header)
      break
    case 'part':
      listener.part(reply.part, reply.time)
      break
    case 'curves':
      listener.curves?.(reply.curves)
      break
    case 'finished':
      listener.finished(reply.summary)
      break
    case 'refused':
      listener.refused(reply.problems)
      break
    case 'failed':
      listener.failed(`The engine failed: ${reply.message}`)
      break
    case 'library':
    case 'scenario':
    case 'judged':
    case 'judgedAll':
    case 'answers':
      break
    default:
      assertNever(reply)
  }
}
