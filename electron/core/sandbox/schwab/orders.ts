import { paddedSymbol } from '../instrument.ts'
import { cusipOf, instrumentIdOf } from '../market.ts'
import type { StoryOrder } from '../story.ts'
import { schwabActivityId, schwabOrderId, schwabTime } from './rows.ts'
import type { SchwabBook } from './rows.ts'

const INSTRUCTIONS = { buyopen: 'BUY', buyclose: 'BUY_TO_COVER', sellopen: 'SELL_SHORT', sellclose: 'SELL' } as const
const STATUS = { filled: 'FILLED', canceled: 'CANCELED', open: 'WORKING' } as const

/** One order. `accountNumber` is a number here and text everywhere else, as captured. */
export function schwabOrder(book: SchwabBook, order: StoryOrder): object {
  const quantity = Number(order.legs[0]?.qty ?? 0)
  const filled = order.status === 'filled' ? quantity : 0
  const two = order.legs.length > 1
  return {
    session: 'NORMAL',
    duration: 'DAY',
    orderType: two ? 'NET_CREDIT' : order.type === 'limit' ? 'LIMIT' : 'MARKET',
    complexOrderStrategyType: two ? 'VERTICAL' : 'NONE',
    quantity,
    filledQuantity: filled,
    remainingQuantity: order.status === 'open' ? quantity : 0,
    requestedDestination: 'AUTO',
    destinationLinkName: 'CDRG',
    ...(order.limit === null ? {} : { price: Number(order.limit) }),
    orderLegCollection: order.legs.map((leg, index) => orderLeg(leg, index)),
    orderStrategyType: 'SINGLE',
    orderId: schwabOrderId(book, order),
    cancelable: order.status === 'open',
    editable: order.status === 'open',
    status: STATUS[order.status],
    enteredTime: schwabTime(order.submittedAt),
    ...(order.closedAt === null ? {} : { closeTime: schwabTime(order.closedAt) }),
    tag: 'API_TOS:TRADE_ALL',
    accountNumber: Number(book.number),
    ...(order.status === 'open' ? {} : { orderActivityCollection: activities(book, order, quantity) }),
  }
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

function activities(book: SchwabBook, order: StoryOrder, quantity: number): object[] {
  // A canceled order carries an execution that did not happen, as captured; only FILL counts.
  if (order.status === 'canceled') {
    const at = schwabTime(order.closedAt ?? order.submittedAt)
    return [execution('CANCELED', 90_000_000_000 + order.number, quantity, 0, [executionLeg(order, 0, quantity, 0, at)])]
  }
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
