import { paddedOcc, parseOcc } from '../../../../shared/domain/instrument.ts'
import type { Dec } from '../../../../shared/domain/decimal.ts'
import type { Quote } from '../../../../shared/domain/order.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import type { BrokerHttp } from '../adapter.ts'
import { quoteTimes } from '../quote-time.ts'
import { QuotesWire, type QuoteWire } from './wire.ts'

/** Quotes of several symbols at once. Symbols Schwab does not know come back in `errors` and are left out. Source: Market Data API, quotes. */
export async function readQuotes(
  http: BrokerHttp,
  symbols: readonly string[],
  { signal }: { readonly signal: AbortSignal },
): Promise<Quote[]> {
  if (symbols.length === 0) return []
  const names = new Map(symbols.map(symbol => [parseOcc(symbol) ? paddedOcc(symbol) : symbol, symbol]))
  const query = { symbols: [...names.keys()].join(','), fields: 'quote' }
  const { data } = await http.get({ base: 'marketdata', path: '/quotes', query, schema: QuotesWire, signal })
  return [...names].flatMap(([name, symbol]) => {
    const quote = data[name]
    return quote ? [toQuote(symbol, quote)] : []
  })
}

function toQuote(symbol: string, { quote, realtime }: QuoteWire): Quote {
  const prices = { bid: quoted(quote?.bidPrice), ask: quoted(quote?.askPrice), last: quote?.lastPrice ?? null }
  return {
    symbol,
    ...prices,
    previousClose: quote?.closePrice ?? null,
    currency: 'USD',
    delayed: realtime === false,
    ...quoteTimes(prices, { quoted: timeOf(quote?.quoteTime), traded: timeOf(quote?.tradeTime) }),
  }
}

function timeOf(ms: number | null | undefined): Instant | null {
  return ms === null || ms === undefined ? null : Instant.fromEpochMs(ms)
}

/** A side nobody quotes is sent as 0. */
function quoted(price: Dec | null | undefined): Dec | null {
  return price === undefined || price === null || price === '0' ? null : price
}
