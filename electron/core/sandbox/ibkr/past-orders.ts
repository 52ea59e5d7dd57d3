import { Dec } from '../../../../shared/domain/decimal.ts'
import type { StoryOrder } from '../story.ts'
import type { IbkrBook } from './book.ts'
import type { IbkrIdentity } from './customers.ts'
import { pastNumbers } from './executions.ts'
import { isWorking } from './order.ts'
import type { IbkrOrder } from './order.ts'
import type { Place } from './order-desk.ts'

/** Orders of an account that ended since a moment, oldest first: those of the story, and those a client placed. */
export function pastOrders(book: IbkrBook, place: Place, since: number): IbkrOrder[] {
  const placed = book.orders.all().filter(({ identity }) => identity.account === place.identity.account)
  const booked = new Set(placed.map(order => order.booked))
  const told = place.account.story.orders.filter(order => !booked.has(order) && (order.closedAt ?? 0) >= since)
  const done = placed.filter(order => !isWorking(order) && (order.closedAt ?? 0) >= since)
  return [...told.flatMap(order => retold(place.identity, order)), ...done].sort((a, b) => (a.closedAt ?? 0) - (b.closedAt ?? 0))
}

function retold(identity: IbkrIdentity, order: StoryOrder): IbkrOrder[] {
  const [leg] = order.legs
  if (!leg) return []
  const filled = Dec.sum(order.fills.map(({ qty }) => qty))
  const paid = order.fills.reduce((total, { qty, price }) => total + Number(qty) * Number(price), 0)
  const ticket = {
    instrument: leg.instrument,
    side: leg.side,
    qty: leg.qty,
    type: order.type === 'limit' ? 'LMT' : 'MKT',
    limit: order.limit,
    stop: null,
    trail: null,
    tif: 'DAY',
    orderRef: '',
    outsideRth: false,
  } as const
  return [
    {
      identity,
      numbers: pastNumbers(identity, order),
      ticket,
      status: order.status === 'filled' ? 'Filled' : 'Cancelled',
      filled,
      average: Dec.isZero(filled) ? Dec.zero : Dec.of((paid / Number(filled)).toFixed(8)),
      last: order.fills.at(-1)?.price ?? Dec.zero,
      closedAt: order.closedAt,
      booked: order,
    },
  ]
}
