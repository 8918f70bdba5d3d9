/** The side that works: one scenario compiled once, then questions about it. Knows no port and no page. */

import { ok, type Result } from '../base/result.ts'
import { complete } from '../checker/fault-defaults.ts'
import { explained, makeSmall } from '../checker/found.ts'
import { Hunt } from '../checker/hunt.ts'
import { withPromises } from '../checker/promises.ts'
import { Proof } from '../checker/prove.ts'
import { asFinding } from '../checker/prove-schedule.ts'
import { Sweep } from '../checker/sweep.ts'
import { Trials } from '../checker/trials.ts'
import { compile, readScenario } from '../scenario/compile.ts'
import type { SearchFacts, SearchReply, SearchRequest, SearchSubject, ShownWhy } from './search-protocol.ts'

/** States looked at between two answers. */
const STATES_PER_SLICE = 20_000

export function createSearchHost(): (request: SearchRequest) => SearchReply {
  let open: Opened | null = null
  return (request) => {
    try {
      if (request.type === 'open') {
        const opened = openSubject(request.subject)
        if (!opened.ok) return { type: 'refused', problems: opened.problems }
        open = opened.value
        return { type: 'opened', facts: open.facts }
      }
      return open === null ? { type: 'failed', message: 'nothing was opened to be searched' } : open.answer(request)
    } catch (error) {
      return { type: 'failed', message: error instanceof Error ? error.message : String(error) }
    }
  }
}

function openSubject(subject: SearchSubject): Result<Opened> {
  const promised = withPromises(subject.input)
  if (!promised.ok) return promised
  const trials = Trials.of(promised.value.input)
  return trials.ok ? ok(new Opened(subject, trials.value, promised.value.withheld)) : trials
}

class Opened {
  readonly facts: SearchFacts
  private readonly subject: SearchSubject
  private readonly trials: Trials
  private readonly sweep: Sweep
  private proof: Proof | null = null

  constructor(subject: SearchSubject, trials: Trials, withheld: readonly string[]) {
    this.subject = subject
    this.trials = trials
    this.sweep = new Sweep(trials, { faults: 1, shard: 0, of: 1 })
    const { columns, calm, total } = this.sweep
    const promises = trials.model.properties.map(({ name }) => name)
    const properties = trials.input.properties ?? {}
    this.facts = { promises, withheld, properties, placements: total, columns, calm }
  }

  answer(request: Exclude<SearchRequest, { type: 'open' }>): SearchReply {
    const { trials } = this
    switch (request.type) {
      case 'hunt': {
        const hunt = new Hunt(trials, request.budget, request.from, request.to)
        hunt.advance(request.to - request.from)
        return { type: 'hunted', groups: hunt.groups, runs: hunt.runs }
      }
      case 'small':
        return { type: 'small', found: makeSmall(trials, request.findings, request.count) }
      case 'sweep':
        return { type: 'swept', cells: this.sweep.between(request.from, request.to) }
      case 'why':
        return { type: 'why', why: this.why(request.promise) }
      case 'prove':
        return this.prove(request.faults)
      case 'prove on':
        return this.proveOn()
    }
  }

  private why(promise: string): ShownWhy {
    const { input, story, variant } = this.subject
    const faults = (input.faults ?? []).filter(({ enabled }) => enabled !== false).map(complete)
    const schedule = { seed: input.seed ?? 1, faults, more: [] }
    const { lastChance, tried, why } = explained(this.trials, { story, variant, schedule, promise })
    return { lastChance, position: why.lastChance.never ? -1 : why.lastChance.position, cures: why.cures, tried }
  }

  /** Of the scenario's own properties: what a proof says must be in the words of who wrote it. */
  private prove(faults: number): SearchReply {
    const scenario = readScenario(this.subject.input)
    if (!scenario.ok) return { type: 'refused', problems: scenario.problems }
    const model = compile(scenario.value)
    if (!model.ok) return { type: 'refused', problems: model.problems }
    this.proof = new Proof(scenario.value, model.value, { faults })
    return this.proveOn()
  }

  private proveOn(): SearchReply {
    const { proof } = this
    if (proof === null) return { type: 'failed', message: 'no proof was begun' }
    if (proof.advance(STATES_PER_SLICE)) return { type: 'proving', counts: proof.counts }
    const result = proof.result()
    const { counterexample } = result
    const found = counterexample === null ? null : asFinding(proof, counterexample, this.subject.input)
    return { type: 'proved', result, found }
  }
}
