import { migration } from '../migration.ts'

/**
 * Connections, secrets, accounts, holdings and the trade history. Decimals are text, instants are microseconds since 1970
 * (integers sort and compress better than text), days are text.
 */
export const step0001 = migration(1, 'connections, secrets, accounts and history', db => {
  db.exec(`
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    -- Account numbers are short enough to be guessed, so they are stored only as a hash keyed with this.
    INSERT INTO meta (name, value) VALUES ('account-salt', lower(hex(randomblob(32))));

    CREATE TABLE data_keys (
      key_id TEXT PRIMARY KEY, wrapped BLOB, check_value BLOB NOT NULL, protection TEXT NOT NULL, backend TEXT NOT NULL,
      created_at INTEGER NOT NULL, retired_at INTEGER
    ) STRICT;

    CREATE TABLE secrets (
      owner TEXT NOT NULL, field TEXT NOT NULL, version INTEGER NOT NULL, key_id TEXT NOT NULL REFERENCES data_keys(key_id),
      iv BLOB NOT NULL, tag BLOB NOT NULL, ciphertext BLOB NOT NULL, PRIMARY KEY (owner, field)
    ) STRICT;

    CREATE TABLE connections (
      id TEXT PRIMARY KEY, broker TEXT NOT NULL, environment TEXT NOT NULL, method TEXT NOT NULL,
      state TEXT NOT NULL, state_reason TEXT, state_since INTEGER, scopes TEXT NOT NULL, consented_at INTEGER,
      created_at INTEGER NOT NULL, removed_at INTEGER, trouble TEXT
    ) STRICT;

    CREATE TABLE tokens (
      connection_id TEXT PRIMARY KEY REFERENCES connections(id), generation INTEGER NOT NULL, obtained_at INTEGER NOT NULL,
      expires_at INTEGER, sign_in_by INTEGER, refreshable INTEGER NOT NULL
    ) STRICT;

    -- A refresh under way. Found at start, it means: present the old refresh token once, then explain.
    CREATE TABLE refresh_intents (
      connection_id TEXT PRIMARY KEY REFERENCES connections(id), generation INTEGER NOT NULL, started_at INTEGER NOT NULL,
      attempts INTEGER NOT NULL
    ) STRICT;

    -- n stands for the account in the history, where a text id a row would be most of each index.
    CREATE TABLE accounts (
      n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, connection_id TEXT NOT NULL REFERENCES connections(id), broker TEXT NOT NULL, environment TEXT NOT NULL,
      number_hash TEXT NOT NULL, broker_key TEXT NOT NULL, masked_number TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
      currency TEXT NOT NULL, position INTEGER NOT NULL, UNIQUE (broker, environment, number_hash)
    ) STRICT;
    CREATE INDEX accounts_connection ON accounts(connection_id);

    CREATE TABLE balances (
      account_id TEXT NOT NULL REFERENCES accounts(id), currency TEXT NOT NULL, net_liquidation TEXT, cash TEXT, buying_power TEXT,
      as_of INTEGER NOT NULL, fetched_at INTEGER NOT NULL, PRIMARY KEY (account_id, currency)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE positions (
      account_id TEXT NOT NULL REFERENCES accounts(id), place INTEGER NOT NULL, symbol TEXT NOT NULL, asset_class TEXT NOT NULL,
      quantity TEXT NOT NULL, average_price TEXT, market_value TEXT, unrealized TEXT, currency TEXT NOT NULL, as_of INTEGER NOT NULL, fetched_at INTEGER NOT NULL,
      PRIMARY KEY (account_id, place)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE orders (
      account_id TEXT NOT NULL REFERENCES accounts(id), external_id TEXT NOT NULL, symbol TEXT, side TEXT, type TEXT NOT NULL,
      time_in_force TEXT NOT NULL, status TEXT NOT NULL, status_text TEXT NOT NULL, quantity TEXT, filled_quantity TEXT NOT NULL,
      limit_price TEXT, stop_price TEXT, average_fill_price TEXT, submitted_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
      fetched_at INTEGER NOT NULL, PRIMARY KEY (account_id, external_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX orders_submitted ON orders(submitted_at);

    CREATE TABLE activities (
      id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES accounts(n), external_id TEXT NOT NULL, content_hash TEXT NOT NULL,
      sort_at INTEGER NOT NULL, executed_at INTEGER, trade_date TEXT NOT NULL, kind TEXT NOT NULL, broker_type TEXT NOT NULL,
      symbol TEXT, asset_class TEXT, side TEXT, position_effect TEXT, quantity TEXT, price TEXT, amount TEXT, fees TEXT NOT NULL,
      currency TEXT NOT NULL, order_id TEXT, description TEXT, status TEXT NOT NULL, as_of INTEGER NOT NULL, fetched_at INTEGER NOT NULL,
      raw TEXT NOT NULL, UNIQUE (account, external_id)
    ) STRICT;
    -- Each index ends in the row id by itself, which is what pages continue from.
    CREATE INDEX activities_sort ON activities(sort_at);
    CREATE INDEX activities_symbol ON activities(symbol, sort_at);
    CREATE INDEX activities_account ON activities(account, sort_at);
    CREATE INDEX activities_kind ON activities(kind, sort_at) WHERE kind <> 'trade';
    CREATE INDEX activities_symbol_kind ON activities(symbol, kind, sort_at) WHERE kind <> 'trade';

    -- Words of the history. Its row id is the second of sort_at times 2^30 plus the activity's id, so hits come newest first.
    CREATE VIRTUAL TABLE activities_text USING fts5(symbol, description, content='', contentless_delete=1, tokenize='unicode61', prefix='1 2 3');
    -- Rows changed after they were indexed, with the place of their old words.
    CREATE TABLE activities_stale (id INTEGER PRIMARY KEY, text_key INTEGER NOT NULL) STRICT;

    -- How far the reading of an account's history has come. A range is complete once cursor is null and done is 1.
    CREATE TABLE history_ranges (
      account_id TEXT PRIMARY KEY REFERENCES accounts(id), from_date TEXT NOT NULL, to_date TEXT NOT NULL, cursor TEXT,
      done INTEGER NOT NULL, complete_from TEXT, complete_to TEXT, updated_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE sync_runs (
      id INTEGER PRIMARY KEY, connection_id TEXT NOT NULL REFERENCES connections(id), started_at INTEGER NOT NULL, finished_at INTEGER,
      result TEXT, error TEXT, accounts TEXT
    ) STRICT;
    CREATE INDEX sync_runs_connection ON sync_runs(connection_id, id);
  `)
})
