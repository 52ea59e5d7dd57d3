import { AppError } from '../../../shared/contract/errors.ts'
import type { OrderRow } from '../../../shared/contract/orders.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import type { Order } from '../../../shared/domain/order.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { isOpen } from '../brokers/order-status.ts'
import type { Reader } from '../db/connection.ts'
import { getConnection } from '../store/connections.ts'
import { getIntent, type Intent, intentOfOrder } from '../store/order-intents.ts'
import { currencyOf, homeOf, type OrderKey } from '../store/order-list.ts'
import { orderOf } from '../store/orders.ts'
import { isRefusedAnyway } from './not-listed.ts'
import { mayOpen, orderCurrency } from './order-currency.ts'
import { outcomeSentence, plain } from './sentences.ts'

export interface OrderViewDeps {
  readonly reader: Reader
  /** What may be done with the orders of a connection now. */
  readonly can: (connection: Connection) => { readonly cancel: boolean; readonly replace: boolean }
}

/** What counts as being at work, though no broker has shown it. */
const ALIVE: ReadonlySet<string> = new Set(['sending', 'unknown', 'confirmed'])

/** An order as a row of the list. Throws app/not-found. */
export function orderRow(deps: OrderViewDeps, key: OrderKey): OrderRow {
  const { reader } = deps
  if (key.kind === 'intent') {
    const intent = found(getIntent(reader, key.intentId))
    const shown = intent.externalId === null ? null : orderOf(reader, intent.accountId, intent.externalId)
    return shown ? ofOrder(deps, shown, intent) : ofIntent(deps, intent)
  }
  const order = found(orderOf(reader, key.accountId, key.externalId))
  return ofOrder(deps, order, intentOfOrder(reader, key.accountId, key.externalId))
}

function ofOrder(deps: OrderViewDeps, order: Order, intent: Intent | null): OrderRow {
  const { accountId, externalId, statusText, quantity, symbol } = order
  const { connectionId, broker, environment, currency, can } = home(deps, accountId)
  const status = isRefusedAnyway(order, intent) ? 'rejected' : order.status
  const open = isOpen(status)
  return {
    id: `ord_${accountId}_${externalId}`,
    accountId,
    connectionId,
    broker,
    environment,
    externalId,
    intentId: intent?.id ?? null,
    isOurs: intent !== null,
    symbol,
    side: order.side,
    type: intent?.draft?.type ?? order.type,
    timeInForce: order.timeInForce,
    status,
    statusText: plain(statusText),
    isOpen: open,
    quantity,
    notional: intent?.draft?.notional ?? null,
    filledQuantity: order.filledQuantity,
    limitPrice: order.limitPrice,
    stopPrice: order.stopPrice,
    averageFillPrice: order.averageFillPrice,
    currency: intent?.draft && mayOpen(intent.draft) ? currency : ((symbol === null ? null : currencyOf(deps.reader, accountId, symbol)) ?? (intent && currency)),
    submittedAt: order.submittedAt,
    updatedAt: order.updatedAt,
    fetchedAt: order.fetchedAt,
    canCancel: open && can.cancel,
    canReplace: open && can.replace && quantity !== null,
  }
}

function ofIntent(deps: OrderViewDeps, intent: Intent): OrderRow {
  const { id, accountId, externalId, draft, outcome, createdAt, settledAt } = intent
  const { connectionId, broker, environment, currency, can } = home(deps, accountId)
  // One the user settled by hand has nothing here to act on.
  const open = ALIVE.has(outcome) && (outcome !== 'confirmed' || externalId !== null)
  return {
    id,
    accountId,
    connectionId,
    broker,
    environment,
    externalId,
    intentId: id,
    isOurs: true,
    symbol: draft?.symbol ?? null,
    side: draft?.side ?? null,
    type: draft?.type ?? '',
    timeInForce: draft?.timeInForce ?? '',
    status: outcome === 'confirmed' ? 'working' : outcome,
    statusText: outcomeSentence(intent),
    isOpen: open,
    quantity: draft?.quantity ?? null,
    notional: draft?.notional ?? null,
    filledQuantity: Dec.zero,
    limitPrice: draft?.limitPrice ?? null,
    stopPrice: draft?.stopPrice ?? null,
    averageFillPrice: null,
    currency: (draft && orderCurrency(deps.reader, accountId, draft)) ?? currency,
    submittedAt: createdAt,
    updatedAt: settledAt ?? createdAt,
    fetchedAt: null,
    canCancel: outcome === 'confirmed' && externalId !== null && can.cancel,
    canReplace: false,
  }
}

function home(
  { reader, can }: OrderViewDeps,
  accountId: AccountId,
): Pick<OrderRow, 'connectionId' | 'broker' | 'environment'> & {
  readonly currency: string
  readonly can: ReturnType<OrderViewDeps['can']>
} {
  const at = found(homeOf(reader, accountId))
  const connection = getConnection(reader, at.connectionId)
  return { ...at, can: connection ? can(connection) : { cancel: false, replace: false } }
}

function found<T>(value: T | null): T {
  if (value === null) throw new AppError('app/not-found')
  return value
}
