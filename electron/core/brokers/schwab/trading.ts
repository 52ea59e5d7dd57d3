import { z } from 'zod'
import { AppError } from '../../../../shared/contract/errors.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { normalSymbol } from '../../../../shared/domain/instrument.ts'
import type { OrderDraft, OrderPreview, PlacedOrder } from '../../../../shared/domain/order.ts'
import { cleanWords } from '../../../../shared/contract/broker-words.ts'
import type { BrokerOrder, BrokerSession, SentAnswer, Trading } from '../adapter.ts'
import { checkDraft, invalidOrder } from '../order-draft.ts'
import { isOpen } from '../order-status.ts'
import { hoursProblem, termsProblem } from '../plain-terms.ts'
import { createSentOrders } from '../sent-orders.ts'
import { accountPath } from './account-path.ts'
import { instructionOf, orderBody } from './order-body.ts'
import { toOrders } from './orders.ts'
import { type OrderRead, orderPath, readOrder } from './read-order.ts'
import { tradeRules } from './rules.ts'
import { OrderWire, PreviewWire } from './wire.ts'

interface Stop {
  readonly signal: AbortSignal
}

type Session = Pick<BrokerSession, 'http' | 'now' | 'keep'>

const BASE = 'trader'
const BROKER = 'Charles Schwab'
/** Times of Schwab's are whole seconds, of more than one machine. */
const SLACK_MS = 2_000
/** Being canceled, or having its place taken: a change could make a second order of it. */
const LEAVING = new Set(['PENDING_CANCEL', 'PENDING_REPLACE', 'PENDING_RECALL', 'AWAITING_UR_OUT'])

/** Order calls of Schwab's Trader API. Source: Schwab developer portal, Trader API, orders. */
export function createTrading(session: Session): Trading {
  const { http } = session
  const sentOrders = createSentOrders(session, BROKER)

  /**
   * An order is known by the `Location` of its answer, once what that names was seen to be it. Schwab leaves it out for some that fill at
   * once: then, and where the one order cannot be read, it is looked for in the list. Throws order/unknown for one nobody could look at.
   */
  async function confirmed(
    account: string,
    draft: OrderDraft,
    before: Instant,
    sent: SentAnswer<unknown>,
    stop: Stop,
    replaced?: string,
  ): Promise<PlacedOrder> {
    const id = idFrom(sent.headers['location'])
    if (id !== undefined && id === replaced) throw unknownOutcome()
    const window = {
      from: Instant.plus(sent.asOf, -Instant.msBetween(before, session.now()) - SLACK_MS),
      to: Instant.plus(sent.asOf, SLACK_MS),
    }
    const order =
      (id === undefined ? undefined : await readBack(account, id, stop)) ?? (await lookUp(account, draft, window, stop, replaced))
    // An address alone proves nothing: what it names was seen to be another order.
    if (order === undefined || !mayBeOurs(order, draft, window) || (id !== undefined && order.order.externalId !== id))
      throw unknownOutcome()
    if (order.order.status === 'rejected') throw rejected(order)
    return placed(order.order)
  }

  /** A 201 may still end rejected, and only the order itself says why. */
  async function readBack(account: string, id: string, stop: Stop): Promise<OrderRead | undefined> {
    return readOrder(session, account, id, stop).catch(() => undefined)
  }

  /** Only an order that was entered while the call was under way, by Schwab's clock: one before it may well be of the same kind. */
  async function lookUp(
    account: string,
    draft: OrderDraft,
    { from, to }: Window,
    { signal }: Stop,
    replaced?: string,
  ): Promise<OrderRead | undefined> {
    const query = { fromEnteredTime: from, toEnteredTime: to, maxResults: '100' }
    const rows = await http.getRows({ base: BASE, path: `${accountPath(account)}/orders`, query, schema: OrderWire, signal }).then(
      answer => answer.rows,
      () => [],
    )
    const alike = rows
      .filter(
        ({ data }) =>
          data.orderId !== replaced &&
          isSame(data, draft) &&
          !Instant.isBefore(data.enteredTime, from) &&
          !Instant.isBefore(to, data.enteredTime),
      )
      .flatMap(({ data }) =>
        toOrders(data)
          .slice(0, 1)
          .map(order => ({ order, wire: data })),
      )
    return alike.length === 1 ? alike[0] : undefined
  }

  return {
    async previewOrder(account, draft, { signal }): Promise<OrderPreview> {
      checkDraft(draft, tradeRules)
      const { data } = await http.ask({
        method: 'POST',
        base: BASE,
        path: `${accountPath(account)}/previewOrder`,
        body: orderBody(draft),
        schema: PreviewWire,
        signal,
      })
      return toPreview(data, draft)
    },

    async placeOrder(account, draft, stop): Promise<PlacedOrder> {
      checkDraft(draft, tradeRules)
      const path = `${accountPath(account)}/orders`
      const body = orderBody(draft)
      const send = async () => {
        const before = session.now()
        const sent = await http.send({ method: 'POST', base: BASE, path, body, schema: z.unknown(), signal: stop.signal })
        return confirmed(account, draft, before, sent, stop)
      }
      // Orders have no ids of ours: one without an address cannot be told from another of its kind.
      const find = async (known: string | null) =>
        known === null ? undefined : placed((await readOrder(session, account, known, stop)).order)
      return sentOrders.once(account, draft, { send, find })
    },

    /** Schwab cancels the order and enters a new one, with a new id. */
    async replaceOrder(account, orderId, draft, stop): Promise<PlacedOrder> {
      checkDraft(draft, tradeRules)
      const body = orderBody(draft)
      const read = await readOrder(session, account, orderId, stop)
      const { status, statusText } = read.order
      if (!isOpen(status) || LEAVING.has(statusText)) throw new AppError('order/not-open', { details: { status: statusText } })
      const problem = changeProblem(read, draft)
      if (problem !== undefined) throw invalidOrder(problem)
      const before = session.now()
      const path = orderPath(account, orderId)
      const sent = await http
        .send({ method: 'PUT', base: BASE, path, body, schema: z.unknown(), signal: stop.signal })
        .catch((error: unknown) => closed(session, error, account, orderId, stop))
      return confirmed(account, draft, before, sent, stop, orderId)
    },

    async cancelOrder(account, orderId, stop): Promise<PlacedOrder> {
      await http
        .send({ method: 'DELETE', base: BASE, path: orderPath(account, orderId), schema: z.unknown(), signal: stop.signal })
        .catch((error: unknown) => closed(session, error, account, orderId, stop))
      const found = await readBack(account, orderId, stop)
      return found ? placed(found.order) : { externalId: orderId, status: 'working', statusText: 'PENDING_CANCEL' }
    },
  }
}

