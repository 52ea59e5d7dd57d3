import { Dec } from '../../../../../shared/domain/decimal.ts'
import type { Instant } from '../../../../../shared/domain/time.ts'
import type { BrokerBalance } from '../../adapter.ts'

/** One figure of an account summary. */
export interface SummaryRow {
  readonly account: string
  readonly tag: string
  readonly value: string
  readonly currency: string
}

/** The figures asked for: the account as a whole in its base currency, and the cash of each currency. */
export const SUMMARY_TAGS = 'AccountType,NetLiquidation,TotalCashValue,BuyingPower,$LEDGER:ALL'

const BASE = 'BASE'

/**
 * The balances of one account: the base currency first, then every currency with cash. The ledger's keys may carry a `$LEDGER-`
 * prefix, as newer versions of TWS can be set to.
 */
export function toBalances(rows: readonly SummaryRow[], asOf: Instant): BrokerBalance[] {
  const base = rows.find(row => plainTag(row) === 'NetLiquidation')?.currency ?? 'USD'
  const of = (tag: string, currency: string): Dec | null =>
    decimalOf(rows.find(row => plainTag(row) === tag && row.currency === currency)?.value)
  const currencies = new Set(rows.filter(row => plainTag(row) === 'CashBalance').map(row => row.currency))
  currencies.delete(BASE)
  currencies.delete(base)
  const whole = {
    currency: base,
    netLiquidation: of('NetLiquidation', base),
    cash: currencies.size === 0 ? (of('CashBalance', base) ?? of('TotalCashValue', base)) : (of('CashBalance', base) ?? Dec.zero),
    buyingPower: of('BuyingPower', base),
    asOf,
  }
  const others = [...currencies].map(currency => ({
    currency,
    netLiquidation: of('NetLiquidationByCurrency', currency),
    cash: of('CashBalance', currency),
    buyingPower: null,
    asOf,
    ...stated(of('ExchangeRate', currency)),
  }))
  return [whole, ...others.filter(({ netLiquidation, cash }) => !isNothing(netLiquidation) || !isNothing(cash))]
}

export function accountType(rows: readonly SummaryRow[]): string {
  return rows.find(row => plainTag(row) === 'AccountType')?.value ?? ''
}

export function baseCurrency(rows: readonly SummaryRow[]): string {
  return rows.find(row => plainTag(row) === 'NetLiquidation')?.currency ?? 'USD'
}

function plainTag({ tag }: SummaryRow): string {
  return tag.replace(/^\$LEDGER-?/, '')
}

function stated(toBase: Dec | null): Pick<BrokerBalance, 'toBase'> {
  return toBase === null ? {} : { toBase }
}

function isNothing(value: Dec | null): boolean {
  return value === null || Dec.isZero(value)
}

function decimalOf(text: string | undefined): Dec | null {
  try {
    return text === undefined ? null : Dec.of(text.replaceAll(',', ''))
  } catch {
    return null
  }
}
