/**
 * Most of a state stays as it was when something happens. What is equal to the state before is replaced by the object
 * that was there: so it is kept once, and its canonical text is known already. For trees of plain data only.
 */
export function share<T>(fresh: T, before: unknown): T {
  return shared(fresh, before) as T
}

function shared(fresh: unknown, before: unknown): unknown {
  if (fresh === before || typeof fresh !== 'object' || fresh === null) return fresh
  if (typeof before !== 'object' || before === null) return fresh
  if (Array.isArray(fresh)) return Array.isArray(before) ? sharedList(fresh, before) : fresh
  if (fresh instanceof Map) return before instanceof Map ? sharedMap(fresh, before) : fresh
  if (fresh instanceof Set) return before instanceof Set && isSameSet(fresh, before) ? before : fresh
  if (ArrayBuffer.isView(fresh)) return isSameView(fresh as Int32Array, before as Int32Array) ? before : fresh
  if (Array.isArray(before) || before instanceof Map || before instanceof Set) return fresh
  return sharedObject(fresh as Record<string, unknown>, before as Record<string, unknown>)
}

function sharedList(fresh: unknown[], before: readonly unknown[]): unknown {
  let same = fresh.length === before.length
  for (let i = 0; i < fresh.length; i++) {
    const item = fresh[i]
    if (item === before[i]) continue
    if (typeof item !== 'object' || item === null) {
      same = false
      continue
    }
    const kept = shared(item, before[i])
    if (kept !== item && !Object.isFrozen(fresh)) fresh[i] = kept
    if (kept !== before[i]) same = false
  }
  return same ? before : fresh
}

function sharedObject(fresh: Record<string, unknown>, before: Record<string, unknown>): unknown {
  const isFrozen = Object.isFrozen(fresh)
  let same = true
  let fields = 0
  for (const name in fresh) {
    fields++
    const item = fresh[name]
    if (item === before[name] && (item !== undefined || name in before)) continue
    if (typeof item !== 'object' || item === null) {
      same = false
      continue
    }
    const kept = shared(item, before[name])
    if (kept !== item && !isFrozen) fresh[name] = kept
    if (kept !== before[name]) same = false
  }
  if (!same) return fresh
  for (const _ in before) fields--
  return fields === 0 ? before : fresh
}

function sharedMap(fresh: Map<unknown, unknown>, before: Map<unknown, unknown>): unknown {
  let same = fresh.size === before.size
  const keys = before.keys()
  for (const [key, item] of fresh) {
    // The order of a map is a part of it.
    if (same && keys.next().value !== key) same = false
    const kept = shared(item, before.get(key))
    if (kept !== item) fresh.set(key, kept)
    if (kept !== before.get(key)) same = false
  }
  return same ? before : fresh
}

function isSameSet(fresh: ReadonlySet<unknown>, before: ReadonlySet<unknown>): boolean {
  if (fresh.size !== before.size) return false
  const items = before.values()
  for (const item of fresh) if (items.next().value !== item) return false
  return true
}

function isSameView(fresh: Int32Array, before: Int32Array): boolean {
  return fresh.length === before.length && fresh.every((value, i) => value === before[i])
}
