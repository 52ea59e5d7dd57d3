import { migration } from '../migration.ts'

/**
 * What the history comes to: lots, results, gaps, totals by day, and what the user says about rows. All but the user's own words can be
 * computed anew from the history at any time. Rows are found by account and the broker's id, so a re-sync changes nothing about them.
 */
export const step0006 = migration(6, 'lots, results, reconciliation and the words of the user', db => {
  db.exec(`
    -- One instrument in one account and currency; last_at and last_id are the place of the last event in it. \`realized\` and what follows are of all its closings.
    CREATE TABLE ledger_books (
      id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts(n), symbol TEXT NOT NULL, currency TEXT NOT NULL, asset_class TEXT,
      method TEXT NOT NULL, multiplier TEXT, trip INTEGER NOT NULL, quantity TEXT NOT NULL, events INTEGER NOT NULL, last_at INTEGER, last_id INTEGER,
      realized TEXT NOT NULL, fees TEXT NOT NULL, closings INTEGER NOT NULL, unknown INTEGER NOT NULL, computed_at INTEGER NOT NULL, UNIQUE (account, symbol, currency)
    ) STRICT;
    CREATE TABLE ledger_lots (
      book INTEGER NOT NULL REFERENCES ledger_books(id), place INTEGER NOT NULL, key TEXT NOT NULL, day TEXT NOT NULL, trip INTEGER NOT NULL, quantity TEXT NOT NULL,
      unit TEXT, principal TEXT, costs TEXT NOT NULL, PRIMARY KEY (book, place)
    ) STRICT, WITHOUT ROWID;
    -- In the order they happened: those of one trip follow each other.
    CREATE TABLE ledger_realizations (
      book INTEGER NOT NULL REFERENCES ledger_books(id), place INTEGER NOT NULL, open_key TEXT NOT NULL, close_key TEXT NOT NULL, open_day TEXT NOT NULL, close_day TEXT NOT NULL,
      trip INTEGER NOT NULL, is_short INTEGER NOT NULL, quantity TEXT NOT NULL, proceeds TEXT, cost TEXT, pnl TEXT, fees TEXT NOT NULL, PRIMARY KEY (book, place)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX ledger_realizations_day ON ledger_realizations(close_day);
    -- What went elsewhere without a sale, with its cost: to another instrument, another account, out of the house.
    CREATE TABLE ledger_deliveries (
      book INTEGER NOT NULL REFERENCES ledger_books(id), place INTEGER NOT NULL, key TEXT NOT NULL, open_key TEXT NOT NULL, open_day TEXT NOT NULL, day TEXT NOT NULL, quantity TEXT NOT NULL, cost TEXT,
      PRIMARY KEY (book, place)
    ) STRICT, WITHOUT ROWID;
    -- Which instrument became which other: a change of these concerns both.
    CREATE TABLE ledger_exchanges (
      account INTEGER NOT NULL REFERENCES accounts(n), out_id TEXT NOT NULL, in_id TEXT NOT NULL, from_symbol TEXT NOT NULL, to_symbol TEXT NOT NULL, quantity TEXT NOT NULL, PRIMARY KEY (account, out_id)
    ) STRICT, WITHOUT ROWID;
    -- From flat to flat. \`key\` is that of the opening event and stays through every recompute.
    CREATE TABLE ledger_trips (
      book INTEGER NOT NULL REFERENCES ledger_books(id), trip INTEGER NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL, is_short INTEGER NOT NULL, open_day TEXT NOT NULL, opened_at INTEGER, close_day TEXT,
      closed_at INTEGER, last_at INTEGER NOT NULL, held TEXT NOT NULL, quantity TEXT NOT NULL, fills INTEGER NOT NULL, bought TEXT NOT NULL, bought_value TEXT NOT NULL, sold TEXT NOT NULL, sold_value TEXT NOT NULL,
      realized TEXT, fees TEXT NOT NULL, PRIMARY KEY (book, trip)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX ledger_trips_last ON ledger_trips(last_at);
    CREATE INDEX ledger_trips_id ON ledger_trips(id);
    CREATE TABLE ledger_gaps (
      book INTEGER NOT NULL REFERENCES ledger_books(id), key TEXT NOT NULL, day TEXT NOT NULL, quantity TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (book, key)
    ) STRICT, WITHOUT ROWID;
    -- Results of a day by account and currency, kept up to date with the books: reading them costs the days, not the rows.
    CREATE TABLE ledger_days (
      account INTEGER NOT NULL REFERENCES accounts(n), currency TEXT NOT NULL, day TEXT NOT NULL, realized TEXT NOT NULL, fees TEXT NOT NULL, closings INTEGER NOT NULL, unknown INTEGER NOT NULL,
      dividends TEXT NOT NULL, interest TEXT NOT NULL, other_fees TEXT NOT NULL, cash TEXT NOT NULL, PRIMARY KEY (account, currency, day)
    ) STRICT, WITHOUT ROWID;
    -- What changed since the books were computed: an instrument from a place on ('*': the whole account, '**': the same, being computed), and days of cash.
    CREATE TABLE ledger_dirty (account INTEGER NOT NULL, symbol TEXT NOT NULL, from_sort_at INTEGER NOT NULL, from_id INTEGER NOT NULL, PRIMARY KEY (account, symbol)) STRICT, WITHOUT ROWID;
    CREATE TABLE ledger_dirty_days (account INTEGER NOT NULL, day TEXT NOT NULL, PRIMARY KEY (account, day)) STRICT, WITHOUT ROWID;

    CREATE TABLE ledger_methods (account INTEGER PRIMARY KEY REFERENCES accounts(n), method TEXT NOT NULL) STRICT;
    CREATE TABLE opening_lots (
      id TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts(n), symbol TEXT NOT NULL, currency TEXT NOT NULL, day TEXT NOT NULL, quantity TEXT NOT NULL, price TEXT, note TEXT NOT NULL, created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX opening_lots_account ON opening_lots(account, symbol);
    CREATE TABLE lot_picks (account INTEGER NOT NULL REFERENCES accounts(n), external_id TEXT NOT NULL, picks TEXT NOT NULL, PRIMARY KEY (account, external_id)) STRICT, WITHOUT ROWID;
    CREATE TABLE row_overrides (account INTEGER NOT NULL REFERENCES accounts(n), external_id TEXT NOT NULL, said TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (account, external_id)) STRICT, WITHOUT ROWID;
    -- What a row was before its broker corrected or canceled it.
    CREATE TABLE activity_versions (
      id INTEGER PRIMARY KEY, account INTEGER NOT NULL, external_id TEXT NOT NULL, replaced_at INTEGER NOT NULL, status TEXT NOT NULL, side TEXT, quantity TEXT, price TEXT, amount TEXT, fees TEXT NOT NULL, trade_date TEXT NOT NULL, raw TEXT NOT NULL
    ) STRICT;
    CREATE INDEX activity_versions_row ON activity_versions(account, external_id);

    -- What a broker said an account was worth and held, the last reading of each day.
    CREATE TABLE worth_days (account INTEGER NOT NULL REFERENCES accounts(n), currency TEXT NOT NULL, day TEXT NOT NULL, net_liquidation TEXT, cash TEXT, as_of INTEGER NOT NULL, PRIMARY KEY (account, currency, day)) STRICT, WITHOUT ROWID;
    CREATE TABLE price_marks (account INTEGER NOT NULL, symbol TEXT NOT NULL, at INTEGER NOT NULL, price TEXT NOT NULL, PRIMARY KEY (account, symbol, at)) STRICT, WITHOUT ROWID;
    -- What one unit of a currency is worth in the account's base currency, by the broker's own rate.
    ALTER TABLE balances ADD COLUMN to_base TEXT;
    CREATE TABLE drifts (
      id TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts(n), kind TEXT NOT NULL, symbol TEXT, currency TEXT NOT NULL, ledger TEXT NOT NULL, broker TEXT NOT NULL, reason TEXT NOT NULL,
      sentence TEXT NOT NULL, fix TEXT, since INTEGER NOT NULL, checked_at INTEGER NOT NULL, as_of INTEGER NOT NULL, accepted_difference TEXT
    ) STRICT;
    CREATE INDEX drifts_account ON drifts(account);
    CREATE TABLE reconciled (account INTEGER PRIMARY KEY REFERENCES accounts(n), checked_at INTEGER NOT NULL, drifts INTEGER NOT NULL) STRICT;
    -- What the user added to settle a difference. \`amount\` is cash, or the signed change of a holding; parts of one fix share what is before the slash of their id.
    CREATE TABLE reconciliation_fixes (
      id TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts(n), kind TEXT NOT NULL, symbol TEXT, currency TEXT NOT NULL, amount TEXT NOT NULL, day TEXT NOT NULL, detail TEXT NOT NULL, at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX reconciliation_fixes_account ON reconciliation_fixes(account, symbol);
    -- The history that is there already waits to be computed.
    INSERT INTO ledger_dirty (account, symbol, from_sort_at, from_id) SELECT n, '*', 0, 0 FROM accounts WHERE EXISTS (SELECT 1 FROM activities a WHERE a.account = n);
  `)
})
