import type { Contract, ContractDetails } from '@stoqey/ib'
import { AppError } from '../../../../../shared/contract/errors.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import type { OrderDraft, OrderPreview, PlacedOrder } from '../../../../../shared/domain/order.ts'
import type { Trading } from '../../adapter.ts'
import { exchangeDay } from '../../exchange-day.ts'
import { checkDraft, tickPrice } from '../../order-draft.ts'
import { isOpen } from '../../order-status.ts'
import { tradeRules } from '../rules.ts'
import { sayings } from '../sayings.ts'
import { figure, multiplierOf } from './figures.ts'
import { neededContract } from './instrument.ts'
import type { OpenOrderMessage, OrderStatusMessage, TwsMessage } from './messages.ts'
import type { BookedOrder } from './order-book.ts'
import { orderBody } from './order-body.ts'
import { orderStatusOf, refreshOrders } from './orders.ts'
import { outcomeOf } from './outcome.ts'
import { neededDetails } from './quotes.ts'
import type { ReadDeps } from './reads.ts'
import { ownAccount, type TwsLink } from './session.ts'

interface Stop {
  readonly signal: AbortSignal
}

const BROKER = { broker: 'Interactive Brokers' }

/** Orders through TWS. An order goes out on the line that is there, or not at all. */
export function createTrading(deps: ReadDeps): Trading {
  const { session, clock } = deps

  /** The line for an order, with the instrument looked up: both may fail before anything was sent. */
  async function prepared(account: string, draft: OrderDraft, stop: Stop): Promise<{ link: TwsLink; details: ContractDetails }> {
    if (session.settings.readOnly) throw new AppError('order/read-only', { details: { program: 'this way in' } })
    checkDraft(draft, tradeRules)
    const wanted = neededContract(draft.symbol, exchangeDay(clock.now()))
    const link = await session.forOrder(stop)
    ownAccount(link, account)
    const details = await neededDetails(deps, link, wanted, stop)
    const tick = figure(details.minTick)
    for (const price of [draft.limitPrice, draft.stopPrice])
      if (price !== null && tick !== null && !Dec.isZero(tick)) tickPrice(price, tick)
    return { link, details }
  }

  /** Sends on the line that was there when the order was prepared, at this moment or never. */
  function send(link: TwsLink, run: () => void): void {
    if (session.now() !== link) throw new AppError('broker/unavailable', { details: { ...BROKER, status: 'the line was renewed' } })
    run()
  }

  async function ownOrder(link: TwsLink, account: string, orderId: string, stop: Stop): Promise<BookedOrder> {
    if (session.settings.readOnly) throw new AppError('order/read-only', { details: { program: 'this way in' } })
    ownAccount(link, account)
    const known = (): BookedOrder | undefined => session.orders.byPermId(Number(orderId))
    if (!known()) await refreshOrders(deps, link, stop)
    const booked = known()
    if (!booked || booked.order.account !== account) throw new AppError('order/not-found', { details: BROKER })
    if (!isOpen(orderStatusOf(booked.status, booked.filled)))
      throw new AppError('order/not-open', { details: { ...BROKER, status: booked.status } })
    if (booked.clientId !== link.clientId || booked.orderId <= 0) throw new AppError('order/not-offered', { details: BROKER })
    return booked
  }

  return {
    async previewOrder(account, draft, stop) {
      const { link, details } = await prepared(account, draft, stop)
      const id = link.nextOrderId()
      const order = { ...orderBody(draft, account), whatIf: true }
      const answer = await outcomeOf(deps, link, id, stop, {
        send: () => send(link, () => link.api.placeOrder(id, details.contract, order)),
        done: message => (message.kind === 'open-order' && isOf(message, id, link) && message.order.whatIf === true ? message : undefined),
      }).catch(refusedPreview)
      return 'refusals' in answer ? answer : toPreview(draft, details.contract, answer)
    },

    async placeOrder(account, draft, stop) {
      const { link, details } = await prepared(account, draft, stop)
      const id = link.nextOrderId()
      const order = orderBody(draft, account)
      return outcomeOf(deps, link, id, stop, {
        send: () => send(link, () => link.api.placeOrder(id, details.contract, order)),
        done: message => accepted(message, id, link),
      })
    },

    /** The whole order is sent again under its own id. */
    async replaceOrder(account, orderId, draft, stop) {
      const { link, details } = await prepared(account, draft, stop)
      const booked = await ownOrder(link, account, orderId, stop)
      const order = orderBody(draft, account)
      return outcomeOf(deps, link, booked.orderId, stop, {
        send: () => send(link, () => link.api.placeOrder(booked.orderId, details.contract, order)),
        done: message => accepted(message, booked.orderId, link),
      })
    },

    async cancelOrder(account, orderId, stop) {
      const link = await session.forOrder(stop)
      const booked = await ownOrder(link, account, orderId, stop)
      return outcomeOf(deps, link, booked.orderId, stop, {
        send: () => send(link, () => link.api.cancelOrder(booked.orderId)),
        canceled: { externalId: orderId, status: 'canceled', statusText: 'Cancelled' },
        done: message => {
          if (message.kind !== 'order-status' || !isOf(message, booked.orderId, link)) return undefined
          const status = orderStatusOf(message.status, message.filled)
          return isOpen(status) ? undefined : { externalId: orderId, status, statusText: message.status }
        },
      })
    },
  }
}

