import type { Db } from '../../../../electron/core/db/open.ts'
import { sql } from '../../../../electron/core/db/sql.ts'
import { type LedgerWork, type WorkStep, createLedgerWork } from '../../../../electron/core/ledger/work.ts'
import { markWhole } from '../../../../electron/core/store/ledger-dirty.ts'
import { closingsWhere } from '../../../../electron/core/store/ledger-realizations.ts'

/** Computes until nothing waits; answers what failed. */
export function settled(work: LedgerWork): WorkStep['failed'] {
  const failed: WorkStep['failed'][number][] = []
  for (let steps = 0; steps < 10_000; steps += 1) {
    const step = work.step(0)
    failed.push(...step.failed)
    if (!step.more) return failed
  }
  throw new Error('the ledger never settles')
}

/** Everything the ledger holds, without row numbers and times of its own. */
export function ledgerDump(db: Db): Record<string, unknown> {
  const all = (text: string): unknown[] => db.raw.prepare(text).all()
  const book = "b.account || '|' || b.symbol || '|' || b.currency AS book"
  return {
    books: all('SELECT account, symbol, currency, asset_class, method, multiplier, trip, quantity, events, last_at, last_id, realized, fees, closings, unknown FROM ledger_books ORDER BY 1, 2, 3'),
    lots: all(`SELECT ${book}, l.key, l.day, l.trip, l.quantity, l.unit, l.principal, l.costs FROM ledger_lots l JOIN ledger_books b ON b.id = l.book ORDER BY 1, l.place`),
    realizations: closingsIn(db),
    deliveries: all(`SELECT ${book}, d.place, d.key, d.open_key, d.open_day, d.day, d.quantity, d.cost FROM ledger_deliveries d JOIN ledger_books b ON b.id = d.book ORDER BY 1, 2`),
    trips: all(`SELECT ${book}, t.trip, t.name, t.key, t.is_short, t.open_day, t.opened_at, t.close_day, t.closed_at, t.last_at, t.held, t.quantity, t.fills, t.bought, t.bought_value, t.sold,
      t.sold_value, t.realized, t.fees FROM ledger_trips t JOIN ledger_books b ON b.id = t.book ORDER BY 1, 2`),
    gaps: all(`SELECT ${book}, g.key, g.day, g.quantity, g.kind FROM ledger_gaps g JOIN ledger_books b ON b.id = g.book ORDER BY 1, 2`),
    days: all('SELECT * FROM ledger_days ORDER BY 1, 2, 3'),
    exchanges: all('SELECT * FROM ledger_exchanges ORDER BY 1, 2'),
    dirty: all('SELECT * FROM ledger_dirty'),
    dirtyDays: all('SELECT * FROM ledger_dirty_days'),
  }
}

/** Every closing by account, symbol, currency and place, whatever it is packed with. */
function closingsIn(db: Db): unknown[] {
  const found = [...closingsWhere(db.reader, { where: sql`TRUE`, columns: sql`, b.account || '|' || b.symbol || '|' || b.currency AS name` })]
  return found
    .toSorted((a, b) => String(a.row['name']).localeCompare(String(b.row['name'])) || (a.closings[0]?.place ?? 0) - (b.closings[0]?.place ?? 0))
    .flatMap(({ closings, row }) => closings.map(one => ({ ...one, book: row['name'] })))
}

/** Computes everything anew from the history. */
export function recomputed(db: Db): void {
  db.writer.tx(w => {
    for (const table of ['lots', 'closings', 'deliveries', 'trips', 'gaps', 'books', 'days', 'exchanges']) w.exec(`DELETE FROM ledger_${table}`)
    for (const n of db.raw.prepare('SELECT n FROM accounts').pluck().all()) markWhole(w, Number(n))
  })
  settled(createLedgerWork(db.writer))
}
