import type { Place } from '../order-desk.ts'
import { positionsOf } from '../worth.ts'
import type { IbkrPosition } from '../worth.ts'
import type { WebSession } from './session.ts'

const PAGE = 100

/** One page of positions, counted from 0. The knob `page-size` makes pages smaller. */
export function positionsPage(session: WebSession, place: Place, page: number): object[] {
  const size = Number(session.knobs.get('page-size') ?? PAGE)
  return positionsOf(place.market, place.account)
    .slice(page * size, (page + 1) * size)
    .map(position => positionRow(place, position))
}

function positionRow({ identity }: Place, position: IbkrPosition): object {
  const { contract, qty, price, value, averageCost, unrealized } = position
  const option = contract.secType !== 'STK'
  const multiplier = Number(position.instrument.multiplier)
  return {
    acctId: identity.account,
    conid: contract.conId,
    contractDesc: option ? `${contract.description} [${contract.localSymbol} ${multiplier}]` : contract.symbol,
    position: Number(qty),
    mktPrice: Number(price),
    mktValue: Number(value),
    currency: 'USD',
    avgCost: Number(averageCost),
    avgPrice: Number((Number(averageCost) / multiplier).toFixed(8)),
    realizedPnl: 0,
    unrealizedPnl: Number(unrealized),
    exchs: null,
    expiry: option ? contract.expiry : null,
    putOrCall: option ? contract.right : null,
    multiplier: option ? multiplier : null,
    strike: Number(contract.strike),
    exerciseStyle: null,
    conExchMap: [],
    assetClass: contract.secType,
    undConid: contract.underlyingConId ?? 0,
    model: '',
    ticker: contract.symbol,
  }
}

/** All positions at once, near real time, in the fields of the newer endpoint. */
export function positionsNow(session: WebSession, { market, account }: Place): object[] {
  return positionsOf(market, account).map(({ instrument, contract, qty, price, value, averageCost, unrealized }) => ({
    position: Number(qty),
    conid: String(contract.conId),
    avgCost: Number(averageCost),
    avgPrice: Number((Number(averageCost) / Number(instrument.multiplier)).toFixed(8)),
    currency: 'USD',
    description: contract.secType === 'STK' ? contract.symbol : contract.description,
    isLastToLoq: false,
    marketPrice: Number(price),
    marketValue: Number(value),
    realizedPnl: 0,
    secType: contract.secType,
    timestamp: Math.floor(session.nowMs() / 1000),
    unrealizedPnl: Number(unrealized),
    assetClass: contract.secType,
    sector: null,
    group: null,
    model: '',
  }))
}
