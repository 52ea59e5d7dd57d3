import { Dec } from '../../../../shared/domain/decimal.ts'
import type { Fields } from '../fields.ts'
import type { Account } from '../history.ts'
import type { Instrument } from '../instrument.ts'
import { instrumentBy } from '../lookup.ts'
import type { Market } from '../market.ts'
import { effectBy, piecesFor } from '../order-book.ts'
import type { Ticket } from '../order-book.ts'
import type { StoryOrder } from '../story.ts'

const TYPES: Readonly<Record<string, StoryOrder['type']>> = {
  market: 'market',
  limit: 'limit',
  stop: 'stop',
  stop_limit: 'stop-limit',
  trailing_stop: 'trailing-stop',
}
const TIFS = ['day', 'gtc', 'opg', 'cls', 'ioc', 'fok']
const MAX_CLIENT_ID = 48

/** An order as its JSON asks for it; a sentence when it is refused as it stands. */
export function readTicket(body: Fields | undefined, account: Account, market: Market): Ticket | string {
  if (!body) return 'request body format is invalid'
  const symbol = body.text('symbol') ?? ''
  const instrument = instrumentBy(market, symbol)
  if (!instrument) return `asset "${symbol}" not found`
  const side = body.text('side')
  if (side !== 'buy' && side !== 'sell') return 'side must be buy or sell'
  const type = TYPES[body.text('type') ?? '']
  if (type === undefined) return 'invalid order type'
  const tif = body.text('time_in_force') ?? ''
  if (!TIFS.includes(tif)) return 'invalid time_in_force'
  const size = readSize(body, instrument, market, tif)
  if (typeof size === 'string') return size
  const prices = readPrices(body, type)
  if (typeof prices === 'string') return prices
  const clientId = body.text('client_order_id')
  if (clientId !== null && clientId.length > MAX_CLIENT_ID) return `client_order_id must be no more than ${MAX_CLIENT_ID} characters`
  const extended = body.text('extended_hours') === 'true'
  if (extended && (type !== 'limit' || tif !== 'day')) return 'extended hours order must be DAY limit orders'
  const effect = body.text('position_intent')?.endsWith('_close') === true ? 'close' : effectBy(account, instrument, side)
  const leg = { instrument, side, effect, qty: size.qty } as const
  return { legs: [leg], type, ...prices, notional: size.notional, tif, session: extended ? 'extended' : '', clientId }
}

interface Size {
  readonly qty: Dec
  readonly notional: Dec | null
}

function readSize(body: Fields, instrument: Instrument, market: Market, tif: string): Size | string {
  const [qty, notional] = [body.dec('qty'), body.dec('notional')]
  if (qty === undefined || notional === undefined) return 'qty or notional is not a number'
  if (qty !== null && notional !== null) return 'only one of qty or notional is accepted'
  const size = qty ?? notional
  if (size === null) return 'qty or notional is required'
  if (Dec.isZero(size) || Dec.isNegative(size)) return `${qty === null ? 'notional' : 'qty'} must be > 0`
  const fractional = notional !== null || size.includes('.')
  if (fractional && instrument.contract) return 'qty must be integer'
  if (fractional && tif !== 'day') return 'fractional orders must be DAY orders'
  return notional === null ? { qty: size, notional: null } : { qty: piecesFor(market, instrument, notional), notional }
}

type Prices = Pick<Ticket, 'limit' | 'stop' | 'trail'>

function readPrices(body: Fields, type: StoryOrder['type']): Prices | string {
  const [limit, stop] = [body.dec('limit_price'), body.dec('stop_price')]
  const [amount, percent] = [body.dec('trail_price'), body.dec('trail_percent')]
  if (limit === undefined || stop === undefined || amount === undefined || percent === undefined) return 'a price is not a number'
  const needsLimit = type === 'limit' || type === 'stop-limit'
  const needsStop = type === 'stop' || type === 'stop-limit'
  if (needsLimit && limit === null) return `${type === 'limit' ? 'limit' : 'stop limit'} orders require a limit price`
  if (!needsLimit && limit !== null) return `${type} orders must not have a limit price`
  if (needsStop && stop === null) return 'stop orders require a stop price'
  if (!needsStop && stop !== null) return `${type} orders must not have a stop price`
  if (limit !== null && Dec.round(limit, Number(limit) >= 1 ? 2 : 4) !== limit)
    return `invalid limit_price ${limit}. sub-penny increment does not fulfill minimum pricing criteria`
  if (type !== 'trailing-stop') return { limit, stop, trail: null }
  if ((amount === null) === (percent === null)) return 'trailing stop orders must specify one of trail_price or trail_percent'
  const trail = amount === null ? { kind: 'percent' as const, value: percent ?? Dec.zero } : { kind: 'amount' as const, value: amount }
  return { limit: null, stop: null, trail }
}