interface Window {
  readonly from: Instant
  readonly to: Instant
}

/** A refusal to change an order: looked at once more, so that "done already" is told from "not allowed". */
async function closed(session: Session, error: unknown, account: string, orderId: string, stop: Stop): Promise<never> {
  if (!(error instanceof AppError) || error.code !== 'order/rejected') throw error
  if (statusOf(error) === 404) throw new AppError('order/not-found', { details: { broker: BROKER }, cause: error })
  const found = await readOrder(session, account, orderId, stop).catch(() => undefined)
  const open = found === undefined || isOpen(found.order.status)
  throw open ? error : new AppError('order/not-open', { details: { status: found.order.statusText }, cause: error })
}

/** Why an order's place cannot be taken by the draft: a new order of the whole quantity is entered for it. */
function changeProblem({ order, wire }: OrderRead, draft: OrderDraft): string | undefined {
  const legs = wire.orderLegCollection ?? []
  const isWhole = wire.orderId === order.externalId && legs.length === 1 && (wire.childOrderStrategies ?? []).length === 0
  if (!isWhole) return 'an order of several parts is not changed'
  if (order.symbol !== draft.symbol || legs[0]?.instruction !== instructionOf(draft)) return 'a change cannot buy or sell something else'
  const isUntouched = Dec.isZero(order.filledQuantity) && order.averageFillPrice === null
  const ownHours = wire.session === null ? null : wire.session !== 'NORMAL'
  return isUntouched ? (termsProblem(order, draft) ?? hoursProblem(ownHours, draft) ?? partOfDay(wire.session)) : 'a part of it is filled: cancel the rest and send a new order'
}

