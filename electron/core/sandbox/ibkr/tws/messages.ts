import type { Dec } from '../../../../../shared/domain/decimal.ts'
import { contractOf } from '../contract.ts'
import type { IbkrContract } from '../contract.ts'
import { eastern } from '../eastern.ts'
import type { IbkrExecution } from '../executions.ts'
import type { IbkrPosition } from '../worth.ts'
import type { Field } from './frame.ts'

/** One message from groups of its fields. */
export function groups(...parts: readonly (readonly Field[])[]): Field[] {
  return parts.flat()
}

export const UNSET = '1.7976931348623157E308'
export const UNSET_INT = '2147483647'

/** The eleven fields most messages name a contract by. Stocks have no multiplier. */
export function contractFields(contract: IbkrContract, exchange = contract.exchange, right: string = contract.right || '?'): Field[] {
  const { conId, symbol, secType, expiry, strike, multiplier, currency, localSymbol, tradingClass } = contract
  return [conId, symbol, secType, expiry, strike, right, multiplier, exchange, currency, localSymbol, tradingClass]
}

export const managedAccounts = (accounts: readonly string[]): Field[] => [
  15,
  1,
  // Several accounts come with a comma behind the last one.
  accounts.length > 1 ? `${accounts.join(',')},` : accounts.join(','),
]

export const nextValidId = (id: number): Field[] => [9, 1, id]
export const currentTime = (ms: number): Field[] => [49, 1, Math.floor(ms / 1000)]

/** An error of a request, or with id -1 a notice about the connection. */
export function notice(id: number, code: number, text: string, advanced = ''): Field[] {
  return [4, 2, id, code, text, advanced]
}

export function positionRow(
  account: string,
  { contract, qty, averageCost }: Pick<IbkrPosition, 'contract' | 'qty' | 'averageCost'>,
): Field[] {
  return [61, 3, account, ...contractFields(contract, contract.primaryExchange, contract.right), qty, averageCost]
}

export function portfolioRow(account: string, { contract, qty, price, value, averageCost, unrealized }: IbkrPosition): Field[] {
  const { conId, symbol, secType, expiry, strike, multiplier, primaryExchange, currency, localSymbol, tradingClass } = contract
  const named = [
    conId,
    symbol,
    secType,
    expiry,
    strike,
    contract.right || '0',
    multiplier,
    primaryExchange,
    currency,
    localSymbol,
    tradingClass,
  ]
  return [7, 8, ...named, qty, price, value, averageCost, unrealized, '0.0', account]
}

export const accountSummary = (id: number, account: string, tag: string, value: string, currency: string): Field[] => [
  63,
  1,
  id,
  account,
  tag,
  value,
  currency,
]

export const accountValue = (key: string, value: string, currency: string, account: string): Field[] => [
  6,
  2,
  key,
  value,
  currency,
  account,
]

/** How an execution looks to one client. `bare` writes its time without a zone, as older servers do. */
export interface ExecutionView {
  readonly reqId: number
  readonly account: string
  readonly permId: number
  readonly orderId: number
  readonly bare: boolean
  readonly version: number
}

const PENDING_PRICE_REVISION = 178

export function execDetails(execution: IbkrExecution, view: ExecutionView): Field[] {
  const { execId, side, qty, price, cumulative, average, exchange, order } = execution
  const contract = contractOf(execution.instrument)
  const { compactDay, clock } = eastern(execution.at)
  const time = view.bare ? `${compactDay}  ${clock}` : `${compactDay} ${clock} US/Eastern`
  return groups(
    [11, view.reqId, view.orderId, ...contractFields(contract, exchange, contract.right)],
    [execId, time, view.account, exchange, side === 'buy' ? 'BOT' : 'SLD', qty, price],
    [view.permId, order.clientId, 0, cumulative, average, order.orderRef, '', '', '', 2],
    view.version >= PENDING_PRICE_REVISION ? [0] : [],
  )
}

/** What an execution cost. `realized` is null where it only opened. */
export function commissionReport(execution: IbkrExecution, realized: Dec | null): Field[] {
  return [59, 1, execution.execId, execution.commission, 'USD', realized ?? UNSET, UNSET, '']
}

const LAST_TRADE_DATE = 182
const INELIGIBILITY = 186
const ORDER_TYPES = 'ACTIVETIM,ADJUST,ALERT,ALGO,COND,DAY,GTC,GTD,IOC,LMT,LOC,MKT,MOC,OCA,SCALE,STP,STPLMT,TRAIL,WHATIF'

export function contractDetails(reqId: number, contract: IbkrContract, version: number): Field[] {
  const { symbol, secType, expiry, strike, right, exchange, currency, localSymbol, tradingClass, conId, minTick, multiplier } = contract
  const share = secType === 'STK'
  const hours = '20261120:0930-20261120:1600;20261121:CLOSED'
  return groups(
    [10, reqId, symbol, secType, expiry, ...(version >= LAST_TRADE_DATE ? [expiry] : []), strike, right],
    [exchange, currency, localSymbol, tradingClass, tradingClass, conId, minTick, multiplier, ORDER_TYPES],
    [share ? 'SMART,NYSE,NASDAQ,ARCA,IEX,BATS' : exchange, 1, contract.underlyingConId ?? 0, contract.description],
    [contract.primaryExchange, expiry.slice(0, 6), '', '', '', 'US/Eastern', hours, hours, '', '', 0, 1],
    share ? ['', ''] : [symbol, secType === 'FOP' ? 'FUT' : 'STK'],
    ['26,26', expiry, share ? contract.subCategory : '', 1, 1, share ? 100 : 1],
    version >= INELIGIBILITY ? [0] : [],
  )
}
