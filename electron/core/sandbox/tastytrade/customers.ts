import { hexOf } from '../dice.ts'
import type { FeeLine } from '../story.ts'
import type { FeeList } from '../clerk.ts'
import type { Customer } from '../tell.ts'

/** tastytrade's price list: a dollar a contract to open and nothing to close, clearing and regulators' fees on top. */
const PRICES: FeeList = (leg, qty, value) => {
  const pieces = Number(qty)
  const option = leg.instrument.contract !== null
  const sold = leg.side === 'sell'
  const commission: FeeLine = { type: 'COMMISSION', cents: option && leg.effect === 'open' ? Math.round(100 * pieces) : 0 }
  const clearing: FeeLine = { type: 'OPT_REG_FEE', cents: option ? Math.round(10 * pieces) : Math.ceil(0.08 * pieces) }
  return [commission, clearing, { type: 'SEC_FEE', cents: (sold ? Math.ceil(value * 0.00278) : 0) + (option ? Math.ceil(3 * pieces) : 0) }]
}

const INDIVIDUAL: Customer = {
  account: 'tastytrade-individual',
  ordersPerDay: 0.75,
  fractional: false,
  shorts: true,
  options: true,
  spreads: true,
  futureOptions: false,
  opening: 70_000,
  monthly: 300,
  yearlyOut: 1000,
  reinvests: false,
  feesApart: false,
  fees: PRICES,
}
const ROTH: Customer = {
  account: 'tastytrade-roth',
  ordersPerDay: 0.2,
  fractional: false,
  shorts: false,
  options: false,
  spreads: false,
  futureOptions: false,
  opening: 18_000,
  monthly: 500,
  yearlyOut: 0,
  reinvests: false,
  feesApart: false,
  fees: PRICES,
}

/** How an account is known. A closed one stays in the list. */
export interface TastyIdentity {
  readonly index: number
  readonly number: string
  readonly nickname: string
  readonly typeName: string
  readonly margin: boolean
  readonly closed: boolean
  readonly customer: Customer | null
}

/** The accounts of a login, made up from the seed. */
export function tastyIdentities(seed: number): readonly TastyIdentity[] {
  const numberOf = (index: number) => `5W${hexOf(7, seed, 'tastytrade number', index).slice(0, 1).toUpperCase()}${digits(seed, index)}`
  return [
    { index: 0, number: numberOf(0), nickname: 'Individual', typeName: 'Individual', margin: true, closed: false, customer: INDIVIDUAL },
    { index: 1, number: numberOf(1), nickname: 'Roth IRA', typeName: 'Roth IRA', margin: false, closed: false, customer: ROTH },
    { index: 2, number: numberOf(2), nickname: 'Old cash account', typeName: 'Individual', margin: false, closed: true, customer: null },
  ]
}

function digits(seed: number, index: number): string {
  return String(10_000 + (Number.parseInt(hexOf(7, seed, 'tastytrade digits', index), 16) % 90_000))
}
