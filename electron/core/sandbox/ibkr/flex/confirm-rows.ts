import { Dec } from '../../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../../shared/domain/time.ts'
import { nextTradingDay } from '../../calendar.ts'
import { eastern } from '../eastern.ts'
import type { DateStyle } from './dates.ts'
import { amountsOf, expiryOf, instrumentAttributes, notesOf } from './trade-rows.ts'
import type { TradeRow } from './trade-rows.ts'
import type { Attributes } from './xml.ts'

/** The `TradeConfirm` row of an execution: the names differ from those of an activity statement, the ids do not. */
export function confirmAttributes(row: TradeRow, dates: DateStyle): Attributes {
  const { execution, kind, replaces } = row
  const { identity, instrument, order, at, price, effect } = execution
  const { day } = eastern(at)
  const { quantity, proceeds, commission, netCash } = amountsOf(row)
  const cancel = kind === 'TradeCancel'
  return {
    accountId: identity.account,
    acctAlias: '',
    model: '',
    currency: 'USD',
    ...instrumentAttributes(instrument),
    expiry: expiryOf(instrument, dates),
    transactionType: kind,
    tradeID: execution.tradeId,
    orderID: order.webId,
    execID: cancel ? '' : execution.execId,
    brokerageOrderID: '',
    orderReference: order.orderRef,
    origTradePrice: replaces?.price ?? 0,
    origTradeID: replaces?.tradeId ?? '',
    orderTime: dates.moment(order.submittedAt),
    dateTime: dates.moment(at),
    reportDate: dates.day(day),
    settleDate: dates.day(nextTradingDay(LocalDate.of(day))),
    tradeDate: dates.day(day),
    exchange: execution.exchange,
    buySell: `${execution.side === 'buy' ? 'BUY' : 'SELL'}${cancel ? ' (Ca.)' : ''}`,
    quantity,
    price,
    amount: Dec.neg(proceeds),
    proceeds,
    netCash,
    commission,
    commissionCurrency: 'USD',
    tax: 0,
    code: [effect === 'open' ? 'O' : 'C', notesOf(row)].filter(item => item !== '').join(';'),
    orderType: order.type.replace(' ', ''),
    levelOfDetail: 'EXECUTION',
    traderID: '',
    isAPIOrder: order.orderId > 0 ? 'Y' : 'N',
  }
}
