import { describe, expect, it } from 'vitest'
import { localStore } from '../../library/dedup-store.ts'
import { queueUnderLoad } from '../../library/load.ts'
import { mergePatch } from '../../scenario/patch.ts'
import type { ScenarioInput } from '../../session/session-types.ts'
import { type Knob, knobsOf, withCount } from './knob-model.ts'

const knob = (scenario: ScenarioInput, key: string) => knobsOf(scenario).find((one) => one.key === key) as Knob
const turned = (scenario: ScenarioInput, { patch }: Knob, value: number) =>
  mergePatch(scenario, patch(value)) as ScenarioInput

describe('the knobs of a load', () => {
  it('are the replicas of every service and the rate of every stream', () => {
    expect(knobsOf(localStore).map(({ label, value }) => `${label} ${value}`)).toEqual([
      'Payment replicas 2',
      'Rate of charges 100',
    ])
  })

  it('change the scenario where they say', () => {
    const more = turned(queueUnderLoad, knob(queueUnderLoad, 'replicas catalogue'), 2)
    expect(more.services.catalogue?.replicas).toBe(2)
    const faster = turned(queueUnderLoad, knob(queueUnderLoad, 'rate reads'), 60)
    expect(faster.workload?.arrivals?.map(({ name, rate, count }) => [name, rate, count])).toEqual([['reads', 60, 800]])
  })

  it('never end below one replica, nor at no requests', () => {
    expect(knob(queueUnderLoad, 'replicas catalogue').less).toBeNull()
    let scenario = queueUnderLoad
    for (let i = 0; i < 100; i++) {
      const rate = knob(scenario, 'rate reads')
      if (rate.less === null) break
      scenario = turned(scenario, rate, rate.less)
    }
    expect(knob(scenario, 'rate reads').value).toBe(1)
  })

  it('keep only the curves of very many requests', () => {
    const many = mergePatch(queueUnderLoad, withCount(queueUnderLoad, 1_000_000)) as ScenarioInput
    expect([many.keep, many.workload?.arrivals?.[0]?.count]).toEqual(['curves', 1_000_000])
    const few = mergePatch(many, withCount(many, 1000)) as ScenarioInput
    expect([few.keep, few.workload?.arrivals?.[0]?.count]).toEqual(['everything', 1000])
  })
})
