import { expect, test } from 'vitest'
import { statistics } from '../../../electron/core/services/ledger-figures.ts'
import { bySymbol } from '../../../electron/core/services/ledger-sums.ts'
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
const day = LocalDate.of

test('round trips by symbol are those the tag and the days are about, as in the statistics', () => {
  const { db, work, row } = desk()
  const told = [buy('a', '2025-01-02'), sale('as', '2025-01-03'), buy('b', '2025-02-03', { price: d('9') }), sale('bs', '2025-02-04'), buy('c', '2025-03-03')]
  save(db, told.map(one => row(one)))
  settled(work)
  const link = { account: 1, externalId: 'a', symbol: 'AAPL' }
  insertEntry(db.writer, {
    id: 'jrn_1', subject: { kind: 'activity', link, tripId: null }, at: AT, day: day('2025-01-02'), title: '', text: '', tags: ['x'], rating: null, isDraft: false,
  })
  const february = { from: day('2025-02-01'), to: day('2025-02-28') }
  for (const [scope, expected] of [
    [{ ...paper, tag: 'x' }, { trips: 1, known: 1, wins: 1 }],
    [{ ...paper, ...february }, { trips: 1, known: 1, wins: 0 }],
    [{ ...paper, tag: 'x', ...february }, undefined],
    [paper, { trips: 2, known: 2, wins: 1 }],
  ] as const) {
    const [found] = bySymbol(db.reader, scope)
    expect(found && { trips: found.trips, known: found.known, wins: found.wins }, JSON.stringify(scope)).toEqual(expected)
    const [all] = statistics(db.reader, scope, AT)
    expect(all && { trips: all.trips, known: all.trips - all.unknown, wins: all.wins }, JSON.stringify(scope)).toEqual(expected)
  }
})

test('fees that were paid are no gain in the draft of a day', () => {
  const zero = { realized: Dec.zero, fees: Dec.zero, closings: 0, unknown: 0, dividends: Dec.zero, interest: Dec.zero }
  const textOf = (otherFees: string): string =>
    draftOf({ day: day('2025-03-03'), results: [{ ...zero, day: day('2025-03-03'), currency: 'USD', otherFees: d(otherFees) }], symbols: [], trades: [], practice: null }).text
  expect(textOf('5')).toContain('Other fees: −5.00 USD.')
  expect(textOf('-1.5')).toContain('Other fees: +1.50 USD.')
})