/** Before the opening or after the close alone, which a draft cannot say. */
function partOfDay(session: string | null): string | undefined {
  return session === 'AM' || session === 'PM' ? `it works in the ${session} session alone: cancel it and send a new one` : undefined
}

/** Whether a listed order is the draft as it was sent, down to its instruction and validity. */
function isSame(wire: OrderWire, draft: OrderDraft): boolean {
  const { orderType, duration, price, stopPrice, orderLegCollection } = orderBody(draft)
  const [leg, ...others] = wire.orderLegCollection ?? []
  const same = (a: Dec | null, b: string | undefined): boolean =>
    a === null || b === undefined ? a === null && b === undefined : Dec.cmp(a, Dec.of(b)) === 0
  return (
    others.length === 0 &&
    leg?.instruction === orderLegCollection[0].instruction &&
    normalSymbol(leg.instrument?.symbol ?? '') === normalSymbol(draft.symbol) &&
    wire.orderType === orderType &&
    wire.duration === duration &&
    same(wire.quantity, draft.quantity ?? undefined) &&
    same(wire.price, price) &&
    same(wire.stopPrice, stopPrice)
  )
}

/** Costs are summed over all legs; the signed value follows the side, since Schwab's is unsigned. */
function toPreview({ orderStrategy, orderValidationResult, commissionAndFee }: PreviewWire, { side }: OrderDraft): OrderPreview {
  // Nothing is no value of an order, but one that was not said.
  const told = orderStrategy?.orderBalance?.orderValue ?? null
  const value = told === null || Dec.isZero(told) ? null : told
  const costs = [
    ...(commissionAndFee?.commission?.commissionLegs ?? []).flatMap(leg => leg.commissionValues ?? []),
    ...(commissionAndFee?.fee?.feeLegs ?? []).flatMap(leg => leg.feeValues ?? []),
  ].flatMap(cost => cost.value ?? [])
  const words = (list: readonly { activityMessage: string | null }[] | null | undefined): string[] =>
    (list ?? []).flatMap(({ activityMessage }) => cleanWords(activityMessage?.replace(/^"|"$/g, '')) ?? [])
  return {
    estimatedValue: value === null ? null : side === 'buy' ? Dec.neg(Dec.abs(value)) : Dec.abs(value),
    estimatedFees: costs.length === 0 ? null : Dec.sum(costs),
    buyingPowerEffect: null,
    currency: 'USD',
    warnings: [...words(orderValidationResult?.alerts), ...words(orderValidationResult?.warns), ...words(orderValidationResult?.reviews)],
    refusals: words(orderValidationResult?.rejects),
  }
}

/** The address of an answer was seen to name another order: one of somebody else's, or one of before. */
function mayBeOurs({ order: { symbol, side, quantity, submittedAt } }: OrderRead, draft: OrderDraft, { from }: Window): boolean {
  const isSameSize = quantity === null || draft.quantity === null || Dec.cmp(quantity, draft.quantity) === 0
  return (
    lettersOf(symbol ?? '') === lettersOf(draft.symbol) &&
    side === draft.side &&
    isSameSize &&
    !Instant.isBefore(submittedAt, Instant.plus(from, -SLACK_MS))
  )
}

/** `BRK/B` and `BRK.B` are the same. */
function lettersOf(symbol: string): string {
  return symbol.toUpperCase().replace(/[^A-Z0-9]/g, '')
}

function idFrom(location: string | undefined): string | undefined {
  return /\/orders\/(\d{1,20})\/?(?:\?.*)?$/.exec(location ?? '')?.[1]
}

function placed({ externalId, status, statusText }: BrokerOrder): PlacedOrder {
  return { externalId, status, statusText }
}

function unknownOutcome(): AppError {
  return new AppError('order/unknown', { details: { broker: BROKER } })
}

/** With Schwab's own reason, where it gives one. */
function rejected({ wire }: OrderRead): AppError {
  const said = cleanWords(wire.statusDescription)
  return new AppError('order/rejected', { details: { broker: BROKER }, ...(said === undefined ? {} : { brokerSays: said }) })
}

function statusOf(error: unknown): number | undefined {
  const status = error instanceof AppError ? error.details['status'] : undefined
  return typeof status === 'number' ? status : undefined
}
