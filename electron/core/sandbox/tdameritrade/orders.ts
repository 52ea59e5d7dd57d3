import { filledOf } from '../order-book.ts'
import { SCHWAB_STATUS, orderType, trailOf } from '../schwab/orders.ts'
import type { StoryLeg, StoryOrder } from '../story.ts'
import type { TdaIdentity } from './customers.ts'
import { tdaOrderId } from './rows.ts'
import { tdaInstrument, tdaTime } from './wire.ts'

const INSTRUCTIONS = { buyopen: 'BUY', buyclose: 'BUY_TO_COVER', sellopen: 'SELL_SHORT', sellclose: 'SELL' } as const

/** One order. `accountId` is a number here and text in accounts. */
export function tdaOrder(identity: TdaIdentity, order: StoryOrder): object {
  const quantity = Number(order.legs[0]?.qty ?? 0)
  const open = order.status === 'open'
  const filled = Number(filledOf(order))
  const { sent } = order
  return {
    session: sent?.session ?? 'NORMAL',
    duration: sent?.tif ?? 'DAY',
    orderType: orderType(order),
    complexOrderStrategyType: order.legs.length > 1 ? 'VERTICAL' : 'NONE',
    quantity,
    filledQuantity: filled,
    remainingQuantity: open ? quantity - filled : 0,
    requestedDestination: 'AUTO',
    destinationLinkName: 'AutoRoute',
    ...(order.limit === null ? {} : { price: Number(order.limit) }),
    ...(sent?.stop ? { stopPrice: Number(sent.stop) } : {}),
    ...(sent?.trail ? trailOf(sent.trail) : {}),
    orderLegCollection: order.legs.map((leg, index) => orderLeg(leg, index)),
    orderStrategyType: 'SINGLE',
    orderId: tdaOrderId(identity, order.number),
    cancelable: open,
    editable: false,
    status: SCHWAB_STATUS[order.status],
    enteredTime: tdaTime(order.submittedAt),
    ...(order.closedAt === null ? {} : { closeTime: tdaTime(order.closedAt) }),
    ...(sent?.reason ? { statusDescription: sent.reason } : {}),
    tag: 'AA_keelson',
    accountId: Number(identity.number),
    ...(order.fills.length === 0 ? {} : { orderActivityCollection: executions(order) }),
  }
}

function orderLeg({ instrument, side, effect, qty }: StoryLeg, index: number): object {
  const option = instrument.contract !== null
  return {
    orderLegType: option ? 'OPTION' : 'EQUITY',
    legId: index + 1,
    instrument: tdaInstrument(instrument),
    instruction: option ? `${side.toUpperCase()}_TO_${effect.toUpperCase()}` : INSTRUCTIONS[`${side}${effect}`],
    positionEffect: effect === 'open' ? 'OPENING' : 'CLOSING',
    quantity: Number(qty),
  }
}

function executions(order: StoryOrder): object[] {
  const legs = order.legs.length
  return Array.from({ length: Math.ceil(order.fills.length / legs) }, (_, round) => {
    const fills = order.fills.slice(round * legs, (round + 1) * legs)
    const executionLegs = fills.map(fill => ({
      legId: order.legs.indexOf(fill.leg) + 1,
      quantity: Number(fill.qty),
      mismarkedQuantity: 0,
      price: Number(fill.price),
      time: tdaTime(fill.at),
    }))
    const [first] = fills
    const quantity = Number(first?.qty ?? 0)
    return { activityType: 'EXECUTION', executionType: 'FILL', quantity, orderRemainingQuantity: Number(first?.leaves ?? 0), executionLegs }
  })
}
