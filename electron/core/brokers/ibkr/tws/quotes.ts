import type { Contract, ContractDetails } from '@stoqey/ib'
import { AppError } from '../../../../../shared/contract/errors.ts'
import type { Dec } from '../../../../../shared/domain/decimal.ts'
import type { Quote } from '../../../../../shared/domain/order.ts'
import { Instant } from '../../../../../shared/domain/time.ts'
import { exchangeDay } from '../../exchange-day.ts'
import { quoteTimes } from '../../quote-time.ts'
import { ask } from './ask.ts'
import { figure } from './figures.ts'
import { contractOf } from './instrument.ts'
import type { ReadDeps } from './reads.ts'
import type { TwsLink } from './session.ts'

interface Stop {
  readonly signal: AbortSignal
}

type Price = 'bid' | 'ask' | 'last' | 'previousClose'

const LIVE = new Map<number, Price>([
  [1, 'bid'],
  [2, 'ask'],
  [4, 'last'],
  [9, 'previousClose'],
])
const DELAYED = new Map<number, Price>([
  [66, 'bid'],
  [67, 'ask'],
  [68, 'last'],
  [75, 'previousClose'],
])
/** Live where the account has it, delayed where not. */
const DELAYED_TYPE = 3
const AT_ONCE = 10
/** When it traded last, in seconds since 1970: live and delayed. */
const LAST_TIMES = new Set([45, 88])

/** One snapshot for each symbol; what TWS does not know or shows no prices for is left out. */
export async function readQuotes(deps: ReadDeps, symbols: readonly string[], stop: Stop): Promise<Quote[]> {
  const link = await deps.session.ready(stop)
  link.api.reqMarketDataType(DELAYED_TYPE)
  const quotes: Quote[] = []
  for (let at = 0; at < symbols.length; at += AT_ONCE) {
    const some = await Promise.all(symbols.slice(at, at + AT_ONCE).map(symbol => quoteOf(deps, link, symbol, stop)))
    quotes.push(...some.filter(quote => quote !== null))
  }
  return quotes
}

async function quoteOf(deps: ReadDeps, link: TwsLink, symbol: string, stop: Stop): Promise<Quote | null> {
  const wanted = contractOf(symbol, exchangeDay(deps.clock.now()))
  const details = wanted && (await detailsOf(deps, link, wanted, stop))
  if (!details) return null
  const prices = new Map<Price, Dec>()
  let delayed = deps.session.stale()
  let traded: Instant | null = null
  await ask<boolean>({
    link,
    clock: deps.clock,
    signal: stop.signal,
    send: id => link.api.reqMktData(id, details.contract, '', true, false),
    // No permission for prices is no failure: the quote stays empty.
    refused: () => false,
    take(message, id) {
      if (message.kind === 'data-type' && message.id === id) delayed ||= message.type >= DELAYED_TYPE
      if (message.kind === 'tick' && message.id === id) {
        const name = LIVE.get(message.type) ?? DELAYED.get(message.type)
        const price = figure(message.price)
        // A price of -1 means there is none.
        if (name !== undefined && price !== null && message.price >= 0) prices.set(name, price)
        delayed ||= DELAYED.has(message.type)
      }
      if (message.kind === 'tick-text' && message.id === id && LAST_TIMES.has(message.type)) traded = secondsOf(message.text)
      return message.kind === 'ticks-end' && message.id === id ? true : undefined
    },
  })
  if (prices.size === 0) return null
  const of = (name: Price): Dec | null => prices.get(name) ?? null
  const shown = { bid: of('bid'), ask: of('ask'), last: of('last') }
  return {
    symbol,
    ...shown,
    previousClose: of('previousClose'),
    currency: details.contract.currency ?? 'USD',
    delayed,
    // Bid and ask are of this moment; the last price is of whenever it traded.
    ...quoteTimes(shown, { quoted: deps.clock.now(), traded, isOwnClock: true }),
  }
}

function secondsOf(text: string): Instant | null {
  return /^\d{9,10}$/.test(text) ? Instant.fromEpochMs(Number(text) * 1000) : null
}

/** The contract a description stands for; null when TWS knows none. Of several it is the first. */
export async function detailsOf(deps: ReadDeps, link: TwsLink, wanted: Contract, stop: Stop): Promise<ContractDetails | null> {
  return (await allDetails(deps, link, wanted, stop))[0] ?? null
}

function allDetails({ clock }: ReadDeps, link: TwsLink, wanted: Contract, { signal }: Stop): Promise<readonly ContractDetails[]> {
  const found: ContractDetails[] = []
  return ask<readonly ContractDetails[]>({
    link,
    clock,
    signal,
    send: id => link.api.reqContractDetails(id, wanted),
    refused: code => (code === UNKNOWN_CONTRACT ? [] : undefined),
    take(message, id) {
      if (message.kind === 'contract' && message.id === id) found.push(message.details)
      return message.kind === 'contracts-end' && message.id === id ? found : undefined
    },
  })
}

const UNKNOWN_CONTRACT = 200

/** The same for something that is to be ordered, at the exchange asked for or its first. Throws order/invalid, also where it may be several. */
export async function neededDetails(deps: ReadDeps, link: TwsLink, wanted: Contract, stop: Stop): Promise<ContractDetails> {
  const found = await allDetails(deps, link, wanted, stop)
  const name = wanted.localSymbol?.trim() || wanted.symbol
  if (new Set(found.map(({ contract }) => contract.conId)).size > 1)
    throw new AppError('order/invalid', { details: { reason: `IBKR knows more than one ${name}` } })
  const isAsked = ({ contract, validExchanges }: ContractDetails): boolean =>
    contract.exchange === (wanted.exchange ?? validExchanges?.split(',')[0])
  const details = found.find(isAsked) ?? found[0]
  if (details) return details
  throw new AppError('order/invalid', { details: { reason: `IBKR knows no ${name}` } })
}
