import type { Contract, Order, OrderState } from '@stoqey/ib'
import type { Instant } from '../../../../../shared/domain/time.ts'
import type { Clock } from '../../../ports.ts'
import type { TwsMessage } from './messages.ts'

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
  /** TWS does not say when an order was entered: when it was first heard of. */
  readonly seenAt: Instant
  readonly changedAt: Instant
}

/** The orders TWS has told of in this session. Messages about one come repeatedly and in any order. */
export interface OrderBook {
  take(message: TwsMessage): void
  all(): BookedOrder[]
  byPermId(permId: number): BookedOrder | undefined
}

interface Status {
  readonly status: string
  readonly filled: number
  readonly average: number
}

export function createOrderBook(clock: Pick<Clock, 'now'>): OrderBook {
  const orders = new Map<number, BookedOrder>()
  const early = new Map<number, Status>()

  function put(permId: number, given: Omit<BookedOrder, 'permId' | 'seenAt' | 'changedAt'>): void {
    if (permId === 0) return
    const now = clock.now()
    const known = orders.get(permId)
    const changed = known?.status !== given.status || known.filled !== given.filled
    orders.set(permId, { ...given, permId, seenAt: known?.seenAt ?? now, changedAt: changed ? now : known.changedAt })
  }

  return {
    take(message) {
      if (message.kind === 'order-status' && message.permId !== 0) {
        const known = orders.get(message.permId)
        if (known) put(message.permId, { ...known, status: message.status, filled: message.filled, average: message.average })
        else early.set(message.permId, message)
      } else if (message.kind === 'open-order' && message.order.whatIf !== true) {
        const { orderId, contract, order, state } = message
        const permId = order.permId ?? 0
        const known = orders.get(permId) ?? early.get(permId)
        put(permId, {
          orderId,
          clientId: order.clientId ?? 0,
          contract,
          order,
          state,
          status: state.status,
          filled: known?.filled ?? order.filledQuantity ?? 0,
          average: known?.average ?? 0,
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
        })
      }
    },
    all: () => [...orders.values()],
    byPermId: permId => orders.get(permId),
  }
}
