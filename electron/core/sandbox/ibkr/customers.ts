import type { Dec } from '../../../../shared/domain/decimal.ts'
import { SANDBOX_TWS } from '../client-keys.ts'
import type { FeeLine, StoryLeg } from '../story.ts'
import type { Customer } from '../tell.ts'

/** One account of the simulated login. */
export interface IbkrIdentity {
  readonly index: number
  /** `DU7654321`: a practice account by its prefix. */
  readonly account: string
  readonly title: string
  readonly customer: Customer
}

const TRADER: Customer = {
  account: 'ibkr-trader',
  ordersPerDay: 1.1,
  fractional: false,
  shorts: true,
  options: true,
  spreads: false,
  futureOptions: true,
  opening: 120_000,
  monthly: 0,
  yearlyOut: 3000,
  reinvests: false,
  feesApart: false,
  fees: ibkrFees,
}
const SAVER: Customer = {
  account: 'ibkr-saver',
  ordersPerDay: 0.25,
  fractional: false,
  shorts: false,
  options: false,
  spreads: false,
  futureOptions: false,
  opening: 30_000,
  monthly: 600,
  yearlyOut: 0,
  reinvests: true,
  feesApart: false,
  fees: ibkrFees,
}

/** The accounts of the simulated login: the same numbers for every seed. */
export const IBKR_IDENTITIES: readonly IbkrIdentity[] = [
  { index: 0, account: SANDBOX_TWS.account, title: 'Sandbox Trader', customer: TRADER },
  { index: 1, account: 'DU7654322', title: 'Sandbox Saver', customer: SAVER },
]

/** IBKR's fixed pricing, rounded to whole cents: half a cent a share with a minimum of a dollar, 65 cents an option contract. */
export function ibkrFees(leg: StoryLeg, qty: Dec, value: number): FeeLine[] {
  const pieces = Number(qty)
  if (leg.instrument.kind === 'future-option') return [{ type: 'COMMISSION', cents: Math.round(202 * pieces) }]
  const option = leg.instrument.kind === 'option'
  const base = option
    ? Math.max(100, Math.round(65 * pieces))
    : Math.min(Math.max(100, Math.round(pieces / 2)), Math.max(1, Math.round(value)))
  const levies = leg.side === 'sell' ? Math.ceil(value * 0.00278) + Math.ceil(pieces * (option ? 0.279 : 0.0166)) : 0
  return [{ type: 'COMMISSION', cents: base + levies }]
}
