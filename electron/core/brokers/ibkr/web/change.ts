import { AppError } from '../../../../../shared/contract/errors.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import { typeOfWord, validityOfWord } from '../../../../../shared/domain/order-terms.ts'
import type { OrderDraft } from '../../../../../shared/domain/order.ts'
import { isOpen } from '../../order-status.ts'
import { invalidOrder } from '../../order-draft.ts'
import { hoursProblem } from '../../plain-terms.ts'
import { fromStatus } from './orders.ts'
import type { StatusAnswer } from './reads.ts'

const BROKER = { broker: 'Interactive Brokers' }
/** What takes an order's place, as it is sent. */
interface Wanted {
  readonly conid: number
  readonly side: string
}

/**
 * Throws order/not-open for an order that is done or being canceled, order/invalid for another instrument, side or type and for one that
 * filled in part (what that bought would count anew), order/not-offered where the order has more to it than a draft can say.
 */
export function checkChange({ data, asOf }: StatusAnswer, wanted: Wanted, draft: Pick<OrderDraft, 'type' | 'extendedHours'>): void {
  const { status, statusText, filledQuantity, side } = fromStatus(data, asOf)
  const isLeaving = statusText === 'PendingCancel'
  if (!isOpen(status) || isLeaving) throw new AppError('order/not-open', { details: { ...BROKER, status: statusText } })
  if (!Dec.isZero(filledQuantity)) throw invalidOrder('a part of it is filled: cancel the rest and send a new order')
  const isSame =
    (data.conid === null || data.conid === String(wanted.conid)) &&
    side === wanted.side.toLowerCase() &&
    typeOfWord(data.order_type ?? '') === draft.type
  if (!isSame) throw invalidOrder('a change keeps the instrument, the side and the type of an order')
  const hours = hoursProblem(data.outside_rth ?? null, draft)
  if (hours !== undefined) throw invalidOrder(hours)
  const isAlone = data.child_order_type === null || data.child_order_type === '0'
  const isPlain = isAlone && data.all_or_none !== true && data.order_not_editable !== true && (data.tif === null || validityOfWord(data.tif) !== undefined)
  if (!isPlain) throw new AppError('order/not-offered', { details: BROKER })
}
