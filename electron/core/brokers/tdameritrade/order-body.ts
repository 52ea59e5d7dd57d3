import type { Dec } from '../../../../shared/domain/decimal.ts'
import { parseOcc } from '../../../../shared/domain/instrument.ts'
import type { OrderDraft, OrderType, TimeInForce } from '../../../../shared/domain/order.ts'
import { draftPrices, invalidOrder, isMutualFund } from '../order-draft.ts'
import { toSymbol } from './symbols.ts'

const TYPES = new Map<OrderType, string>([
  ['market', 'MARKET'],
  ['limit', 'LIMIT'],
  ['stop', 'STOP'],
  ['stop-limit', 'STOP_LIMIT'],
])
const DURATIONS = new Map<TimeInForce, string>([
  ['day', 'DAY'],
  ['gtc', 'GOOD_TILL_CANCEL'],
  ['fok', 'FILL_OR_KILL'],
])

/** The body of a new order or of one that takes another's place. Throws order/invalid for a price between two ticks and a quantity no number holds. */
export function orderBody(draft: OrderDraft): Readonly<Record<string, unknown>> {
  const { limit, stop } = draftPrices(draft)
  const assetType = isMutualFund(draft) ? 'MUTUAL_FUND' : parseOcc(draft.symbol) ? 'OPTION' : 'EQUITY'
  const leg = {
    instruction: instructionOf(draft),
    quantity: wholeNumber(draft.quantity),
    instrument: { symbol: toSymbol(draft.symbol), assetType },
  }
  return {
    orderStrategyType: 'SINGLE',
    orderType: TYPES.get(draft.type) ?? draft.type,
    session: draft.extendedHours ? 'SEAMLESS' : 'NORMAL',
    duration: DURATIONS.get(draft.timeInForce) ?? draft.timeInForce,
    ...(limit === null ? {} : { price: limit }),
    ...(stop === null ? {} : { stopPrice: stop }),
    orderLegCollection: [leg],
  }
}

function wholeNumber(quantity: Dec | null): number {
  const number = Number(quantity)
  if (!Number.isSafeInteger(number)) throw invalidOrder('the quantity is too large')
  return number
}

export function instructionOf({ side, positionEffect, assetClass }: OrderDraft): string {
  const word = side === 'buy' ? 'BUY' : 'SELL'
  if (assetClass === 'option') return `${word}_TO_${positionEffect === 'open' ? 'OPEN' : 'CLOSE'}`
  if (side === 'buy') return positionEffect === 'close' ? 'BUY_TO_COVER' : word
  return positionEffect === 'open' ? 'SELL_SHORT' : word
}
