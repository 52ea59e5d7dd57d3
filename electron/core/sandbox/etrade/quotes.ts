import { jsonReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import type { Instrument } from '../instrument.ts'
import { contractBy, instrumentBy } from '../lookup.ts'
import type { Market } from '../market.ts'
import { quoteOf } from '../quotes.ts'
import type { Quote } from '../quotes.ts'
import { etradeError } from './queries.ts'
import { optionProduct } from './rows.ts'

const OPTION = /^([A-Z]+):(\d{4}):(\d{1,2}):(\d{1,2}):(CALL|PUT):(\d+(?:\.\d+)?)$/

/** Quotes of up to 25 symbols, 50 when the caller asks to go beyond; unknown ones come as messages. */
export function quotesReply(ask: Ask, text: string, market: Market, nowMs: number): Reply {
  const symbols = decodeURIComponent(text).split(',').filter(Boolean)
  const most = ask.query.get('overrideSymbolCount') === 'true' ? 50 : 25
  if (symbols.length === 0 || symbols.length > most) return etradeError(400, 1023, `The number of symbols must be between 1 and ${most}.`)
  const found = symbols.map(symbol => ({ symbol, instrument: read(market, symbol) }))
  const QuoteData = found.flatMap(({ instrument }) => (instrument ? [shown(quoteOf(market, instrument), nowMs)] : []))
  const Message = found
    .filter(({ instrument }) => !instrument)
    .map(({ symbol }) => ({ description: `${symbol} is an invalid symbol`, code: 1019, type: 'WARNING' }))
  return jsonReply(200, {
    QuoteResponse: { ...(QuoteData.length > 0 ? { QuoteData } : {}), ...(Message.length > 0 ? { Messages: { Message } } : {}) },
  })
}

function read(market: Market, symbol: string): Instrument | undefined {
  const [, root, year = '', month = '', day = '', right, strike] = OPTION.exec(symbol) ?? []
  if (root === undefined) return market.listings.has(symbol) ? instrumentBy(market, symbol) : undefined
  const expiry = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return contractBy(market, root, expiry, right === 'CALL' ? 'call' : 'put', Math.round(Number(strike) * 100))
}

function shown({ instrument, bid, ask, last, close, volume }: Quote, nowMs: number): object {
  const seconds = Math.floor(nowMs / 1000)
  const change = Number((last - close).toFixed(4))
  const All = {
    ask,
    askSize: 100,
    bid,
    bidSize: 100,
    changeClose: change,
    changeClosePercentage: close === 0 ? 0 : Number(((change / close) * 100).toFixed(2)),
    companyName: instrument.name,
    high: Math.max(last, close),
    lastTrade: last,
    low: Math.min(last, close),
    open: close,
    previousClose: close,
    symbolDescription: instrument.name,
    timeOfLastTrade: seconds,
    totalVolume: volume,
  }
  const Product = instrument.contract ? optionProduct(instrument.contract) : { securityType: 'EQ', symbol: instrument.symbol }
  const dateTime = new Date(nowMs).toISOString().slice(11, 19)
  return { All, Product, ahFlag: 'false', dateTime: `${dateTime} GMT`, dateTimeUTC: seconds, quoteStatus: 'REALTIME' }
}