/** The order once IBKR has given it its own id. */
function accepted(message: TwsMessage, id: number, link: TwsLink): PlacedOrder | undefined {
  if (message.kind === 'open-order' && isOf(message, id, link) && message.order.permId)
    return placed(message.order.permId, message.state.status, 0)
  if (message.kind === 'order-status' && isOf(message, id, link) && message.permId !== 0)
    return placed(message.permId, message.status, message.filled)
  return undefined
}

/** Whether a message is about our order: other programs count theirs from one too, and TWS tells of them when it is asked for all. */
function isOf(message: OpenOrderMessage | OrderStatusMessage, id: number, { clientId }: TwsLink): boolean {
  return message.orderId === id && (message.kind === 'open-order' ? message.order.clientId : message.clientId) === clientId
}

function placed(permId: number, status: string, filled: number): PlacedOrder | undefined {
  // TWS says why in an error of its own, which ends the wait.
  if (status === 'Inactive' || status === 'PendingSubmit' || status === 'ApiPending') return undefined
  return { externalId: String(permId), status: orderStatusOf(status, filled), statusText: status }
}

/** A refusal is what a preview is for, and nothing was placed whose outcome could be in doubt. */
function refusedPreview(error: unknown): OrderPreview {
  if (!(error instanceof AppError)) throw error
  if (error.code === 'order/rejected' && error.brokerSays !== undefined) {
    return {
      estimatedValue: null,
      estimatedFees: null,
      buyingPowerEffect: null,
      currency: 'USD',
      warnings: [],
      refusals: [error.brokerSays],
    }
  }
  throw error.code === 'order/unknown' && error.cause instanceof AppError ? error.cause : error
}

function toPreview(draft: OrderDraft, contract: Contract, { state }: OpenOrderMessage): OrderPreview {
  const price = draft.limitPrice ?? draft.stopPrice
  const value =
    price === null || draft.quantity === null ? null : Dec.mul(Dec.mul(price, draft.quantity), multiplierOf(contract.multiplier))
  const margin = figure(state.initMarginChange)
  const paid = draft.assetClass !== 'future'
  return {
    estimatedValue: value === null || !paid ? null : draft.side === 'buy' ? Dec.neg(value) : value,
    estimatedFees: figure(state.commission) ?? figure(state.maxCommission),
    buyingPowerEffect: margin === null ? null : Dec.neg(margin),
    currency: state.commissionCurrency || contract.currency || 'USD',
    warnings: state.warningText ? [sayings(state.warningText)] : [],
    refusals: [],
  }
}
