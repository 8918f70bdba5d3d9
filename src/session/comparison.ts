/**
 * Side by side: several sessions under one playhead. Each side runs by itself, as the page's session does; a conductor
 * says where they all stand. What they share is virtual time, one fold of it, and one clock.
 */
import { createStore } from 'zustand/vanilla'
import { whyNotBeside } from './comparable.ts'
import type { ComparisonActions, ComparisonStart, ComparisonState, ComparisonStore, Side } from './comparison-types.ts'
import { Conductor } from './conductor.ts'
import { PartingSearch } from './parting-search.ts'
import { keepTime } from './playback.ts'
import { createSide, type SessionDeps } from './session-store.ts'
import type { Draft } from './session-types.ts'

export interface ComparisonDeps extends SessionDeps {
  /** Said by the page, whichever side it comes from. */
  announce(text: string): void
}

export function createComparison(deps: ComparisonDeps, start: ComparisonStart): ComparisonStore {
  const store = createStore<ComparisonState>()(() => {
    const { moment, playing, speed, view } = start
    return { sides: [], partings: [], moment, fold: null, playing, speed, view }
  }) as ComparisonStore
  const conductor = new Conductor({ get: store.getState, set: store.setState, announce: deps.announce })
  const cast = new Cast(deps, store, conductor)
  store.setState({ ...timeActions(conductor), ...castActions(cast, store) })
  keepTime(
    {
      playing: () => store.getState().playing,
      speed: () => store.getState().speed,
      subscribe: (listener) => store.subscribe(listener),
      flow: (seconds) => conductor.flow(seconds),
      hop: () => conductor.hop(),
    },
    deps,
  )
  cast.set(start.drafts.map((draft) => cast.make(draft)))
  return store
}

/** Who stands there: makes sides, hears when their runs arrive, and looks where they part. */
class Cast {
  private readonly deps: SessionDeps
  private readonly store: ComparisonStore
  private readonly conductor: Conductor
  private readonly search: PartingSearch
  private lastId = 0
  private isDismissed = false

  constructor(deps: SessionDeps, store: ComparisonStore, conductor: Conductor) {
    this.deps = deps
    this.store = store
    this.conductor = conductor
    this.search = new PartingSearch((partings) => store.setState({ partings }))
  }

  get sides(): readonly Side[] {
    return this.store.getState().sides
  }

  make(draft: Draft): Side {
    const session = createSide(this.deps, (own) => this.conductor.actionsFor(own))
    session.subscribe((now, before) => {
      if (this.isDismissed || now.trace === null) return
      if (now.fold !== this.store.getState().fold) this.conductor.gather()
      if (now.trace !== before.trace || now.run !== before.run) this.look()
    })
    const { speed } = this.store.getState()
    session.getState().openWork({ draft, playhead: 0, speed, bottom: 'timeline', panel: 'verdict' })
    return { id: ++this.lastId, session }
  }

  set(sides: readonly Side[]): void {
    this.store.setState({ sides })
    this.conductor.gather()
    this.look()
  }

  look(): void {
    this.search.look(this.sides.map(({ session }) => session.getState()))
  }

  dismiss(): void {
    this.isDismissed = true
    this.search.stop()
    for (const { session } of this.sides) session.getState().cancelRun()
  }
}

type TimeActions = Pick<
  ComparisonActions,
  'goTo' | 'seekTime' | 'step' | 'togglePlay' | 'setSpeed' | 'toStart' | 'toEnd' | 'toParting'
>

function timeActions(conductor: Conductor): TimeActions {
  return {
    goTo: (moment) => conductor.goTo(moment),
    seekTime: (time) => conductor.seekTime(time),
    step: (direction) => conductor.step(direction),
    togglePlay: () => conductor.togglePlay(),
    setSpeed: (speed) => conductor.setSpeed(speed),
    toStart: () => conductor.toStart(),
    toEnd: () => conductor.toEnd(),
    toParting: (id) => conductor.toParting(id),
  }
}

function castActions(cast: Cast, store: ComparisonStore): Omit<ComparisonActions, keyof TimeActions> {
  return {
    add(draft) {
      const reason = whyNotBeside(draftsOf(cast.sides), draft)
      if (reason === null) cast.set([...cast.sides, cast.make(draft)])
      return reason
    },
    remove(id) {
      if (cast.sides.length <= 2) return
      cast.sides
        .find((side) => side.id === id)
        ?.session.getState()
        .cancelRun()
      cast.set(cast.sides.filter((side) => side.id !== id))
    },
    setView: (view) => store.setState({ view }),
    close() {
      store.setState({ playing: false })
      cast.dismiss()
    },
  }
}

export function draftsOf(sides: readonly Side[]): Draft[] {
  return sides.flatMap(({ session }) => session.getState().draft ?? [])
}
