import type { Dec } from '../../../../shared/domain/decimal.ts'
import type { Quote } from '../../../../shared/domain/order.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import type { BrokerHttp } from '../adapter.ts'
import { quoteTimes } from '../quote-time.ts'
import { toSymbol } from './symbols.ts'
import { QuotesWire } from './wire.ts'

/** Newest prices. A symbol TD Ameritrade does not know is left out of its answer. */
export async function readQuotes(
  http: BrokerHttp,
  symbols: readonly string[],
  { signal }: { readonly signal: AbortSignal },
): Promise<Quote[]> {
  if (symbols.length === 0) return []
  const names = new Map(symbols.map(symbol => [toSymbol(symbol), symbol]))
  const query = { symbol: [...names.keys()].join(',') }
  const { data } = await http.get({ base: 'api', path: '/marketdata/quotes', query, schema: QuotesWire, signal })
  return [...names].flatMap(([name, symbol]) => {
    const quote = Object.hasOwn(data, name) ? data[name] : undefined
    if (!quote) return []
    const prices = { bid: quoted(quote.bidPrice), ask: quoted(quote.askPrice), last: quoted(quote.lastPrice) ?? quoted(quote.nAV) }
    return [
      {
        symbol,
        ...prices,
        previousClose: quoted(quote.closePrice),
        currency: 'USD',
        delayed: quote.delayed === true,
        ...quoteTimes(prices, { quoted: timeOf(quote.quoteTimeInLong), traded: timeOf(quote.tradeTimeInLong) }),
      },
    ]
  })
}

function timeOf(ms: number | null | undefined): Instant | null {
  return ms === null || ms === undefined ? null : Instant.fromEpochMs(ms)
}

function quoted(price: Dec | null): Dec | null {
  return price === '0' ? null : price
}
