import Big from 'big.js'
import type { LotEvent } from '../../../../../electron/core/ledger/lots/lot-event.ts'

const DECIMALS = 8

/** What FIFO makes of fills that may all open, worked out slowly and plainly, to compare with: P&L of each closing, and what is left. */
export function plainFifo(events: readonly LotEvent[]): { readonly pnl: string[]; readonly left: string; readonly cost: string } {
  let lots: { quantity: Big; unit: Big; costs: Big }[] = []
  const pnl: string[] = []
  for (const event of events) {
    let quantity = new Big(event.quantity)
    let costs = new Big(event.costs)
    const unit = new Big(event.price ?? '0').times(event.multiplier)
    for (const lot of lots) {
      if (quantity.eq('0') || lot.quantity.s === quantity.s) break
      const part = quantity.abs().lt(lot.quantity.abs()) ? quantity.abs() : lot.quantity.abs()
      const own = shareOf(costs, part, quantity.abs())
      const lotCosts = shareOf(lot.costs, part, lot.quantity.abs())
      const gain = quantity.s < 0 ? unit.minus(lot.unit) : lot.unit.minus(unit)
      pnl.push(gain.times(part).minus(own).minus(lotCosts).toFixed())
      const signed = quantity.s < 0 ? part.times('-1') : part
      quantity = quantity.minus(signed)
      lot.quantity = lot.quantity.plus(signed)
      lot.costs = lot.costs.minus(lotCosts)
      costs = costs.minus(own)
    }
    lots = lots.filter(lot => !lot.quantity.eq('0'))
    if (!quantity.eq('0')) lots.push({ quantity, unit, costs })
  }
  const left = lots.reduce((total, lot) => total.plus(lot.quantity), new Big('0'))
  const cost = lots.reduce((total, lot) => total.plus(lot.unit.times(lot.quantity)).plus(lot.costs), new Big('0'))
  return { pnl, left: left.toFixed(), cost: cost.toFixed() }
}

/** Cut, not rounded, and the whole when it is all of it. */
function shareOf(amount: Big, part: Big, whole: Big): Big {
  if (part.eq(whole)) return amount
  Big.DP = 60
  Big.RM = Big.roundDown
  return amount.times(part).div(whole).round(DECIMALS, Big.roundDown)
}
