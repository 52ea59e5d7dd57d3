import type { Instrument } from '../instrument.ts'
import { filledOf } from '../order-book.ts'
import type { FeeLine, StoryLeg, StoryOrder } from '../story.ts'
import type { EtradeIdentity } from './customers.ts'
import { etradeOrderId, optionProduct, osiKey } from './rows.ts'

const TYPES = { market: 'MARKET', limit: 'LIMIT', stop: 'STOP', 'stop-limit': 'STOP_LIMIT' } as const
const STATUS = {
  filled: 'EXECUTED',
  canceled: 'CANCELLED',
  open: 'OPEN',
  rejected: 'REJECTED',
  replaced: 'CANCELLED',
  expired: 'EXPIRED',
} as const
const SHARES = { buyopen: 'BUY', buyclose: 'BUY_TO_COVER', sellopen: 'SELL_SHORT', sellclose: 'SELL' } as const

/** What kind of order this is: by the first leg's security, or a spread. */
export function orderKind(legs: readonly StoryLeg[]): 'EQ' | 'OPTN' | 'SPREADS' {
  if (legs.length > 1) return 'SPREADS'
  return legs[0]?.instrument.contract ? 'OPTN' : 'EQ'
}

export function statusWord({ status }: Pick<StoryOrder, 'status'>): string {
  return STATUS[status]
}

/** The price type of an order. */
export function priceType({ legs, type, sent }: Pick<StoryOrder, 'legs' | 'type' | 'sent'>): string {
  if (type === 'trailing-stop') return sent?.trail?.kind === 'percent' ? 'TRAILING_STOP_PRCNT' : 'TRAILING_STOP_CNST'
  if (legs.length < 2) return TYPES[type]
  return legs[0]?.side === 'sell' ? 'NET_CREDIT' : 'NET_DEBIT'
}

/** One order. Ids and times are numbers, times in milliseconds. */
export function etradeOrder(identity: EtradeIdentity, order: StoryOrder, origin: string): object {
  const id = etradeOrderId(order.number)
  const { sent } = order
  const detail = {
    placedTime: order.submittedAt,
    ...(order.status === 'filled' ? { executedTime: order.fills.at(-1)?.at ?? order.submittedAt } : {}),
    orderValue: valueOf(order),
    status: statusWord(order),
    orderTerm: sent?.tif ?? 'GOOD_FOR_DAY',
    ...pricesOf(order),
    marketSession: sent?.session ?? 'REGULAR',
    ...(sent?.replaces ? { replacesOrderId: etradeOrderId(sent.replaces.number) } : {}),
    ...(sent?.replacedBy ? { replacedByOrderId: etradeOrderId(sent.replacedBy.number) } : {}),
    allOrNone: false,
    ...NETS,
    Instrument: order.legs.map(leg => instrumentOf(order, leg)),
  }
  const Event = [
    // The placing shows the whole quantity as filled, as seen live; the detail is right.
    {
      name: 'ORDER_PLACED',
      dateTime: order.submittedAt,
      Instrument: order.legs.map(leg => ({ ...instrumentOf(order, leg), filledQuantity: Number(leg.qty) })),
    },
    ...(order.status === 'filled'
      ? [
          {
            name: 'ORDER_EXECUTED',
            dateTime: order.closedAt ?? order.submittedAt,
            Instrument: order.legs.map(leg => instrumentOf(order, leg)),
          },
        ]
      : []),
  ]
  const details = `${origin}/v1/accounts/${identity.key}/orders/${id}`
  return { orderId: id, details, orderType: orderKind(order.legs), OrderDetail: [detail], Events: { Event } }
}

const NETS = { netPrice: 0, netBid: 0, netAsk: 0, gcd: 0, ratio: '' } as const

/** Price type and prices; what an order does not have is zero. */
export function pricesOf(order: Pick<StoryOrder, 'legs' | 'type' | 'limit' | 'sent'>): object {
  return {
    priceType: priceType(order),
    limitPrice: Number(order.limit ?? 0),
    stopPrice: Number(order.sent?.stop ?? order.sent?.trail?.value ?? 0),
  }
}

function instrumentOf(order: StoryOrder, leg: StoryLeg): object {
  const fills = order.fills.filter(fill => fill.leg === leg)
  const filled = Number(filledOf({ ...order, legs: [leg] }))
  const paid = fills.reduce((total, { qty, price }) => total + Number(qty) * Number(price), 0)
  return {
    symbolDescription: leg.instrument.name,
    orderAction: actionOf(leg),
    quantityType: 'QUANTITY',
    orderedQuantity: Number(leg.qty),
    filledQuantity: filled,
    averageExecutionPrice: filled === 0 ? 0 : Number((paid / filled).toFixed(4)),
    ...chargesOf(fills.flatMap(({ fees }) => fees)),
    Product: productOf(leg.instrument),
  }
}

/** Costs as an order states them: estimates. */
export function chargesOf(fees: readonly FeeLine[]): { estimatedCommission: number; estimatedFees: number } {
  const sum = (commission: boolean) =>
    fees.filter(({ type }) => (type === 'COMMISSION') === commission).reduce((total, { cents }) => total + cents, 0) / 100
  return { estimatedCommission: sum(true), estimatedFees: sum(false) }
}

/** An instrument in orders and quotes: years have four digits here. */
export function productOf(instrument: Instrument): object {
  const { contract, symbol } = instrument
  const product = contract ? optionProduct(contract) : { symbol, securityType: 'EQ' }
  return { ...product, productId: { symbol: osiKey(instrument) } }
}

/** The action of a leg in E*TRADE's words. */
export function actionOf({ instrument, side, effect }: StoryLeg): string {
  return instrument.contract ? `${side}_${effect}`.toUpperCase() : SHARES[`${side}${effect}`]
}

function valueOf({ legs, limit, fills }: StoryOrder): number {
  const [leg] = legs
  const price = limit ?? fills[0]?.price ?? '0'
  const value = Number(leg?.qty ?? 0) * Number(price) * Number(leg?.instrument.multiplier ?? 1)
  return Math.round(value * 100) / 100
}
