import { migration } from '../migration.ts'

/**
 * Beginnings of up to twenty letters are read from an index of their own. A longer word was read whole, 10 to 15 ms of processor time for a common
 * one at a million entries; only words as long as that are in what is added. Its row id is the entry's place, as before.
 */
export const step0011 = migration(11, 'long words of the journal', db => {
  db.exec(`
    DROP TABLE journal_text;
    CREATE VIRTUAL TABLE journal_text USING fts5(title, text, tags, symbol, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2',
      prefix='1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20');
    INSERT INTO journal_text (rowid, title, text, tags, symbol)
      SELECT e.place, e.title, e.text, coalesce((SELECT group_concat(g.tag, ' ' ORDER BY g.tag) FROM journal_tags g WHERE g.entry = e.n), ''), e.symbol
      FROM journal_entries e ORDER BY e.place;
  `)
})
