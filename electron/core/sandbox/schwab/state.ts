import { Dec } from '../../../../shared/domain/decimal.ts'
import { cashOf, priceOn, valueCents } from '../history.ts'
import type { Account, History } from '../history.ts'
import { paddedSymbol } from '../instrument.ts'
import { cusipOf } from '../market.ts'
import type { Holding } from '../story.ts'
import type { SchwabBook } from './rows.ts'
import type { Instrument } from '../instrument.ts'

/** One account with its balances, and its positions when they were asked for. */
export function schwabAccount(history: History, account: Account, book: SchwabBook, withPositions: boolean): object {
  const holdings = [...account.story.holdings.values()].sort((a, b) => (a.instrument.symbol < b.instrument.symbol ? -1 : 1))
  const { total, balances } = schwabBalances(history, account, book.subAccount === 'MARGIN')
  const securitiesAccount = {
    type: book.subAccount,
    accountNumber: book.number,
    roundTrips: 0,
    isDayTrader: false,
    isClosingOnlyRestricted: false,
    pfcbFlag: false,
    ...(withPositions ? { positions: holdings.map(holding => position(history, holding)) } : {}),
    ...balances,
  }
  // Captured answers carry this object beside the account although the specification leaves it out.
  return { securitiesAccount, aggregatedBalance: { currentLiquidationValue: total, liquidationValue: total } }
}

/** The three balance objects of an account, and what it is worth. TD Ameritrade's were the same. */
export function schwabBalances(history: History, account: Account, margin: boolean): { total: number; balances: object } {
  const values = totals(history, account, [...account.story.holdings.values()])
  const balances = {
    initialBalances: margin ? marginInitial(values) : cashInitial(values),
    currentBalances: margin ? marginCurrent(values) : cashCurrent(values),
    projectedBalances: margin ? marginProjected(values) : cashCurrent(values),
  }
  return { total: values.total, balances }
}

interface Totals {
  readonly cash: number
  readonly longStock: number
  readonly shortStock: number
  readonly longOption: number
  readonly shortOption: number
  readonly total: number
  readonly power: number
}

function totals({ market }: History, account: Account, holdings: readonly Holding[]): Totals {
  const cash = Number(cashOf(account))
  const sum = (option: boolean, short: boolean) =>
    holdings
      .filter(({ instrument, qty }) => (instrument.contract !== null) === option && Dec.isNegative(qty) === short)
      .reduce((total, { instrument, qty }) => total + valueCents(market, instrument, qty), 0) / 100
  const parts = { longStock: sum(false, false), shortStock: sum(false, true), longOption: sum(true, false), shortOption: sum(true, true) }
  const total = cents(cash + parts.longStock + parts.shortStock + parts.longOption + parts.shortOption)
  return { cash, ...parts, total, power: cents(Math.max(0, cash + 0.5 * parts.longStock)) }
}

function marginInitial({ cash, longStock, shortStock, longOption, shortOption, total, power }: Totals): object {
  return {
    accruedInterest: 0,
    availableFundsNonMarginableTrade: Math.max(0, cash),
    bondValue: 0,
    buyingPower: power,
    cashBalance: cash,
    cashAvailableForTrading: 0,
    cashReceipts: 0,
    dayTradingBuyingPower: power,
    dayTradingBuyingPowerCall: 0,
    dayTradingEquityCall: 0,
    equity: cents(cash + longStock + shortStock),
    equityPercentage: 100,
    liquidationValue: total,
    longMarginValue: longStock,
    longOptionMarketValue: longOption,
    longStockValue: longStock,
    maintenanceCall: 0,
    maintenanceRequirement: cents(0.3 * longStock),
    margin: cash,
    marginEquity: cents(cash + longStock + shortStock),
    moneyMarketFund: 0,
    mutualFundValue: 0,
    regTCall: 0,
    shortMarginValue: shortStock,
    shortOptionMarketValue: shortOption,
    shortStockValue: shortStock,
    totalCash: 0,
    // A boolean in captured answers; the specification calls it a number.
    isInCall: false,
    pendingDeposits: 0,
    marginBalance: 0,
    shortBalance: 0,
    accountValue: total,
  }
}

function marginCurrent({ cash, longStock, shortStock, longOption, shortOption, total, power }: Totals): object {
  return {
    accruedInterest: 0,
    cashBalance: cash,
    cashReceipts: 0,
    longOptionMarketValue: longOption,
    liquidationValue: total,
    longMarketValue: longStock,
    moneyMarketFund: 0,
    savings: 0,
    shortMarketValue: shortStock,
    pendingDeposits: 0,
    mutualFundValue: 0,
    bondValue: 0,
    shortOptionMarketValue: shortOption,
    availableFunds: Math.max(0, cash),
    // Equity leaves the options out, as captured: it is not what the account is worth.
    availableFundsNonMarginableTrade: Math.max(0, cash),
    buyingPower: power,
    buyingPowerNonMarginableTrade: Math.max(0, cash),
    dayTradingBuyingPower: power,
    equity: cents(cash + longStock + shortStock),
    equityPercentage: 100,
    longMarginValue: longStock,
    maintenanceCall: 0,
    maintenanceRequirement: cents(0.3 * longStock),
    marginBalance: 0,
    regTCall: 0,
    shortBalance: 0,
    shortMarginValue: shortStock,
    sma: power,
  }
}

