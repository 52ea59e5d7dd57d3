import { migration } from '../migration.ts'

/** Orders of our own: what was about to be sent before it was, what became of it, limits, switches, requests and the record of it all. */
export const step0007 = migration(7, 'order intents, limits, switches and the audit log', db => {
  db.exec(`
    -- Written before the first byte leaves. An outcome of 'sending' found at start means: nobody knows.
    CREATE TABLE order_intents (
      id TEXT PRIMARY KEY, account_id TEXT NOT NULL, connection_id TEXT NOT NULL, environment TEXT NOT NULL, kind TEXT NOT NULL, client_order_id TEXT NOT NULL UNIQUE, draft TEXT NOT NULL, hash TEXT NOT NULL,
      target TEXT, outcome TEXT NOT NULL, external_id TEXT, status TEXT, error TEXT, created_at INTEGER NOT NULL, sent_at INTEGER, settled_at INTEGER, looks INTEGER NOT NULL DEFAULT 0, next_look_at INTEGER
    ) STRICT;
    CREATE INDEX order_intents_account ON order_intents(account_id, created_at);
    CREATE INDEX order_intents_created ON order_intents(created_at);
    CREATE INDEX order_intents_order ON order_intents(account_id, external_id);
    CREATE INDEX order_intents_open ON order_intents(outcome) WHERE outcome IN ('sending', 'unknown');
    -- When an order was read for the first time: one that was there before ours was sent is not ours. Null for those read before there was this.
    ALTER TABLE orders ADD COLUMN first_seen_at INTEGER;
    CREATE TABLE order_events (id INTEGER PRIMARY KEY, account_id TEXT NOT NULL, external_id TEXT, intent_id TEXT, at INTEGER NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL) STRICT;
    CREATE INDEX order_events_order ON order_events(account_id, external_id);
    CREATE INDEX order_events_intent ON order_events(intent_id);
    CREATE TABLE trading_switches (connection_id TEXT PRIMARY KEY, is_on INTEGER NOT NULL, automation TEXT NOT NULL, changed_at INTEGER NOT NULL) STRICT;
    -- The row of account '' holds for all accounts together.
    CREATE TABLE order_limits (account_id TEXT PRIMARY KEY, limits TEXT NOT NULL, changed_at INTEGER NOT NULL) STRICT;
    CREATE TABLE order_requests (id TEXT PRIMARY KEY, ticket TEXT NOT NULL, source TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, state TEXT NOT NULL, intent_id TEXT) STRICT;

    -- Each row carries a keyed hash of itself and of the one before. Rows are only ever added.
    CREATE TABLE audit_log (seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, account_id TEXT, intent_id TEXT, body TEXT NOT NULL, mac BLOB NOT NULL) STRICT;
    CREATE TRIGGER audit_log_fixed BEFORE UPDATE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
    CREATE TRIGGER audit_log_kept BEFORE DELETE ON audit_log BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
  `)
})
