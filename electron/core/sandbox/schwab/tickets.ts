import { Dec } from '../../../../shared/domain/decimal.ts'
import type { Fields } from '../fields.ts'
import type { Account } from '../history.ts'
import type { Instrument } from '../instrument.ts'
import { effectBy } from '../order-book.ts'
import type { Ticket } from '../order-book.ts'
import type { StoryLeg, StoryOrder } from '../story.ts'

const TYPES: Readonly<Record<string, StoryOrder['type']>> = {
  MARKET: 'market',
  LIMIT: 'limit',
  STOP: 'stop',
  STOP_LIMIT: 'stop-limit',
  TRAILING_STOP: 'trailing-stop',
  NET_DEBIT: 'limit',
  NET_CREDIT: 'limit',
  NET_ZERO: 'limit',
}
const DURATIONS = ['DAY', 'GOOD_TILL_CANCEL', 'FILL_OR_KILL', 'IMMEDIATE_OR_CANCEL', 'END_OF_WEEK', 'END_OF_MONTH', 'NEXT_END_OF_MONTH']
const SESSIONS = ['NORMAL', 'AM', 'PM', 'SEAMLESS']

/** What reading an order needs: whose it is, and what trades under a symbol in an order. */
export interface TicketDeps {
  readonly account: Account
  instrument(symbol: string): Instrument | undefined
}

/** An order of the JSON form Schwab took over from TD Ameritrade; a sentence when it cannot be read. */
export function readTicket(body: Fields | undefined, deps: TicketDeps): Ticket | string {
  if (!body) return 'The request body is not valid JSON.'
  if (body.has('requestedDestination')) return 'requestedDestination is not allowed.'
  const type = TYPES[body.text('orderType') ?? '']
  if (type === undefined) return 'orderType is invalid.'
  const tif = body.text('duration') ?? ''
  const session = body.text('session') ?? ''
  if (!DURATIONS.includes(tif)) return 'duration is invalid.'
  if (!SESSIONS.includes(session)) return 'session is invalid.'
  if (body.text('orderStrategyType') !== 'SINGLE') return 'orderStrategyType is not simulated.'
  const limit = body.dec('price')
  const stop = body.dec('stopPrice')
  const offset = body.dec('stopPriceOffset')
  if (limit === undefined || stop === undefined || offset === undefined) return 'A price is not a number.'
  if ((type === 'limit' || type === 'stop-limit') && limit === null) return 'price is required.'
  if ((type === 'stop' || type === 'stop-limit') && stop === null) return 'stopPrice is required.'
  if (type === 'trailing-stop' && offset === null) return 'stopPriceOffset is required.'
  const legs = body.list('orderLegCollection').map(leg => readLeg(leg, deps))
  const bad = legs.find(leg => typeof leg === 'string')
  if (bad !== undefined || legs.length === 0) return typeof bad === 'string' ? bad : 'orderLegCollection is required.'
  const percent = body.text('stopPriceLinkType') === 'PERCENT'
  return {
    legs: legs.flatMap(leg => (typeof leg === 'string' ? [] : [leg])),
    type,
    limit: type === 'market' || type === 'stop' ? null : limit,
    stop: type === 'stop' || type === 'stop-limit' ? stop : null,
    trail: type === 'trailing-stop' && offset !== null ? { kind: percent ? 'percent' : 'amount', value: offset } : null,
    notional: null,
    tif,
    session,
    clientId: null,
  }
}

function readLeg(leg: Fields, { account, instrument }: TicketDeps): StoryLeg | string {
  const asked = leg.object('instrument')
  const found = instrument(asked.text('symbol') ?? '')
  if (!found) return `The symbol ${asked.text('symbol') ?? ''} is not valid.`
  const option = found.contract !== null
  if ((asked.text('assetType') === 'OPTION') !== option) return 'assetType does not fit the symbol.'
  const qty = leg.dec('quantity')
  if (!qty || Dec.isNegative(qty) || Dec.isZero(qty)) return 'quantity must be above zero.'
  const word = leg.text('instruction') ?? ''
  const side = word.startsWith('BUY') ? 'buy' : 'sell'
  const [, effect] = /^(?:BUY|SELL)_TO_(OPEN|CLOSE)$/.exec(word) ?? []
  if (option)
    return effect === undefined ? 'instruction is invalid.' : { instrument: found, side, effect: effect === 'OPEN' ? 'open' : 'close', qty }
  if (word === 'BUY_TO_COVER') return { instrument: found, side, effect: 'close', qty }
  if (word === 'SELL_SHORT') return { instrument: found, side, effect: 'open', qty }
  if (word === 'SELL') return { instrument: found, side, effect: 'close', qty }
  return word === 'BUY' ? { instrument: found, side, effect: effectBy(account, found, side), qty } : 'instruction is invalid.'
}

/** Why an order that could be read is refused after all, in the words of its status; undefined when it is fine. */
export function refusalOf({ limit, legs }: Ticket, needs: number, power: number, uncovered: Dec): string | undefined {
  if (limit !== null && legs.length === 1 && Dec.round(limit, Number(limit) >= 1 ? 2 : 4) !== limit)
    return 'Orders at or above $1.00 can be entered in up to two decimals; orders below $1.00 can be entered in up to four decimals.'
  if (!Dec.isZero(uncovered)) return 'You do not hold enough of this security to close.'
  return needs > power ? 'You do not have enough available cash/buying power for this order.' : undefined
}