function marginProjected({ cash, power }: Totals): object {
  return {
    availableFunds: Math.max(0, cash),
    availableFundsNonMarginableTrade: Math.max(0, cash),
    buyingPower: power,
    dayTradingBuyingPower: power,
    dayTradingBuyingPowerCall: 0,
    maintenanceCall: 0,
    regTCall: 0,
    isInCall: false,
    stockBuyingPower: power,
  }
}

function cashInitial({ cash, longStock, longOption, shortOption, total }: Totals): object {
  return {
    accruedInterest: 0,
    cashAvailableForTrading: cash,
    cashAvailableForWithdrawal: cash,
    cashBalance: cash,
    bondValue: 0,
    cashReceipts: 0,
    liquidationValue: total,
    longOptionMarketValue: longOption,
    longStockValue: longStock,
    moneyMarketFund: 0,
    mutualFundValue: 0,
    shortOptionMarketValue: shortOption,
    shortStockValue: 0,
    isInCall: false,
    unsettledCash: 0,
    cashDebitCallValue: 0,
    pendingDeposits: 0,
    accountValue: total,
  }
}

function cashCurrent({ cash, longStock, longOption, shortOption, total }: Totals): object {
  return {
    accruedInterest: 0,
    cashBalance: cash,
    cashReceipts: 0,
    longOptionMarketValue: longOption,
    liquidationValue: total,
    longMarketValue: longStock,
    moneyMarketFund: 0,
    savings: 0,
    shortMarketValue: 0,
    pendingDeposits: 0,
    mutualFundValue: 0,
    bondValue: 0,
    shortOptionMarketValue: shortOption,
    cashAvailableForTrading: cash,
    cashAvailableForWithdrawal: cash,
    cashCall: 0,
    longNonMarginableMarketValue: 0,
    totalCash: cash,
    cashDebitCallValue: 0,
    unsettledCash: 0,
  }
}

function position({ market }: History, { instrument, qty, cost }: Holding): object {
  const short = Dec.isNegative(qty)
  const pieces = Math.abs(Number(qty))
  const value = valueCents(market, instrument, qty) / 100
  const before = valueCents(market, instrument, qty, 1) / 100
  const average = Number((Number(cost) / Number(qty) / Number(instrument.multiplier)).toFixed(4))
  const gain = cents(value - Number(cost))
  return {
    shortQuantity: short ? pieces : 0,
    averagePrice: average,
    currentDayProfitLoss: cents(value - before),
    currentDayProfitLossPercentage: before === 0 ? 0 : cents(((value - before) / Math.abs(before)) * 100),
    longQuantity: short ? 0 : pieces,
    settledLongQuantity: short ? 0 : pieces,
    settledShortQuantity: short ? -pieces : 0,
    instrument: positionInstrument(instrument, cents((value - before) / Math.max(pieces, 1) / Number(instrument.multiplier))),
    marketValue: value,
    maintenanceRequirement: instrument.contract ? 0 : cents(0.3 * Math.abs(value)),
    ...(short
      ? { averageShortPrice: average, taxLotAverageShortPrice: average, shortOpenProfitLoss: gain, previousSessionShortQuantity: pieces }
      : { averageLongPrice: average, taxLotAverageLongPrice: average, longOpenProfitLoss: gain, previousSessionLongQuantity: pieces }),
    currentDayCost: 0,
  }
}

function positionInstrument(instrument: Instrument, netChange: number): object {
  const { contract } = instrument
  const fund = instrument.kind === 'etf'
  return {
    assetType: contract ? 'OPTION' : fund ? 'COLLECTIVE_INVESTMENT' : 'EQUITY',
    cusip: cusipOf(instrument.symbol),
    symbol: paddedSymbol(instrument),
    description: instrument.name,
    netChange,
    ...(fund ? { type: 'EXCHANGE_TRADED_FUND' } : {}),
    ...(contract ? { type: 'VANILLA', putCall: contract.right === 'call' ? 'CALL' : 'PUT', underlyingSymbol: contract.underlying } : {}),
  }
}

/** The price of an instrument on a trading day, in dollars. */
export function closingOf({ market }: History): SchwabBook['closing'] {
  const numbers = new Map(market.days.map((day, number) => [day, number]))
  return (instrument, day) => priceOn(market, instrument, numbers.get(day) ?? market.days.length - 1) / 100
}

function cents(value: number): number {
  return Math.round(value * 100) / 100
}
