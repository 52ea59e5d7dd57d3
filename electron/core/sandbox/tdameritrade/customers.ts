import { hexOf } from '../dice.ts'
import type { Customer } from '../tell.ts'

const MARGIN: Customer = {
  account: 'tdameritrade-margin',
  ordersPerDay: 0.6,
  fractional: false,
  shorts: true,
  options: true,
  spreads: true,
  futureOptions: false,
  opening: 60_000,
  monthly: 250,
  yearlyOut: 1500,
  reinvests: true,
  feesApart: false,
}
const CASH: Customer = {
  account: 'tdameritrade-ira',
  ordersPerDay: 0.2,
  fractional: false,
  shorts: false,
  options: false,
  spreads: false,
  futureOptions: false,
  opening: 15_000,
  monthly: 400,
  yearlyOut: 0,
  reinvests: true,
  feesApart: false,
}

/** How an account is known: by its plain number, in paths too. */
export interface TdaIdentity {
  readonly index: number
  readonly number: string
  readonly name: string
  readonly type: 'MARGIN' | 'CASH'
  readonly customer: Customer
}

/** The two accounts of a login, made up from the seed. */
export function tdaIdentities(seed: number): readonly TdaIdentity[] {
  const number = (index: number) => String(490_000_000 + (Number.parseInt(hexOf(7, seed, 'tda number', index), 16) % 9_999_999))
  return [
    { index: 0, number: number(0), name: 'Margin', type: 'MARGIN', customer: MARGIN },
    { index: 1, number: number(1), name: 'IRA', type: 'CASH', customer: CASH },
  ]
}
