import { describe, expect, test } from 'vitest'
import { byTag } from '../../../electron/core/services/ledger-figures.ts'
import { bySymbol, days, totals } from '../../../electron/core/services/ledger-sums.ts'
import { draftOf } from '../../../electron/core/services/journal-draft.ts'
import { insertEntry } from '../../../electron/core/store/journal.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, desk, sale } from './support/desk.ts'
import { settled } from './support/ledger-dump.ts'

const paper = { environment: 'paper' } as const
const d = Dec.of
const DAY = LocalDate.of('2025-01-03')

/** Four bought, ten sold: what six of them made nobody knows. */
function oversold(...rows: Parameters<ReturnType<typeof desk>['row']>[0][]) {
  const { db, work, row } = desk()
  save(db, [buy('a', '2025-01-02', { quantity: d('4') }), sale('s', '2025-01-03'), ...rows].map(one => row(one)))
  settled(work)
  return db
}

describe('a sale of more than the history shows bought', () => {
  test('is known in part, and its rest is counted as unknown: in all, by day, by symbol, within days and by class', () => {
    const { reader } = oversold()
    const known = { realized: '12', closings: 1, unknown: 1 }
    const within = { ...paper, from: DAY, to: DAY }
    for (const scope of [paper, within, { ...paper, symbol: 'AAPL' }, { ...within, symbol: 'AAPL' }, { ...paper, assetClass: 'equity' }]) {
      expect(totals(reader, scope), JSON.stringify(scope)).toMatchObject([known])
      expect(days(reader, scope), JSON.stringify(scope)).toMatchObject([{ ...known, day: DAY }])
      expect(bySymbol(reader, scope), JSON.stringify(scope)).toMatchObject([known])
    }
    expect(totals(reader, { ...paper, from: LocalDate.of('2025-01-04') })).toEqual([])
  })

  test('has the tag of the round trip it ended, and none where it ended none', () => {
    const db = oversold(sale('m', '2025-01-06', { symbol: 'MSFT' }))
    insertEntry(db.writer, {
      id: 'jrn_1', subject: { kind: 'activity', link: { account: 1, externalId: 'a', symbol: 'AAPL' }, tripId: null }, at: AT, day: DAY, title: '', text: '', tags: ['x'],
      rating: null, isDraft: false,
    })
    expect(totals(db.reader, { ...paper, tag: 'x' })).toMatchObject([{ realized: '12', closings: 1, unknown: 1 }])
    expect(byTag(db.reader, paper)).toMatchObject([{ tag: 'x', closings: 1, unknown: 1 }, { tag: null, closings: 0, unknown: 1 }])
  })

  test('is of unknown result on its day where nothing was held, and the draft of the day says so', () => {
    const { db, work, row } = desk()
    save(db, [row(sale('s', '2025-01-03'))])
    settled(work)
    const scope = { ...paper, from: DAY, to: DAY }
    expect(days(db.reader, scope)).toMatchObject([{ day: DAY, realized: '0', closings: 0, unknown: 1 }])
    const facts = { day: DAY, results: days(db.reader, scope), symbols: bySymbol(db.reader, scope), trades: [{ symbol: 'AAPL', fills: 1 }], practice: null }
    expect(draftOf(facts).text).toContain('1 closing of unknown cost is in no sum.\n- AAPL: result unknown, 1 closing')
  })
})
