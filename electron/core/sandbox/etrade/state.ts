import { Dec } from '../../../../shared/domain/decimal.ts'
import type { AccountDesk } from '../desks.ts'
import { cashOf, priceNow, valueCents } from '../history.ts'
import { instrumentIdOf } from '../market.ts'
import type { FillEntry, Holding, TransferEntry } from '../story.ts'
import type { EtradeIdentity } from './customers.ts'
import { optionProduct, osiKey } from './rows.ts'

export type EtradeDesk = AccountDesk<EtradeIdentity>

/** A list the way this broker's JSON has it: one element stands alone, without its array. */
export function listOf(items: readonly object[]): object {
  const [first] = items
  return items.length === 1 && first !== undefined ? first : items
}

/** One row of the accounts list. A closed account carries when, in seconds. */
export function etradeAccount({ number, key, name, mode, customer }: EtradeIdentity): object {
  return {
    accountDesc: mode === 'MARGIN' ? 'Brokerage' : 'INDIVIDUAL',
    accountId: number,
    accountIdKey: key,
    accountMode: mode,
    accountName: name,
    accountStatus: customer ? 'ACTIVE' : 'CLOSED',
    accountType: mode === 'MARGIN' ? 'MARGIN' : mode === 'IRA' ? 'ROTHIRA' : 'CASH',
    closedDate: customer ? 0 : 1_521_027_780,
    fcManagedMssbClosedAccount: false,
    institutionType: 'BROKERAGE',
    shareWorksAccount: false,
  }
}

/** Cash, buying power and what the positions are worth, as numbers. */
export function etradeBalance({ identity, account, history: { market } }: EtradeDesk, realTime: boolean): object {
  const cash = Number(cashOf(account))
  const values = [...account.story.holdings.values()].map(({ instrument, qty }) => valueCents(market, instrument, qty) / 100)
  const all = cents(values.reduce((total, value) => total + value, 0))
  const long = cents(values.reduce((total, value) => total + Math.max(0, value), 0))
  const free = Math.max(0, cash)
  const margin = identity.mode === 'MARGIN'
  const Computed = {
    cashAvailableForInvestment: free,
    cashAvailableForWithdrawal: free,
    cashBalance: cash,
    netCash: cash,
    settledCashForInvestment: free,
    unSettledCashForInvestment: 0,
    fundsWithheldFromPurchasePower: 0,
    fundsWithheldFromWithdrawal: 0,
    ...(margin ? { marginBuyingPower: cents(free + 0.5 * long) } : {}),
    cashBuyingPower: free,
    OpenCalls: { cashCall: 0 },
    ...(realTime ? { RealTimeValues: { netMv: all, netMvLong: long, totalAccountValue: cents(cash + all) } } : {}),
  }
  const Cash = { fundsForOpenOrdersCash: 0, moneyMktBalance: 0 }
  const about = {
    accountDescription: identity.name,
    accountId: identity.number,
    accountType: margin ? 'MARGIN' : 'CASH',
    optionLevel: margin ? 'LEVEL_4' : 'LEVEL_1',
  }
  return { BalanceResponse: { Cash, Computed, ...about } }
}

/** One position of the quick view. A short one has a negative quantity and value. */
export function etradePosition(
  { identity, account, history: { market } }: EtradeDesk,
  { instrument, qty, cost }: Holding,
  origin: string,
): object {
  const value = valueCents(market, instrument, qty) / 100
  const before = valueCents(market, instrument, qty, 1) / 100
  const price = priceNow(market, instrument) / 100
  const change = cents((value - before) / Number(qty) / Number(instrument.multiplier))
  const paid = Number(cost)
  const id = instrumentIdOf(instrument.symbol)
  const first = account.story.entries.find(entry => entry.kind !== 'cash' && symbolIn(entry) === instrument.symbol)
  const product = instrument.contract
    ? optionProduct(instrument.contract)
    : { expiryDay: 0, expiryMonth: 0, expiryYear: 0, securityType: 'EQ', strikePrice: 0, symbol: instrument.symbol }
  return {
    Product: { ...product, productId: { symbol: osiKey(instrument) } },
    Quick: {
      change,
      changePct: percent(value - before, before),
      lastTrade: price,
      lastTradeTime: Math.floor((first?.at ?? 0) / 1000),
      volume: id % 9_999_991,
    },
    commissions: 0,
    costPerShare: Number((paid / Number(qty) / Number(instrument.multiplier)).toFixed(4)),
    // A negative moment stands for a day that is not known.
    dateAcquired: Dec.isNegative(qty) ? -68_400_000 : (first?.at ?? -57_600_000),
    daysGain: cents(value - before),
    daysGainPct: percent(value - before, before),
    lotsDetails: `${origin}/v1/accounts/${identity.key}/portfolio/${id}`,
    marketValue: value,
    otherFees: 0,
    pctOfPortfolio: 0,
    positionId: id,
    positionIndicator: 'TYPE2',
    positionType: Dec.isNegative(qty) ? 'SHORT' : 'LONG',
    pricePaid: Number((paid / Number(qty) / Number(instrument.multiplier)).toFixed(4)),
    quantity: Number(qty),
    quoteDetails: `${origin}/v1/market/quote/${instrument.contract?.underlying ?? instrument.symbol}`,
    symbolDescription: instrument.name,
    todayCommissions: 0,
    todayFees: 0,
    todayPricePaid: 0,
    todayQuantity: 0,
    totalCost: paid,
    totalGain: cents(value - paid),
    totalGainPct: percent(value - paid, Math.abs(paid)),
  }
}

function symbolIn(entry: FillEntry | TransferEntry): string {
  return entry.kind === 'fill' ? entry.leg.instrument.symbol : entry.instrument.symbol
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Number(((part / whole) * 100).toFixed(4))
}

function cents(value: number): number {
  return Math.round(value * 100) / 100
}
