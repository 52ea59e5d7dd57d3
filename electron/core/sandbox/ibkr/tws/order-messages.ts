import { Dec } from '../../../../../shared/domain/decimal.ts'
import { contractOf } from '../contract.ts'
import { eastern } from '../eastern.ts'
import type { IbkrOrder, Ticket } from '../order.ts'
import type { Field } from './frame.ts'
import { UNSET, UNSET_INT, contractFields, groups } from './messages.ts'

/** How an order looks to one client. */
export interface OrderView {
  readonly account: string
  readonly permId: number
  readonly orderId: number
  readonly version: number
}

/** What the state part of an open order says. Amounts as text; unset where there is none. */
export interface StateFacts {
  readonly status: string
  readonly whatIf: boolean
  /** Initial, maintenance and equity, each before, change and after, in the order of the wire. */
  readonly margins: readonly string[]
  readonly commission: Dec | null
  readonly warning: string
}

// The fields that close an open order came one version at a time.
const OPEN_ORDER_ENDS = [
  [193, 141],
  [189, 139],
  [185, 138],
  [184, 137],
  [183, 136],
  [0, 135],
] as const
const COMPLETED_ORDER_ENDS = [
  [184, 102],
  [183, 101],
  [0, 100],
] as const

const blank = (count: number): Field[] => Array.from({ length: count }, () => '')
const unset = (count: number): Field[] => Array.from({ length: count }, () => UNSET)
const zeros = (count: number): Field[] => Array.from({ length: count }, () => 0)

/** Nothing known about margins, as orders that are only placed come. */
export const NO_MARGINS: readonly string[] = Array.from({ length: 9 }, () => UNSET)

export function openOrder(order: IbkrOrder, view: OrderView, state: StateFacts): Field[] {
  const { ticket, numbers } = order
  const { account, permId, orderId } = view
  const trail = trailFields(ticket)
  const fields = groups(
    [5, orderId, ...contractFields(contractOf(ticket.instrument)), ...wishes(ticket), '', account, '', 0],
    [ticket.orderRef, numbers.clientId, permId, ticket.outsideRth ? 1 : 0, 0, 0, ''],
    [`${permId}.0/${account}/${ticket.qty}`, ...blank(8), 0, '', -1, 0, ...blank(5), UNSET_INT, 0, 0, 0, '', 3],
    [0, 0, '', 0, 0, '', 0, 'None', '', 0, '', '', '', '?', 0, 0, '', 0, 0, trail.stop, trail.percent],
    ['', '', '', 0, 0, 0, UNSET_INT, UNSET_INT, '', '', 0, '', 'IB', 0, 0, '', 0, state.whatIf ? 1 : 0],
    [state.status, ...state.margins, state.commission ?? '', '', '', state.commission === null ? '' : 'USD', state.warning],
    [0, 0, 0, 'None', ...unset(6), 0, '', '', '', 0, 1, 0, 0, 0, '', '', 0, '', 100, '0.02', '', ''],
    ['', 0, '', 0, '', UNSET_INT],
  )
  return fields.slice(0, lengthAt(OPEN_ORDER_ENDS, view.version))
}

/** A finished order. Its quantity is zero and what was filled stands in a field of its own, as captured. */
export function completedOrder(order: IbkrOrder, view: OrderView): Field[] {
  const { ticket, filled } = order
  const trail = trailFields(ticket)
  const { compactDay, clock } = eastern(order.closedAt ?? 0)
  const done = order.status === 'Filled'
  const fields = groups(
    [101, ...contractFields(contractOf(ticket.instrument)), ...wishes({ ...ticket, qty: Dec.zero }), '', view.account, '', 0],
    [ticket.orderRef, view.permId, ticket.outsideRth ? 1 : 0, 0, 0, ...blank(9), 0, '', -1, ...blank(5), UNSET_INT, 0, 0, ''],
    [3, 0, '', 0, 'None', '', 0, 0, 0, '', 0, 0, trail.stop, trail.percent, '', 0, 0, 0, UNSET_INT, UNSET_INT, '', ''],
    ['', 'IB', 0, 0, '', 0, order.status, ...zeros(3), UNSET, UNSET, 0, 1, 0, '', filled, UNSET_INT, 0],
    ['Not an insider or substantial shareholder', 0, 0, '9223372036854775807', `${compactDay} ${clock} US/Eastern`],
    [done ? `Filled Size: ${filled}` : 'Cancelled by Trader', ...blank(5), '', 0],
  )
  return fields.slice(0, lengthAt(COMPLETED_ORDER_ENDS, view.version))
}

export function orderStatus(order: IbkrOrder, view: OrderView, whyHeld = ''): Field[] {
  const { status, filled, ticket, average, last, numbers } = order
  const left = status === 'Inactive' ? Dec.zero : Dec.sub(ticket.qty, filled)
  return [3, view.orderId, status, filled, left, average, view.permId, 0, last, numbers.clientId, whyHeld, 0]
}

/** Action, quantity, type, prices and time in force. */
function wishes({ side, qty, type, limit, stop, trail, tif }: Ticket): Field[] {
  const aux = type === 'TRAIL' ? (trail?.unit === 'amount' ? trail.by : '0.0') : (stop ?? '0.0')
  return [side === 'buy' ? 'BUY' : 'SELL', qty, type, limit ?? '0.0', aux, tif]
}

function trailFields({ type, stop, trail }: Ticket): { readonly stop: Field; readonly percent: Field } {
  if (type !== 'TRAIL') return { stop: '', percent: '' }
  return { stop: stop ?? '', percent: trail?.unit === 'percent' ? trail.by : '' }
}

function lengthAt(ends: readonly (readonly [number, number])[], version: number): number {
  return ends.find(([since]) => version >= since)?.[1] ?? 0
}
