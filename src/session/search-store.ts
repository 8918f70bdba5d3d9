/**
 * The search of the scenario at hand: a pool of workers, each asked for one slice after the other, so that a pause is
 * heard at once and the page stays free. What it has found stays until something else is searched.
 */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { problemLine } from '../base/result.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import type { SearchPool, SearchWorker } from '../worker/search-pool.ts'
import type {
  Budget,
  Cell,
  FindingGroup,
  Found,
  ProveCounts,
  ProveResult,
  SearchFacts,
  SearchReply,
  SearchRequest,
  SearchSubject,
  ShownCure,
  ShownWhy,
} from '../worker/search-protocol.ts'

export type { Budget, Cell, Found, ProveCounts, ProveResult, SearchFacts, SearchSubject, ShownCure, ShownWhy }

export type SearchStatus = 'idle' | 'running' | 'paused' | 'done' | 'failed'

export interface FoundGroup {
  readonly promise: string
  readonly count: number
  /** Null while it is being made small. */
  readonly found: Found | null
}

export interface HuntView {
  readonly status: SearchStatus
  readonly runs: number
  /** Schedules a second, over the last moments; 0 before there is one. */
  readonly rate: number
  readonly groups: readonly FoundGroup[]
}

export interface SweepView {
  readonly status: SearchStatus
  readonly cells: readonly Cell[]
}

export interface ProveView {
  readonly status: SearchStatus
  readonly counts: ProveCounts | null
  readonly result: ProveResult | null
  /** The counterexample as a scenario with its faults; null without one. */
  readonly found: Found | null
}

export interface SearchState {
  readonly subject: SearchSubject | null
  readonly facts: SearchFacts | null
  /** A sentence when something went wrong. */
  readonly trouble: string
  readonly hunt: HuntView
  readonly sweep: SweepView
  readonly prove: ProveView
}

export interface SearchActions {
  /** Begins anew when the subject is another one than before. */
  open(subject: SearchSubject): void
  startHunt(budget: Budget, seeds: number): void
  pause(): void
  resume(): void
  sweepAll(): void
  proveWith(faults: number): void
  /** Stops whatever is running; what was found stays. */
  cancel(): void
}

export type Search = SearchState & SearchActions

const nothing: Omit<SearchState, 'subject'> = {
  facts: null,
  trouble: '',
  hunt: { status: 'idle', runs: 0, rate: 0, groups: [] },
  sweep: { status: 'idle', cells: [] },
  prove: { status: 'idle', counts: null, result: null, found: null },
}

/** Schedules in one slice: a few tenths of a second, so that a pause is soon heard. */
const SLICE_FIRST = 10
const SLICE_MAX = 20_000
const SLICE_MS = 200
const RATE_EVERY_MS = 1000
const PLACEMENTS_PER_SLICE = 8

export interface SearchDeps {
  startPool(): SearchPool
  now(): number
}

