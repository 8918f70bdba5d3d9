interface Box {
  left: number
  top: number
  width: number
  height: number
}

const GAP = 6
const MARGIN = 8

/** Below the button, or above it when there is more room, and never over the edge of the page. */
export function placeBeside(
  button: Box,
  panel: { width: number; height: number },
  page: { width: number; height: number },
): { left: number; top: number } {
  const below = button.top + button.height + GAP
  const above = button.top - GAP - panel.height
  const fitsBelow = below + panel.height + MARGIN <= page.height
  const top = fitsBelow || above < MARGIN ? below : above
  const left = Math.min(button.left, page.width - panel.width - MARGIN)
  return { left: Math.max(MARGIN, left), top: Math.max(MARGIN, Math.min(top, page.height - panel.height - MARGIN)) }
}
