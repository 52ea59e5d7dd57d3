import { migration } from '../migration.ts'

/** Several ways in for one connection, names of the user's own, accounts left out, and files as a source of history. */
export const step0002 = migration(2, 'ways in, labels, excluded accounts and imports', db => {
  db.exec(`
    ALTER TABLE connections ADD COLUMN label TEXT NOT NULL DEFAULT '';
    ALTER TABLE connections ADD COLUMN is_primary INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE accounts ADD COLUMN excluded INTEGER NOT NULL DEFAULT 0;

    -- Every connection has at least the row of its own method. What was typed that is secret lies sealed in the secrets.
    CREATE TABLE connection_methods (
      connection_id TEXT NOT NULL REFERENCES connections(id), method TEXT NOT NULL, settings TEXT NOT NULL, added_at INTEGER NOT NULL,
      trouble TEXT, expires_at INTEGER, PRIMARY KEY (connection_id, method)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO connection_methods (connection_id, method, settings, added_at) SELECT id, method, '{}', created_at FROM connections;

    CREATE TABLE imports (
      id TEXT PRIMARY KEY, account_id TEXT NOT NULL REFERENCES accounts(id), broker TEXT, format TEXT, file_name TEXT, file_hash TEXT,
      created_at INTEGER, undone_at INTEGER, rows INTEGER, added INTEGER, report TEXT
    ) STRICT;
    -- The import a row came with; null for rows a broker sent.
    ALTER TABLE activities ADD COLUMN import_id TEXT;
    CREATE INDEX activities_import ON activities(import_id) WHERE import_id IS NOT NULL;
  `)
})
