import type { Instant } from '../../../../shared/domain/time.ts'
import { jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { instrumentBy } from '../lookup.ts'
import type { Market } from '../market.ts'
import { quoteOf } from '../quotes.ts'
import type { Quote } from '../quotes.ts'
import { alpacaError } from './oauth.ts'

/** Latest quotes and snapshots of the data API: numbers, and a symbol without a quote is simply missing. */
export function quotesReply(ask: Ask, market: Market, now: Instant): Reply {
  const one = /^\/v2\/stocks\/([^/]+)\/quotes\/latest$/.exec(ask.path)?.[1]
  const symbols = one === undefined ? (ask.query.get('symbols') ?? '').split(',').filter(Boolean) : [decodeURIComponent(one)]
  if (symbols.length === 0) return alpacaError(400, 40_010_000, 'symbols is required')
  if (ask.query.get('feed') === 'sip') return alpacaError(403, 40_310_000, 'subscription does not permit querying recent SIP data')
  const options = ask.path.startsWith('/v1beta1/options/')
  const found = symbols.flatMap(symbol => {
    const instrument = instrumentBy(market, symbol)
    return instrument && (instrument.contract !== null) === options ? [{ symbol, quote: quoteOf(market, instrument) }] : []
  })
  if (ask.path === '/v2/stocks/snapshots') {
    return jsonReply(200, Object.fromEntries(found.map(({ symbol, quote }) => [symbol, snapshot(quote, now, market)])))
  }
  const [first] = found
  if (one !== undefined) {
    return first
      ? jsonReply(200, { symbol: one, quote: latest(first.quote, now) })
      : alpacaError(404, 40_410_000, `no quote found for ${one}`)
  }
  if (!ask.path.endsWith('/quotes/latest') && !ask.path.endsWith('/latest/quotes'))
    return alpacaError(404, 40_410_000, 'endpoint not found.')
  const crypto = ask.path.startsWith('/v1beta3/crypto/')
  return jsonReply(200, { quotes: Object.fromEntries(crypto ? [] : found.map(({ symbol, quote }) => [symbol, latest(quote, now)])) })
}

function latest({ bid, ask }: Quote, now: Instant): object {
  return { t: now, ax: 'P', ap: ask, as: 13, bx: 'K', bp: bid, bs: 2, c: ['R'], z: 'C' }
}

function snapshot(quote: Quote, now: Instant, market: Market): object {
  const { last, close, volume } = quote
  const bar = (price: number, t: string) => ({ t, o: price, h: price, l: price, c: price, v: volume })
  const [before, today] = market.days.slice(-2)
  return {
    latestTrade: { t: now, x: 'Q', p: last, s: 100, c: ['@'], i: 179_430, z: 'C' },
    latestQuote: latest(quote, now),
    minuteBar: bar(last, now),
    dailyBar: bar(last, `${today ?? ''}T05:00:00Z`),
    prevDailyBar: bar(close, `${before ?? ''}T05:00:00Z`),
  }
}
