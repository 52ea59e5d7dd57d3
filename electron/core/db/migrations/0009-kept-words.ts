import { migration } from '../migration.ts'

/** What the user said about an account whose history was deleted, until the same account is connected or imported again. */
export const step0009 = migration(9, 'words that outlive a deleted history', db => {
  db.exec(`
    -- \`account\` is accounts.id, which the same account gets again; \`key\` the broker's id of a row, the id of a lot or a note; \`said\` a JSON object.
    CREATE TABLE kept_words (account TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, said TEXT NOT NULL, PRIMARY KEY (account, kind, key)) STRICT, WITHOUT ROWID;
  `)
})
