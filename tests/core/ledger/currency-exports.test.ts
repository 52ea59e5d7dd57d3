import { expect, test } from 'vitest'
import { exportPart } from '../../../electron/core/services/ledger-export.ts'
import { everyAccount } from '../../../electron/core/store/ledger-scope.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { save } from '../store/support.ts'
import { buy, desk, sale } from './support/desk.ts'
import { settled } from './support/ledger-dump.ts'
import { positionsSaved } from './support/positions.ts'

test('money that was changed is no position: it is exported where the broker lists it as one, as the screens show it; what changing it back made is a result', () => {
  const { db, row, work } = desk()
  const euros = { symbol: 'EUR.USD', assetClass: 'forex', price: Dec.of('1.1') } as const
  save(db, [
    row(buy('shares', '2025-03-03')),
    row(buy('euros', '2025-03-03', euros)),
    row(sale('back', '2025-03-04', { ...euros, price: Dec.of('1.2'), quantity: Dec.of('4') })),
  ])
  settled(work)
  const now = Instant.parse('2025-04-01T00:00:00Z')
  const symbols = (what: 'positions' | 'lots' | 'realizations'): unknown[] =>
    exportPart(db.reader, { environment: 'paper', what, format: 'json' }, now)
      .text.trimEnd()
      .split('\n')
      .map(line => (JSON.parse(line) as { symbol: unknown }).symbol)
  expect(symbols('positions')).toEqual(['AAPL'])
  expect(symbols('lots')).toEqual(['AAPL'])
  expect(symbols('realizations')).toEqual(['EUR.USD'])
  positionsSaved(db, everyAccount(db.reader)[0]?.accountId ?? ('' as AccountId), [{ symbol: 'EUR.USD', quantity: '6' }])
  expect(symbols('positions')).toEqual(['AAPL', 'EUR.USD'])
  expect(symbols('lots')).toEqual(['AAPL', 'EUR.USD'])
})
