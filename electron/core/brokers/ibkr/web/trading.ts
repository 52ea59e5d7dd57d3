import { AppError } from '../../../../../shared/contract/errors.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import type { OrderDraft, OrderPreview, OrderType, PlacedOrder } from '../../../../../shared/domain/order.ts'
import type { Trading } from '../../adapter.ts'
import { checkDraft, draftPrices, invalidOrder } from '../../order-draft.ts'
import { isOpen } from '../../order-status.ts'
import { exactNumber } from '../exact-number.ts'
import { tradeRules } from '../rules.ts'
import { sayings, stateIn } from '../sayings.ts'
import type { Stop } from '../way.ts'
import { tradable, type WebCalls } from './calls.ts'
import { checkChange } from './change.ts'
import { conidOf } from './contracts.ts'
import { webStatus } from './orders.ts'
import { readOrder, readStatus } from './reads.ts'
import { CancelWire, OrderAnswerWire, type QuestionWire, WhatIfWire } from './wire.ts'

const BROKER = { broker: 'Interactive Brokers' }
const TYPES = { market: 'MKT', limit: 'LMT', stop: 'STP', 'stop-limit': 'STOP_LIMIT', 'trailing-stop': 'TRAIL' } as const satisfies Record<
  OrderType,
  string
>
const VALIDITIES = new Map([
  ['day', 'DAY'],
  ['gtc', 'GTC'],
  ['ioc', 'IOC'],
  ['opg', 'OPG'],
])

/**
 * Questions that only tell how a kind of order works and ask for nothing: a cap that may be put on a market order's price, and how
 * stops are triggered. Every other question is the user's to answer. Source: IBKR Web API, suppressible message ids.
 */
const HARMLESS = new Set(['o10153', 'o10331'])
const MOST_QUESTIONS = 3

/** Orders over the web API: each sent once, and no question confirmed unseen. */
export function createTrading(calls: WebCalls): Trading {
  const { http, base } = calls

  async function orderBody(account: string, draft: OrderDraft, stop: Stop) {
    checkDraft(draft, tradeRules)
    const { limit, stop: stopPrice, trail } = draftPrices(draft)
    await tradable(calls, account, stop)
    const conid = await conidOf(calls, draft.symbol, draft.assetClass, stop)
    if (conid === null && draft.assetClass !== 'equity') throw new AppError('order/not-offered', { details: BROKER })
    if (conid === null) throw invalidOrder(`IBKR knows no ${draft.symbol}`)
    const [price, auxPrice] = draft.type === 'stop' ? [stopPrice, null] : [limit, stopPrice]
    return {
      acctId: account,
      conid: Number(conid),
      cOID: draft.clientOrderId,
      orderType: TYPES[draft.type],
      side: draft.side.toUpperCase(),
      tif: VALIDITIES.get(draft.timeInForce),
      quantity: exactNumber(draft.quantity ?? '', 'the quantity'),
      outsideRTH: draft.extendedHours,
      ...(price === null ? {} : { price: exactNumber(price, 'the price') }),
      ...(auxPrice === null ? {} : { auxPrice: exactNumber(auxPrice, 'the stop price') }),
      ...(trail === null || draft.trail === null
        ? {}
        : { trailingAmt: exactNumber(trail, 'the trail'), trailingType: draft.trail.kind === 'amount' ? 'amt' : '%' }),
    }
  }

  /** `answered` are the questions of this order that were answered already: with the first answer the order may be on its way. */
  async function send(path: string, body: unknown, { signal }: Stop, answered: readonly string[] = []): Promise<PlacedOrder> {
    const { data } = await http.send({ method: 'POST', base, path, body, schema: OrderAnswerWire, signal }).catch((error: unknown) => {
      throw answered.length === 0 ? error : inDoubt(error)
    })
    const answer = Array.isArray(data) ? data[0] : data
    if (answer === null || answer === undefined) throw new AppError('order/unknown', { details: BROKER })
    if ('error' in answer) throw refusal(sayings(answer.error))
    if ('order_id' in answer)
      return { externalId: answer.order_id, status: webStatus(answer.order_status, Dec.zero), statusText: answer.order_status ?? '' }
    if (answered.includes(answer.id)) throw inDoubt(asked(answer))
    if (!isHarmless(answer) || answered.length >= MOST_QUESTIONS) throw asked(answer)
    return send(`/iserver/reply/${encodeURIComponent(answer.id)}`, { confirmed: true }, { signal }, [...answered, answer.id])
  }

  const accountPath = (account: string): string => `/iserver/account/${encodeURIComponent(account)}`
  const orderPath = (account: string, orderId: string): string => `${accountPath(account)}/order/${encodeURIComponent(orderId)}`

  return {
    async previewOrder(account, draft, stop) {
      const body = { orders: [await orderBody(account, draft, stop)] }
      const path = `${accountPath(account)}/orders/whatif`
      const { data } = await http.ask({ method: 'POST', base, path, body, schema: WhatIfWire, signal: stop.signal })
      return toPreview(data, draft)
    },
    placeOrder: async (account, draft, stop) =>
      send(`${accountPath(account)}/orders`, { orders: [await orderBody(account, draft, stop)] }, stop),
    async replaceOrder(account, orderId, draft, stop) {
      const body = await orderBody(account, draft, stop)
      checkChange(await readStatus(calls, account, orderId, stop), body, draft)
      return send(orderPath(account, orderId), body, stop).catch((error: unknown) => {
        throw known(error)
      })
    },
    async cancelOrder(account, orderId, stop) {
      await tradable(calls, account, stop)
      const path = orderPath(account, orderId)
      const refused = (error: unknown): Promise<never> => closed(calls, error, { account, orderId }, stop)
      const { data } = await http.send({ method: 'DELETE', base, path, schema: CancelWire, signal: stop.signal }).catch(refused)
      if (data?.error) await refused(new AppError('order/rejected', { details: BROKER, brokerSays: sayings(data.error) }))
      // The request is taken; how the order stands now is worth a look, and no reason to call it failed.
      const order = await readOrder(calls, account, orderId, stop).catch(() => null)
      return order ?? { externalId: orderId, status: 'working', statusText: 'PendingCancel' }
    },
  }
}

