/**
 * The engine behind a message port: answers requests, runs scenarios in short slices so that a cancel is heard, and
 * turns every error into a reply. Knows no global of the worker; entry.ts and tests hand it what it needs.
 */
import { assertNever } from '../base/assert.ts'
import { fail, ok, type Problem, type Result } from '../base/result.ts'
import { firstStory } from '../library/order-world.ts'
import { compile, parseScenario, readScenario } from '../scenario/compile.ts'
import { applyVariant } from '../scenario/patch.ts'
import { Run } from '../scenario/run.ts'
import type { Scenario, ScenarioInput } from '../scenario/schema.ts'
import type { Chunk, ColumnArray, Spec } from '../trace/columns.ts'
import type { TracePart } from '../trace/trace-format.ts'
import type { Judging } from './judge.ts'
import { answersOf, KeptRuns } from './kept-runs.ts'
import type { JudgedCase, LibraryItem, WorkerReply, WorkerRequest } from './protocol.ts'

export interface HostDeps {
  post(reply: WorkerReply, transfer: ArrayBuffer[]): void
  /** Milliseconds of real time. */
  now(): number
  /** Calls back after messages that wait have been heard. */
  later(callback: () => void): void
}

const SLICE_MS = 10
const PART_EVERY_MS = 50
const CURVES_EVERY_MS = 200
const ACTIONS_FIRST = 1000
const ACTIONS_MIN = 100
/** Deeper than any scenario, and shallow enough for every recursive reader. */
const DEPTH_MAX = 40

export function createHost(deps: HostDeps): (request: WorkerRequest) => void {
  const running = new Map<number, { cancel(): void }>()
  const kept = new KeptRuns()

  function answer(request: WorkerRequest): void {
    const { id } = request
    switch (request.type) {
      case 'library':
        withLibrary(id, (library) => deps.post({ id, type: 'library', items: library.map(asItem) }, []))
        break
      case 'open':
        // The story a visitor meets first is at hand; the others come with the rest of the library.
        if (request.libraryId === firstStory.id) replyScenario(id, ok(firstStory))
        else withLibrary(id, (library) => replyScenario(id, findIn(library, request.libraryId)))
        break
      case 'check':
        replyScenario(id, check(request.text))
        break
      case 'run':
        startRun(id, request.scenario, request.variant)
        break
      case 'judge':
        startJudging(id, request.cases)
        break
      case 'cancel':
        running.get(request.run)?.cancel()
        break
      case 'ask':
        deps.post({ id, type: 'answers', answers: answersOf(kept.find(request.run), request.expressions) }, [])
        break
      default:
        assertNever(request)
    }
  }

  function withLibrary(id: number, work: (library: readonly ScenarioInput[]) => void): void {
    import('../library/library.ts').then(
      ({ library }) => guarded(id, () => work(library)),
      () => deps.post({ id, type: 'failed', message: 'the library could not be loaded' }, []),
    )
  }

  function replyScenario(id: number, result: Result<ScenarioInput>): void {
    if (result.ok) deps.post({ id, type: 'scenario', scenario: result.value }, [])
    else deps.post({ id, type: 'refused', problems: result.problems }, [])
  }

  function startRun(id: number, input: ScenarioInput, variant: string | null): void {
    const prepared = prepare(input, variant)
    if (!prepared.ok) {
      deps.post({ id, type: 'refused', problems: prepared.problems }, [])
      return
    }
    const { run, scenario } = prepared.value
    running.set(id, run)
    kept.add(id, run, scenario)
    deps.post({ id, type: 'started', header: run.header }, [])
    slice(id, run, ACTIONS_FIRST, deps.now())
  }

  /** Few visits judge many runs: what it takes comes when it is asked for. */
  function startJudging(id: number, cases: readonly JudgedCase[]): void {
    let isCancelled = false
    running.set(id, {
      cancel() {
        isCancelled = true
      },
    })
    import('./judge.ts').then(
      ({ Judging }) =>
        guarded(id, () => {
          const judging = new Judging(cases, ({ scenario, variant }) => {
            const prepared = prepare(scenario, variant)
            return prepared.ok ? ok(prepared.value.run) : prepared
          })
          if (isCancelled) judging.cancel()
          running.set(id, judging)
          judgeSlice(id, judging, deps.now())
        }),
      () => deps.post({ id, type: 'failed', message: 'the judge could not be loaded' }, []),
    )
  }

  function judgeSlice(id: number, judging: Judging, posted: number): void {
    guarded(id, () => {
      const until = deps.now() + SLICE_MS
      let goesOn = judging.advance(ACTIONS_FIRST)
      while (goesOn && deps.now() < until) goesOn = judging.advance(ACTIONS_FIRST)
      const now = deps.now()
      const isDue = !goesOn || now - posted >= PART_EVERY_MS
      if (isDue) deps.post({ id, type: 'judged', verdicts: judging.take() }, [])
      if (goesOn) return deps.later(() => judgeSlice(id, judging, isDue ? now : posted))
      running.delete(id)
      deps.post({ id, type: 'judgedAll', cancelled: judging.isCancelled }, [])
    })
  }

  function slice(id: number, run: Run, actions: number, posted: number): void {
    guarded(id, () => {
      const start = deps.now()
      const goesOn = run.advance(actions)
      const end = deps.now()
      if (!goesOn) {
        postPart(id, run)
        postCurves(id, run)
        running.delete(id)
        kept.trim()
        deps.post({ id, type: 'finished', summary: run.summary() }, [])
        return
      }
      const isDue = end - posted >= PART_EVERY_MS
      if (isDue) postPart(id, run)
      if (Math.floor(end / CURVES_EVERY_MS) > Math.floor(start / CURVES_EVERY_MS)) postCurves(id, run)
      const fitting = Math.round((actions * SLICE_MS) / Math.max(1, end - start))
      const next = Math.max(ACTIONS_MIN, Math.min(fitting, actions * 4))
      deps.later(() => slice(id, run, next, isDue ? end : posted))
    })
  }

  function postPart(id: number, run: Run): void {
    const part = run.takePart()
    deps.post({ id, type: 'part', part, time: run.time }, buffersOf(part))
  }

  function postCurves(id: number, run: Run): void {
    const curves = run.curves()
    if (curves !== null) deps.post({ id, type: 'curves', curves }, [])
  }

  function guarded(id: number, work: () => void): void {
    try {
      work()
    } catch (error) {
      running.delete(id)
      kept.forget(id)
      deps.post({ id, type: 'failed', message: error instanceof Error ? error.message : String(error) }, [])
    }
  }

  return (request) => guarded(request.id, () => answer(request))
}

