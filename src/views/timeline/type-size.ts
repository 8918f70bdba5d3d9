/** How large the words of a drawing are: large screens are looked at from further away. */
import type { CSSProperties } from 'react'

const LARGE_FROM = 1500

export function fontSizeFor(width: number): number {
  return width >= LARGE_FROM ? 13 : 11
}

/** The size as the custom property `--drawing-size`, for the styles of what was laid out with it. */
export function typeSize(fontSize: number): CSSProperties {
  return { '--drawing-size': `${fontSize}px` } as CSSProperties
}