function isHarmless({ messageIds }: QuestionWire): boolean {
  return (messageIds?.length ?? 0) > 0 && (messageIds ?? []).every(id => HARMLESS.has(id))
}

/** Nobody can tell whether IBKR took it. */
function inDoubt(cause: unknown): AppError {
  const says = cause instanceof AppError && cause.brokerSays !== undefined ? { brokerSays: cause.brokerSays } : {}
  return new AppError('order/unknown', { details: BROKER, cause, ...says })
}

/** A reference that is taken may be this very order's, sent by an attempt nobody saw the end of. */
function refusal(brokerSays: string): AppError {
  const error = new AppError('order/rejected', { details: BROKER, brokerSays })
  return /already registered/i.test(brokerSays) ? inDoubt(error) : error
}

/** The order was not placed: IBKR waits for an answer that only the user can give. */
function asked({ message }: QuestionWire): AppError {
  return new AppError('order/rejected', { details: BROKER, brokerSays: sayings(message.join(' ')), cause: 'a question' })
}

/** What a refusal to change or cancel means, by its words. */
function known(error: unknown): unknown {
  if (!(error instanceof AppError) || error.code !== 'order/rejected') return error
  const says = error.brokerSays ?? ''
  if (/not found|doesn't exist|does not exist/i.test(says)) return new AppError('order/not-found', { details: BROKER, brokerSays: says })
  const done = /already|filled|cannot be (?:cancel|modif)|can't be (?:cancel|modif)|not cancel/i.test(says)
  return done ? notOpen(stateIn(says) ?? says, says) : error
}

function notOpen(status: string, brokerSays: string): AppError {
  return new AppError('order/not-open', { details: { ...BROKER, status }, brokerSays })
}

/** Throws what a refusal to cancel means. Where its words do not say how the order stands, the order itself is asked. */
async function closed(
  calls: WebCalls,
  error: unknown,
  { account, orderId }: { readonly account: string; readonly orderId: string },
  stop: Stop,
): Promise<never> {
  const meant = known(error)
  if (!(meant instanceof AppError) || meant.code !== 'order/not-open') throw meant
  const says = meant.brokerSays ?? ''
  const order = stateIn(says) === undefined ? await readOrder(calls, account, orderId, stop).catch(() => null) : null
  throw order === null || isOpen(order.status) ? meant : notOpen(order.statusText, says)
}

function toPreview({ amount, initial, warn, error }: WhatIfWire, draft: OrderDraft): OrderPreview {
  const [value, currency] = money(amount?.amount)
  const margin = money(initial?.change)[0]
  return {
    estimatedValue: value === null ? null : draft.side === 'buy' ? Dec.neg(value) : value,
    estimatedFees: money(amount?.commission)[0],
    buyingPowerEffect: margin === null ? null : Dec.neg(margin),
    currency: currency ?? 'USD',
    warnings: warn === null ? [] : [sayings(warn)],
    refusals: error === null ? [] : [sayings(error)],
  }
}

/** `1,006,413`, `0.01 USD`, `1 USD (1 Shares)`, and for costs a range: `0.35 ... 0.5 USD`, of which the higher end counts. */
function money(text: string | null | undefined): [Dec | null, string | undefined] {
  const figures = (text ?? '')
    .replace(/\(.*\)/, '')
    .replaceAll(',', '')
    .match(/-?\d+(?:\.\d+)?/g)
  const last = figures?.at(-1)
  return [last === undefined ? null : Dec.of(last), /\b([A-Z]{3})\b/.exec(text ?? '')?.[1]]
}
