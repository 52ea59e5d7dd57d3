import path from 'node:path'
import { ActivityWire } from '../../../electron/core/brokers/alpaca/wire.ts'
import { toActivity } from '../../../electron/core/brokers/alpaca/map.ts'
import { type Db, openDatabase } from '../../../electron/core/db/open.ts'
import { activityValues } from '../../../electron/core/ledger/values.ts'
import { adoptAccounts, numberHash } from '../../../electron/core/store/accounts.ts'
import { type ActivityValues, indexText, upsertActivities } from '../../../electron/core/store/activities-write.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { atEnd } from './at-end.ts'
import { BENCH_NOW, benchFolder } from './bench-desk.ts'
import { wireRow } from './trades.ts'

/** A data folder with a history in it; never written to by a check. */
export interface LongHistory {
  readonly dataDir: string
  readonly file: string
}

export const MANY = 1_000_000
export const FEW = 10_000

const DAYS = 4000
const ACCOUNTS = 4
const TX_ROWS = 5000
const made = new Map<number, LongHistory>()

/**
 * A database with this many activities over eleven years, in four accounts of two connections, saved as a sync saves them
 * (account after account, newest first, text index last). Made once a run and gone with the process.
 */
export function longHistory(rows: number): LongHistory {
  const known = made.get(rows)
  if (known) return known
  const folder = benchFolder()
  atEnd(() => folder[Symbol.dispose]())
  const db = openDatabase({ file: folder.file, now: today })
  try {
    fill(db, rows)
  } finally {
    db.close()
  }
  const history = { dataDir: path.dirname(folder.file), file: folder.file }
  made.set(rows, history)
  return history
}

/** Opens a history as the core does. */
export function openHistory(rows: number): Db {
  return openDatabase({ file: longHistory(rows).file, now: today })
}

function today(): Instant {
  return Instant.fromEpochMs(Date.now())
}

function fill(db: Db, rows: number): void {
  const accounts = ['con_1', 'con_2'].flatMap(id => newAccounts(db, id as ConnectionId))
  db.raw.pragma('wal_autocheckpoint = 16000')
  accounts.forEach((account, place) => {
    for (let from = place; from < rows; from += ACCOUNTS * TX_ROWS) {
      const batch: ActivityValues[] = []
      for (let at = from; at < Math.min(rows, from + ACCOUNTS * TX_ROWS); at += ACCOUNTS) batch.push(storedRow(account, at, rows))
      db.writer.tx(w => upsertActivities(w, batch))
    }
  })
  while (indexText(db.writer));
  db.raw.pragma('wal_checkpoint(TRUNCATE)')
}

/** Connections that wait for a sign-in, so that a host opened on them does not sync. */
function newAccounts(db: Db, connectionId: ConnectionId): AccountId[] {
  insertConnection(db.writer, {
    id: connectionId,
    broker: 'alpaca',
    environment: 'paper',
    method: 'api-key',
    createdAt: BENCH_NOW,
    consentedAt: BENCH_NOW,
    scopes: [],
    state: { kind: 'needs-sign-in', because: 'revoked', since: BENCH_NOW },
  })
  const accounts = Array.from({ length: ACCOUNTS / 2 }, (_, at) => ({
    numberHash: numberHash(db.reader, 'alpaca', 'paper', `${connectionId}-${at}`),
    brokerKey: `key-${at}`,
    masked: `••••000${at}`,
    name: 'Alpaca account',
    type: 'Margin',
    currency: 'USD',
  }))
  return adoptAccounts(db.writer, { connectionId, broker: 'alpaca', environment: 'paper', accounts }).map(({ id }) => id)
}

function storedRow(account: AccountId, at: number, rows: number): ActivityValues {
  const raw = wireRow(at, { perDay: Math.max(1, Math.round(rows / DAYS)) }).text
  const facts = toActivity(ActivityWire.parse(JSON.parse(raw)))
  return activityValues(account, { facts, raw }, { asOf: BENCH_NOW, fetchedAt: Instant.plus(BENCH_NOW, 1000) })
}
