import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sql, type SqlValue } from '../../../electron/core/db/sql.ts'
import { tempDatabase } from '../../support/data-folder.ts'

describe('the sql tag', () => {
  test('binds every value, whatever is in it', () => {
    const db = tempDatabase()
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom("'; DROP TABLE meta; --", '?', '"', '\\')), value => {
        expect(db.reader.get(sql`SELECT ${value} AS value, ${value} = ${value} AS same`)).toEqual({ value, same: 1 })
      }),
    )
    expect(db.reader.all(sql`SELECT name FROM meta`)).not.toHaveLength(0)
  })

  test('keeps values in order through nested parts', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.integer(), { minLength: 1 }), { minLength: 1 }), groups => {
        const parts = groups.map(group => sql`x IN (${sql.list(group)})`)
        const query = sql`SELECT 1 WHERE ${sql.join(parts, sql` OR `)}`
        const values: SqlValue[] = groups.flat()
        expect(query.values).toEqual(values)
        expect(query.text.split('?')).toHaveLength(values.length + 1)
      }),
    )
  })

  test('takes an empty list as nothing', () => {
    const db = tempDatabase()
    expect(db.reader.all(sql`SELECT name FROM meta WHERE name IN (${sql.list([])})`)).toEqual([])
  })
})

describe('a transaction', () => {
  const note = (name: string) => sql`INSERT INTO meta (name, value) VALUES (${name}, '')`
  const names = (db: ReturnType<typeof tempDatabase>) =>
    db.reader.all(sql`SELECT name FROM meta WHERE value = '' ORDER BY name`).map(row => row['name'])

  test('keeps all of it or nothing', () => {
    const db = tempDatabase()
    expect(() =>
      db.writer.tx(w => {
        w.run(note('a'))
        throw new Error('stop')
      }),
    ).toThrow('stop')
    expect(names(db)).toEqual([])
    expect(db.writer.tx(w => w.run(note('b')).changes)).toBe(1)
    expect(names(db)).toEqual(['b'])
  })

  test('undoes an inner one alone', () => {
    const db = tempDatabase()
    db.writer.tx(w => {
      w.run(note('outer'))
      expect(() =>
        w.tx(inner => {
          inner.run(note('inner'))
          throw new Error('stop')
        }),
      ).toThrow('stop')
    })
    expect(names(db)).toEqual(['outer'])
  })

  test('that fills the disk says so, and what was there before stays', () => {
    const db = tempDatabase()
    db.writer.run(note('before'))
    db.raw.pragma(`max_page_count = ${Number(db.raw.pragma('page_count', { simple: true })) + 2}`)
    expect(() =>
      db.writer.tx(w => {
        for (let i = 0; i < 2000; i += 1) w.run(sql`INSERT INTO meta (name, value) VALUES (${`n${i}`}, ${'x'.repeat(100)})`)
      }),
    ).toThrow(expect.objectContaining({ code: 'app/disk-full' }))
    expect(names(db)).toEqual(['before'])
    expect(db.raw.pragma('integrity_check', { simple: true })).toBe('ok')
  })
})
