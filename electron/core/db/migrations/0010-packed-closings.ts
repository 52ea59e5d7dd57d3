import { migration } from '../migration.ts'

/**
 * What was closed, many to a row: a row for each was most of what computing cost. Results follow from the history, so the old ones go and
 * every account waits to be computed anew.
 */
export const step0010 = migration(10, 'closings packed by book', db => {
  db.exec(`
    DROP TABLE ledger_realizations;
    -- Closings \`first\` to before \`first + count\` of a book, in the order they happened; \`days\`, \`figures\` and \`words\` are columns of them (see store/packed-closings.ts).
    CREATE TABLE ledger_closings (
      id INTEGER PRIMARY KEY, book INTEGER NOT NULL REFERENCES ledger_books(id), first INTEGER NOT NULL, count INTEGER NOT NULL, first_day TEXT NOT NULL, last_day TEXT NOT NULL,
      first_trip INTEGER NOT NULL, last_trip INTEGER NOT NULL, days BLOB NOT NULL, figures BLOB NOT NULL, words TEXT NOT NULL, UNIQUE (book, first)
    ) STRICT;
    CREATE INDEX ledger_closings_day ON ledger_closings(last_day, first_day, book);
    INSERT OR REPLACE INTO ledger_dirty (account, symbol, from_sort_at, from_id) SELECT n, '*', 0, 0 FROM accounts
      WHERE EXISTS (SELECT 1 FROM activities a WHERE a.account = n) OR EXISTS (SELECT 1 FROM ledger_books b WHERE b.account = n);
  `)
})
