import { paddedSymbol } from '../instrument.ts'
import { cusipOf, instrumentIdOf } from '../market.ts'
import { filledOf } from '../order-book.ts'
import type { Sent, StoryOrder } from '../story.ts'
import { schwabActivityId, schwabOrderId, schwabTime } from './rows.ts'
import type { SchwabBook } from './rows.ts'

const INSTRUCTIONS = { buyopen: 'BUY', buyclose: 'BUY_TO_COVER', sellopen: 'SELL_SHORT', sellclose: 'SELL' } as const
const TYPES = { market: 'MARKET', limit: 'LIMIT', stop: 'STOP', 'stop-limit': 'STOP_LIMIT', 'trailing-stop': 'TRAILING_STOP' } as const

/** The words for where an order stands. */
export const SCHWAB_STATUS = {
  filled: 'FILLED',
  canceled: 'CANCELED',
  open: 'WORKING',
  rejected: 'REJECTED',
  replaced: 'REPLACED',
  expired: 'EXPIRED',
} as const

/** One order. `accountNumber` is a number here and text everywhere else, as captured. */
export function schwabOrder(book: SchwabBook, order: StoryOrder): object {
  const quantity = Number(order.legs[0]?.qty ?? 0)
  const filled = Number(filledOf(order))
  const { sent } = order
  return {
    session: sent?.session ?? 'NORMAL',
    duration: sent?.tif ?? 'DAY',
    orderType: orderType(order),
    complexOrderStrategyType: order.legs.length > 1 ? 'VERTICAL' : 'NONE',
    quantity,
    filledQuantity: filled,
    remainingQuantity: order.status === 'open' ? quantity - filled : 0,
    requestedDestination: 'AUTO',
    destinationLinkName: 'CDRG',
    ...(order.limit === null ? {} : { price: Number(order.limit) }),
    ...(sent?.stop ? { stopPrice: Number(sent.stop) } : {}),
    ...(sent?.trail ? trailOf(sent.trail) : {}),
    orderLegCollection: order.legs.map((leg, index) => orderLeg(leg, index)),
    orderStrategyType: 'SINGLE',
    orderId: schwabOrderId(book, order),
    cancelable: order.status === 'open',
    editable: order.status === 'open',
    status: SCHWAB_STATUS[order.status],
    enteredTime: schwabTime(order.submittedAt),
    ...(order.closedAt === null ? {} : { closeTime: schwabTime(order.closedAt) }),
    ...(sent?.reason ? { statusDescription: sent.reason } : {}),
    tag: 'API_TOS:TRADE_ALL',
    accountNumber: Number(book.number),
    ...(order.fills.length === 0 && order.status !== 'canceled'
      ? {}
      : { orderActivityCollection: activities(book, order, quantity - filled) }),
  }
}

/** The type of an order; an order of several legs is one for a net price. */
export function orderType({ legs, type }: Pick<StoryOrder, 'legs' | 'type'>): string {
  if (legs.length < 2) return TYPES[type]
  return legs[0]?.side === 'sell' ? 'NET_CREDIT' : 'NET_DEBIT'
}

/** How far a trailing stop stays behind. */
export function trailOf({ kind, value }: NonNullable<Sent['trail']>): object {
  return { stopPriceLinkBasis: 'BID', stopPriceLinkType: kind === 'amount' ? 'VALUE' : 'PERCENT', stopPriceOffset: Number(value) }
}

function orderLeg({ instrument, side, effect, qty }: StoryOrder['legs'][number], index: number): object {
  const { contract } = instrument
  const instruction = contract ? `${side.toUpperCase()}_TO_${effect.toUpperCase()}` : INSTRUCTIONS[`${side}${effect}`]
  const fund = instrument.kind === 'etf'
  const assetType = contract ? 'OPTION' : fund ? 'COLLECTIVE_INVESTMENT' : 'EQUITY'
  return {
    orderLegType: contract ? 'OPTION' : 'EQUITY',
    legId: index + 1,
    instrument: {
      assetType,
      cusip: cusipOf(instrument.symbol),
      symbol: paddedSymbol(instrument),
      description: instrument.name,
      instrumentId: instrumentIdOf(instrument.symbol),
      ...(fund ? { type: 'EXCHANGE_TRADED_FUND' } : {}),
      ...(contract
        ? {
            type: 'VANILLA',
            putCall: contract.right === 'call' ? 'CALL' : 'PUT',
            underlyingSymbol: contract.underlying,
            optionDeliverables: [{ symbol: contract.underlying, deliverableUnits: instrument.kind === 'future-option' ? 1 : 100 }],
          }
        : {}),
    },
    instruction,
    positionEffect: effect === 'open' ? 'OPENING' : 'CLOSING',
    quantity: Number(qty),
  }
}

/** `open` is what did not fill. */
function activities(book: SchwabBook, order: StoryOrder, open: number): object[] {
  // A canceled order carries an execution that did not happen, as captured; only FILL counts.
  if (order.status !== 'canceled') return fillActivities(book, order)
  const at = schwabTime(order.closedAt ?? order.submittedAt)
  const canceled = execution('CANCELED', 90_000_000_000 + order.number, open, 0, [executionLeg(order, 0, open, 0, at)])
  return [...fillActivities(book, order), canceled]
}

function fillActivities(book: SchwabBook, order: StoryOrder): object[] {
  const legs = order.legs.length
  const rounds = Math.ceil(order.fills.length / legs)
  return Array.from({ length: rounds }, (_, round) => {
    const fills = order.fills.slice(round * legs, (round + 1) * legs)
    const [first] = fills
    const lines = fills.map(fill =>
      executionLeg(order, order.legs.indexOf(fill.leg), Number(fill.qty), Number(fill.price), schwabTime(fill.at)),
    )
    const id = first ? schwabActivityId(book, first) - 1 : 0
    return execution('FILL', id, Number(first?.qty ?? 0), Number(first?.leaves ?? 0), lines)
  })
}

function execution(
  executionType: string,
  activityId: number,
  quantity: number,
  orderRemainingQuantity: number,
  executionLegs: object[],
): object {
  return { activityType: 'EXECUTION', activityId, executionType, quantity, orderRemainingQuantity, executionLegs }
}

function executionLeg(order: StoryOrder, index: number, quantity: number, price: number, time: string): object {
  return {
    legId: index + 1,
    quantity,
    mismarkedQuantity: 0,
    price,
    time,
    instrumentId: instrumentIdOf(order.legs[index]?.instrument.symbol ?? ''),
  }
}
