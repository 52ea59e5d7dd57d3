import { describe, expect, test } from 'vitest'
import { statistics } from '../../../electron/core/services/ledger-figures.ts'
import { tripDetail } from '../../../electron/core/services/ledger-trip.ts'
import { trips } from '../../../electron/core/services/ledger-trips.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { save } from '../store/support.ts'
import { buy, desk } from './support/desk.ts'
import { settled } from './support/ledger-dump.ts'

test('fills of a future in the evening belong to the next session and count in the order they happened, whichever was told first', () => {
  const { db, row, work } = desk()
  const future = { symbol: '/ESZ25', assetClass: 'future', quantity: Dec.of('1') } as const
  const fill = (id: string, at: string, more: Partial<ActivityFacts>) =>
    row(buy(id, '2025-03-04', { ...future, executedAt: Instant.parse(at), ...more }))
  save(db, [fill('sold', '2025-03-03T23:20:00Z', { side: 'sell', positionEffect: 'close', price: Dec.of('5010') })])
  save(db, [fill('bought', '2025-03-03T23:05:00Z', { positionEffect: 'open', price: Dec.of('5000') })])
  settled(work)
  expect(db.raw.prepare('SELECT quantity, realized FROM ledger_books').all()).toEqual([{ quantity: '0', realized: '500' }])
  expect(db.raw.prepare('SELECT key FROM ledger_gaps').all()).toEqual([])
})

describe('a fill outside its trade date', () => {
  const future = { symbol: '/ESZ25', assetClass: 'future', quantity: Dec.of('1') } as const
  const written = () => {
    const { db, row, work } = desk()
    save(db, [
      row(
        buy('in', '2025-03-03', {
          ...future,
          positionEffect: 'open',
          price: Dec.of('5000'),
          executedAt: Instant.parse('2025-03-02T23:05:00.125Z'),
        }),
      ),
      row(
        buy('out', '2025-03-04', {
          ...future,
          side: 'sell',
          positionEffect: 'close',
          price: Dec.of('5010'),
          executedAt: Instant.parse('2025-03-03T23:20:00Z'),
        }),
      ),
      row(buy('plain', '2025-03-04', { symbol: 'AAPL', executedAt: Instant.parse('2025-03-04T15:00:00Z') })),
      row(buy('day', '2025-03-04', { symbol: 'MSFT' })),
    ])
    settled(work)
    return db
  }

  test('is told at its own time on the day it belongs to, in the list of round trips and in each', () => {
    const db = written()
    const { rows } = trips(db.reader, { environment: 'paper', limit: 10 })
    const [closed] = rows.filter(({ symbol }) => symbol === '/ESZ25')
    expect(closed).toMatchObject({
      openDay: '2025-03-03',
      openedAt: '2025-03-02T23:05:00.125Z',
      closeDay: '2025-03-04',
      closedAt: '2025-03-03T23:20:00.000Z',
    })
    expect(tripDetail(db, closed?.id ?? '', Instant.parse('2025-04-01T00:00:00Z')).fills).toMatchObject([
      { day: '2025-03-03', at: '2025-03-02T23:05:00.125Z' },
      { day: '2025-03-04', at: '2025-03-03T23:20:00.000Z' },
    ])
    expect(Object.fromEntries(rows.map(({ symbol, openedAt }) => [symbol, openedAt]))).toMatchObject({
      AAPL: '2025-03-04T15:00:00.000Z',
      MSFT: null,
    })
  })

  test('had the prices that were seen while it was open', () => {
    const db = written()
    const seen = (at: string, price: string) =>
      db.raw
        .prepare('INSERT INTO price_marks (account, symbol, at, price) VALUES (1, ?, ?, ?)')
        .run('/ESZ25', Instant.toEpochMicros(Instant.parse(at)), price)
    seen('2025-03-02T23:30:00Z', '4990')
    seen('2025-03-03T23:40:00Z', '4000')
    const [one] = statistics(db.reader, { environment: 'paper' }, Instant.parse('2025-04-01T00:00:00Z'))
    expect(one?.excursion).toMatchObject({ adverse: '-500', samples: 1 })
  })
})
