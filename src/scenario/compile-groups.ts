/** From a service's `group` to the model of its consumer group. */
import type { GroupModel, GroupsModel } from '../kernel/partitions.ts'
import { us } from './compile-faults.ts'
import type { ProblemList } from './problems.ts'
import type { Scenario, Service } from './schema.ts'

/** Null when no service is one. `table`: the number of its table of partitions. */
export function compileGroups(
  scenario: Scenario,
  instances: { readonly all: readonly (readonly number[])[] } | null,
  table: (service: string) => number,
): GroupsModel | null {
  const models: GroupModel[] = []
  const of = new Int32Array((instances?.all.length ?? 0) + 1).fill(-1)
  Object.entries(scenario.services).forEach(([name, { group }], number) => {
    if (group === undefined) return
    const members = instances?.all[number] ?? []
    for (const member of members) of[member] = models.length
    models.push({ service: number, members, table: table(name), ...groupSettings(group, members) })
  })
  return models.length === 0 ? null : { models, of }
}

function groupSettings(group: NonNullable<Service['group']>, members: readonly number[]) {
  const { partitions, by, sessionMs, heartbeats, rebalanceMs, rebalancing, commitEvery, commitMs, fencing } = group
  return {
    partitions,
    by: by ?? null,
    session: us(sessionMs),
    heartbeatsAlways: heartbeats === 'always',
    rebalance: us(rebalanceMs),
    cooperative: rebalancing === 'cooperative',
    commitEvery: commitEvery ?? (commitMs === undefined ? 1 : 0),
    commitAfter: us(commitMs ?? 0),
    fencing,
    joins: lateMembers(group, members),
  }
}

/** The last of the members, one for each time. */
export function lateMembers(
  { joinsMs }: NonNullable<Service['group']>,
  members: readonly number[],
): { member: number; at: number }[] {
  const first = members.length - joinsMs.length
  return joinsMs.flatMap((ms, i) => {
    const member = members[first + i]
    return member === undefined ? [] : [{ member, at: us(ms) }]
  })
}

export function checkGroups(scenario: Scenario, problems: ProblemList): void {
  for (const [name, { group, instances, lease, replicas, scaling }] of Object.entries(scenario.services)) {
    if (group === undefined) continue
    const path = `services.${name}.group`
    if (lease !== undefined) problems.add(path, 'either a lease or a consumer group says who may act; take one away')
    if (replicas > 1 || scaling.length > 0)
      problems.add(path, 'the members of a group are `instances`; leave out replicas and scaling')
    if (group.joinsMs.length >= instances)
      problems.add(
        `${path}.joinsMs`,
        `one of the ${instances} instances must be there from the start; name fewer times`,
      )
  }
}
