import { hash } from 'node:crypto'
import { parseOcc } from '../../../../shared/domain/instrument.ts'
import type { OrderDraft, OrderType, TimeInForce } from '../../../../shared/domain/order.ts'
import { draftPrices } from '../order-draft.ts'

const TYPES = new Map<OrderType, string>([
  ['market', 'MARKET'],
  ['limit', 'LIMIT'],
  ['stop', 'STOP'],
  ['stop-limit', 'STOP_LIMIT'],
])
const TERMS = new Map<TimeInForce, string>([
  ['day', 'GOOD_FOR_DAY'],
  ['gtc', 'GOOD_UNTIL_CANCEL'],
  ['ioc', 'IMMEDIATE_OR_CANCEL'],
  ['fok', 'FILL_OR_KILL'],
])

/** The inside of a preview and of a placed order, which must be alike. Figures are text, as in E*TRADE's examples. Throws order/invalid. */
export function orderBody(draft: OrderDraft): Readonly<Record<string, unknown>> {
  const { limit, stop } = draftPrices(draft)
  const instrument = { Product: productOf(draft.symbol), orderAction: actionOf(draft), quantityType: 'QUANTITY', quantity: draft.quantity }
  return {
    orderType: draft.assetClass === 'option' ? 'OPTN' : 'EQ',
    clientOrderId: clientIdOf(draft.clientOrderId),
    Order: [
      {
        allOrNone: 'false',
        priceType: TYPES.get(draft.type) ?? draft.type,
        orderTerm: TERMS.get(draft.timeInForce) ?? draft.timeInForce,
        marketSession: draft.extendedHours ? 'EXTENDED' : 'REGULAR',
        stopPrice: stop ?? '',
        ...(limit === null ? {} : { limitPrice: limit }),
        Instrument: [instrument],
      },
    ],
  }
}

/** E*TRADE takes 20 letters and digits: a longer id is told by its hash, the same each time. */
export function clientIdOf(id: string): string {
  return /^[A-Za-z0-9]{1,20}$/.test(id) ? id : hash('sha256', id).slice(0, 20)
}

function productOf(symbol: string): Readonly<Record<string, string>> {
  const option = parseOcc(symbol)
  if (!option) return { securityType: 'EQ', symbol }
  const [expiryYear = '', expiryMonth = '', expiryDay = ''] = option.expiry.split('-')
  return {
    securityType: 'OPTN',
    symbol: option.underlying,
    callPut: option.right === 'call' ? 'CALL' : 'PUT',
    expiryYear,
    expiryMonth,
    expiryDay,
    strikePrice: option.strike,
  }
}

export function actionOf({ side, positionEffect, assetClass }: OrderDraft): string {
  const word = side === 'buy' ? 'BUY' : 'SELL'
  if (assetClass === 'option') return `${word}_${positionEffect === 'open' ? 'OPEN' : 'CLOSE'}`
  if (side === 'buy') return positionEffect === 'close' ? 'BUY_TO_COVER' : word
  return positionEffect === 'open' ? 'SELL_SHORT' : word
}
