import type { Contract, Order, OrderState } from '@stoqey/ib'
import type { Instant } from '../../../../../shared/domain/time.ts'
import type { Clock } from '../../../ports.ts'
import { isOpen } from '../../order-status.ts'
import type { TwsMessage } from './messages.ts'
import { orderStatusOf } from './order-words.ts'

/** An order as TWS has told it, in one or several messages. */
export interface BookedOrder {
  /** IBKR's own id, the same for every client. */
  readonly permId: number
  /** The id among the orders of its client; 0 where TWS does not say. */
  readonly orderId: number
  readonly clientId: number
  readonly contract: Contract
  readonly order: Order
  readonly state: OrderState
  readonly status: string
  readonly filled: number
  readonly average: number
  /** Inactive because it waits for something, not because it is over. */
  readonly held: boolean
  /** Told as one that is over. */
  readonly isOver: boolean
  /** TWS does not say when an order was entered: when it was first heard of. */
  readonly seenAt: Instant
  readonly changedAt: Instant
}

/** The orders TWS has told of in this session. Messages about one come repeatedly and in any order. */
export interface OrderBook {
  take(message: TwsMessage): void
  /** Notes that TWS refused an order for certain, by its number among the orders of its client: it may go on listing it as inactive. */
  refuse(order: Pick<BookedOrder, 'orderId' | 'clientId'>): void
  all(): BookedOrder[]
  /** Forgets orders that seemed to work and are not among those TWS has just told: nobody heard what became of them. */
  keepOpen(told: ReadonlySet<number>): void
  byPermId(permId: number): BookedOrder | undefined
}

type Status = Pick<BookedOrder, 'status' | 'filled' | 'average' | 'held'>

/** What an order does not come back from, whatever is told late. */
const FINAL = new Set(['Filled', 'Cancelled', 'ApiCancelled'])

export function createOrderBook(clock: Pick<Clock, 'now'>): OrderBook {
  const orders = new Map<number, BookedOrder>()
  const early = new Map<number, Status>()
  const refused = new Set<string>()
  const nameOf = ({ orderId, clientId }: Pick<BookedOrder, 'orderId' | 'clientId'>): string => `${clientId} ${orderId}`

  function put(permId: number, given: Omit<BookedOrder, 'permId' | 'seenAt' | 'changedAt'>): void {
    if (permId === 0) return
    const now = clock.now()
    const known = orders.get(permId)
    const changed = known?.status !== given.status || known.filled !== given.filled
    const isOver = given.isOver || refused.has(nameOf(given))
    orders.set(permId, { ...given, isOver, permId, seenAt: known?.seenAt ?? now, changedAt: changed ? now : known.changedAt })
  }

  return {
    take(message) {
      if (message.kind === 'order-status' && message.permId !== 0) {
        const known = orders.get(message.permId)
        const { status, filled, average, held } = message
        if (known && FINAL.has(known.status) && !FINAL.has(status)) return
        if (known) put(message.permId, { ...known, status, filled, average, held })
        else early.set(message.permId, { status, filled, average, held })
      } else if (message.kind === 'open-order' && message.order.whatIf !== true) {
        const { orderId, contract, order, state } = message
        const permId = order.permId ?? 0
        const known = orders.get(permId) ?? early.get(permId)
        early.delete(permId)
        put(permId, {
          orderId,
          clientId: order.clientId ?? 0,
          contract,
          order,
          state,
          status: known && FINAL.has(known.status) ? known.status : state.status,
          filled: known?.filled ?? order.filledQuantity ?? 0,
          average: known?.average ?? 0,
          held: known?.held ?? false,
          isOver: false,
        })
      } else if (message.kind === 'completed-order') {
        const { contract, order, state } = message
        const known = orders.get(order.permId ?? 0)
        put(order.permId ?? 0, {
          orderId: known?.orderId ?? 0,
          clientId: known?.clientId ?? 0,
          contract,
          // The total is zero in this message.
          order: { ...order, totalQuantity: order.totalQuantity || (known?.order.totalQuantity ?? 0) },
          state,
          status: state.status,
          filled: order.filledQuantity ?? known?.filled ?? 0,
          average: known?.average ?? 0,
          held: false,
          isOver: true,
        })
      }
    },
    keepOpen(told) {
      for (const [permId, order] of orders) if (isOpen(orderStatusOf(order)) && !told.has(permId)) orders.delete(permId)
    },
    refuse(order) {
      refused.add(nameOf(order))
      for (const [permId, known] of orders) if (nameOf(known) === nameOf(order)) orders.set(permId, { ...known, isOver: true })
    },
    all: () => [...orders.values()],
    byPermId: permId => orders.get(permId),
  }
}
