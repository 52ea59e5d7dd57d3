import { z } from 'zod'
import type { Dec } from '../../../../shared/domain/decimal.ts'
import { parseOcc } from '../../../../shared/domain/instrument.ts'
import type { Quote } from '../../../../shared/domain/order.ts'
import type { BrokerHttp } from '../adapter.ts'
import { quoteTimes } from '../quote-time.ts'
import { decimalOrNull, instantOrNull } from '../wire.ts'

const QuoteWire = z.object({ t: instantOrNull, ap: decimalOrNull, bp: decimalOrNull })
const TradeWire = z.object({ t: instantOrNull, p: decimalOrNull })
const SnapshotWire = z.object({
  latestQuote: QuoteWire.nullish(),
  latestTrade: TradeWire.nullish(),
  prevDailyBar: z.object({ c: decimalOrNull }).nullish(),
})
type SnapshotWire = z.output<typeof SnapshotWire>

/** Stocks come as the map itself, the others below `snapshots`; a symbol without data is missing or null. */
const StocksWire = z.record(z.string(), SnapshotWire.nullable())
const SnapshotsWire = z.object({ snapshots: StocksWire })

interface Market {
  readonly path: string
  readonly symbols: readonly string[]
}

/** Newest quotes, trades and the close before. Source: docs.alpaca.markets, "Snapshots" of the market data API. */
export async function readQuotes(
  { http }: { readonly http: BrokerHttp },
  symbols: readonly string[],
  { signal }: { readonly signal: AbortSignal },
): Promise<Quote[]> {
  const crypto = symbols.filter(symbol => symbol.includes('/'))
  const options = symbols.filter(symbol => parseOcc(symbol) !== undefined)
  const stocks = symbols.filter(symbol => !crypto.includes(symbol) && !options.includes(symbol))
  const parts = await Promise.all([
    readStocks({ path: '/v2/stocks/snapshots', symbols: stocks }),
    readOthers({ path: '/v1beta3/crypto/us/snapshots', symbols: crypto }),
    readOthers({ path: '/v1beta1/options/snapshots', symbols: options }),
  ])
  return parts.flat()

  async function readStocks({ path, symbols: asked }: Market): Promise<Quote[]> {
    if (asked.length === 0) return []
    const { data } = await http.get({ base: 'data', path, query: { symbols: asked.join(',') }, schema: StocksWire, signal })
    return toQuotes(asked, data)
  }

  async function readOthers({ path, symbols: asked }: Market): Promise<Quote[]> {
    if (asked.length === 0) return []
    const { data } = await http.get({ base: 'data', path, query: { symbols: asked.join(',') }, schema: SnapshotsWire, signal })
    return toQuotes(asked, data.snapshots)
  }
}

function toQuotes(asked: readonly string[], found: Readonly<Record<string, SnapshotWire | null>>): Quote[] {
  return asked.flatMap(symbol => {
    const snapshot = found[symbol]
    return snapshot ? [toQuote(symbol, snapshot)] : []
  })
}

function toQuote(symbol: string, { latestQuote, latestTrade, prevDailyBar }: SnapshotWire): Quote {
  const prices = { bid: priceOf(latestQuote?.bp), ask: priceOf(latestQuote?.ap), last: latestTrade?.p ?? null }
  return {
    symbol,
    ...prices,
    previousClose: prevDailyBar?.c ?? null,
    currency: symbol.split('/')[1] ?? 'USD',
    delayed: false,
    ...quoteTimes(prices, { quoted: latestQuote?.t ?? null, traded: latestTrade?.t ?? null }),
  }
}

/** A side nobody quotes is sent as 0. */
function priceOf(price: Dec | null | undefined): Dec | null {
  return price === undefined || price === null || price === '0' ? null : price
}
