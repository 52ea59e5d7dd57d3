import type { ContractDetails } from '@stoqey/ib'
import { AppError } from '../../../../../shared/contract/errors.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../../../shared/domain/order.ts'
import type { Trading } from '../../adapter.ts'
import { exchangeDay } from '../../exchange-day.ts'
import { checkContract, checkDraft, tickPrice } from '../../order-draft.ts'
import { isOpen } from '../../order-status.ts'
import { tradeRules } from '../rules.ts'
import { figure } from './figures.ts'
import { neededContract } from './instrument.ts'
import type { BookedOrder } from './order-book.ts'
import { orderBody } from './order-body.ts'
import { refreshOrders } from './orders.ts'
import { orderStatusOf } from './order-words.ts'
import { outcomeOf } from './outcome.ts'
import { neededDetails } from './quotes.ts'
import type { ReadDeps } from './reads.ts'
import { refusedPreview, toPreview } from './preview.ts'
import { ownAccount, type TwsLink } from './session.ts'
import { accepted, checkChange, createChange, isOf, permIdOf } from './taken.ts'

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
    const today = exchangeDay(clock.now())
    checkDraft(draft, tradeRules)
    checkContract(draft, today)
    const wanted = neededContract(draft.symbol, today)
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

  /** An order this client placed and TWS still has. `anew` asks TWS for it even where it is known. */
  async function ownOrder(link: TwsLink, account: string, orderId: string, stop: Stop, anew = false): Promise<BookedOrder> {
    if (session.settings.readOnly) throw new AppError('order/read-only', { details: { program: 'this way in' } })
    ownAccount(link, account)
    const known = (): BookedOrder | undefined => session.orders.byPermId(permIdOf(orderId))
    if (anew || !known()) await refreshOrders(deps, link, stop)
    const booked = known()
    if (!booked || booked.order.account !== account) throw new AppError('order/not-found', { details: BROKER })
    if (!isOpen(orderStatusOf(booked)))
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
      return 'refusals' in answer ? answer : toPreview(details.contract, answer)
    },

    async placeOrder(account, draft, stop) {
      const { link, details } = await prepared(account, draft, stop)
      const id = link.nextOrderId()
      const order = orderBody(draft, account)
      return outcomeOf(deps, link, id, stop, {
        send: () => send(link, () => link.api.placeOrder(id, details.contract, order)),
        stalled: message => message.kind === 'order-status' && isOf(message, id, link) && message.status === 'Inactive' && !message.held,
        done: message => accepted(message, id, link),
      }).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'order/rejected') session.orders.refuse({ orderId: id, clientId: link.clientId })
        throw error
      })
    },

    /** The whole order is sent again under its own id and with its own reference; what a draft cannot say would be lost with it. */
    async replaceOrder(account, orderId, draft, stop) {
      const { link, details } = await prepared(account, draft, stop)
      const wanted = orderBody(draft, account)
      // Under a number TWS has no order for it would take this for a new one.
      const booked = await ownOrder(link, account, orderId, stop, true)
      checkChange(booked, wanted, details.contract)
      const order = { ...wanted, orderRef: booked.order.orderRef || wanted.orderRef || '' }
      return outcomeOf(deps, link, booked.orderId, stop, {
        send: () => send(link, () => link.api.placeOrder(booked.orderId, details.contract, order)),
        ...createChange(booked, link, order),
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
          const status = orderStatusOf(message)
          return isOpen(status) ? undefined : { externalId: orderId, status, statusText: message.status }
        },
      })
    },
  }
}
