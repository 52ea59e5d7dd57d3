import { expect, test } from 'vitest'
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
