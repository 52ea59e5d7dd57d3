import { migration } from '../migration.ts'

/**
 * What replaces losses is worked out from all books of an instrument and kept while none of them changed: a stamp tells a book that was
 * computed anew from one that only went on.
 */
export const step0017 = migration(17, 'stamps of books', db => {
  db.exec(`
    -- Another one each time the book is computed from its first row; nothing is read from it but whether it is the same.
    ALTER TABLE ledger_books ADD COLUMN stamp INTEGER NOT NULL DEFAULT 0;
  `)
})
