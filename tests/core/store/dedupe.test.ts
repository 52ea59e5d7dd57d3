import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { activityCount, activityDetail, activityPage } from '../../../electron/core/store/activities.ts'
import { indexText, upsertActivities } from '../../../electron/core/store/activities-write.ts'
import type { Db } from '../../../electron/core/db/open.ts'
import type { ActivityId } from '../../../shared/domain/ids.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { type Row, rowsIn, save, withAccounts } from './support.ts'

const CONNECTIONS = { con_1: ['1001', '1002'] }

/** Everything that is stored of the history, whatever order it came in. */
function dump(db: Db): unknown[] {
  return db.raw
    .prepare(
      `SELECT account, external_id, content_hash, sort_at, executed_at, trade_date, kind, symbol, side, quantity, description, raw
    FROM activities ORDER BY account, external_id`,
    )
    .all()
}

function empty(db: Db): void {
  db.raw.exec(`DELETE FROM activities; DELETE FROM activities_stale; DELETE FROM meta WHERE name = 'text-watermark';
    INSERT INTO activities_text (activities_text) VALUES ('delete-all')`)
}

/** The last state of each row, in the order rows first came. */
function lastOfEach(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map(row => [`${row.accountId} ${row.facts.externalId}`, row])).values()]
}

function writes(db: Db): number {
  return Number(db.raw.prepare('SELECT total_changes()').pluck().get())
}

describe('saving history', () => {
  test('gives the same table however rows are cut into batches and repeated', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, CONNECTIONS)
    const cuts = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1 })
    fc.assert(
      fc.property(fc.array(rowsIn(accounts), { maxLength: 80 }), cuts, fc.nat(), (rows, sizes, seed) => {
        empty(db)
        save(db, lastOfEach(rows))
        const once = dump(db)
        empty(db)
        for (let at = 0, i = seed; at < rows.length; i += 1) {
          const size = sizes[i % sizes.length] ?? 1
          save(db, rows.slice(at, at + size))
          if (i % 3 === 0) save(db, lastOfEach(rows.slice(0, at + size)))
          at += size
        }
        expect(dump(db)).toEqual(once)
      }),
      { numRuns: 60 },
    )
  })

  test('counts what is new, updated and unchanged, each row once', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, CONNECTIONS)
    fc.assert(
      fc.property(fc.array(rowsIn(accounts), { maxLength: 60 }), fc.array(rowsIn(accounts), { maxLength: 60 }), (before, batch) => {
        empty(db)
        save(db, before)
        const hashOf = (row: Row): unknown =>
          db.raw
            .prepare('SELECT content_hash FROM activities JOIN accounts c ON c.n = account WHERE c.id = ? AND external_id = ?')
            .pluck()
            .get(row.accountId, row.facts.externalId)
        const distinct = lastOfEach(batch)
        const known = distinct.map(hashOf)
        const counts = save(db, batch)
        const now = distinct.map(hashOf)
        expect(counts).toEqual({
          new: known.filter(hash => hash === undefined).length,
          updated: known.filter((hash, i) => hash !== undefined && hash !== now[i]).length,
          unchanged: known.filter((hash, i) => hash !== undefined && hash === now[i]).length,
        })
      }),
      { numRuns: 60 },
    )
  })

  test('writes nothing at all when nothing changed, and grows no log', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, CONNECTIONS)
    const rows = lastOfEach(fc.sample(rowsIn(accounts), 2500))
    save(db, rows)
    while (indexText(db.writer));
    db.raw.pragma('wal_checkpoint(TRUNCATE)')
    const before = writes(db)
    expect(save(db, rows)).toEqual({ new: 0, updated: 0, unchanged: rows.length })
    expect(indexText(db.writer)).toBe(false)
    expect(writes(db)).toBe(before)
    expect(db.raw.pragma('wal_checkpoint(PASSIVE)')).toEqual([{ busy: 0, log: 0, checkpointed: 0 }])
  })

  test('goes as a whole or not at all with the transaction it is in', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, CONNECTIONS)
    expect(() =>
      db.writer.tx(() => {
        save(db, fc.sample(rowsIn(accounts), 50))
        throw new Error('killed')
      }),
    ).toThrow('killed')
    expect(dump(db)).toEqual([])
  })

  test('refuses rows of an account that does not exist', () => {
    const db = tempDatabase()
    expect(() => upsertActivities(db.writer, [['acc_none', 'x', 'h', 0, null, '2024-01-01']])).toThrow(
      expect.objectContaining({ code: 'app/not-found' }),
    )
  })

  test.each(['with \'quotes\' and "more"', 'ünï – cödé 株式', ' leading and trailing ', '[1,"json"]'])(
    'takes any external id: %s',
    externalId => {
      const db = tempDatabase()
      const accounts = withAccounts(db, CONNECTIONS)
      const rows = fc.sample(rowsIn(accounts), 1).map(row => ({ ...row, facts: { ...row.facts, externalId } }))
      expect(save(db, rows)).toEqual({ new: 1, updated: 0, unchanged: 0 })
      expect(save(db, rows)).toEqual({ new: 0, updated: 0, unchanged: 1 })
      expect(activityPage(db.reader, { limit: 5 }).rows.map(row => row.externalId)).toEqual([externalId])
    },
  )

  test('finds a corrected row by its new words and not by its old ones', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, CONNECTIONS)
    const [row] = fc.sample(rowsIn(accounts), 1)
    if (!row) throw new Error('no row')
    const say = (description: string): Row => ({ ...row, facts: { ...row.facts, symbol: null, description } })
    const hits = (search: string): number => activityPage(db.reader, { limit: 10, search }).rows.length
    save(db, [say('first words')])
    expect(indexText(db.writer)).toBe(false)
    expect([hits('first'), hits('second')]).toEqual([1, 0])
    save(db, [say('second words')])
    save(db, [{ ...say('third words'), facts: { ...say('third words').facts, executedAt: null } }])
    while (indexText(db.writer));
    expect([hits('first'), hits('second'), hits('third'), hits('words')]).toEqual([0, 0, 1, 1])
  })
})

