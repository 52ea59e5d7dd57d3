import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft, OrderType } from '../../../shared/domain/order.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { BrokerOrder } from '../brokers/adapter.ts'
import { isOpen } from '../brokers/order-status.ts'
import type { Intent } from '../store/order-intents.ts'

export type Match =
  | { readonly kind: 'found'; readonly order: BrokerOrder }
  /** The order that was to be changed ended as it was. */
  | { readonly kind: 'late'; readonly order: BrokerOrder }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly count: number }
  /** The order that was to be changed is there, and looks the same either way. */
  | { readonly kind: 'unseen' }

const BEFORE_MS = 5_000
const AFTER_MS = 120_000

/**
 * The order that came of an intent, among all a broker tells: by our own id or the broker's number, or by everything that was sent within two minutes of the
 * sending. `isOthers` says which orders were there before, or belong to another intent. Several that fit are left to the user, and so is
 * any new order for the same side of the same symbol that does not fit in all, and one without an id where the broker tells ours back
 * (null, and not left out): it may have been typed there. Better a question than an order nobody looks after. A changed order that gave way to one nobody sees is a question too, with a count of zero.
 * Where a change makes a new order (`makesNew`), an old one that works on says that it did not arrive, and one that ended that it came too late.
 */
export function matchOrder(
  intent: Pick<Intent, 'clientOrderId' | 'draft' | 'target' | 'sentAt' | 'createdAt'> & Partial<Pick<Intent, 'externalId' | 'isUnseen'>>,
  orders: readonly BrokerOrder[],
  isOthers: (externalId: string) => boolean,
  { makesNew = false }: { readonly makesNew?: boolean } = {},
): Match {
  const { clientOrderId, draft, target, externalId = null } = intent
  // A change keeps the number of the old order at some brokers: that it is there says nothing of the change.
  const number = target === null ? externalId : null
  const byId = orders.find(order => order.clientOrderId === clientOrderId || order.externalId === number)
  if (byId) return { kind: 'found', order: byId }
  if (!draft) return { kind: 'none' }
  // Some brokers change an order under its own id.
  const own = orders.find(({ externalId }) => externalId === target)
  const handedOn = own?.clientOrderId ?? null
  const isThere = own !== undefined && own.status !== 'replaced' && own.status !== 'canceled' && isAlike(own, draft)
  if (isThere && !intent.isUnseen) return { kind: 'found', order: own }
  const sent = intent.sentAt ?? intent.createdAt
  const fresh = orders.filter(
    order =>
      order.externalId !== target &&
      [null, handedOn].includes(order.clientOrderId ?? null) &&
      !isOthers(order.externalId) &&
      mayBe(order, draft),
  )
  const fitting = fresh.filter(order => order.clientOrderId !== null && isWithin(order.submittedAt, sent) && isAlike(order, draft))
  const [first] = fitting
  if (first && fitting.length === 1 && !fresh.some(({ clientOrderId }) => clientOrderId === null)) return { kind: 'found', order: first }
  if (isThere && fresh.length === 0) {
    // Nothing is left to change of one that is done: its end is what became of it, unless a change had made a new one.
    if (!isOpen(own.status)) return { kind: makesNew ? 'late' : 'found', order: own }
    return { kind: makesNew ? 'none' : 'unseen' }
  }
  // Something took the place of the old order, seen or not.
  return fresh.length === 0 && own?.status !== 'replaced' ? { kind: 'none' } : { kind: 'several', count: fresh.length }
}

function mayBe({ symbol, side }: BrokerOrder, draft: OrderDraft): boolean {
  return (symbol === null || lettersOf(symbol) === lettersOf(draft.symbol)) && (side === null || side === draft.side)
}

/** Brokers part the same letters in other ways: `BRK.B`, `BRK/B`. */
function lettersOf(symbol: string): string {
  return symbol.toUpperCase().replace(/[^A-Z0-9]/g, '')
}

function isWithin(submitted: Instant, sent: Instant): boolean {
  const ms = Instant.msBetween(sent, submitted)
  return ms >= -BEFORE_MS && ms <= AFTER_MS
}

/** Whether a broker tells of an order what was sent, as far as it tells. */
export function isAlike(order: BrokerOrder, draft: OrderDraft): boolean {
  return (
    order.symbol === draft.symbol &&
    order.side === draft.side &&
    typeOf(order) === draft.type &&
    !isOtherwiseValid(order, draft) &&
    (draft.quantity === null ? isWorth(order, draft) : isSame(order.quantity, draft.quantity)) &&
    isSame(order.limitPrice, draft.limitPrice) &&
    (draft.type === 'trailing-stop' || isSame(order.stopPrice, draft.stopPrice))
  )
}

const APART = Dec.of('0.05')

/** What an order for an amount of money comes to: within 5 %, by what it was filled at, else its limit. Without either nobody can tell. */
function isWorth({ quantity, averageFillPrice, limitPrice }: BrokerOrder, { notional }: OrderDraft): boolean {
  const price = averageFillPrice ?? limitPrice
  if (quantity === null || Dec.isZero(quantity) || price === null || notional === null) return true
  const off = Dec.abs(Dec.sub(Dec.mul(quantity, price), notional))
  return Dec.cmp(off, Dec.mul(notional, APART)) <= 0
}

/** Whether the broker's word for how long it is valid (`GTC`, `GOOD_FOR_DAY`) is one for the other of the two usual ways. */
function isOtherwiseValid({ timeInForce: word }: BrokerOrder, { timeInForce }: OrderDraft): boolean {
  const isForDay = /day/i.test(word)
  const isUntilCanceled = /gtc|cancel/i.test(word)
  return timeInForce === 'day' ? isUntilCanceled : timeInForce === 'gtc' && isForDay
}

/** A price that is not there is told as nothing or as zero. */
function isSame(a: Dec | null, b: Dec | null): boolean {
  return Dec.cmp(a ?? Dec.zero, b ?? Dec.zero) === 0
}

/** The kind of an order by the broker's word for it: `STP LMT`, `stop_limit`, `StopLimit`. */
function typeOf({ type }: BrokerOrder): OrderType {
  const hasStop = /stop|stp/i.test(type)
  const hasLimit = /limit|lmt/i.test(type)
  if (/trail/i.test(type)) return 'trailing-stop'
  if (hasStop && hasLimit) return 'stop-limit'
  return hasStop ? 'stop' : hasLimit ? 'limit' : 'market'
}
