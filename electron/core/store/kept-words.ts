import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Writer } from '../db/connection.ts'
import { sql, type Sql } from '../db/sql.ts'
import { integer, text } from './cells.ts'
import { markSymbol } from './ledger-dirty.ts'

/** Where each kind of word is stored: how it is set aside, by which key, and how it comes back. */
const WORDS: readonly { readonly kind: string; readonly aside: Sql; readonly back: (account: number, kept: Sql) => Sql }[] = [
  {
    kind: 'override',
    aside: sql`x.external_id, json_object('said', x.said, 'at', x.at) FROM row_overrides x`,
    back: (account, kept) =>
      sql`INSERT OR IGNORE INTO row_overrides (account, external_id, said, at) SELECT ${account}, key, said ->> 'said', said ->> 'at' ${kept}`,
  },
  {
    kind: 'picks',
    aside: sql`x.external_id, json_object('picks', x.picks) FROM lot_picks x`,
    back: (account, kept) =>
      sql`INSERT OR IGNORE INTO lot_picks (account, external_id, picks) SELECT ${account}, key, said ->> 'picks' ${kept}`,
  },
  {
    kind: 'opening',
    aside: sql`
      x.id, json_object('symbol', x.symbol, 'currency', x.currency, 'day', x.day, 'quantity', x.quantity, 'price', x.price, 'note', x.note, 'createdAt', x.created_at,
        'assetClass', x.asset_class, 'multiplier', x.multiplier)
      FROM opening_lots x`,
    back: (account, kept) => sql`
      INSERT OR REPLACE INTO opening_lots (id, account, symbol, currency, day, quantity, price, note, created_at, asset_class, multiplier)
      SELECT key, ${account}, said ->> 'symbol', said ->> 'currency', said ->> 'day', said ->> 'quantity', said ->> 'price', said ->> 'note', said ->> 'createdAt', said ->> 'assetClass',
        said ->> 'multiplier' ${kept}`,
  },
  {
    kind: 'method',
    aside: sql`'method', json_object('method', x.method) FROM ledger_methods x`,
    back: (account, kept) => sql`INSERT OR IGNORE INTO ledger_methods (account, method) SELECT ${account}, said ->> 'method' ${kept}`,
  },
  {
    kind: 'note',
    // Of a round trip's id only what follows the account's number stays: the account gets another number.
    aside: sql`
      x.id, json_object('subject', x.subject, 'externalId', x.external_id, 'trip', substr(x.trip_id, 4 + instr(substr(x.trip_id, 5), '_')))
      FROM journal_entries x`,
    back: (account, kept) => sql`
      UPDATE journal_entries SET account = ${account}, subject = k.subject, external_id = k.external_id, trip_id = 'trp_' || ${String(account)} || k.trip
      FROM (SELECT key, said ->> 'subject' AS subject, said ->> 'externalId' AS external_id, said ->> 'trip' AS trip ${kept}) k
      WHERE journal_entries.id = k.key AND journal_entries.subject = 'free'`,
  },
  {
    // Nobody's word: what a day is measured by. Without it the limit for the loss of a day would begin anew with a new sign-in.
    kind: 'worth',
    aside: sql`
      x.currency || ' ' || x.day, json_object('currency', x.currency, 'day', x.day, 'worth', x.net_liquidation, 'cash', x.cash, 'asOf', x.as_of)
      FROM (SELECT * FROM (SELECT w.*, row_number() OVER (PARTITION BY w.account, w.currency ORDER BY w.day DESC) AS place FROM worth_days w) WHERE place <= 4) x`,
    back: (account, kept) => sql`
      INSERT OR IGNORE INTO worth_days (account, currency, day, net_liquidation, cash, as_of)
      SELECT ${account}, said ->> 'currency', said ->> 'day', said ->> 'worth', said ->> 'cash', said ->> 'asOf' ${kept}`,
  },
]

/**
 * Sets aside what the user said about the accounts of a connection: overrides, picks, lots from before the history, methods, and which rows his notes
 * are about; and what the accounts were worth on the last four days they were read. Call it in the transaction that begins to forget them, before anything is taken from them.
 */
export function keepWords(writer: Writer, id: ConnectionId): void {
  for (const { kind, aside } of WORDS) {
    writer.run(sql`
      INSERT OR REPLACE INTO kept_words (account, kind, key, said)
      SELECT a.id, ${kind}, ${aside} JOIN accounts a ON a.n = x.account WHERE a.connection_id = ${id}`)
  }
}

/** Gives an account that is there again what was set aside of it, as far as nothing newer was said. Call it in the transaction that adds the account. */
export function takeBackWords(writer: Writer, id: AccountId | string): void {
  if (!writer.get(sql`SELECT 1 FROM kept_words WHERE account = ${id} LIMIT 1`)) return
  const row = writer.get(sql`SELECT n FROM accounts WHERE id = ${id}`)
  if (!row) return
  const account = integer(row, 'n')
  for (const { kind, back } of WORDS) writer.run(back(account, sql`FROM kept_words WHERE account = ${id} AND kind = ${kind}`))
  writer.run(sql`DELETE FROM kept_words WHERE account = ${id}`)
  for (const lot of writer.all(sql`SELECT DISTINCT symbol FROM opening_lots WHERE account = ${account}`))
    markSymbol(writer, account, text(lot, 'symbol'))
}