describe('a row several sources tell', () => {
  const one = (): { readonly db: Db; readonly tell: (description: string, precedence?: number) => ReturnType<typeof save>; readonly told: () => unknown } => {
    const db = tempDatabase()
    const accounts = withAccounts(db, CONNECTIONS)
    const [row] = fc.sample(rowsIn(accounts), 1)
    if (!row) throw new Error('no row')
    return {
      db,
      tell: (description, precedence) =>
        save(db, [{ ...row, facts: { ...row.facts, description }, ...(precedence === undefined ? {} : { precedence }) }]),
      told: () => db.raw.prepare('SELECT description FROM activities').pluck().all(),
    }
  }

  test('is never replaced by a report that counts less', () => {
    const { tell, told } = one()
    tell('full')
    expect(tell('short', -1)).toEqual({ new: 0, updated: 0, unchanged: 1 })
    expect(told()).toEqual(['full'])
    expect(tell('full, corrected')).toEqual({ new: 0, updated: 1, unchanged: 0 })
    expect(told()).toEqual(['full, corrected'])
  })

  test('gives way to a report that counts more, and to a later one that counts the same', () => {
    const { tell, told } = one()
    tell('short', -1)
    expect(tell('short again', -1)).toEqual({ new: 0, updated: 1, unchanged: 0 })
    expect(tell('full')).toEqual({ new: 0, updated: 1, unchanged: 0 })
    expect(tell('correction', 1)).toEqual({ new: 0, updated: 1, unchanged: 0 })
    expect(tell('full')).toEqual({ new: 0, updated: 0, unchanged: 1 })
    expect(told()).toEqual(['correction'])
  })

  test('is found by the words it has, not by those that did not count', () => {
    const { db, tell } = one()
    tell('full')
    while (indexText(db.writer));
    tell('short', -1)
    while (indexText(db.writer));
    const hits = (search: string): number => activityPage(db.reader, { limit: 10, search }).rows.length
    expect([hits('full'), hits('short')]).toEqual([1, 0])
  })
})

describe('one row of the history', () => {
  test('has its source, and says how many rows state the same', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, CONNECTIONS)
    const [row] = fc.sample(rowsIn(accounts), 1)
    if (!row) throw new Error('no row')
    const twin = (externalId: string): Row => ({ ...row, facts: { ...row.facts, externalId }, raw: JSON.stringify({ externalId }) })
    save(db, [twin('a'), twin('b'), { ...twin('c'), accountId: accounts.find(id => id !== row.accountId) ?? row.accountId }])
    const { rows } = activityPage(db.reader, { limit: 10, accountId: row.accountId })
    expect(rows.map(({ externalId }) => externalId)).toEqual(['b', 'a'])
    for (const activity of rows) {
      expect(activityDetail(db.reader, activity.id)).toEqual({
        activity,
        raw: JSON.stringify({ externalId: activity.externalId }),
        identical: 2,
      })
      expect(activity).toMatchObject({ ...row.facts, externalId: activity.externalId, accountId: row.accountId, connectionId: 'con_1' })
    }
  })

  test.each(['act_0', 'act_99', 'act_x', 'act_1.5', 'acc_1', 'act_'])('is not there for an id that was never given out: %s', id => {
    const db = tempDatabase()
    expect(activityDetail(db.reader, id as ActivityId)).toBeNull()
  })

  test('is counted beside its pages with the first and last day', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, CONNECTIONS)
    expect(activityCount(db.reader, {})).toEqual({ count: 0, first: null, last: null })
    save(db, lastOfEach(fc.sample(rowsIn(accounts), 100)))
    const { rows } = activityPage(db.reader, { limit: 500 })
    expect(activityCount(db.reader, {})).toEqual({ count: rows.length, first: rows.at(-1)?.tradeDate, last: rows[0]?.tradeDate })
  })
})
