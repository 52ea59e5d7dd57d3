import { expect, test } from 'vitest'
import { migrations } from '../../../electron/core/db/migrations/index.ts'
import { entryPage, insertEntry, removeEntry } from '../../../electron/core/store/journal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'

test('a journal from before long words were indexed keeps every word, tag and place, and forgets what is removed', () => {
  const db = tempDatabase()
  const subject = { kind: 'free' as const, link: null, tripId: null }
  const entry = { day: LocalDate.of('2026-03-12'), rating: null, isDraft: false, at: AT, subject }
  // As it was before: this one step taken back.
  db.raw.exec("DROP TABLE journal_text; CREATE VIRTUAL TABLE journal_text USING fts5(title, text, tags, symbol, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')")
  insertEntry(db.writer, { ...entry, id: 'jrn_1', title: 'Überkapitalisierung', text: 'waited for confirmation', tags: ['discipline', 'overconfidence'] })
  insertEntry(db.writer, { ...entry, id: 'jrn_2', title: '', text: 'no tags, confirmations only', tags: [] })
  migrations.find(({ version }) => version === 11)?.up(db.raw)
  const found = (search: string, tag?: string): string[] => entryPage(db.reader, { search, tag, limit: 5 }).rows.map(({ id }) => id)
  expect(found('confirmati')).toEqual(['jrn_2', 'jrn_1'])
  expect(found('confirmations')).toEqual(['jrn_2'])
  expect(found('uberkapitalisierun')).toEqual(['jrn_1'])
  expect(found('overconfiden')).toEqual(['jrn_1'])
  expect(found('confirmation', 'discipline')).toEqual(['jrn_1'])
  removeEntry(db.writer, 'jrn_1')
  expect(found('confirmation')).toEqual(['jrn_2'])
})
