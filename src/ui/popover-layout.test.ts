import { describe, expect, it } from 'vitest'
import { placeBeside } from './popover-layout.ts'

const page = { width: 390, height: 800 }
const button = (left: number, top: number) => ({ left, top, width: 80, height: 32 })

describe('the place of a popover', () => {
  it('is below its button', () => {
    expect(placeBeside(button(20, 100), { width: 200, height: 150 }, page)).toEqual({ left: 20, top: 138 })
  })

  it('is above it at the foot of the page', () => {
    expect(placeBeside(button(20, 760), { width: 200, height: 150 }, page)).toEqual({ left: 20, top: 604 })
  })

  it('never leaves the page to the right', () => {
    expect(placeBeside(button(300, 100), { width: 200, height: 150 }, page).left).toBe(182)
  })
})
