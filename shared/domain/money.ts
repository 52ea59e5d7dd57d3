import { Dec } from './decimal.ts'

/** An amount in a currency (ISO 4217 code in capitals). */
export interface Money {
  readonly amount: Dec
  readonly currency: string
}

/** Sums by currency; different currencies are never added together. Ordered by currency code. */
export function sumByCurrency(values: readonly Money[]): Money[] {
  const totals = new Map<string, Dec>()
  for (const { amount, currency } of values) totals.set(currency, Dec.add(totals.get(currency) ?? Dec.zero, amount))
  return [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, amount]) => ({ amount, currency }))
}
