import { Dec } from '../../../../shared/domain/decimal.ts'
import { normalSymbol } from '../../../../shared/domain/instrument.ts'
import type { Instant } from '../../../../shared/domain/time.ts'
import type { BrokerAccount, BrokerBalance, BrokerPosition } from '../adapter.ts'
import { assetClassOf } from './map.ts'
import type { AccountNumberWire, AccountWire, PositionWire } from './wire.ts'

const USD = 'USD'
const TYPES = new Map([
  ['MARGIN', 'Margin'],
  ['CASH', 'Cash'],
])

/** Accounts by hash, with the type `/accounts` gives for the same number. The hash may change with a new sign-in. */
export function toAccounts(numbers: readonly AccountNumberWire[], accounts: readonly AccountWire[]): BrokerAccount[] {
  const types = new Map(accounts.map(({ securitiesAccount }) => [securitiesAccount.accountNumber, securitiesAccount.type]))
  return numbers.map(({ accountNumber, hashValue }) => {
    const word = types.get(accountNumber) ?? ''
    const type = TYPES.get(word) ?? (word === '' ? 'Brokerage' : word)
    return { key: hashValue, number: accountNumber, name: `Schwab ${type.toLowerCase()} account`, type, currency: USD }
  })
}

/**
 * The account's value is `liquidationValue` where the account has one: `equity` leaves the options out. The aggregated value
 * differs from it in one and the same answer, so it only stands in.
 */
export function toBalance({ securitiesAccount, aggregatedBalance }: AccountWire, asOf: Instant): BrokerBalance {
  const { currentBalances: now, initialBalances: opening } = securitiesAccount
  return {
    currency: USD,
    netLiquidation: now?.liquidationValue ?? aggregatedBalance?.currentLiquidationValue ?? null,
    cash: now?.cashBalance ?? now?.totalCash ?? opening?.cashBalance ?? null,
    buyingPower: now?.buyingPower ?? now?.cashAvailableForTrading ?? null,
    asOf,
  }
}

/** Holdings; a short one arrives as a positive `shortQuantity`. Rows of what was closed today are left out. */
export function toPositions({ securitiesAccount }: AccountWire, asOf: Instant): BrokerPosition[] {
  return (securitiesAccount.positions ?? []).flatMap(wire => {
    const quantity = Dec.sub(wire.longQuantity ?? Dec.zero, wire.shortQuantity ?? Dec.zero)
    const symbol = wire.instrument.symbol ?? wire.instrument.cusip
    if (Dec.isZero(quantity) || symbol === null) return []
    return [
      {
        symbol: normalSymbol(symbol),
        assetClass: assetClassOf(wire.instrument),
        quantity,
        averagePrice: wire.averagePrice,
        marketValue: wire.marketValue,
        unrealized: openProfit(wire),
        currency: USD,
        asOf,
      },
    ]
  })
}

function openProfit({ longOpenProfitLoss: long, shortOpenProfitLoss: short }: PositionWire): Dec | null {
  return long !== null && short !== null ? Dec.add(long, short) : (long ?? short)
}
