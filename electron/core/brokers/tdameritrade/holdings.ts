import { Dec } from '../../../../shared/domain/decimal.ts'
import type { Instant } from '../../../../shared/domain/time.ts'
import type { BrokerAccount, BrokerBalance, BrokerPosition } from '../adapter.ts'
import { assetClassOf, symbolOf } from './symbols.ts'
import type { AccountWire } from './wire.ts'

const USD = 'USD'
const HUNDRED = Dec.of('100')
const ONE = Dec.of('1')

export function toAccount({ securitiesAccount: { accountId, type } }: AccountWire): BrokerAccount {
  const word = type === 'MARGIN' ? 'Margin' : type === 'CASH' ? 'Cash' : (type ?? 'Brokerage')
  return { key: accountId, number: accountId, name: `TD Ameritrade ${word.toLowerCase()} account`, type: word, currency: USD }
}

export function toBalance({ securitiesAccount: { currentBalances: now } }: AccountWire, asOf: Instant): BrokerBalance {
  return {
    currency: USD,
    netLiquidation: now?.liquidationValue ?? null,
    cash: now?.cashBalance ?? now?.totalCash ?? null,
    buyingPower: now?.buyingPower ?? now?.cashAvailableForTrading ?? null,
    asOf,
  }
}

/** Holdings; TD Ameritrade stated no gain since the purchase, so it is worked out from value and cost. */
export function toPositions({ securitiesAccount }: AccountWire, asOf: Instant): BrokerPosition[] {
  return (securitiesAccount.positions ?? []).flatMap(({ instrument, longQuantity, shortQuantity, averagePrice, marketValue }) => {
    const quantity = Dec.sub(longQuantity ?? Dec.zero, shortQuantity ?? Dec.zero)
    const symbol = symbolOf(instrument)
    if (symbol === null || Dec.isZero(quantity)) return []
    const assetClass = assetClassOf(instrument)
    const units = Dec.mul(quantity, assetClass === 'option' ? HUNDRED : ONE)
    const unrealized = averagePrice === null || marketValue === null ? null : Dec.sub(marketValue, Dec.mul(units, averagePrice))
    return [{ symbol, assetClass, quantity, averagePrice, marketValue, unrealized, currency: USD, asOf }]
  })
}
