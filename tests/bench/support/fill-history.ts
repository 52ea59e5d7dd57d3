import { type Db, openDatabase } from '../../../electron/core/db/open.ts'
import type { LotEvent } from '../../../electron/core/ledger/lots/lot-event.ts'
import { activityValues } from '../../../electron/core/ledger/values.ts'
import { adoptAccounts, numberHash } from '../../../electron/core/store/accounts.ts'
import { type ActivityValues, upsertActivities } from '../../../electron/core/store/activities-write.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { randomFills } from '../../support/lot-fills.ts'
import { atEnd } from './at-end.ts'
import { BENCH_CONNECTION, BENCH_NOW, benchFolder } from './bench-desk.ts'

const TX_ROWS = 5000
const DAYS = 2800
const SYMBOLS = 500

/** A database of fills, saved as a sync saves them and not yet computed. */
export interface FillHistory {
  readonly db: Db
  readonly accounts: readonly AccountId[]
  /** The fills of each account, by symbol. */
  readonly books: readonly ReadonlyMap<string, readonly LotEvent[]>[]
}

export interface FillHistoryOptions {
  readonly fills: number
  readonly accounts: number
}

/** Purchases and sales of what is held in 500 symbols over eleven years, in some accounts, the same each time. */
export function fillHistory({ fills, accounts: count }: FillHistoryOptions): FillHistory {
  const folder = benchFolder()
  const db = openDatabase({ file: folder.file, now: () => BENCH_NOW })
  const close = atEnd(() => {
    db.close()
    folder[Symbol.dispose]()
  })
  void close
  db.raw.pragma('wal_autocheckpoint = 16000')
  const accounts = newAccounts(db, count)
  const own = Math.ceil(fills / count)
  const books = accounts.map((_, at) => randomFills({ seed: 42 + at, fills: own, symbols: SYMBOLS, perDay: Math.max(1, Math.ceil(own / DAYS)) }))
  accounts.forEach((account, at) => {
    const rows = [...(books[at] ?? [])].flatMap(([symbol, events]) => events.map(event => ({ symbol, event }))).toSorted((a, b) => placeOf(a.event) - placeOf(b.event))
    for (let start = 0; start < rows.length; start += TX_ROWS) {
      const batch = rows.slice(start, start + TX_ROWS).map(({ symbol, event }) => fillRow(account, symbol, event, placeOf(event)))
      db.writer.tx(w => upsertActivities(w, batch))
    }
  })
  db.raw.pragma('wal_checkpoint(TRUNCATE)')
  return { db, accounts, books }
}

const placeOf = ({ key }: LotEvent): number => Number(key.slice(1))

function newAccounts(db: Db, count: number): AccountId[] {
  insertConnection(db.writer, {
    id: BENCH_CONNECTION, broker: 'alpaca', environment: 'live', method: 'api-key', state: { kind: 'connected' }, createdAt: BENCH_NOW, consentedAt: BENCH_NOW, scopes: [],
  })
  const accounts = Array.from({ length: count }, (_, at) => ({
    numberHash: numberHash(db.reader, 'alpaca', 'live', `account-${at}`), brokerKey: `key-${at}`, masked: `••••000${at}`, name: 'Alpaca account', type: 'Margin', currency: 'USD',
  }))
  return adoptAccounts(db.writer, { connectionId: BENCH_CONNECTION, broker: 'alpaca', environment: 'live', accounts }).map(({ id }) => id)
}

/** A fill as it is stored: about as long as a broker's own row. */
export function fillRow(account: AccountId, symbol: string, { key, day, quantity, price, costs, effect }: Omit<LotEvent, 'kind' | 'multiplier'>, place: number): ActivityValues {
  const executedAt = Instant.plus(Instant.parse(`${day}T14:30:00Z`), (place % 20_000) * 1000)
  const value = Dec.mul(quantity, price ?? Dec.zero)
  const facts: ActivityFacts = {
    externalId: `${day.replaceAll('-', '')}000000000::${key.padStart(36, '0')}`, kind: 'trade', brokerType: 'FILL', symbol, assetClass: 'equity', side: Dec.isNegative(quantity) ? 'sell' : 'buy',
    positionEffect: effect, quantity: Dec.abs(quantity), price, amount: Dec.neg(Dec.add(value, costs)), fees: costs, currency: 'USD', executedAt, tradeDate: LocalDate.of(day),
    orderId: `${key}-order`, description: null, status: 'final',
  }
  return activityValues(account, { facts, raw: JSON.stringify(facts) }, { asOf: BENCH_NOW, fetchedAt: BENCH_NOW })
}
