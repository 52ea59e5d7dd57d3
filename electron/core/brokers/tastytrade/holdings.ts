import { Dec } from '../../../../shared/domain/decimal.ts'
import type { Instant } from '../../../../shared/domain/time.ts'
import type { BrokerAccount, BrokerBalance, BrokerPosition } from '../adapter.ts'
import { exchangeDay } from '../exchange-day.ts'
import { signed } from './effect.ts'
import { assetClassOf, fromSymbol } from './symbols.ts'
import type { AccountWire, BalanceWire, PositionWire } from './wire.ts'

const USD = 'USD'
const ONE = Dec.of('1')

/** Closed accounts stay in tastytrade's list; their history can still be read. */
export function toAccount({ account }: AccountWire): BrokerAccount {
  const number = account['account-number']
  const type = account['account-type-name'] ?? 'Brokerage'
  const name = account.nickname ?? `tastytrade ${type.toLowerCase()} account`
  const kind = account['margin-or-cash']
  return {
    key: number,
    number,
    name: account['is-closed'] ? `${name} (closed)` : name,
    type: kind === null ? type : `${type}, ${kind.toLowerCase()}`,
    currency: USD,
  }
}

export function toBalance({ data }: BalanceWire, asOf: Instant): BrokerBalance {
  return {
    currency: data.currency?.toUpperCase() ?? USD,
    netLiquidation: signed(data['net-liquidating-value'], data['net-liquidating-value-effect']),
    cash: signed(data['cash-balance'], data['cash-balance-effect']),
    buyingPower: signed(data['equity-buying-power'], data['equity-buying-power-effect']),
    asOf,
  }
}

/** Holdings; quantities are unsigned beside a direction. A future has no value of its own: what it gained stands for it. */
export function toPositions(rows: readonly PositionWire[], asOf: Instant): BrokerPosition[] {
  return rows.flatMap(wire => {
    const short = wire['quantity-direction'] === 'Short'
    const quantity = short ? Dec.neg(Dec.abs(wire.quantity)) : wire.quantity
    if (wire['quantity-direction'] === 'Zero' || Dec.isZero(quantity)) return []
    const assetClass = assetClassOf(wire['instrument-type']) ?? 'other'
    const average = wire['average-open-price']
    const price = wire['mark-price'] ?? wire.mark
    const units = Dec.mul(quantity, wire.multiplier ?? ONE)
    const unrealized = price === null || average === null ? null : Dec.mul(units, Dec.sub(price, average))
    return [
      {
        symbol: fromSymbol(wire.symbol, assetClass, exchangeDay(asOf)),
        assetClass,
        quantity,
        averagePrice: average,
        marketValue: assetClass === 'future' ? unrealized : price === null ? null : Dec.mul(units, price),
        unrealized,
        currency: wire.currency?.toUpperCase() ?? USD,
        asOf,
      },
    ]
  })
}
