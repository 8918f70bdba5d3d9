/** The design tokens as colours a canvas understands, and the face for data. */

const names = [
  'bg',
  'panel',
  'raised',
  'line',
  'line-strong',
  'text',
  'mute',
  'faint',
  'accent',
  'on-accent',
  'ok',
  'ok-bg',
  'bad',
  'bad-bg',
  'undo',
  'undo-bg',
  'no-saga',
  'saga-0',
  'saga-1',
  'saga-2',
  'saga-3',
  'saga-4',
  'saga-5',
] as const
type ColourName = (typeof names)[number]

export interface Palette {
  readonly colours: Readonly<Record<ColourName, string>>
  readonly mono: string
}

/** Reads the tokens where they apply: `light-dark()` is only resolved on a real element. */
export function readPalette(host: HTMLElement): Palette {
  const probe = document.createElement('span')
  probe.hidden = true
  host.append(probe)
  const style = getComputedStyle(probe)
  const colours = {} as Record<ColourName, string>
  for (const name of names) {
    probe.style.color = `var(--${name})`
    colours[name] = style.color
  }
  probe.style.fontFamily = 'var(--mono)'
  const mono = style.fontFamily
  probe.remove()
  return { colours, mono: mono === '' ? 'monospace' : mono }
}

export function sagaColour(palette: Palette, colour: number): string {
  return colour < 0 ? palette.colours['no-saga'] : palette.colours[`saga-${colour as 0}`]
}

/** Calls back whenever the tokens may have other values: another theme, or a face that has just been loaded. */
export function watchPalette(onChange: () => void): () => void {
  const scheme = matchMedia('(prefers-color-scheme: dark)')
  const root = new MutationObserver(onChange)
  root.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] })
  scheme.addEventListener('change', onChange)
  // jsdom has no font loading.
  const { fonts } = document as { fonts?: FontFaceSet }
  fonts?.addEventListener('loadingdone', onChange)
  return () => {
    root.disconnect()
    scheme.removeEventListener('change', onChange)
    fonts?.removeEventListener('loadingdone', onChange)
  }
}
