import { migration } from '../migration.ts'

/**
 * Which imports told a row of history, so that taking one back leaves what another file tells as well, and under which id, so that a
 * later file is caught telling something else under it.
 */
export const step0005 = migration(5, 'the rows each import told', db => {
  db.exec(`
    CREATE TABLE import_rows (
      activity_id INTEGER NOT NULL REFERENCES activities(id) ON DELETE CASCADE, import_id TEXT NOT NULL REFERENCES imports(id),
      own_id TEXT, PRIMARY KEY (activity_id, import_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX import_rows_import ON import_rows(import_id, own_id);
    INSERT INTO import_rows (activity_id, import_id)
      SELECT a.id, a.import_id FROM activities a JOIN imports i ON i.id = a.import_id WHERE i.undone_at IS NULL;
  `)
})
