/** Whether two values of plain data are equal, whatever order their fields stand in. */
export function sameData(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [fields, others] = [Object.keys(one), Object.keys(other)]
  return (
    fields.length === others.length &&
    fields.every((field) => {
      return Object.hasOwn(other, field) && sameData(fieldOf(one, field), fieldOf(other, field))
    })
  )
}

function fieldOf(value: object, field: string): unknown {
  return (value as Record<string, unknown>)[field]
}
