import { expect, test } from 'vitest'
import { futuresTraded } from '../../../electron/core/store/futures-traded.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { desk, buy } from '../ledger/support/desk.ts'
import { save } from './support.ts'

const future = (id: string, day: string, more: Partial<ActivityFacts> = {}) =>
  buy(id, day, { symbol: '/ESZ25', assetClass: 'future', amount: Dec.of('-2.25'), fees: Dec.of('2.25'), ...more })

test('futures are told where their trades move no more cash than their costs, with the last day a row settles them', () => {
  const { db, row } = desk()
  const told = () => futuresTraded(db.reader, row(buy('any', '2025-03-03')).accountId, 'USD')
  save(db, [row(buy('shares', '2025-03-03'))])
  expect(told()).toEqual({ symbols: [], settledUntil: null })
  save(db, [
    row(future('es', '2025-03-04')),
    row(future('cl', '2025-03-05', { symbol: '/CLM25', amount: null })),
    row(future('eur', '2025-03-05', { currency: 'EUR', symbol: '/FX' })),
  ])
  expect(told()).toEqual({ symbols: ['/CLM25', '/ESZ25'], settledUntil: null })
  const settlement = { kind: 'journal', side: null, quantity: null, price: null, brokerType: 'Position MTM / Mark to Market' } as const
  save(db, [row(future('s1', '2025-03-05', settlement)), row(future('s2', '2025-03-06', { ...settlement, status: 'canceled' }))])
  expect(told().settledUntil).toBe('2025-03-05')
  save(db, [row(future('all', '2025-03-07', { amount: Dec.of('512.25') }))])
  expect(told().symbols).toEqual([])
})
