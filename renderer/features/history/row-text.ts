import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { formatAmount, formatMoney } from '../../lib/format/index.ts'

/** A sale takes away: its quantity carries a minus. */
export function signedQuantity({ quantity, side }: Pick<ActivityRow, 'quantity' | 'side'>): Dec | null {
  return quantity !== null && side === 'sell' ? Dec.neg(Dec.abs(quantity)) : quantity
}

/** What came in or went out. `currency` is the one named in the column's heading; null when every figure carries its own. */
export function amountText({ amount, currency: own }: ActivityRow, currency: string | null): string {
  if (amount === null) return '—'
  return currency ? formatAmount(amount, own, { sign: 'always' }) : formatMoney(amount, own, { sign: 'always' })
}

export function feesText({ fees, currency: own }: ActivityRow, currency: string | null): string {
  if (fees === '0') return '—'
  return currency === null ? formatMoney(fees, own) : formatAmount(fees, own)
}