export function createSearch(deps: SearchDeps): StoreApi<Search> {
  return createStore<Search>()((set, get) => {
    let pool: SearchPool | null = null
    let opened: Promise<readonly SearchWorker[]> | null = null
    /** Whatever was begun under an older number is over. */
    let turn = 0
    let wake: (() => void)[] = []

    const fail = (message: string) => {
      stop()
      const failed = (view: { status: SearchStatus }) => (view.status === 'running' ? 'failed' : view.status)
      const { hunt, sweep, prove } = get()
      set({
        trouble: message,
        hunt: { ...hunt, status: failed(hunt) },
        sweep: { ...sweep, status: failed(sweep) },
        prove: { ...prove, status: failed(prove) },
      })
    }

    function stop(): void {
      turn++
      pool?.stop()
      pool = null
      opened = null
      for (const go of wake) go()
      wake = []
    }

    /** The workers, once each of them has the scenario. */
    function workers(): Promise<readonly SearchWorker[]> {
      opened ??= (async () => {
        const { subject } = get()
        if (subject === null) throw new Error('there is nothing to search')
        pool ??= deps.startPool()
        const replies = await Promise.all(pool.workers.map((worker) => ask(worker, { type: 'open', subject })))
        for (const { facts } of replies) set({ facts })
        return pool.workers
      })()
      return opened
    }

    /** Runs a piece of work; what goes wrong in it is said to the visitor. */
    function begin(work: (isOver: () => boolean) => Promise<void>): void {
      set({ trouble: '' })
      const mine = ++turn
      const isOver = () => turn !== mine
      work(isOver).catch((error) => {
        if (!isOver()) fail(error instanceof Error ? error.message : String(error))
      })
    }

    const resumed = () =>
      get().hunt.status === 'paused' ? new Promise<void>((go) => wake.push(go)) : Promise.resolve()

    return {
      subject: null,
      ...nothing,
      open(subject) {
        if (JSON.stringify(subject) === JSON.stringify(get().subject)) return
        stop()
        set({ subject, ...nothing })
      },
      startHunt(budget, seeds) {
        begin(async (isOver) => {
          set({ hunt: { ...nothing.hunt, status: 'running' } })
          const all = await workers()
          if (isOver()) return
          const found = new Groups()
          let next = 1
          let began = deps.now()
          let before = 0
          const take = async (worker: SearchWorker): Promise<void> => {
            for (let slice = SLICE_FIRST; next <= seeds && !isOver(); ) {
              const from = next
              next = Math.min(seeds + 1, from + slice)
              const start = deps.now()
              const { groups, runs } = await ask(worker, { type: 'hunt', budget, from, to: next })
              if (isOver()) return
              const took = Math.max(1, deps.now() - start)
              slice = Math.max(1, Math.min(SLICE_MAX, slice * 3, Math.round((slice * SLICE_MS) / took)))
              found.add(groups)
              const { hunt } = get()
              const total = hunt.runs + runs
              const span = deps.now() - began
              const isDue = span > RATE_EVERY_MS || hunt.rate === 0
              const rate = isDue ? Math.round(((total - before) / Math.max(1, span)) * 1000) : hunt.rate
              if (span > RATE_EVERY_MS) [began, before] = [deps.now(), total]
              set({ hunt: { ...hunt, runs: total, rate, groups: found.view } })
              await resumed()
            }
          }
          await Promise.all(all.map(take))
          if (isOver()) return
          await makeSmall(found, all, isOver)
          if (!isOver()) set({ hunt: { ...get().hunt, status: 'done' } })
        })
      },
      pause() {
        if (get().hunt.status === 'running') set({ hunt: { ...get().hunt, status: 'paused' } })
      },
      resume() {
        if (get().hunt.status !== 'paused') return
        set({ hunt: { ...get().hunt, status: 'running' } })
        for (const go of wake) go()
        wake = []
      },
      sweepAll() {
        begin(async (isOver) => {
          set({ sweep: { status: 'running', cells: [] } })
          const all = await workers()
          const total = get().facts?.placements ?? 0
          const parts: Cell[][] = []
          let next = 0
          const take = async (worker: SearchWorker): Promise<void> => {
            while (next < total && !isOver()) {
              const from = next
              next += PLACEMENTS_PER_SLICE
              const { cells } = await ask(worker, { type: 'sweep', from, to: next })
              if (isOver()) return
              parts[from / PLACEMENTS_PER_SLICE] = [...cells]
              set({ sweep: { status: 'running', cells: parts.flat() } })
            }
          }
          await Promise.all(all.map(take))
          if (!isOver()) set({ sweep: { ...get().sweep, status: 'done' } })
        })
      },
      proveWith(faults) {
        begin(async (isOver) => {
          set({ prove: { ...nothing.prove, status: 'running' } })
          const [worker] = await workers()
          if (worker === undefined) return
          let reply = await worker.ask({ type: 'prove', faults })
          while (reply.type === 'proving' && !isOver()) {
            set({ prove: { ...nothing.prove, status: 'running', counts: reply.counts } })
            reply = await worker.ask({ type: 'prove on' })
          }
          if (isOver()) return
          if (reply.type !== 'proved') throw new Error(trouble(reply))
          set({ prove: { status: 'done', counts: reply.result.counts, result: reply.result, found: reply.found } })
        })
      },
      cancel() {
        const { hunt, sweep, prove } = get()
        stop()
        const ended = (view: { status: SearchStatus }): SearchStatus =>
          view.status === 'running' || view.status === 'paused' ? 'done' : view.status
        set({
          hunt: { ...hunt, status: ended(hunt), groups: hunt.groups.filter(({ found }) => found !== null) },
          sweep: { ...sweep, status: ended(sweep) },
          prove: { ...prove, status: ended(prove) },
        })
      },
    }

    async function makeSmall(found: Groups, all: readonly SearchWorker[], isOver: () => boolean): Promise<void> {
      await Promise.all(
        found.groups.map(async ({ promise, first, count }, i) => {
          const worker = all[i % all.length] as SearchWorker
          const { found: small } = await ask(worker, { type: 'small', findings: first, count })
          if (isOver()) return
          found.keep(promise, small)
          set({ hunt: { ...get().hunt, groups: found.view } })
        }),
      )
    }
  })
}

