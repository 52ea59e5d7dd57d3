import type { Activity, ActivityKind, Side } from '../../../shared/domain/activity.ts'
import type { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId, ActivityId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { Instant, type LocalDate } from '../../../shared/domain/time.ts'
import type { Row } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import type { Place } from './activity-cursor.ts'
import { instant, instantOrNull, integer, text, textOrNull } from './cells.ts'

/** The columns `toActivity` reads, of activities `a` joined with accounts `c`. */
export const ACTIVITY_COLUMNS = sql`a.id, a.sort_at, c.id AS account_id, c.connection_id, a.external_id, a.executed_at, a.trade_date, a.kind,
  a.broker_type, a.symbol, a.asset_class, a.side, a.position_effect, a.quantity, a.price, a.amount, a.fees, a.currency, a.order_id,
  a.description, a.status, a.as_of, a.fetched_at`

const PREFIX = 'act_'

export function toActivityId(id: number): ActivityId {
  return `${PREFIX}${id}` as ActivityId
}

/** The row's number; null for an id this app never gave out. */
export function fromActivityId(id: ActivityId): number | null {
  const digits = id.startsWith(PREFIX) ? id.slice(PREFIX.length) : ''
  return /^[1-9]\d{0,14}$/.test(digits) ? Number(digits) : null
}

export function placeOf(row: Row): Place {
  return { sortAt: integer(row, 'sort_at'), id: integer(row, 'id') }
}

/** Rows as activities. Rows saved together share their stamps, so each is written out once. */
export function toActivities(rows: readonly Row[]): Activity[] {
  const stamps = new Map<number, Instant>()
  const stamp = (row: Row, name: string): Instant => {
    const micros = integer(row, name)
    let known = stamps.get(micros)
    if (known === undefined) stamps.set(micros, (known = Instant.fromEpochMicros(micros)))
    return known
  }
  return rows.map(row => toActivity(row, stamp))
}

export function toActivity(row: Row, stamp: (row: Row, name: string) => Instant = instant): Activity {
  return {
    id: toActivityId(integer(row, 'id')),
    connectionId: text<ConnectionId>(row, 'connection_id'),
    accountId: text<AccountId>(row, 'account_id'),
    kind: text<ActivityKind>(row, 'kind'),
    brokerType: text(row, 'broker_type'),
    symbol: textOrNull(row, 'symbol'),
    assetClass: textOrNull<AssetClass>(row, 'asset_class'),
    side: textOrNull<Side>(row, 'side'),
    positionEffect: textOrNull<'open' | 'close'>(row, 'position_effect'),
    quantity: textOrNull<Dec>(row, 'quantity'),
    price: textOrNull<Dec>(row, 'price'),
    amount: textOrNull<Dec>(row, 'amount'),
    fees: text<Dec>(row, 'fees'),
    currency: text(row, 'currency'),
    executedAt: instantOrNull(row, 'executed_at'),
    tradeDate: text<LocalDate>(row, 'trade_date'),
    orderId: textOrNull(row, 'order_id'),
    externalId: text(row, 'external_id'),
    description: textOrNull(row, 'description'),
    status: text<Activity['status']>(row, 'status'),
    asOf: stamp(row, 'as_of'),
    fetchedAt: stamp(row, 'fetched_at'),
  }
}
