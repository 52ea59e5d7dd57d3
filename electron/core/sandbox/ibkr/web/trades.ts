import { Dec } from '../../../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, toLocalDate } from '../../../../../shared/domain/time.ts'
import { midnightMs } from '../../calendar.ts'
import { contractOf } from '../contract.ts'
import { eastern } from '../eastern.ts'
import type { IbkrExecution } from '../executions.ts'
import type { Fields } from './body.ts'
import { textOf } from './body.ts'
import type { WebSession } from './session.ts'

const DAY_MS = 86_400_000
const MOST_DAYS = 7

/** iserver/account/trades: today's executions, or those of up to seven days, of every account. A corrected one is told once. */
export function tradesReply(session: WebSession, query: URLSearchParams): object[] {
  const days = Math.min(MOST_DAYS, Math.max(1, Number(query.get('days') ?? 1) || 1))
  const from = midnightMs(toLocalDate(session.book.now(), EXCHANGE_ZONE)) - (days - 1) * DAY_MS
  return session
    .places()
    .flatMap(place => session.book.executions(place, from, session.nowMs()))
    .filter((execution, index, all) => all[index + 1]?.entry !== execution.entry || execution.entry === null)
    .sort((a, b) => b.at - a.at)
    .map(tradeRow)
}

function tradeRow(execution: IbkrExecution): object {
  const { execId, instrument, side, qty, price, exchange, commission, net, identity, at, order } = execution
  const contract = contractOf(instrument)
  const utc = new Date(at).toISOString()
  return {
    execution_id: execId,
    conid: contract.conId,
    conidEx: String(contract.conId),
    symbol: contract.symbol,
    supports_tax_opt: '1',
    side: side === 'buy' ? 'BOT' : 'SLD',
    order_description: `${side === 'buy' ? 'Bought' : 'Sold'} ${qty} @ ${price} on ${exchange}`,
    trade_time: `${utc.slice(0, 10).replaceAll('-', '')}-${utc.slice(11, 19)}`,
    trade_time_r: at,
    size: Number(qty),
    price: Number(price),
    order_ref: order.orderRef,
    order_id: order.webId,
    submitter: 'sandbox',
    exchange,
    commission,
    net_amount: Number(Dec.abs(Dec.add(net, commission))),
    account: identity.account,
    accountCode: identity.account,
    account_allocation_name: identity.account,
    company_name: contract.secType === 'STK' ? contract.description : contract.symbol,
    contract_description_1: contract.secType === 'STK' ? contract.symbol : contract.description,
    sec_type: contract.secType,
    listing_exchange: contract.primaryExchange,
    clearing_id: 'IB',
    clearing_name: 'IB',
    liquidation_trade: '0',
    is_event_trading: '0',
  }
}

/** pa/transactions: trades of the named contracts in the named accounts, by day and without execution ids. */
export function transactionsReply(session: WebSession, body: Fields): object {
  const accounts = listOf(body, 'acctIds')
  const conids = listOf(body, 'conids')
  const to = session.nowMs()
  const from = to - Number(textOf(body, 'days') || 90) * DAY_MS
  const rows = session
    .places()
    .filter(({ identity }) => accounts.includes(identity.account))
    .flatMap(place => session.book.executions(place, from, to))
    .filter(({ instrument }) => conids.includes(String(contractOf(instrument).conId)))
    .map(({ at, instrument, side, qty, price, net, identity }) => {
      const contract = contractOf(instrument)
      const { compactDay, day, zone } = eastern(at)
      const amounts = {
        fxRate: 1,
        pr: Number(price),
        qty: side === 'buy' ? Number(qty) : -Number(qty),
        acctid: identity.account,
        amt: Number(net),
      }
      return {
        cur: 'USD',
        date: spokenDay(day, zone),
        rawDate: compactDay,
        ...amounts,
        conid: contract.conId,
        type: side === 'buy' ? 'Buy' : 'Sell',
        desc: contract.description,
      }
    })
  return { nd: rows.length, rpnl: { data: [], amt: '0.0' }, currency: 'USD', from, id: 'getTransactions', to, transactions: rows }
}

/** `Tue Mar 31 00:00:00 EDT 2026` */
function spokenDay(day: string, zone: string): string {
  const [weekday = '', date = '', month = '', year = ''] = new Date(`${day}T00:00:00Z`).toUTCString().replace(',', '').split(' ')
  return `${weekday} ${month} ${date} 00:00:00 ${zone} ${year}`
}

function listOf(body: Fields, name: string): string[] {
  const value = body[name]
  return Array.isArray(value) ? value.map(String) : []
}
