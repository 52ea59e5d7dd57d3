import { migration } from '../migration.ts'

/**
 * Runs from flat to flat are found by a number in place of their whole id: the id is told by what opened them, and an index of ids, in no
 * order of time, was a sixth of what computing wrote. Results follow from the history, so the old runs go and every account waits to be computed anew.
 */
export const step0016 = migration(16, 'runs found by number', db => {
  db.exec(`
    DROP TABLE ledger_trips;
    -- From flat to flat. \`key\` is that of the opening event and stays through every recompute; \`name\` is the first 48 bits of what tells its id (see store/trip-id.ts).
    CREATE TABLE ledger_trips (
      book INTEGER NOT NULL REFERENCES ledger_books(id), trip INTEGER NOT NULL, name INTEGER NOT NULL, key TEXT NOT NULL, is_short INTEGER NOT NULL, open_day TEXT NOT NULL, opened_at INTEGER, close_day TEXT,
      closed_at INTEGER, last_at INTEGER NOT NULL, held TEXT NOT NULL, quantity TEXT NOT NULL, fills INTEGER NOT NULL, bought TEXT NOT NULL, bought_value TEXT NOT NULL, sold TEXT NOT NULL, sold_value TEXT NOT NULL,
      realized TEXT, fees TEXT NOT NULL, PRIMARY KEY (book, trip)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX ledger_trips_last ON ledger_trips(last_at);
    CREATE INDEX ledger_trips_name ON ledger_trips(name);
    INSERT OR REPLACE INTO ledger_dirty (account, symbol, from_sort_at, from_id) SELECT n, '*', 0, 0 FROM accounts
      WHERE EXISTS (SELECT 1 FROM activities a WHERE a.account = n) OR EXISTS (SELECT 1 FROM ledger_books b WHERE b.account = n);
  `)
})
