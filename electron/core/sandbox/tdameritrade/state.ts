import { Dec } from '../../../../shared/domain/decimal.ts'
import type { AccountDesk } from '../desks.ts'
import { valueCents } from '../history.ts'
import { schwabBalances } from '../schwab/state.ts'
import type { Holding } from '../story.ts'
import type { TdaIdentity } from './customers.ts'
import { tdaInstrument } from './wire.ts'

export type TdaDesk = AccountDesk<TdaIdentity>

/** One account; positions and orders come when they were asked for. */
export function tdaAccount(desk: TdaDesk, positions: boolean, orders: readonly object[] | null): object {
  const { identity, history, account } = desk
  const holdings = [...account.story.holdings.values()].sort((a, b) => (a.instrument.symbol < b.instrument.symbol ? -1 : 1))
  const securitiesAccount = {
    type: identity.type,
    accountId: identity.number,
    roundTrips: 0,
    isDayTrader: false,
    isClosingOnlyRestricted: false,
    ...(positions ? { positions: holdings.map(holding => position(desk, holding)) } : {}),
    ...(orders ? { orderStrategies: orders } : {}),
    ...schwabBalances(history, account, identity.type === 'MARGIN').balances,
  }
  return { securitiesAccount }
}

function position({ history: { market } }: TdaDesk, { instrument, qty, cost }: Holding): object {
  const short = Dec.isNegative(qty)
  const pieces = Math.abs(Number(qty))
  const value = valueCents(market, instrument, qty) / 100
  const before = valueCents(market, instrument, qty, 1) / 100
  return {
    shortQuantity: short ? pieces : 0,
    averagePrice: Number((Number(cost) / Number(qty) / Number(instrument.multiplier)).toFixed(5)),
    currentDayProfitLoss: Math.round((value - before) * 100) / 100,
    currentDayProfitLossPercentage: before === 0 ? 0 : Number(((value - before) / Math.abs(before)).toFixed(2)),
    longQuantity: short ? 0 : pieces,
    settledLongQuantity: short ? 0 : pieces,
    settledShortQuantity: short ? -pieces : 0,
    instrument: tdaInstrument(instrument),
    marketValue: value,
  }
}
