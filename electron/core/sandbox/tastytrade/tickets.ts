import { Dec } from '../../../../shared/domain/decimal.ts'
import type { Reply } from '../exchange.ts'
import type { Fields } from '../fields.ts'
import { instrumentBy } from '../lookup.ts'
import type { Instrument } from '../instrument.ts'
import { piecesFor } from '../order-book.ts'
import type { Ticket } from '../order-book.ts'
import type { StoryLeg, StoryOrder } from '../story.ts'
import type { TastyDesk } from './state.ts'
import { instrumentType, invalid, tastyError } from './wire.ts'

const TYPES: Readonly<Record<string, StoryOrder['type']>> = {
  Market: 'market',
  'Notional Market': 'market',
  Limit: 'limit',
  'Marketable Limit': 'limit',
  Stop: 'stop',
  'Stop Limit': 'stop-limit',
}
const TIFS = ['Day', 'GTC', 'GTD', 'Ext', 'Ext Overnight', 'GTC Ext', 'GTC Ext Overnight', 'IOC']
const ACTION = /^(Buy|Sell) to (Open|Close)$/

/** An order as its JSON asks for it, or the refusal. `old` lends what a replacement leaves out. */
export function readTicket(body: Fields | undefined, desk: TastyDesk, old?: StoryOrder): Ticket | Reply {
  if (!body) return tastyError(400, 'invalid_request', 'The request body is not valid JSON')
  const word = body.text('order-type')
  const type = word === null ? old?.type : TYPES[word]
  if (type === undefined) return invalid('order-type', word === null ? 'is missing' : 'does not have a valid value')
  const tif = body.text('time-in-force') ?? old?.sent?.tif ?? ''
  if (!TIFS.includes(tif)) return invalid('time-in-force', 'does not have a valid value')
  const [price, stop, value] = [body.dec('price'), body.dec('stop-trigger'), body.dec('value')]
  if (price === undefined || stop === undefined || value === undefined) return invalid('price', 'is invalid')
  const limit = price ?? old?.limit ?? null
  const trigger = stop ?? old?.sent?.stop ?? null
  const needsPrice = type === 'limit' || type === 'stop-limit'
  if (needsPrice && limit === null) return invalid('price', 'is missing')
  if (needsPrice && !old && body.text('price-effect') === null) return invalid('price-effect', 'is missing')
  if ((type === 'stop' || type === 'stop-limit') && trigger === null) return invalid('stop-trigger', 'is missing')
  const notional = word === 'Notional Market' ? value : null
  if (word === 'Notional Market' && notional === null) return invalid('value', 'is missing')
  const legs = body.has('legs') ? readLegs(body, desk, notional) : (old?.legs ?? invalid('legs', 'is missing'))
  if ('status' in legs) return legs
  return {
    legs,
    type,
    limit: needsPrice ? limit : null,
    stop: type === 'stop' || type === 'stop-limit' ? trigger : null,
    trail: null,
    notional,
    tif,
    session: '',
    clientId: body.text('external-identifier') ?? old?.sent?.clientId ?? null,
  }
}

function readLegs(body: Fields, desk: TastyDesk, notional: Dec | null): readonly StoryLeg[] | Reply {
  const strict = body.object('advanced-instructions').text('strict-position-effect-validation') === 'true'
  const legs: StoryLeg[] = []
  for (const item of body.list('legs')) {
    const leg = readLeg(item, desk, notional, strict)
    if ('status' in leg) return leg
    legs.push(leg)
  }
  return legs.length > 0 && legs.length <= 4 ? legs : invalid('legs', 'does not have a valid value')
}

function readLeg(item: Fields, { account, history }: TastyDesk, notional: Dec | null, strict: boolean): StoryLeg | Reply {
  const instrument = instrumentBy(history.market, (item.text('symbol') ?? '').replace(/ +/, ''))
  if (!instrument) return invalid('legs', 'symbol is not valid')
  if (item.text('instrument-type') !== instrumentType(instrument)) return invalid('legs', 'instrument-type does not fit the symbol')
  const [, way, effect] = ACTION.exec(item.text('action') ?? '') ?? []
  if (way === undefined) return invalid('legs', 'action does not have a valid value')
  const qty = notional === null ? item.dec('quantity') : piecesFor(history.market, instrument, notional)
  if (!qty || Dec.isNegative(qty) || Dec.isZero(qty)) return invalid('legs', 'quantity is invalid')
  const side = way === 'Buy' ? 'buy' : 'sell'
  const held = account.story.holdings.get(instrument.symbol)?.qty ?? Dec.zero
  const closes = effect === 'Close' && !Dec.isZero(held) && Dec.isNegative(held) === (side === 'buy')
  if (effect === 'Close' && !closes && strict) return closingRefused(instrument)
  // Without the strict check an order that closes what is gone opens a position instead.
  return { instrument, side, effect: closes ? 'close' : 'open', qty }
}

function closingRefused({ symbol }: Instrument): Reply {
  const message = `There is no position in ${symbol} to close.`
  return tastyError(422, 'preflight_check_failure', 'One or more preflight checks failed', [{ code: 'closing_position_missing', message }])
}
