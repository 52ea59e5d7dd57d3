import type { FeeList } from '../clerk.ts'
import { hexOf } from '../dice.ts'
import type { Customer } from '../tell.ts'

/** E*TRADE's price list: 65 cents a contract, regulators' fees on what is sold. */
const PRICES: FeeList = (leg, qty, value) => {
  const pieces = Number(qty)
  const option = leg.instrument.contract !== null
  return [
    { type: 'COMMISSION', cents: option ? Math.round(65 * pieces) : 0 },
    { type: 'SEC_FEE', cents: leg.side === 'sell' ? Math.ceil(value * 0.00278) : 0 },
    { type: 'OPT_REG_FEE', cents: option ? Math.ceil(2 * pieces) : 0 },
  ]
}

const BROKERAGE: Customer = {
  account: 'etrade-brokerage',
  ordersPerDay: 1.1,
  fractional: false,
  shorts: true,
  options: true,
  spreads: true,
  futureOptions: false,
  opening: 65_000,
  monthly: 300,
  yearlyOut: 1200,
  reinvests: false,
  feesApart: false,
  fees: PRICES,
}
const IRA: Customer = {
  account: 'etrade-ira',
  ordersPerDay: 0.3,
  fractional: false,
  shorts: false,
  options: false,
  spreads: false,
  futureOptions: false,
  opening: 21_000,
  monthly: 500,
  yearlyOut: 0,
  reinvests: true,
  feesApart: false,
  fees: PRICES,
}

/** How an account is known: `key` stands for the number in every path. */
export interface EtradeIdentity {
  readonly index: number
  readonly number: string
  readonly key: string
  readonly name: string
  readonly mode: 'MARGIN' | 'IRA' | 'CASH'
  readonly customer: Customer | null
}

/** The accounts of a login, made up from the seed: two that live and one that was closed. */
export function etradeIdentities(seed: number): readonly EtradeIdentity[] {
  const base = (index: number) => {
    const number = String(800_000_000 + (Number.parseInt(hexOf(7, seed, 'etrade number', index), 16) % 9_999_999) * 10)
    return { index, number, key: Buffer.from(hexOf(32, seed, 'etrade key', index), 'hex').toString('base64url') }
  }
  return [
    { ...base(0), name: 'Trading', mode: 'MARGIN', customer: BROKERAGE },
    { ...base(1), name: 'Retirement', mode: 'IRA', customer: IRA },
    { ...base(2), name: '', mode: 'CASH', customer: null },
  ]
}