type ReplyTo<T extends SearchRequest['type']> = Extract<SearchReply, { type: (typeof replyTypes)[T] }>
const replyTypes = {
  open: 'opened',
  hunt: 'hunted',
  small: 'small',
  sweep: 'swept',
  why: 'why',
  prove: 'proved',
  'prove on': 'proved',
} as const

async function ask<T extends SearchRequest['type']>(
  worker: SearchWorker,
  request: Extract<SearchRequest, { type: T }>,
): Promise<ReplyTo<T>> {
  const reply = await worker.ask(request)
  if (reply.type === replyTypes[request.type]) return reply as ReplyTo<T>
  throw new Error(trouble(reply))
}

function trouble(reply: SearchReply): string {
  if (reply.type === 'refused') return reply.problems.map(problemLine).join('; ')
  return reply.type === 'failed' ? `The search failed: ${reply.message}` : `unexpected answer: ${reply.type}`
}

/** Findings of all workers by what they break; the first of each promise are kept to be made small. */
class Groups {
  readonly groups: FindingGroup[] = []
  private readonly small = new Map<string, Found>()

  add(more: readonly FindingGroup[]): void {
    for (const { promise, count, first } of more) {
      const known = this.groups.find((group) => group.promise === promise)
      if (known === undefined) this.groups.push({ promise, count, first: [...first] })
      else {
        known.count += count
        known.first.push(...first)
        known.first.sort((a, b) => a.seed - b.seed)
        known.first.splice(KEPT)
      }
    }
  }

  keep(promise: string, found: Found): void {
    this.small.set(promise, found)
  }

  get view(): FoundGroup[] {
    return this.groups.map(({ promise, count }) => ({ promise, count, found: this.small.get(promise) ?? null }))
  }
}
const KEPT = 5

/** Why a scenario as it stands breaks a promise: asked of one worker, which ends with the answer. */
export async function askWhy(deps: SearchDeps, subject: SearchSubject, promise: string): Promise<ShownWhy> {
  const pool = deps.startPool()
  try {
    const [worker] = pool.workers
    if (worker === undefined) throw new Error('no worker could be started')
    await ask(worker, { type: 'open', subject })
    const { why } = await ask(worker, { type: 'why', promise })
    return why
  } finally {
    pool.stop()
  }
}

/** The subject of a search of what is on the page. */
export function subjectOf(story: ScenarioInput, variant: string | null, effective: ScenarioInput): SearchSubject {
  return { input: effective, story, variant }
}
