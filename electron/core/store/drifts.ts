import type { DRIFT_REASONS } from '../../../shared/contract/portfolio.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Instant } from '../../../shared/domain/time.ts'
import type { Reader, Row, Writer } from '../db/connection.ts'
import { sql } from '../db/sql.ts'
import { instant, instantOrNull, json, micros, text, textOrNull } from './cells.ts'

/** A difference between the ledger and a broker, as it was found. `F` is what can be done about it. */
export interface StoredDrift<F> {
  readonly id: string
  readonly accountId: AccountId
  readonly connectionId: ConnectionId
  readonly kind: 'position' | 'cash'
  readonly symbol: string | null
  readonly currency: string
  readonly ledger: Dec
  readonly broker: Dec
  readonly reason: (typeof DRIFT_REASONS)[number]
  readonly sentence: string
  readonly fix: F | null
  readonly since: Instant
  readonly checkedAt: Instant
  readonly asOf: Instant
  /** The difference the user leaves as it is. */
  readonly acceptedDifference: Dec | null
}

type Found<F> = Omit<StoredDrift<F>, 'id' | 'accountId' | 'connectionId' | 'since' | 'checkedAt' | 'acceptedDifference'>

/** Replaces what an account was found to differ in. A difference keeps since when it is there, and what the user said about it. */
export function replaceDrifts<F>(writer: Writer, accountId: AccountId, found: readonly Found<F>[], at: Instant): void {
  writer.tx(w => {
    const before = new Map(driftsOf<F>(w, accountId).map(drift => [drift.id, drift]))
    w.run(sql`DELETE FROM drifts WHERE account = (SELECT n FROM accounts WHERE id = ${accountId})`)
    for (const drift of found) {
      const id = driftId(accountId, drift)
      const known = before.get(id)
      w.run(sql`
        INSERT INTO drifts (id, account, kind, symbol, currency, ledger, broker, reason, sentence, fix, since, checked_at, as_of, accepted_difference)
        SELECT ${id}, n, ${drift.kind}, ${drift.symbol}, ${drift.currency}, ${drift.ledger}, ${drift.broker}, ${drift.reason}, ${drift.sentence},
          ${JSON.stringify(drift.fix)}, ${micros(known?.since ?? at)}, ${micros(at)}, ${micros(drift.asOf)}, ${known?.acceptedDifference ?? null}
        FROM accounts WHERE id = ${accountId}`)
    }
    w.run(
      sql`INSERT OR REPLACE INTO reconciled (account, checked_at, drifts) SELECT n, ${micros(at)}, ${found.length} FROM accounts WHERE id = ${accountId}`,
    )
  })
}

function driftId(accountId: AccountId, { kind, symbol, currency }: Pick<Found<unknown>, 'kind' | 'symbol' | 'currency'>): string {
  return `${accountId}/${kind}/${currency}/${symbol ?? ''}`
}

/** Differences of one account, or of all that are connected and not left out. */
export function driftsOf<F>(reader: Reader, accountId?: AccountId): StoredDrift<F>[] {
  const where =
    accountId === undefined
      ? sql`a.excluded = 0 AND a.connection_id IN (SELECT id FROM connections WHERE removed_at IS NULL)`
      : sql`a.id = ${accountId}`
  return reader
    .all(
      sql`
      SELECT d.*, a.id AS account_id, a.connection_id FROM drifts d JOIN accounts a ON a.n = d.account
      WHERE ${where} ORDER BY a.connection_id, a.position, d.kind DESC, d.symbol, d.currency`,
    )
    .map(toDrift<F>)
}

export function driftById<F>(reader: Reader, id: string): StoredDrift<F> | null {
  const row = reader.get(
    sql`SELECT d.*, a.id AS account_id, a.connection_id FROM drifts d JOIN accounts a ON a.n = d.account WHERE d.id = ${id}`,
  )
  return row ? toDrift<F>(row) : null
}

/** Leaves a difference as it is until it becomes another one. */
export function acceptDrift(writer: Writer, id: string, difference: Dec): void {
  writer.run(sql`UPDATE drifts SET accepted_difference = ${difference} WHERE id = ${id}`)
}

export function differenceOf({ ledger, broker }: Pick<StoredDrift<unknown>, 'ledger' | 'broker'>): Dec {
  return Dec.sub(broker, ledger)
}

export function isAccepted(drift: StoredDrift<unknown>): boolean {
  return drift.acceptedDifference === differenceOf(drift)
}

/** When each account was last held against its broker; accounts that never were are not in it. */
export function reconciledAt(reader: Reader): Map<AccountId, Instant> {
  const found = new Map<AccountId, Instant>()
  for (const row of reader.all(sql`SELECT a.id, r.checked_at FROM reconciled r JOIN accounts a ON a.n = r.account`)) {
    const at = instantOrNull(row, 'checked_at')
    if (at !== null) found.set(text<AccountId>(row, 'id'), at)
  }
  return found
}

function toDrift<F>(row: Row): StoredDrift<F> {
  return {
    id: text(row, 'id'),
    accountId: text<AccountId>(row, 'account_id'),
    connectionId: text<ConnectionId>(row, 'connection_id'),
    kind: text<'position' | 'cash'>(row, 'kind'),
    symbol: textOrNull(row, 'symbol'),
    currency: text(row, 'currency'),
    ledger: text<Dec>(row, 'ledger'),
    broker: text<Dec>(row, 'broker'),
    reason: text<StoredDrift<F>['reason']>(row, 'reason'),
    sentence: text(row, 'sentence'),
    fix: json<F | null>(row, 'fix'),
    since: instant(row, 'since'),
    checkedAt: instant(row, 'checked_at'),
    asOf: instant(row, 'as_of'),
    acceptedDifference: textOrNull<Dec>(row, 'accepted_difference'),
  }
}
