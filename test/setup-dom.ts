// jsdom has no layout. React Flow hides every node it cannot measure, so without these stand-ins a test would pass on
// an empty stage. Whatever depends on real geometry belongs in an end-to-end story instead.

import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

const WIDTH = 800
const HEIGHT = 600

// Testing Library only cleans up by itself when the runner's hooks are global.
afterEach(cleanup)

class MeasuringResizeObserver implements ResizeObserver {
  readonly #report: ResizeObserverCallback

  constructor(report: ResizeObserverCallback) {
    this.#report = report
  }

  observe(target: Element) {
    const contentRect = new DOMRect(0, 0, WIDTH, HEIGHT)
    const size = [{ inlineSize: WIDTH, blockSize: HEIGHT }]
    const entry = { target, contentRect, borderBoxSize: size, contentBoxSize: size, devicePixelContentBoxSize: size }
    // A real observer never calls back from inside observe().
    queueMicrotask(() => this.#report([entry], this))
  }

  unobserve() {}

  disconnect() {}
}

// React Flow reads nothing but the zoom (m22) out of a transform.
class ScaleOnlyMatrix {
  readonly m22: number

  constructor(transform = '') {
    this.m22 = Number(/scale\(([\d.]+)\)/.exec(transform)?.[1] ?? 1)
  }
}

const unmatchedMedia = (media: string): MediaQueryList => ({
  media,
  matches: false,
  onchange: null,
  addEventListener() {},
  removeEventListener() {},
  addListener() {},
  removeListener() {},
  dispatchEvent: () => false,
})

Object.assign(globalThis, {
  ResizeObserver: MeasuringResizeObserver,
  DOMMatrixReadOnly: ScaleOnlyMatrix,
  matchMedia: unmatchedMedia,
})

Object.defineProperties(HTMLElement.prototype, {
  offsetWidth: { configurable: true, get: () => WIDTH },
  offsetHeight: { configurable: true, get: () => HEIGHT },
})
