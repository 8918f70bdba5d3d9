import { describe, expect, it } from 'vitest'
import { readTarget } from './fault-target.ts'

describe('what the stage marks as a target', () => {
  it('is a service or a line by number', () => {
    expect(readTarget('service:12')).toEqual({ type: 'service', service: 12 })
    expect(readTarget('edge:0:3')).toEqual({ type: 'edge', from: 0, to: 3 })
  })

  it.each(['', 'service:', 'service:x', 'edge:1', 'edge:1:', 'edge:1:2:3', 'node:1'])('is not “%s”', (text) => {
    expect(readTarget(text)).toBeNull()
  })
})
