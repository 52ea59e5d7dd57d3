import { migration } from '../migration.ts'

/** Notes, tags, ratings and pictures of the user, found by words; and what he keeps an eye on. */
export const step0008 = migration(8, 'journal and watchlist', db => {
  db.exec(`
    -- \`account\` and \`external_id\` name the row it is about, and survive every re-sync. \`place\` orders entries by day, then as they were written.
    CREATE TABLE journal_entries (
      n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, place INTEGER NOT NULL UNIQUE, day TEXT NOT NULL, subject TEXT NOT NULL, account INTEGER REFERENCES accounts(n), external_id TEXT, trip_id TEXT,
      symbol TEXT, title TEXT NOT NULL, text TEXT NOT NULL, rating INTEGER, is_draft INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX journal_entries_row ON journal_entries(account, external_id) WHERE account IS NOT NULL;
    CREATE INDEX journal_entries_trip ON journal_entries(trip_id) WHERE trip_id IS NOT NULL;
    CREATE INDEX journal_entries_symbol ON journal_entries(symbol, place) WHERE symbol IS NOT NULL;
    -- \`place\` is that of the entry, so that the entries of a tag are read in their order.
    CREATE TABLE journal_tags (entry INTEGER NOT NULL REFERENCES journal_entries(n) ON DELETE CASCADE, tag TEXT NOT NULL COLLATE NOCASE, place INTEGER NOT NULL, PRIMARY KEY (entry, tag)) STRICT, WITHOUT ROWID;
    CREATE INDEX journal_tags_tag ON journal_tags(tag, place);
    CREATE TABLE journal_pictures (id TEXT PRIMARY KEY, entry INTEGER NOT NULL REFERENCES journal_entries(n) ON DELETE CASCADE, name TEXT NOT NULL, type TEXT NOT NULL, bytes BLOB NOT NULL, created_at INTEGER NOT NULL) STRICT;
    CREATE INDEX journal_pictures_entry ON journal_pictures(entry);
    -- The row id is the entry's place. A beginning of up to ten letters is read from an index of its own: reading a common word whole takes 30 ms at a million entries.
    CREATE VIRTUAL TABLE journal_text USING fts5(title, text, tags, symbol, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3 4 5 6 7 8 9 10');
    CREATE TABLE watchlist (
      id TEXT PRIMARY KEY, place INTEGER NOT NULL, symbol TEXT NOT NULL, asset_class TEXT NOT NULL, connection_id TEXT, quote TEXT, quoted_at INTEGER, problem TEXT, UNIQUE (symbol, asset_class)
    ) STRICT;
  `)
})
