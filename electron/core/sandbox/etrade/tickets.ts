import { Dec } from '../../../../shared/domain/decimal.ts'
import type { Reply } from '../exchange.ts'
import type { Fields } from '../fields.ts'
import type { Instrument } from '../instrument.ts'
import { contractBy, instrumentBy } from '../lookup.ts'
import type { Market } from '../market.ts'
import type { Ticket } from '../order-book.ts'
import type { StoryLeg, StoryOrder } from '../story.ts'
import { etradeError } from './queries.ts'
import type { EtradeDesk } from './state.ts'

const TYPES: Readonly<Record<string, StoryOrder['type']>> = {
  MARKET: 'market',
  LIMIT: 'limit',
  STOP: 'stop',
  STOP_LIMIT: 'stop-limit',
  TRAILING_STOP_CNST: 'trailing-stop',
  TRAILING_STOP_PRCNT: 'trailing-stop',
  NET_DEBIT: 'limit',
  NET_CREDIT: 'limit',
  NET_EVEN: 'limit',
}
const TERMS = ['GOOD_FOR_DAY', 'GOOD_UNTIL_CANCEL', 'IMMEDIATE_OR_CANCEL', 'FILL_OR_KILL', 'GOOD_TILL_DATE']
const ACTIONS: Readonly<Record<string, Pick<StoryLeg, 'side' | 'effect'>>> = {
  BUY: { side: 'buy', effect: 'open' },
  SELL: { side: 'sell', effect: 'close' },
  SELL_SHORT: { side: 'sell', effect: 'open' },
  BUY_TO_COVER: { side: 'buy', effect: 'close' },
  BUY_OPEN: { side: 'buy', effect: 'open' },
  BUY_CLOSE: { side: 'buy', effect: 'close' },
  SELL_OPEN: { side: 'sell', effect: 'open' },
  SELL_CLOSE: { side: 'sell', effect: 'close' },
}

/** Reads the body of a preview or a placing, or answers the refusal. */
export function readTicket(request: Fields, { history }: EtradeDesk): Ticket | Reply {
  const clientId = request.text('clientOrderId')
  if (clientId === null || !/^[A-Za-z0-9]{1,20}$/.test(clientId))
    return refused('Please enter a valid clientOrderId of at most 20 letters and digits.')
  const [order, second] = request.list('Order')
  if (!order || second) return refused('Please enter one Order.')
  const word = order.text('priceType') ?? ''
  const type = TYPES[word]
  if (type === undefined) return refused('Please enter a valid priceType.')
  const tif = order.text('orderTerm') ?? ''
  if (!TERMS.includes(tif)) return refused('Please enter a valid orderTerm.')
  const session = order.text('marketSession') ?? ''
  if (session !== 'REGULAR' && session !== 'EXTENDED') return refused('Please enter a valid marketSession.')
  const [limit, stop, offset] = [order.dec('limitPrice'), order.dec('stopPrice'), order.dec('offsetValue')]
  if (limit === undefined || stop === undefined || offset === undefined) return refused('Please enter valid prices.')
  const needsLimit = type === 'limit' || type === 'stop-limit'
  const needsStop = type === 'stop' || type === 'stop-limit'
  const back = offset ?? stop
  if (needsLimit && (limit === null || Dec.isZero(limit))) return refused('Please enter a limitPrice.')
  if (needsStop && (stop === null || Dec.isZero(stop))) return refused('Please enter a stopPrice.')
  if (type === 'trailing-stop' && back === null) return refused('Please enter an offsetValue.')
  const legs = readLegs(order, history.market)
  if ('status' in legs) return legs
  const kind = word === 'TRAILING_STOP_PRCNT' ? 'percent' : 'amount'
  return {
    legs,
    type,
    limit: needsLimit ? limit : null,
    stop: needsStop ? stop : null,
    trail: type === 'trailing-stop' && back !== null ? { kind, value: back } : null,
    notional: null,
    tif,
    session,
    clientId,
  }
}

function readLegs(order: Fields, market: Market): readonly StoryLeg[] | Reply {
  const legs: StoryLeg[] = []
  for (const item of order.list('Instrument')) {
    const instrument = readProduct(item.object('Product'), market)
    if (!instrument) return refused('Invalid symbol.', 1019)
    const action = ACTIONS[item.text('orderAction') ?? '']
    const option = instrument.contract !== null
    if (!action || /_(?:OPEN|CLOSE)$/.test(item.text('orderAction') ?? '') !== option) return refused('Please enter a valid orderAction.')
    const qty = item.dec('quantity')
    if (!qty || Dec.isZero(qty) || Dec.isNegative(qty) || qty.includes('.')) return refused('Please enter a valid quantity.')
    legs.push({ instrument, ...action, qty })
  }
  return legs.length > 0 ? legs : refused('Please enter an Instrument.')
}

function readProduct(product: Fields, market: Market): Instrument | undefined {
  const symbol = product.text('symbol') ?? ''
  if (product.text('securityType') !== 'OPTN') return market.listings.has(symbol) ? instrumentBy(market, symbol) : undefined
  const two = (name: string) => (product.text(name) ?? '').padStart(2, '0')
  const right = product.text('callPut')
  if (right !== 'CALL' && right !== 'PUT') return undefined
  const expiry = `${product.text('expiryYear') ?? ''}-${two('expiryMonth')}-${two('expiryDay')}`
  return contractBy(market, symbol, expiry, right === 'CALL' ? 'call' : 'put', Math.round(Number(product.text('strikePrice')) * 100))
}

function refused(message: string, code = 101): Reply {
  return etradeError(400, code, message)
}
