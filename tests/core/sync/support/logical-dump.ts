import path from 'node:path'
import { type Db, openDatabase } from '../../../../electron/core/db/open.ts'
import { activityPage } from '../../../../electron/core/store/activities.ts'
import { Instant } from '../../../../shared/domain/time.ts'

const NOW = Instant.parse('2026-11-20T18:00:00Z')

/** Everything that matters, without row numbers, run records and the folder's own account ids. */
export function logicalDump(folder: string): Record<string, unknown> {
  const db = openDatabase({ file: path.join(folder, 'keelson.db'), now: () => NOW })
  const all = (text: string): unknown[] => db.raw.prepare(text).raw().all()
  try {
    return {
      check: all('PRAGMA integrity_check'),
      foreign: all('PRAGMA foreign_key_check'),
      accounts: all('SELECT position, masked_number, name, type, currency, broker_key FROM accounts ORDER BY position'),
      history: all(
        'SELECT a.position, h.cursor, h.done, h.complete_from, h.complete_to FROM history_ranges h JOIN accounts a ON a.id = h.account_id ORDER BY 1',
      ),
      balances: all(
        'SELECT a.position, b.currency, b.net_liquidation, b.cash, b.as_of, b.fetched_at FROM balances b JOIN accounts a ON a.id = b.account_id ORDER BY 1, 2',
      ),
      positions: all(
        'SELECT a.position, p.symbol, p.quantity, p.as_of FROM positions p JOIN accounts a ON a.id = p.account_id ORDER BY 1, 2',
      ),
      orders: all('SELECT a.position, o.external_id, o.status FROM orders o JOIN accounts a ON a.id = o.account_id ORDER BY 1, 2'),
      activities:
        all(`SELECT a.position, t.external_id, t.content_hash, t.sort_at, t.executed_at, t.trade_date, t.kind, t.broker_type, t.symbol, t.side,
        t.quantity, t.price, t.amount, t.fees, t.currency, t.order_id, t.description, t.status, t.as_of, t.fetched_at, t.raw
        FROM activities t JOIN accounts a ON a.n = t.account ORDER BY 1, 2`),
      found: ['brk', 'cash', 'aapl'].map(word => everyHit(db, word)),
      unfinished: all('SELECT count(*) FROM sync_runs WHERE finished_at IS NULL'),
    }
  } finally {
    db.close()
  }
}

/** The external ids of every row a word finds, in an order of their own: rows of one instant have no other. */
function everyHit(db: Db, search: string): string[] {
  const hits: string[] = []
  let after: string | null = ''
  while (after !== null) {
    const page: ReturnType<typeof activityPage> = activityPage(db.reader, { search, limit: 500, ...(after === '' ? {} : { after }) })
    hits.push(...page.rows.map(row => row.externalId))
    after = page.next
  }
  return hits.sort()
}
