import type { CSSProperties } from 'react'

const COLORS = 6

/** The colour of a saga instance as the custom property `--saga`; grey for none. */
export function sagaColor(saga: number): CSSProperties {
  return { '--saga': saga < 0 ? 'var(--no-saga)' : `var(--saga-${saga % COLORS})` } as CSSProperties
}
