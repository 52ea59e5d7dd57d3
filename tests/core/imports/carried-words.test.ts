import { describe, expect, test } from 'vitest'
import { countedId, fingerprint } from '../../../electron/core/ledger/fingerprint.ts'
import { activityValues } from '../../../electron/core/ledger/values.ts'
import { realizations, trips } from '../../../electron/core/services/ledger-trips.ts'
import { toActivityId } from '../../../electron/core/store/activity-rows.ts'
import { upsertActivities } from '../../../electron/core/store/activities-write.ts'
import { insertImport, markImported } from '../../../electron/core/store/imports.ts'
import { settleImports } from '../../../electron/core/store/imports-settle.ts'
import { insertEntry } from '../../../electron/core/store/journal.ts'
import { linkOfActivity } from '../../../electron/core/store/journal-links.ts'
import { markSymbol } from '../../../electron/core/store/ledger-dirty.ts'
import { overrideOf, setOverride, setPicks } from '../../../electron/core/store/ledger-words.ts'
import { addRowLot } from '../../../electron/core/store/row-lots.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { buy, desk, sale, word } from '../ledger/support/desk.ts'
import { ledgerDump, recomputed, settled } from '../ledger/support/ledger-dump.ts'
import { save } from '../store/support.ts'

const d = Dec.of
const SCOPE = { environment: 'paper' } as const

/** Rows that came by a file, and will come by the broker under ids of its own. */
function imported(...told: Parameters<ReturnType<typeof desk>['row']>[0][]) {
  const { db, work, row } = desk()
  const stated = told.map(one => row(one))
  const accountId = row({ externalId: 'any' }).accountId
  const files = stated.map(one => ({ ...one, facts: { ...one.facts, externalId: countedId(fingerprint(one.facts), 1) } }))
  const report = { rows: files.length, added: files.length, report: '{}' }
  insertImport(db.writer, { id: 'imp_1', accountId, broker: 'alpaca', format: 'schwab-csv', fileName: 'a.csv', fileHash: 'h', createdAt: AT, ...report })
  save(db, files)
  markImported(db.writer, accountId, 'imp_1', files.map(({ facts }) => facts.externalId))
  settled(work)
  return {
    db, work,
    /** What the row has for an id in the file. */
    fileId: (externalId: string): string => files[told.findIndex(one => one.externalId === externalId)]?.facts.externalId ?? '',
    numberOf: (externalId: string) => toActivityId(Number(word(db, `SELECT id FROM activities WHERE external_id = '${externalId}'`))),
    /** The broker tells the same rows, as a sync saves them. */
    sync() {
      const values = stated.map(one => activityValues(accountId, one, { asOf: AT, fetchedAt: AT }))
      db.writer.tx(w => {
        upsertActivities(w, values)
        settleImports(w, accountId, values)
      })
      expect(settled(work)).toEqual([])
    },
    results: () => realizations(db.reader, { ...SCOPE, limit: 9 }).rows.map(({ openDay, cost, pnl }) => [openDay, cost, pnl]),
    isSame() {
      const before = ledgerDump(db)
      recomputed(db)
      expect(ledgerDump(db)).toEqual(before)
    },
  }
}

const ROWS = [buy('B1', '2025-03-03', { price: d('5') }), buy('B2', '2025-03-04', { price: d('7') }), sale('S1', '2025-03-05')]

