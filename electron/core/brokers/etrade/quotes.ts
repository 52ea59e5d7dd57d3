import type { Dec } from '../../../../shared/domain/decimal.ts'
import { parseOcc } from '../../../../shared/domain/instrument.ts'
import { etradeKey } from '../../../../shared/domain/option-spellings.ts'
import type { Quote } from '../../../../shared/domain/order.ts'
import type { BrokerHttp } from '../adapter.ts'
import { instrumentOf } from './product.ts'
import { QuoteWire } from './wire.ts'

const MOST_SYMBOLS = 25

/** Newest prices; late ones until the user agrees to E*TRADE's market data agreement. Futures and crypto are not offered. */
export async function readQuotes(
  http: BrokerHttp,
  symbols: readonly string[],
  { signal }: { readonly signal: AbortSignal },
): Promise<Quote[]> {
  const offered = symbols.filter(symbol => !symbol.includes('/'))
  const found: Quote[] = []
  for (let at = 0; at < offered.length; at += MOST_SYMBOLS) {
    const wanted = offered.slice(at, at + MOST_SYMBOLS)
    const path = `/market/quote/${wanted.map(keyOf).join(',')}.json`
    const options = { base: 'api', path, query: { detailFlag: 'ALL' }, at: ['QuoteResponse', 'QuoteData'], schema: QuoteWire, signal }
    const { rows } = await http.getRows(options)
    for (const { data } of rows) {
      const symbol = instrumentOf(data.Product).symbol
      if (symbol !== null && wanted.includes(symbol)) found.push(toQuote(symbol, data))
    }
  }
  return found
}

function toQuote(symbol: string, { All: all, quoteStatus, dateTimeUTC }: QuoteWire): Quote {
  return {
    symbol,
    bid: quoted(all?.bid),
    ask: quoted(all?.ask),
    last: quoted(all?.lastTrade),
    previousClose: quoted(all?.previousClose),
    currency: 'USD',
    delayed: quoteStatus === 'DELAYED',
    asOf: dateTimeUTC ?? null,
  }
}

/** The key keeps its colons: E*TRADE reads the address as it is. */
function keyOf(symbol: string): string {
  const option = parseOcc(symbol)
  return encodeURIComponent(option ? etradeKey(option) : symbol.replace(/^\$/, '')).replaceAll('%3A', ':')
}

function quoted(price: Dec | null | undefined): Dec | null {
  return price === undefined || price === null || price === '0' ? null : price
}
