import type { Dec } from '../../../../shared/domain/decimal.ts'
import { paddedOcc } from '../../../../shared/domain/instrument.ts'
import type { OrderDraft, OrderType, TimeInForce } from '../../../../shared/domain/order.ts'
import { draftPrices, invalidOrder, isMutualFund } from '../order-draft.ts'

const TYPES = {
  market: 'MARKET',
  limit: 'LIMIT',
  stop: 'STOP',
  'stop-limit': 'STOP_LIMIT',
  'trailing-stop': 'TRAILING_STOP',
} as const satisfies Record<OrderType, string>
const DURATIONS: Partial<Record<TimeInForce, string>> = {
  day: 'DAY',
  gtc: 'GOOD_TILL_CANCEL',
  ioc: 'IMMEDIATE_OR_CANCEL',
  fok: 'FILL_OR_KILL',
}

export interface OrderBody {
  readonly orderType: string
  readonly session: 'NORMAL' | 'SEAMLESS'
  readonly duration: string
  readonly orderStrategyType: 'SINGLE'
  readonly price?: string
  readonly stopPrice?: string
  readonly stopPriceLinkBasis?: 'BID' | 'ASK'
  readonly stopPriceLinkType?: 'VALUE' | 'PERCENT'
  readonly stopPriceOffset?: string
  readonly orderLegCollection: readonly [
    {
      readonly instruction: string
      readonly quantity: number
      readonly instrument: { readonly symbol: string; readonly assetType: string }
    },
  ]
}

/**
 * The body of an order of one leg, as Schwab's order samples write it: prices as text with the decimals of their tick (two
 * from one dollar up and four below, by Schwab's own refusal), the whole quantity as a number. `requestedDestination` is never sent: Schwab answers 400 to it. Throws order/invalid.
 */
export function orderBody(draft: OrderDraft): OrderBody {
  const { limit, stop } = draftPrices(draft)
  const { trail } = draft
  const duration = DURATIONS[draft.timeInForce]
  const quantity = wholeNumber(draft.quantity)
  if (duration === undefined || quantity === null) throw invalidOrder('Schwab takes whole quantities only')
  return {
    orderType: TYPES[draft.type],
    // The seamless session is the regular one with the hours before and after it.
    session: draft.extendedHours ? 'SEAMLESS' : 'NORMAL',
    duration,
    orderStrategyType: 'SINGLE',
    ...(limit === null ? {} : { price: limit }),
    ...(stop === null ? {} : { stopPrice: stop }),
    ...(trail === null
      ? {}
      : {
          stopPriceLinkBasis: draft.side === 'sell' ? 'BID' : 'ASK',
          stopPriceLinkType: trail.kind === 'amount' ? 'VALUE' : 'PERCENT',
          stopPriceOffset: trail.value,
        }),
    orderLegCollection: [{ instruction: instructionOf(draft), quantity, instrument: instrumentOf(draft) }],
  }
}

function wholeNumber(quantity: Dec | null): number | null {
  const number = quantity !== null && /^\d{1,12}$/.test(quantity) ? Number(quantity) : null
  return number !== null && number > 0 ? number : null
}

/** Schwab's word for what a draft does. */
export function instructionOf({ side, positionEffect, assetClass }: OrderDraft): string {
  if (assetClass === 'option') return `${side.toUpperCase()}_TO_${positionEffect === 'close' ? 'CLOSE' : 'OPEN'}`
  if (side === 'sell') return positionEffect === 'open' ? 'SELL_SHORT' : 'SELL'
  return positionEffect === 'close' ? 'BUY_TO_COVER' : 'BUY'
}

function instrumentOf({ symbol, assetClass }: OrderDraft): OrderBody['orderLegCollection'][0]['instrument'] {
  if (assetClass === 'option') return { symbol: paddedOcc(symbol), assetType: 'OPTION' }
  return { symbol, assetType: isMutualFund({ symbol, assetClass }) ? 'MUTUAL_FUND' : 'EQUITY' }
}
