/** What the schema fills in, by kind of fault: asked of the schema itself, so that the two cannot disagree. */
import * as v from 'valibot'
import type { Fault, FaultInput, FaultKind } from '../scenario/schema.ts'
import { faultSchema } from '../scenario/schema-fault.ts'

const barest: Record<FaultKind, FaultInput> = {
  crash: { kind: 'crash', service: 's' },
  drop: { kind: 'drop' },
  duplicate: { kind: 'duplicate' },
  delay: { kind: 'delay', byMs: 1 },
  slow: { kind: 'slow', service: 's', byMs: 1 },
  refuse: { kind: 'refuse', service: 's' },
  fail: { kind: 'fail', service: 's' },
  poison: { kind: 'poison', service: 's' },
  pause: { kind: 'pause', service: 's', atMs: 1, forMs: 1 },
  skew: { kind: 'skew', service: 's' },
  amnesia: { kind: 'amnesia', atMs: 1 },
  partition: { kind: 'partition', between: [['s'], ['t']] },
}

/** By kind: the fields a fault has when they are not written. */
export const faultDefaults = Object.fromEntries(
  Object.entries(barest).map(([kind, written]) => {
    const filled = Object.entries(v.parse(faultSchema, written))
    return [kind, Object.fromEntries(filled.filter(([name]) => !Object.hasOwn(written, name)))]
  }),
) as Record<FaultKind, Partial<Fault>>

/** A fault with every default filled in. */
export function complete(fault: FaultInput): Fault {
  return v.parse(faultSchema, fault)
}
