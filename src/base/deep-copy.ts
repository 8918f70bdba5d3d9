/**
 * A deep copy of plain data: objects, arrays, typed arrays, maps and sets. A value that two places share is shared in
 * the copy too, and circles stay circles. Objects in `constant` are not copied: they belong to somebody else and never
 * change. Functions and instances of classes are refused: they are no data.
 */
export function deepCopy<T>(value: T, constant: Iterable<object> = []): T {
  return copy(value, new Map(), constant instanceof Set ? constant : new Set(constant)) as T
}

function copy(value: unknown, done: Map<object, object>, constant: ReadonlySet<object>): unknown {
  if (typeof value === 'function') throw new TypeError('a function is no data')
  if (typeof value !== 'object' || value === null || constant.has(value)) return value
  const known = done.get(value)
  if (known !== undefined) return known
  if (ArrayBuffer.isView(value)) return keep(value, (value as unknown as Int32Array).slice(), done)
  if (Array.isArray(value)) {
    const list: unknown[] = keep(value, new Array(value.length), done)
    // Holes stay holes.
    value.forEach((item, i) => {
      list[i] = copy(item, done, constant)
    })
    return list
  }
  if (value instanceof Map) {
    const map = keep(value, new Map(), done)
    for (const [key, item] of value) map.set(copy(key, done, constant), copy(item, done, constant))
    return map
  }
  if (value instanceof Set) {
    const set = keep(value, new Set(), done)
    for (const item of value) set.add(copy(item, done, constant))
    return set
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) throw new TypeError('an instance of a class is no data')
  const object = keep(value, {} as Record<string, unknown>, done)
  for (const [name, item] of Object.entries(value)) object[name] = copy(item, done, constant)
  return object
}

function keep<T extends object>(original: object, made: T, done: Map<object, object>): T {
  done.set(original, made)
  return made
}
