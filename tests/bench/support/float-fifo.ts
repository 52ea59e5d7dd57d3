import type { LotEvent } from '../../../electron/core/ledger/lots/lot-event.ts'

interface Piece {
  readonly openKey: string
  readonly closeKey: string
  readonly quantity: number
  readonly proceeds: number
  readonly cost: number
  readonly pnl: number
}

/** First in, first out with doubles: what a matcher costs that does not care for cents. Purchases and sales of what is held. */
export function floatFifo(events: readonly LotEvent[]): Piece[] {
  const lots: { key: string; quantity: number; unit: number; costs: number }[] = []
  const pieces: Piece[] = []
  let first = 0
  for (const { key, quantity: text, price, costs: fees } of events) {
    const [quantity, unit, costs] = [Number(text), Number(price), Number(fees)]
    if (quantity > 0) {
      lots.push({ key, quantity, unit, costs })
      continue
    }
    let left = -quantity
    while (left > 0) {
      const lot = lots[first]
      if (!lot) break
      const part = Math.min(left, lot.quantity)
      const lotCosts = (lot.costs * part) / lot.quantity
      const proceeds = unit * part - (costs * part) / -quantity
      const cost = lot.unit * part + lotCosts
      pieces.push({ openKey: lot.key, closeKey: key, quantity: part, proceeds, cost, pnl: proceeds - cost })
      lot.costs -= lotCosts
      lot.quantity -= part
      left -= part
      if (lot.quantity <= 0) first += 1
    }
  }
  return pieces
}
