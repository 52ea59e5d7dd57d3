import { Dec } from '../../../../../shared/domain/decimal.ts'
import { nextTradingDay } from '../../calendar.ts'
import { LocalDate } from '../../../../../shared/domain/time.ts'
import { cusipOf } from '../../market.ts'
import type { Instrument } from '../../instrument.ts'
import type { LotResult } from '../../own-book.ts'
import { contractOf } from '../contract.ts'
import { eastern } from '../eastern.ts'
import type { IbkrExecution } from '../executions.ts'
import type { DateStyle } from './dates.ts'
import type { Attributes } from './xml.ts'

/** One row of a trade: the first report, the cancelling of a report, or its correction. */
export interface TradeRow {
  readonly execution: IbkrExecution
  readonly kind: 'ExchTrade' | 'TradeCancel' | 'TradeCorrect'
  /** The report it cancels or corrects. */
  readonly replaces: IbkrExecution | null
}

/** The reports of executions as the rows of a statement: a correction cancels the report before it. */
export function tradeRows(executions: readonly IbkrExecution[]): TradeRow[] {
  return executions.flatMap((execution, index): TradeRow[] => {
    if (execution.revision === 1) return [{ execution, kind: 'ExchTrade', replaces: null }]
    const before = executions[index - 1]
    if (!before) return []
    return [
      { execution: before, kind: 'TradeCancel', replaces: before },
      { execution, kind: 'TradeCorrect', replaces: before },
    ]
  })
}

/** Signed amounts of a row, as all levels of detail write them. */
export interface Amounts {
  readonly quantity: Dec
  readonly proceeds: Dec
  readonly commission: Dec
  readonly netCash: Dec
}

export function amountsOf({ execution, kind }: TradeRow): Amounts {
  const { qty, side, net, commission } = execution
  const quantity = side === 'buy' ? qty : Dec.neg(qty)
  const amounts = { quantity, proceeds: Dec.add(net, commission), commission: Dec.neg(commission), netCash: net }
  if (kind !== 'TradeCancel') return amounts
  const { proceeds, netCash } = amounts
  return { quantity: Dec.neg(quantity), proceeds: Dec.neg(proceeds), commission: Dec.neg(amounts.commission), netCash: Dec.neg(netCash) }
}

/** What every row says about its instrument. */
export function instrumentAttributes(instrument: Instrument): Attributes {
  const contract = contractOf(instrument)
  const option = contract.secType !== 'STK'
  const cusip = option ? '' : cusipOf(instrument.symbol)
  return {
    assetCategory: contract.secType,
    subCategory: contract.subCategory,
    symbol: option ? contract.localSymbol : contract.symbol,
    description: contract.description,
    conid: contract.conId,
    securityID: cusip,
    securityIDType: option ? '' : 'CUSIP',
    cusip,
    isin: '',
    figi: '',
    listingExchange: contract.primaryExchange,
    underlyingConid: contract.underlyingConId ?? '',
    underlyingSymbol: contract.symbol,
    multiplier: option ? contract.multiplier : 1,
    strike: option ? contract.strike : '',
    expiry: '',
    putCall: contract.right,
  }
}

/** The `Trade` row of an execution in an activity statement. */
export function tradeAttributes(row: TradeRow, lot: LotResult | undefined, dates: DateStyle): Attributes {
  const { execution, kind, replaces } = row
  const { identity, instrument, order, at, price } = execution
  const { day } = eastern(at)
  const { quantity, proceeds, commission, netCash } = amountsOf(row)
  const cancel = kind === 'TradeCancel'
  const cost = lot && lot.closed.length > 0 ? lot.cost : Dec.neg(execution.net)
  return {
    accountId: identity.account,
    acctAlias: '',
    model: '',
    currency: 'USD',
    fxRateToBase: 1,
    ...instrumentAttributes(instrument),
    expiry: expiryOf(instrument, dates),
    tradeID: execution.tradeId,
    transactionID: cancel ? `${execution.transactionId}9` : execution.transactionId,
    ibExecID: cancel ? '' : execution.execId,
    ibOrderID: order.webId,
    orderReference: order.orderRef,
    dateTime: dates.moment(at),
    tradeDate: dates.day(day),
    reportDate: dates.day(day),
    settleDateTarget: dates.day(nextTradingDay(LocalDate.of(day))),
    orderTime: dates.moment(order.submittedAt),
    transactionType: kind,
    exchange: execution.exchange,
    buySell: `${execution.side === 'buy' ? 'BUY' : 'SELL'}${cancel ? ' (Ca.)' : ''}`,
    openCloseIndicator: execution.effect === 'open' ? 'O' : 'C',
    quantity,
    tradePrice: price,
    tradeMoney: Dec.neg(proceeds),
    proceeds,
    taxes: 0,
    ibCommission: commission,
    ibCommissionCurrency: 'USD',
    netCash,
    closePrice: price,
    cost: cancel ? Dec.neg(cost) : cost,
    fifoPnlRealized: cancel ? Dec.neg(Dec.add(execution.net, cost)) : Dec.add(execution.net, cost),
    mtmPnl: 0,
    notes: notesOf(row),
    origTradeID: replaces?.tradeId ?? '',
    origTradePrice: replaces?.price ?? 0,
    orderType: order.type.replace(' ', ''),
    isAPIOrder: order.orderId > 0 ? 'Y' : 'N',
    levelOfDetail: 'EXECUTION',
  }
}

export function notesOf({ kind, execution }: TradeRow): string {
  const partial = execution.entry !== null && execution.entry.qty !== execution.entry.leg.qty ? ['P'] : []
  const kinds = kind === 'TradeCancel' ? ['Ca'] : kind === 'TradeCorrect' ? ['Co'] : []
  return [...partial, ...kinds].join(';')
}

export function expiryOf({ contract }: Instrument, dates: DateStyle): string {
  return contract ? dates.day(contract.expiry) : ''
}

/** The `Lot` rows of what a trade closed: their price is the opening one. */
export function lotAttributes(row: TradeRow, lot: LotResult, dates: DateStyle): Attributes[] {
  const { execution } = row
  const { day } = eastern(execution.at)
  return lot.closed.map(({ qty, price, cost, realized, opened }) => ({
    accountId: execution.identity.account,
    currency: 'USD',
    fxRateToBase: 1,
    ...instrumentAttributes(execution.instrument),
    expiry: expiryOf(execution.instrument, dates),
    tradeID: '',
    transactionID: '',
    ibExecID: '',
    dateTime: dates.moment(execution.at),
    tradeDate: dates.day(day),
    buySell: execution.side === 'buy' ? 'BUY' : 'SELL',
    openCloseIndicator: 'C',
    quantity: qty,
    tradePrice: price,
    cost,
    fifoPnlRealized: realized,
    openDateTime: dates.moment(opened.at),
    notes: '',
    levelOfDetail: 'CLOSED_LOT',
  }))
}
