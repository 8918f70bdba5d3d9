import { describe, expect, it } from 'vitest'
import type { TraceHeader } from '../../trace/trace-format.ts'
import { CLIENT, INVENTORY, ORDER, orderHeader, PAYMENT } from './order-story.ts'
import { fitView, type Rect, stageLayout } from './stage-layout.ts'

const desk = { width: 760, height: 420 }
const phone = { width: 370, height: 330 }

/** An orchestrator with so many partners, each a step of its saga. */
function withPartners(count: number): TraceHeader {
  const partners = Array.from({ length: count }, (_, i) => ({
    name: `s${i}`,
    title: `S${i}`,
    kind: 'service' as const,
    tables: [],
    protections: ['inbox'],
  }))
  const steps = partners.map((partner, i) => ({
    name: partner.name,
    service: i + 1,
    operation: 'do',
    compensation: null,
    kind: 'compensatable' as const,
    local: false,
  }))
  return {
    ...orderHeader,
    services: [{ ...orderHeader.services[ORDER]!, tables: [] }, ...partners],
    tables: [],
    sagas: [{ name: 'saga', orchestrator: 0, steps }],
    edges: partners.map((_, i) => [0, i + 1] as const),
  }
}

const overlap = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

function overlaps(cards: readonly Rect[]): string[] {
  return cards.flatMap((a, i) => cards.slice(i + 1).flatMap((b, j) => (overlap(a, b) ? [`${i} and ${i + 1 + j}`] : [])))
}

describe('where the cards stand', () => {
  it('puts the orchestrator left, its partners right in the order of the steps, the client above it', () => {
    const { cards } = stageLayout(orderHeader, desk)
    const [order, payment, inventory, client] = [ORDER, PAYMENT, INVENTORY, CLIENT].map((i) => cards[i] as Rect)
    expect(payment!.x).toBeGreaterThan(order!.x + order!.width + 150)
    expect(inventory!.x).toBe(payment!.x)
    expect(payment!.y).toBeLessThan(inventory!.y)
    expect(client!.y + client!.height).toBeLessThan(order!.y)
  })

  it('follows the steps and not the numbers of the services', () => {
    const turned = {
      ...orderHeader,
      sagas: [{ ...orderHeader.sagas[0]!, steps: [...orderHeader.sagas[0]!.steps].reverse() }],
    }
    const { cards } = stageLayout(turned, desk)
    expect(cards[INVENTORY]!.y).toBeLessThan(cards[PAYMENT]!.y)
  })

  it.each([1, 2, 3, 5, 6, 9, 12, 13, 40])('lays out %i partners without overlap, wide and narrow', (count) => {
    const header = withPartners(count)
    expect(overlaps(stageLayout(header, desk).cards)).toEqual([])
    expect(overlaps(stageLayout(header, phone).cards)).toEqual([])
  })

  it('stands more than five partners on both sides of the hub', () => {
    const { cards } = stageLayout(withPartners(8), desk)
    const hub = cards[0] as Rect
    const sides = cards.slice(1).map((card) => Math.sign(card.x - hub.x))
    expect(sides).toEqual([1, 1, 1, 1, -1, -1, -1, -1])
  })

  it('turns a narrow stage by a quarter: the hub on top, rows of three below', () => {
    const { cards, density } = stageLayout(withPartners(5), phone)
    expect(density).toBe('compact')
    const rows = cards.slice(1).map((card) => card.y)
    expect(rows[0]).toBeGreaterThan(cards[0]!.y + cards[0]!.height)
    expect(new Set(rows).size).toBe(2)
  })

  it('without a saga puts the client first and then by distance', () => {
    const chain = {
      ...orderHeader,
      sagas: [],
      edges: [
        [CLIENT, PAYMENT],
        [PAYMENT, INVENTORY],
      ] as const,
    }
    const { cards } = stageLayout(chain, desk)
    expect(cards[CLIENT]!.x).toBeLessThan(cards[PAYMENT]!.x)
    expect(cards[PAYMENT]!.x).toBeLessThan(cards[INVENTORY]!.x)
  })

  it('obeys positions that the scenario gives', () => {
    const { cards } = stageLayout(orderHeader, desk, { payment: { x: 900, y: -40 } })
    expect(cards[PAYMENT]).toMatchObject({ x: 900, y: -40 })
  })

  it('is the same for the same header, whatever faults the run has', () => {
    expect(stageLayout({ ...orderHeader, faults: [] }, desk)).toEqual(stageLayout(orderHeader, desk))
  })
})

describe('the first view', () => {
  const insets = { top: 50, right: 28, bottom: 46, left: 28 }

  it.each([
    ['a desk', 750, 488],
    ['a projector', 1180, 730],
    ['a phone', 390, 350],
  ])('shows every card whole on %s', (_, width, height) => {
    const free = { width: width - 56, height: height - 96 }
    const { cards, bounds } = stageLayout(orderHeader, free)
    const view = fitView(bounds, { width, height }, insets)
    for (const card of cards) {
      expect(card.x * view.zoom + view.x).toBeGreaterThanOrEqual(insets.left - 1)
      expect(card.y * view.zoom + view.y).toBeGreaterThanOrEqual(insets.top - 1)
      expect((card.x + card.width) * view.zoom + view.x).toBeLessThanOrEqual(width - insets.right + 1)
      expect((card.y + card.height) * view.zoom + view.y).toBeLessThanOrEqual(height - insets.bottom + 1)
    }
  })

  it('is not smaller than legible for three services on a small desk', () => {
    const { bounds } = stageLayout(orderHeader, { width: 694, height: 392 })
    expect(fitView(bounds, { width: 750, height: 488 }, insets).zoom).toBeGreaterThan(0.85)
  })
})
