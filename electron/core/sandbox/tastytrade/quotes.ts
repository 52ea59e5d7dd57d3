import { centsOf } from '../instrument.ts'
import type { Ask, Reply } from '../exchange.ts'
import { instrumentBy } from '../lookup.ts'
import type { Market } from '../market.ts'
import { quoteOf } from '../quotes.ts'
import type { Quote } from '../quotes.ts'
import { listReply } from './queries.ts'
import { amount, instrumentType, invalid, single, stamp, symbolOf, tastyError } from './wire.ts'

const TYPES: Readonly<Record<string, string>> = { equity: 'Equity', 'equity-option': 'Equity Option' }
const OTHERS = ['index', 'future', 'future-option', 'cryptocurrency']
const MOST = 100

/** Market data by type, up to a hundred symbols over all of them; what nobody knows is left out. */
export function quotesReply(ask: Ask, market: Market, nowMs: number): Reply {
  const [, , type = '', ...rest] = ask.path.split('/')
  if (type !== 'by-type') return one(ask.path, type, decodeURIComponent(rest.join('/')), market, nowMs)
  const asked = [...Object.keys(TYPES), ...OTHERS].flatMap(name =>
    [...ask.query.getAll(name), ...ask.query.getAll(`${name}[]`)].flatMap(text => text.split(',')).map(symbol => ({ name, symbol })),
  )
  if (asked.length === 0) return invalid('symbols', 'is missing')
  if (asked.length > MOST) return invalid('symbols', 'does not have a valid value')
  const found = asked.flatMap(({ name, symbol }) => find(market, name, symbol))
  return listReply(
    ask.path,
    found.map(quote => shown(quote, nowMs)),
  )
}

function one(path: string, type: string, symbol: string, market: Market, nowMs: number): Reply {
  const word = Object.entries(TYPES).find(([name, title]) => name === type || title === decodeURIComponent(type))?.[0] ?? ''
  const [quote] = find(market, word, symbol)
  return quote ? single(path, shown(quote, nowMs)) : tastyError(404, 'record_not_found', 'Record not found')
}

function find(market: Market, name: string, symbol: string): Quote[] {
  const instrument = instrumentBy(market, symbol.replace(/ +/, ''))
  return instrument && instrumentType(instrument) === TYPES[name] ? [quoteOf(market, instrument)] : []
}

function shown({ instrument, bid, ask, last, close, volume }: Quote, nowMs: number): object {
  const text = (dollars: number) => amount(centsOf(Math.round(dollars * 100)))
  return {
    symbol: symbolOf(instrument),
    'instrument-type': instrumentType(instrument),
    'updated-at': stamp(nowMs),
    bid: text(bid),
    'bid-size': '2.0',
    ask: text(ask),
    'ask-size': '3.0',
    mid: text(last),
    mark: text(last),
    last: text(last),
    'last-mkt': text(last),
    'prev-close': text(close),
    'prev-close-date': stamp(nowMs - 86_400_000).slice(0, 10),
    volume: `${volume}.0`,
    'is-trading-halted': false,
  }
}
