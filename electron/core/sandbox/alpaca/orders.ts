import { Dec } from '../../../../shared/domain/decimal.ts'
import { textReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import { LISTINGS } from '../market.ts'
import { shareOf } from '../instrument.ts'
import type { StoryOrder } from '../story.ts'
import { alpacaOrder } from './state.ts'
import { invalid, readMoment } from './queries.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Two orders that still wait, submitted before 15:00 UTC of today or yesterday. */
export function waitingOrders(nowMs: number): StoryOrder[] {
  return [1, 2].map(number => {
    const leg = {
      instrument: shareOf(LISTINGS[number] ?? LISTINGS[0]),
      side: 'buy',
      effect: 'open',
      qty: Dec.of(String(number * 5)),
    } as const
    const submittedAt = Math.floor((nowMs - 15 * HOUR_MS) / DAY_MS) * DAY_MS + 15 * HOUR_MS - number * 600_000
    return {
      number,
      legs: [leg],
      type: 'limit',
      limit: Dec.of(String(100 + number)),
      submittedAt,
      closedAt: null,
      status: 'open',
      fills: [],
    }
  })
}

/** The orders endpoint: open ones unless asked otherwise, newest first, `after` and `until` outside the answer. */
export function ordersReply(seed: number, ask: Ask, orders: readonly StoryOrder[], nowMs: number): Reply {
  const { query } = ask
  const status = query.get('status') ?? 'open'
  if (!['open', 'closed', 'all'].includes(status)) return invalid(`invalid status: ${status}`)
  const limit = Number(query.get('limit') ?? 50)
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) return invalid('limit must be between 1 and 500')
  const direction = query.get('direction') ?? 'desc'
  if (direction !== 'asc' && direction !== 'desc') return invalid('direction must be asc or desc')
  const after = readMoment(query.get('after'))
  const until = readMoment(query.get('until'))
  if (Number.isNaN(after) || Number.isNaN(until)) return invalid('invalid time')
  const symbols = query.get('symbols')?.split(',')
  const found = [...orders, ...waitingOrders(nowMs)]
    .filter(order => status === 'all' || (order.status === 'open') === (status === 'open'))
    .filter(order => order.submittedAt > (after ?? Number.NEGATIVE_INFINITY) && order.submittedAt < (until ?? Number.POSITIVE_INFINITY))
    .filter(order => symbols === undefined || order.legs.some(({ instrument }) => symbols.includes(instrument.symbol)))
    .sort((a, b) => (direction === 'asc' ? 1 : -1) * (a.submittedAt - b.submittedAt || a.number - b.number))
    .slice(0, limit)
  return textReply(200, `[${found.map(order => JSON.stringify(alpacaOrder(seed, order))).join(',')}]`)
}
