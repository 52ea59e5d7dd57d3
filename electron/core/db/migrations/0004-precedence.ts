import { migration } from '../migration.ts'

/** Which of several reports of one row of history is stored: a lesser one never takes the place of a fuller one. */
export const step0004 = migration(4, 'precedence of the reports of a row', db => {
  db.exec('ALTER TABLE activities ADD COLUMN precedence INTEGER NOT NULL DEFAULT 0')
})
