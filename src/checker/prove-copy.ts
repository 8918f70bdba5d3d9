/**
 * A copy of a part's state, made for every step of the kernel, so it has to be quick: plain data as `deepCopy` copies it,
 * but what is frozen never changes and is shared.
 */
export function copyState<T>(value: T): T {
  return copy(value, new Map()) as T
}

/** A copy of a state in which only tables hold on to one object in two places: their rows are in their indexes too. */
export function copyAtRest<T extends { readonly tables: unknown }>(state: T): T {
  const { tables, ...trees } = state
  return { ...copyTree(trees), tables: copyState(tables) } as T
}

/** A copy of a tree: an object met twice becomes two. */
function copyTree<T>(value: T): T {
  return copy(value, null) as T
}

function copy(value: unknown, done: Map<object, object> | null): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  const known = done?.get(value)
  if (known !== undefined) return known
  if (Array.isArray(value)) {
    // Holes stay holes.
    const list: unknown[] = value.slice()
    done?.set(value, list)
    for (let i = 0; i < list.length; i++) {
      const item = list[i]
      if (typeof item === 'object' && item !== null) list[i] = copy(item, done)
    }
    return list
  }
  if (value instanceof Map) {
    const map = new Map<unknown, unknown>()
    done?.set(value, map)
    for (const [key, item] of value) map.set(copy(key, done), copy(item, done))
    return map
  }
  if (value instanceof Set) {
    const set = new Set<unknown>()
    done?.set(value, set)
    for (const item of value) set.add(copy(item, done))
    return set
  }
  if (ArrayBuffer.isView(value)) return (value as unknown as Int32Array).slice()
  const object: Record<string, unknown> = { ...(value as Record<string, unknown>) }
  done?.set(value, object)
  for (const name in object) {
    const item = object[name]
    if (typeof item === 'object' && item !== null) object[name] = copy(item, done)
  }
  return object
}