describe('what was said about a row of a file, once the broker tells it', () => {
  test('counts on: overrides, picked lots and notes', () => {
    const { db, work, fileId, numberOf, sync, results, isSame } = imported(...ROWS)
    setOverride(db.writer, 1, fileId('B2'), { price: d('6') }, AT)
    setPicks(db.writer, 1, fileId('S1'), [{ lot: fileId('B2'), quantity: d('10') }])
    const link = linkOfActivity(db.reader, numberOf(fileId('B2')))
    insertEntry(db.writer, { id: 'jrn_1', day: LocalDate.of('2025-03-04'), subject: { kind: 'activity', link, tripId: null }, title: 'why', text: 'note', tags: ['breakout'], rating: 3, isDraft: false, at: AT })
    markSymbol(db.writer, 1, 'AAPL')
    settled(work)
    const before = results()
    expect(before).toEqual([['2025-03-04', '60', '20']])
    sync()
    expect(results()).toEqual(before)
    expect(db.raw.prepare('SELECT external_id FROM activities ORDER BY trade_date').pluck().all()).toEqual(['B1', 'B2', 'S1'])
    expect(db.raw.prepare('SELECT external_id, picks FROM lot_picks').all()).toEqual([{ external_id: 'S1', picks: '[{"lot":"B2","quantity":"10"}]' }])
    expect(word(db, 'SELECT external_id FROM journal_entries')).toBe('B2')
    isSame()
  })

  test('a round trip it opened keeps its tags and its rating', () => {
    const { db, fileId, sync } = imported(...ROWS)
    const find = () => trips(db.reader, { ...SCOPE, limit: 5 }).rows.map(({ id, tags, rating }) => ({ id, tags, rating }))
    const [trip] = find()
    if (!trip) throw new Error('no trip')
    const link = { account: 1, externalId: fileId('B1'), symbol: 'AAPL' }
    insertEntry(db.writer, { id: 'jrn_1', day: LocalDate.of('2025-03-04'), subject: { kind: 'trip', link, tripId: trip.id }, title: 'why', text: 'note', tags: ['breakout'], rating: 3, isDraft: false, at: AT })
    sync()
    expect(find()).toMatchObject([{ tags: ['breakout'], rating: 3 }])
    expect(word(db, 'SELECT trip_id FROM journal_entries')).toBe(find()[0]?.id)
  })

  test('a pick of one of the lots it brought still names that one', () => {
    const { db, work, fileId, sync, results, isSame } = imported(buy('B0', '2025-03-02', { price: d('1') }), buy('T1', '2025-03-03', { kind: 'transfer', side: null, price: null }), sale('S1', '2025-03-05', { quantity: d('4') }))
    const lot = (id: string, price: string) => ({ id, day: LocalDate.of('2025-01-02'), quantity: d('4'), price: d(price), note: '' })
    addRowLot(db.writer, { account: 1, externalId: fileId('T1') }, lot('l1', '2'), AT)
    addRowLot(db.writer, { account: 1, externalId: fileId('T1') }, lot('l2', '3'), AT)
    setPicks(db.writer, 1, fileId('S1'), [{ lot: `${fileId('T1')}~3`, quantity: d('4') }])
    markSymbol(db.writer, 1, 'AAPL')
    settled(work)
    expect(results()).toEqual([['2025-01-02', '12', '20']])
    sync()
    expect(results()).toEqual([['2025-01-02', '12', '20']])
    isSame()
  })

  test('does not replace what was said of the broker\'s own row', () => {
    const { db, fileId, sync } = imported(...ROWS)
    setOverride(db.writer, 1, fileId('B2'), { price: d('6') }, AT)
    setOverride(db.writer, 1, 'B2', { price: d('6.5') }, AT)
    sync()
    expect(overrideOf(db.reader, 1, 'B2')).toEqual({ price: '6.5' })
  })

  test('that it is left out counts for its day of cash, too', () => {
    const { db, work, fileId, sync } = imported(buy('D1', '2025-03-03', { kind: 'dividend', side: null, quantity: null, price: null, amount: d('25') }))
    setOverride(db.writer, 1, fileId('D1'), { ignored: true }, AT)
    db.raw.exec("INSERT OR IGNORE INTO ledger_dirty_days (account, day) VALUES (1, '2025-03-03')")
    settled(work)
    sync()
    expect(db.raw.prepare("SELECT count(*) FROM ledger_days WHERE dividends <> '0'").pluck().get()).toBe(0)
  })
})