function asItem(scenario: ScenarioInput): LibraryItem {
  const variants = Object.entries(scenario.variants ?? {})
  return {
    id: scenario.id,
    title: scenario.title,
    case: scenario.case ?? '',
    chapter: scenario.chapter ?? '',
    text: scenario.text ?? '',
    variants: variants.map(([name, { title }]) => ({ name, title })),
  }
}

function findIn(library: readonly ScenarioInput[], id: string): Result<ScenarioInput> {
  const found = library.find((scenario) => scenario.id === id)
  return found === undefined ? fail({ path: '', message: `the library has no scenario "${id}"` }) : ok(found)
}

function prepare(input: ScenarioInput, variant: string | null): Result<{ run: Run; scenario: Scenario }> {
  const scenario = readScenario(input)
  if (!scenario.ok) return scenario
  const model = compile(scenario.value, variant)
  return model.ok ? ok({ run: new Run(model.value, scenario.value), scenario: scenario.value }) : model
}

/** The scenario as written, once it and each of its variants are known to run. */
export function check(text: string): Result<ScenarioInput> {
  const parsed = parseScenario(text)
  if (!parsed.ok) return parsed
  if (isDeeperThan(parsed.value, DEPTH_MAX)) {
    return fail({ path: '', message: 'this is nested too deeply for a scenario' })
  }
  const base = prepare(parsed.value as ScenarioInput, null)
  if (!base.ok) return base
  const written = parsed.value as ScenarioInput
  const problems = Object.keys(written.variants ?? {}).flatMap((name) => problemsOf(written, name))
  return problems.length > 0 ? fail(...problems) : ok(written)
}

function problemsOf(written: ScenarioInput, variant: string): Problem[] {
  const model = prepare(applyVariant(written, variant), variant)
  if (model.ok) return []
  return model.problems.map(({ path, message }) => ({ path: `variants.${variant}`, message: `${path}: ${message}` }))
}

function isDeeperThan(value: unknown, levels: number): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levels) return true
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
  }
  return false
}

/** Everything of a part that can move instead of being copied. */
function buffersOf(part: TracePart): ArrayBuffer[] {
  const { entries, messages, bodies, changes, cells } = part
  const chunks: Chunk<Spec>[] = [...entries, ...messages, ...bodies, ...changes, ...cells]
  return chunks.flatMap(({ arrays }) => Object.values(arrays).map((array: ColumnArray) => array.buffer as ArrayBuffer))
}
