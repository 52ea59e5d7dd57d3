import { jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { readFields } from '../fields.ts'
import type { Instrument } from '../instrument.ts'
import { contractBy, instrumentBy } from '../lookup.ts'
import type { Market } from '../market.ts'
import { buyingPower } from '../order-book.ts'
import { quoteOf } from '../quotes.ts'
import type { Quote } from '../quotes.ts'
import { readTicket, refusalOf } from '../schwab/tickets.ts'
import type { StoryOrder } from '../story.ts'
import { tdaOrderId } from './rows.ts'
import type { TdaDesk } from './state.ts'
import { tdaError, tdaSymbol } from './wire.ts'

const OPTION = /^([A-Z]+)_(\d{2})(\d{2})(\d{2})([CP])(\d+(?:\.\d+)?)$/

/** An instrument by the old symbol. */
export function tdaInstrumentBy(market: Market, symbol: string): Instrument | undefined {
  const [, root = '', month = '', day = '', year = '', right = '', strike = ''] = OPTION.exec(symbol) ?? []
  if (root === '') return instrumentBy(market, symbol)
  return contractBy(market, root, `20${year}-${month}-${day}`, right === 'C' ? 'call' : 'put', Math.round(Number(strike) * 100))
}

/** Calls that place, replace and cancel; undefined for any other. A placed order has no body, only its address. */
export function orderCall(ask: Ask, desk: TdaDesk, id: string | undefined): Reply | undefined {
  const known = id === undefined ? undefined : find(desk, id)
  if (id !== undefined && !known) return tdaError(404, 'Order not found.')
  if (known && known.status !== 'open') return tdaError(400, 'The order is no longer cancelable.')
  if (ask.method === 'DELETE' && known) {
    desk.orders.cancel(known)
    return { status: 200, headers: {}, body: '' }
  }
  if (ask.method !== (known ? 'PUT' : 'POST')) return undefined
  const { account, history, identity } = desk
  const ticket = readTicket(readFields(ask.body), { account, instrument: symbol => tdaInstrumentBy(history.market, symbol) })
  if (typeof ticket === 'string') return tdaError(400, ticket)
  const { net, uncovered } = desk.orders.estimate(ticket)
  const reason = refusalOf(ticket, -Number(net), buyingPower(account, history.market, identity.type === 'MARGIN'), uncovered)
  const order = desk.orders.place(ticket, { ...(known ? { replaces: known } : {}), ...(reason === undefined ? {} : { reason }) })
  const location = `http://${ask.headers.host ?? ''}/v1/accounts/${identity.number}/orders/${tdaOrderId(identity, order.number)}`
  return { status: 201, headers: { location }, body: '' }
}

function find({ account, identity }: TdaDesk, id: string): StoryOrder | undefined {
  return account.story.orders.find(({ number }) => String(tdaOrderId(identity, number)) === id)
}

/** Quotes by symbol; a symbol nobody knows is left out. */
export function quotesReply(ask: Ask, desks: readonly TdaDesk[], nowMs: number): Reply {
  const market = desks[0]?.history.market
  const one = /^\/v1\/marketdata\/([^/]+)\/quotes$/.exec(ask.path)?.[1]
  if (!market || (one === undefined && ask.path !== '/v1/marketdata/quotes')) return tdaError(404, 'Not found.')
  const symbols = one === undefined ? (ask.query.get('symbol') ?? '').split(',') : [decodeURIComponent(one)]
  const found = symbols.flatMap(symbol => {
    const instrument = tdaInstrumentBy(market, symbol)
    return instrument ? [[symbol, shown(quoteOf(market, instrument), nowMs)] as const] : []
  })
  return jsonReply(200, Object.fromEntries(found))
}

function shown({ instrument, bid, ask, last, close, volume }: Quote, nowMs: number): object {
  const { contract } = instrument
  const base = {
    assetType: contract ? 'OPTION' : 'EQUITY',
    symbol: tdaSymbol(instrument),
    description: instrument.name,
    bidPrice: bid,
    bidSize: 300,
    askPrice: ask,
    askSize: 200,
    lastPrice: last,
    lastSize: 100,
    openPrice: close,
    highPrice: Math.max(last, close),
    lowPrice: Math.min(last, close),
    closePrice: close,
    netChange: Number((last - close).toFixed(4)),
    totalVolume: volume,
    quoteTimeInLong: nowMs,
    tradeTimeInLong: nowMs,
    mark: last,
    digits: contract ? 2 : 4,
    securityStatus: 'Normal',
    delayed: true,
  }
  if (!contract) return { ...base, exchange: 'q', exchangeName: 'NASD' }
  const [expirationYear, expirationMonth, expirationDay] = contract.expiry.split('-').map(Number)
  return {
    ...base,
    multiplier: 100,
    strikePrice: contract.strikeCents / 100,
    contractType: contract.right === 'call' ? 'C' : 'P',
    underlying: contract.underlying,
    expirationDay,
    expirationMonth,
    expirationYear,
  }
}
