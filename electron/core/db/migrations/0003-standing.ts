import { migration } from '../migration.ts'

/**
 * How each sign-in stands, what refreshes, syncs and calls cost, notices, schedules of the user's own, and sign-ins that still have to
 * be ended at a broker.
 */
export const step0003 = migration(3, 'standing of sign-ins, metrics, notices, schedules and pending revocations', db => {
  db.exec(`
    ALTER TABLE tokens ADD COLUMN is_valid INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE tokens ADD COLUMN last_refresh_attempt INTEGER;
    ALTER TABLE tokens ADD COLUMN last_refresh_error TEXT;
    -- Failures in a row, and when the background may try again; both survive a restart.
    ALTER TABLE tokens ADD COLUMN refresh_failures INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE tokens ADD COLUMN retry_at INTEGER;

    -- One row for each refresh, sync, sign-in and test that ended. The class is an error code; null after a success.
    CREATE TABLE metric_runs (
      id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, broker TEXT NOT NULL, environment TEXT NOT NULL, method TEXT NOT NULL,
      connection_id TEXT, outcome TEXT NOT NULL, class TEXT, duration_ms INTEGER NOT NULL, rows INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    -- Rates and durations of a month are read from this index alone.
    CREATE INDEX metric_runs_at ON metric_runs(at, kind, broker, environment, outcome, duration_ms, rows);

    -- Calls by the hour. The histogram is a JSON list of counts, one for each band of duration.
    CREATE TABLE metric_calls (
      hour INTEGER NOT NULL, broker TEXT NOT NULL, environment TEXT NOT NULL, host TEXT NOT NULL, calls INTEGER NOT NULL,
      failed INTEGER NOT NULL, limited INTEGER NOT NULL, bytes INTEGER NOT NULL, histogram TEXT NOT NULL,
      PRIMARY KEY (hour, broker, environment, host)
    ) STRICT, WITHOUT ROWID;

    -- One row for each thing worth saying; its topic keeps it from being said twice while its reason stands.
    CREATE TABLE notices (
      id TEXT PRIMARY KEY, topic TEXT NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL, connection_id TEXT, code TEXT,
      title TEXT NOT NULL, body TEXT NOT NULL, action TEXT NOT NULL, created_at INTEGER NOT NULL, shown_at INTEGER, mailed_at INTEGER,
      read_at INTEGER, snoozed_until INTEGER, dismissed_at INTEGER, ended_at INTEGER
    ) STRICT;
    CREATE INDEX notices_created ON notices(created_at);
    CREATE UNIQUE INDEX notices_standing ON notices(topic) WHERE ended_at IS NULL;

    CREATE TABLE sync_schedules (
      connection_id TEXT PRIMARY KEY REFERENCES connections(id), every TEXT NOT NULL, market_hours INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    -- A sign-in that was wiped here and is still to be ended at its broker. Its token lies sealed in the secrets under the same id.
    CREATE TABLE revocations (
      id TEXT PRIMARY KEY, connection_id TEXT NOT NULL, broker TEXT NOT NULL, environment TEXT NOT NULL, created_at INTEGER NOT NULL,
      attempts INTEGER NOT NULL, next_at INTEGER, ended_at INTEGER, outcome TEXT, last_error TEXT
    ) STRICT;
  `)
})
