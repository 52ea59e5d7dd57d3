import { SecType } from '@stoqey/ib'
import { AppError } from '../../../../../shared/contract/errors.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import { Instant } from '../../../../../shared/domain/time.ts'
import type { BrokerOrder, OrderQuery } from '../../adapter.ts'
import { exchangeDay } from '../../exchange-day.ts'
import { isOpen, isWanted } from '../../order-status.ts'
import { ask } from './ask.ts'
import { isReadOnly } from './codes.ts'
import { figure, twsTime } from './figures.ts'
import { symbolOf } from './instrument.ts'
import type { TwsMessage } from './messages.ts'
import type { BookedOrder } from './order-book.ts'
import { orderStatusOf } from './order-words.ts'
import type { ReadDeps } from './reads.ts'
import { ownAccount, type TwsLink } from './session.ts'
import { permIdOf } from './taken.ts'

interface Stop {
  readonly signal: AbortSignal
}

const WITH_LIMIT = new Set(['LMT', 'STP LMT', 'TRAIL LIMIT'])
const WITH_STOP = new Set(['STP', 'STP LMT'])

export function toOrder(booked: BookedOrder, zone: string): BrokerOrder {
  const { contract, order, state, status, filled, average, seenAt, changedAt } = booked
  const completedAt = state.completedTime === undefined ? null : twsTime(state.completedTime, zone)
  const total = order.totalQuantity === 0 ? undefined : order.totalQuantity
  return {
    externalId: String(booked.permId),
    // A combination is named by the shares behind it: an order for those is another one.
    symbol: contract.secType === SecType.BAG ? null : symbolOf(contract, exchangeDay(completedAt ?? seenAt)),
    side: order.action === undefined ? null : String(order.action) === 'BUY' ? 'buy' : 'sell',
    type: order.orderType,
    timeInForce: order.tif ?? '',
    status: orderStatusOf(booked),
    statusText: status,
    quantity: figure(total ?? (filled > 0 ? filled : undefined)),
    filledQuantity: figure(filled) ?? Dec.zero,
    limitPrice: WITH_LIMIT.has(order.orderType) ? figure(order.lmtPrice) : null,
    stopPrice: WITH_STOP.has(order.orderType) ? figure(order.auxPrice) : null,
    averageFillPrice: average > 0 ? figure(average) : null,
    submittedAt: completedAt === null ? seenAt : Instant.earliest(completedAt, seenAt),
    updatedAt: completedAt ?? changedAt,
    clientOrderId: order.orderRef || null,
  }
}

/**
 * Open orders of all programs and those completed today. Throws order/not-shown while this way in is read only (TWS would ask on its
 * screen) or TWS itself is.
 */
export async function readOrders(deps: ReadDeps, account: string, { status, range }: OrderQuery, stop: Stop): Promise<BrokerOrder[]> {
  const link = await deps.session.ready(stop)
  ownAccount(link, account)
  if (!(await refreshOrders(deps, link, stop))) throw notShown()
  return (
    deps.session.orders
      .all()
      .filter(({ order }) => order.account === account)
      .map(booked => toOrder(booked, link.zone))
      .filter(order => isWanted(order.status, status))
      // An order that still works is told whenever it was entered; TWS does not say when.
      .filter(order => isOpen(order.status) || (exchangeDay(order.submittedAt) >= range.from && exchangeDay(order.submittedAt) <= range.to))
  )
}

export async function readOrder(deps: ReadDeps, account: string, orderId: string, stop: Stop): Promise<BrokerOrder> {
  const link = await deps.session.ready(stop)
  ownAccount(link, account)
  if (!(await refreshOrders(deps, link, stop))) throw notShown()
  const booked = deps.session.orders.byPermId(permIdOf(orderId))
  if (!booked || booked.order.account !== account) throw new AppError('order/not-found', { details: { broker: 'Interactive Brokers' } })
  return toOrder(booked, link.zone)
}

function notShown(): AppError {
  return new AppError('order/not-shown', { details: { program: 'TWS' } })
}

/** Has TWS tell its orders into the book. False when it may not be asked or does not tell them. */
export async function refreshOrders(deps: ReadDeps, link: TwsLink, stop: Stop): Promise<boolean> {
  if (deps.session.settings.readOnly) return false
  const working = new Set<number>()
  const isWhole = await told(deps, link, stop, {
    send: () => link.api.reqAllOpenOrders(),
    each: message => message.kind === 'open-order' && working.add(message.order.permId ?? 0),
    end: 'open-orders-end',
  })
  const isDone = await told(deps, link, stop, { send: () => link.api.reqCompletedOrders(false), end: 'completed-orders-end' })
  if (isWhole && isDone) deps.session.orders.keepOpen(working)
  return isWhole && isDone
}

interface Telling {
  readonly send: () => void
  readonly each?: (message: TwsMessage) => void
  readonly end: TwsMessage['kind']
}

/** False for the refusal of a read-only TWS, which names no request and ends the question too. */
function told({ clock }: ReadDeps, link: TwsLink, { signal }: Stop, { send, each, end }: Telling): Promise<boolean> {
  return link.alone(() =>
    ask({
      link,
      clock,
      signal,
      send,
      take(message) {
        each?.(message)
        if (message.kind === end) return true
        const refused = (message.kind === 'failure' || message.kind === 'notice') && isReadOnly(message.code, message.text)
        return refused ? false : undefined
      },
    }),
  )
}
