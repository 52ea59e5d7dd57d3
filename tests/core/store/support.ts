import fc from 'fast-check'
import type { BrokerActivity } from '../../../electron/core/brokers/adapter.ts'
import type { Db } from '../../../electron/core/db/open.ts'
import { activityValues } from '../../../electron/core/ledger/values.ts'
import { adoptAccounts, numberHash } from '../../../electron/core/store/accounts.ts'
import { type UpsertCounts, upsertActivities } from '../../../electron/core/store/activities-write.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import { ACTIVITY_KINDS, SIDES } from '../../../shared/domain/activity.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, toLocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'

export function connection(id: string): Connection {
  return {
    id: id as ConnectionId,
    broker: 'alpaca',
    environment: 'paper',
    method: 'oauth',
    state: { kind: 'connected' },
    createdAt: AT,
    consentedAt: AT,
    scopes: ['account:read'],
  }
}

/** Connections with accounts, by account number. */
export function withAccounts(db: Db, plan: Readonly<Record<string, readonly string[]>>): AccountId[] {
  return Object.entries(plan).flatMap(([id, numbers]) => {
    insertConnection(db.writer, connection(id))
    return adopt(db, id as ConnectionId, numbers).map(account => account.id)
  })
}

export function adopt(db: Db, connectionId: ConnectionId, numbers: readonly string[]): ReturnType<typeof adoptAccounts> {
  const accounts = numbers.map(number => ({
    numberHash: numberHash(db.reader, 'alpaca', 'paper', number),
    brokerKey: number,
    masked: `••••${number.slice(-4)}`,
    name: `Account ${number}`,
    type: 'margin',
    currency: 'USD',
  }))
  return adoptAccounts(db.writer, { connectionId, broker: 'alpaca', environment: 'paper', accounts })
}

export interface Row extends BrokerActivity {
  readonly accountId: AccountId
}

export function save(db: Db, rows: readonly Row[]): UpsertCounts {
  const values = rows.map(row => activityValues(row.accountId, row, { asOf: AT, fetchedAt: AT }))
  return db.writer.tx(w => upsertActivities(w, values))
}

const SYMBOLS = ['AAPL', 'BRK.B', 'SPY', 'AAPL261218C00250000', 'Ä1'] as const
const WORDS = ['dividend', 'Cash', 'fee', 'Überweisung', 'AAPL', 'wire-in', '2024'] as const
const START = Instant.toEpochMicros(Instant.parse('2024-03-08T00:00:00Z'))

/** Few values for everything, so that rows meet at the same time, symbol and day; the days hold a change to summer time. */
export function rowsIn(accounts: readonly AccountId[]): fc.Arbitrary<Row> {
  const micros = fc.oneof(
    fc.integer({ min: 0, max: 12 }).map(n => n * 6 * 3600e6 + 123),
    fc.integer({ min: 0, max: 4 * 86_400e6 }),
    fc.constant(7),
  )
  return fc
    .record({
      accountId: fc.constantFrom(...accounts),
      externalId: fc.integer({ min: 1, max: 40 }).map(n => `row-${n}`),
      executed: micros.map(n => Instant.fromEpochMicros(START + n)),
      late: fc.constantFrom(0, 0, 0, 0, -1, 30),
      onlyDay: fc.boolean(),
      kind: fc.oneof(fc.constant('trade' as const), fc.constantFrom(...ACTIVITY_KINDS)),
      symbol: fc.option(fc.constantFrom(...SYMBOLS)),
      side: fc.option(fc.constantFrom(...SIDES)),
      description: fc.option(fc.subarray([...WORDS]).map(words => words.join(' '))),
      quantity: fc.integer({ min: 1, max: 3 }).map(n => Dec.of(String(n))),
    })
    .map(({ accountId, executed, late, onlyDay, ...some }) => ({
      accountId,
      raw: JSON.stringify({ id: some.externalId }),
      facts: {
        ...some,
        brokerType: 'FILL',
        assetClass: null,
        positionEffect: null,
        price: null,
        amount: null,
        fees: Dec.zero,
        currency: 'USD',
        executedAt: onlyDay ? null : executed,
        tradeDate: LocalDate.plusDays(toLocalDate(executed, EXCHANGE_ZONE), late),
        orderId: null,
        status: 'final' as const,
      },
    }))
}
