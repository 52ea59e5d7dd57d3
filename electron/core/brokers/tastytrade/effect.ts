import { Dec } from '../../../../shared/domain/decimal.ts'

/** An amount with the sign of its effect: money that leaves is negative. An effect nobody knows leaves the amount as it is. */
export function signed(amount: Dec | null, effect: string | null): Dec | null {
  if (amount === null) return null
  if (effect === 'Debit') return Dec.neg(Dec.abs(amount))
  return effect === 'Credit' ? Dec.abs(amount) : amount
}

/** A cost, positive when it is paid: what tastytrade writes as a debit. A credit is a cost given back. */
export function costOf(amount: Dec | null, effect: string | null): Dec {
  if (amount === null) return Dec.zero
  return effect === 'Credit' ? Dec.neg(Dec.abs(amount)) : Dec.abs(amount)
}
