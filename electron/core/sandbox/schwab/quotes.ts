import { uuidOf } from '../dice.ts'
import { jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { instrumentBy } from '../lookup.ts'
import { cusipOf, instrumentIdOf } from '../market.ts'
import { paddedSymbol } from '../instrument.ts'
import { quoteOf } from '../quotes.ts'
import type { Quote } from '../quotes.ts'
import type { SchwabDesk } from './desk.ts'

/** The quotes of the market data API, by symbol; symbols it does not know stand beside them in the same answer. */
export function quotesReply(ask: Ask, path: string, desks: readonly SchwabDesk[], nowMs: number): Reply {
  const market = desks[0]?.history.market
  const one = /^\/([^/]+)\/quotes$/.exec(path)?.[1]
  if (!market || (path !== '/quotes' && one === undefined) || ask.method !== 'GET') return failure(404, 'Not Found', 'No such endpoint')
  const symbols = one === undefined ? (ask.query.get('symbols') ?? '').split(',').filter(Boolean) : [decodeURIComponent(one)]
  if (symbols.length === 0) return failure(400, 'Bad Request', 'Search combination should have min of 1.')
  const found = symbols.map(symbol => ({ symbol, instrument: instrumentBy(market, symbol.replace(/ +/, '')) }))
  const known = found.flatMap(({ symbol, instrument }) =>
    instrument ? [[symbol, shown(quoteOf(market, instrument), nowMs)] as const] : [],
  )
  const unknown = found.filter(({ instrument }) => !instrument).map(({ symbol }) => symbol)
  if (one !== undefined && unknown.length > 0) return failure(404, 'Not Found', `${one} not found`)
  return jsonReply(200, { ...Object.fromEntries(known), ...(unknown.length > 0 ? { errors: { invalidSymbols: unknown } } : {}) })
}

function failure(status: number, title: string, detail: string): Reply {
  // The status is text here and a number elsewhere.
  return jsonReply(status, { errors: [{ id: uuidOf('schwab quotes', detail), status: String(status), title, detail }] })
}

function shown({ instrument, bid, ask, last, close, volume }: Quote, nowMs: number): object {
  const { contract } = instrument
  const change = Number((last - close).toFixed(4))
  const quote = {
    askPrice: ask,
    askSize: 2,
    bidPrice: bid,
    bidSize: 3,
    closePrice: close,
    highPrice: Math.max(last, close),
    lastPrice: last,
    lastSize: 100,
    lowPrice: Math.min(last, close),
    mark: last,
    netChange: change,
    netPercentChange: close === 0 ? 0 : Number(((change / close) * 100).toFixed(6)),
    openPrice: close,
    quoteTime: nowMs,
    securityStatus: 'Normal',
    totalVolume: volume,
    tradeTime: nowMs,
  }
  const base = { realtime: true, ssid: instrumentIdOf(instrument.symbol), symbol: paddedSymbol(instrument) }
  if (!contract) {
    const reference = { cusip: cusipOf(instrument.symbol), description: instrument.name, exchange: 'Q', exchangeName: 'NASDAQ' }
    return {
      assetMainType: 'EQUITY',
      assetSubType: instrument.kind === 'etf' ? 'ETF' : 'COE',
      quoteType: 'NBBO',
      ...base,
      quote,
      reference,
    }
  }
  const [year, month, day] = contract.expiry.split('-').map(Number)
  const reference = {
    contractType: contract.right === 'call' ? 'C' : 'P',
    description: instrument.name,
    exchange: 'O',
    exchangeName: 'OPR',
    expirationDay: day,
    expirationMonth: month,
    expirationYear: year,
    multiplier: 100,
    strikePrice: contract.strikeCents / 100,
    underlying: contract.underlying,
  }
  return { assetMainType: 'OPTION', ...base, quote, reference }
}
