import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../../shared/domain/time.ts'
import type { Ask, Reply } from '../exchange.ts'
import type { Feed, FeedRow } from '../feed.ts'
import { textReply } from '../exchange.ts'
import { alpacaError } from './oauth.ts'
import { ALPACA_ACTIVITY_TYPES } from './rows.ts'

const PAGE = 100
const DAY_MS = 86_400_000
const TRADES = ['FILL']

/** The knob of Alpaca alone: rows its history leaves out, as one that lacks them would: `SPLIT`, `OPASN/SPY261016P00600000` or an id, with commas between. */
export const ALPACA_KNOBS = ['hide-rows'] as const

interface Feeds {
  /** Every row. */
  readonly all: Feed
  /** Those that are not made when read. */
  readonly apart: Feed
  /** What the knob says. */
  readonly hidden: string | null
}

/** The activities endpoint. */
export function activitiesReply(ask: Ask, path: string, { all, apart, hidden }: Feeds): Reply {
  const { query } = ask
  const types = readTypes(query, path)
  if (typeof types === 'string') return invalid(types)
  const size = query.get('page_size')
  const pageSize = size === null ? (query.has('date') ? Number.POSITIVE_INFINITY : PAGE) : Number(size)
  if (size !== null && (!/^\d+$/.test(size) || pageSize < 1 || pageSize > PAGE)) return invalid(`page_size must be between 1 and ${PAGE}`)
  const direction = query.get('direction') ?? 'desc'
  if (direction !== 'asc' && direction !== 'desc') return invalid('direction must be asc or desc')
  const range = readRange(query)
  if (typeof range === 'string') return invalid(range)
  const feed = types === undefined || types.has('FILL') ? all : apart
  let low = feed.from(range.from)
  let high = feed.from(range.before)
  const token = query.get('page_token')
  if (token !== null && token !== '') {
    const place = feed.indexOf(token)
    if (place === undefined) return invalid('invalid page_token')
    if (direction === 'desc') high = Math.min(high, place)
    else low = Math.max(low, place + 1)
  }
  const isWanted = (row: FeedRow): boolean => (types === undefined || types.has(row.type)) && !isHidden(row, hidden)
  return textReply(200, `[${collect(feed, low, high, direction === 'desc', isWanted, pageSize).join(',')}]`)
}

function collect(feed: Feed, low: number, high: number, down: boolean, isWanted: (row: FeedRow) => boolean, limit: number): string[] {
  const texts: string[] = []
  for (let step = 0; step < high - low && texts.length < limit; step += 1) {
    const row: FeedRow = feed.rowAt(down ? high - 1 - step : low + step)
    if (isWanted(row)) texts.push(row.text)
  }
  return texts
}

function isHidden({ id, type, text }: FeedRow, hidden: string | null): boolean {
  if (hidden === null) return false
  return hidden.split(',').some(word => {
    const [wanted, symbol] = word.split('/')
    return word === id || (wanted === type && (symbol === undefined || text.includes(`"symbol":"${symbol}"`)))
  })
}

function readTypes(query: URLSearchParams, path: string): ReadonlySet<string> | string | undefined {
  const category = query.get('category')
  const named = path === '' ? query.get('activity_types') : path
  if (path !== '' && (query.has('activity_types') || category !== null))
    return 'activity_types and category do not go with a type in the path'
  if (named === null || named === '') {
    if (category === null) return undefined
    if (category === 'trade_activity') return new Set(TRADES)
    if (category !== 'non_trade_activity') return `invalid category: ${category}`
    return new Set([...ALPACA_ACTIVITY_TYPES].filter(type => !TRADES.includes(type)))
  }
  const types = named.split(',')
  const unknown = types.find(type => !ALPACA_ACTIVITY_TYPES.has(type))
  return unknown === undefined ? new Set(types) : `invalid activity type: ${unknown}`
}

/** The asked range in milliseconds: `from` included, `before` not. `after` and `until` themselves are outside. */
function readRange(query: URLSearchParams): { from: number; before: number } | string {
  const date = query.get('date')
  if (date !== null) {
    if (query.has('after') || query.has('until')) return 'date does not go with after or until'
    if (!LocalDate.is(date)) return 'invalid date'
    const from = dayStart(date)
    return { from, before: Math.min(dayStart(LocalDate.plusDays(date, 1)), from + DAY_MS + 3_600_000) }
  }
  const after = readMoment(query.get('after'))
  const until = readMoment(query.get('until'))
  if (Number.isNaN(after)) return 'invalid after'
  if (Number.isNaN(until)) return 'invalid until'
  return { from: after === null ? Number.NEGATIVE_INFINITY : after + 1, before: until ?? Number.POSITIVE_INFINITY }
}

/** A moment parameter: RFC 3339, or a day that begins at the exchange's midnight. NaN when it is neither, null when absent. */
export function readMoment(text: string | null): number | null {
  if (text === null || text === '') return null
  if (LocalDate.is(text)) return dayStart(text)
  try {
    return Instant.toEpochMs(Instant.parse(text))
  } catch {
    return Number.NaN
  }
}

function dayStart(day: LocalDate): number {
  return Instant.toEpochMs(startOfDay(day, EXCHANGE_ZONE))
}

/** The answer to a parameter that is not understood. */
export function invalid(message: string): Reply {
  return alpacaError(422, 40_010_001, message)
}
