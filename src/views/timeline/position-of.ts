/** The entry a drawn thing stands for. */
export function positionOf(target: Element): number | undefined {
  const position = target.closest('[data-position]')?.getAttribute('data-position')
  return position === null || position === undefined ? undefined : Number(position)
}
