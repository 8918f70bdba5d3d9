import { describe, expect, it } from 'vitest'
import { isInstalled } from './packages.mjs'

const wanted = {
  '': { version: '0.1.0' },
  'node_modules/react': { version: '19.3.1' },
  'node_modules/fsevents': { version: '2.3.3', optional: true },
}

describe('installing what is missing', () => {
  it('leaves a complete install alone, though packages of other platforms are absent', () => {
    expect(isInstalled(wanted, { 'node_modules/react': { version: '19.3.1' } })).toBe(true)
  })

  it('installs on a fresh clone', () => {
    expect(isInstalled(wanted, undefined)).toBe(false)
  })

  it('installs when a package is missing or of another version', () => {
    expect(isInstalled(wanted, {})).toBe(false)
    expect(isInstalled(wanted, { 'node_modules/react': { version: '19.3.0' } })).toBe(false)
  })
})
