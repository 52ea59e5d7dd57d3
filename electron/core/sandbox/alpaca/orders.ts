import { textReply } from '../exchange.ts'
import type { Ask, Reply } from '../exchange.ts'
import type { StoryOrder } from '../story.ts'
import { alpacaOrder } from './state.ts'
import { invalid, readMoment } from './queries.ts'

/** The orders endpoint: open ones unless asked otherwise, newest first, `after` and `until` outside the answer. */
export function ordersReply(seed: number, ask: Ask, orders: readonly StoryOrder[]): Reply {
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
  const found = [...orders]
    .filter(order => status === 'all' || (order.status === 'open') === (status === 'open'))
    .filter(order => order.submittedAt > (after ?? Number.NEGATIVE_INFINITY) && order.submittedAt < (until ?? Number.POSITIVE_INFINITY))
    .filter(order => symbols === undefined || order.legs.some(({ instrument }) => symbols.includes(instrument.symbol)))
    .sort((a, b) => (direction === 'asc' ? 1 : -1) * (a.submittedAt - b.submittedAt || a.number - b.number))
    .slice(0, limit)
  return textReply(200, `[${found.map(order => JSON.stringify(alpacaOrder(seed, order))).join(',')}]`)
}
