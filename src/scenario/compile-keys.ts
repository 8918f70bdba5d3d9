/** The idempotency key of a service: from what the scenario says to what the pattern does. */
import type { KeySettings } from '../patterns/key-row.ts'
import { us } from './compile-faults.ts'
import { systemTables } from './compile-tables.ts'
import { nearest } from './nearest.ts'
import type { ProblemList } from './problems.ts'
import type { Scenario, Service } from './schema.ts'
import { tableNumber, type World } from './scope.ts'

export function keySettings(world: World, name: string, service: Service): KeySettings | null {
  const key = service.protections.idempotencyKey
  if (key === undefined) return null
  const isClaimFirst = key.mode === 'claim first'
  return {
    mode: key.mode,
    fingerprint: key.fingerprint,
    field: key.field ?? null,
    required: key.required,
    perOperation: key.scope === 'operation',
    perField: key.per ?? null,
    stores: key.stores,
    lockTimeout: limit(key.lockTimeoutMs),
    recoveryPoints: isClaimFirst && key.recoveryPoints,
    completer: isClaimFirst ? limit(key.completerMs) : Number.POSITIVE_INFINITY,
    reaper: isClaimFirst ? limit(key.reaperMs) : Number.POSITIVE_INFINITY,
    ...storeSettings(key),
    service: world.serviceNames.indexOf(name),
    table: tableNumber(world, name, systemTables.key),
  }
}

/** What an idempotency key and an inbox have in common. */
export function storeSettings(store: {
  readonly retentionMs?: number | undefined
  readonly capacity?: number | undefined
  readonly purgeMs?: number | undefined
  readonly store: 'shared' | 'local'
}) {
  return {
    retention: limit(store.retentionMs),
    capacity: store.capacity ?? Number.POSITIVE_INFINITY,
    purge: limit(store.purgeMs),
    isLocal: store.store === 'local',
  }
}

/** Microseconds; without end when nothing is said. */
export function limit(ms: number | undefined): number {
  return ms === undefined ? Number.POSITIVE_INFINITY : us(ms)
}

/** Settings that mean nothing where they stand. */
export function checkKeys(scenario: Scenario, world: World, problems: ProblemList): void {
  for (const [name, { protections }] of Object.entries(scenario.services)) {
    const key = protections.idempotencyKey
    if (key === undefined) continue
    const path = `services.${name}.protections.idempotencyKey`
    const onlyClaimFirst = ['lockTimeoutMs', 'completerMs', 'reaperMs'] as const
    for (const setting of onlyClaimFirst) {
      if (key[setting] !== undefined && key.mode !== 'claim first')
        problems.add(`${path}.${setting}`, `only a key with the mode "claim first" has it, not "${key.mode}"`)
    }
    for (const setting of ['field', 'per'] as const) {
      const field = key[setting]
      if (field !== undefined && !world.fields.has(field))
        problems.add(`${path}.${setting}`, `no message has a field "${field}"${nearest(field, [...world.fields])}`)
    }
  }
}

/** The status a client hears, by the reason of an answer that the key gives. */
export function keyStatuses(service: Service | undefined): Readonly<Record<string, number>> {
  const key = service?.protections.idempotencyKey
  return key === undefined ? {} : { KEY_REUSED: key.reused, KEY_MISSING: 400, IN_PROGRESS: 409 }
}
