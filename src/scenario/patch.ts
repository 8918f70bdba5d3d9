/**
 * How a variant changes a scenario: JSON merge patch (RFC 7396) with one extension, lists of named items. Plain data in,
 * plain data out, nothing changed in place; knows no schema, so that the page can use it without loading one.
 */
import { assert } from '../base/assert.ts'
import { sameData } from '../base/same-data.ts'
import type { ScenarioInput } from './schema.ts'

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNamedList(value: unknown): value is readonly Fields[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((item) => isFields(item) && typeof item.name === 'string')
  )
}

/** The target with the patch merged: null removes a field, an object merges, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch
  if (isNamedList(target)) return patchNamedList(target, patch)
  // A map, because a field called "__proto__" must stay a field.
  const merged = new Map(Object.entries(isFields(target) ? target : {}))
  for (const [field, change] of Object.entries(patch)) {
    if (change === null) merged.delete(field)
    else merged.set(field, mergePatch(merged.get(field), change))
  }
  return Object.fromEntries(merged)
}

/** Items by name: null removes one, an object merges into it, an unknown name is appended. */
function patchNamedList(list: readonly Fields[], patch: Fields): unknown[] {
  const changes = new Map(Object.entries(patch))
  const kept: unknown[] = []
  for (const item of list) {
    const name = item.name as string
    const change = changes.get(name)
    if (change !== null) kept.push(changes.has(name) ? mergePatch(item, change) : item)
    changes.delete(name)
  }
  for (const [name, change] of changes) {
    if (change !== null) kept.push(isFields(change) ? mergePatch({ name }, change) : change)
  }
  return kept
}

/** The patch that turns one value into another: `mergePatch(from, patch)` is `to`. Undefined when no patch can say it. */
export function patchBetween(from: unknown, to: unknown): unknown {
  const patch = difference(from, to)
  // A patch cannot put a null anywhere: there it means "remove".
  return sameData(mergePatch(from, patch), to) ? patch : undefined
}

function difference(from: unknown, to: unknown): unknown {
  if (isNamedList(from) && isNamedList(to)) {
    const byName = differenceOfFields(named(from), named(to))
    // Another order, or a name twice: only the whole list says it.
    return sameData(mergePatch(from, byName), to) ? byName : to
  }
  return isFields(from) && isFields(to) ? differenceOfFields(from, to) : to
}

function named(list: readonly Fields[]): Fields {
  return Object.fromEntries(list.map((item) => [item.name as string, item]))
}

function differenceOfFields(from: Fields, to: Fields): Fields {
  const patch = new Map<string, unknown>()
  for (const field of Object.keys(from)) if (!Object.hasOwn(to, field)) patch.set(field, null)
  for (const [field, value] of Object.entries(to)) {
    if (!Object.hasOwn(from, field)) patch.set(field, value)
    else if (!sameData(from[field], value)) patch.set(field, difference(from[field], value))
  }
  return Object.fromEntries(patch)
}

/**
 * The scenario with a variant applied; null gives the scenario itself. The variant's expectations come on top of the
 * scenario's; its list of properties that break stands alone, because a variant often mends what the base breaks.
 */
export function applyVariant(scenario: ScenarioInput, name: string | null): ScenarioInput {
  if (name === null) return scenario
  const variants = scenario.variants ?? {}
  assert(Object.hasOwn(variants, name), `scenario ${scenario.id} has no variant "${name}"`)
  const variant = variants[name] as NonNullable<typeof variants>[string]
  const patched = mergePatch(scenario, variant.patch ?? {}) as ScenarioInput
  return {
    ...patched,
    expect: { ...patched.expect, ...variant.expect },
    breaks: variant.breaks ?? [],
    variants,
  }
}
