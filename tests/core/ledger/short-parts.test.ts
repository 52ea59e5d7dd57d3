import { describe, expect, test } from 'vitest'
import { gaps } from '../../../electron/core/services/ledger-gaps.ts'
import { realizations } from '../../../electron/core/services/ledger-trips.ts'
import { everyAccount } from '../../../electron/core/store/ledger-scope.ts'
import { tripPage } from '../../../electron/core/store/ledger-trips.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { save } from '../store/support.ts'
import { buy, desk, sale } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const d = Dec.of
const PAPER = { environment: 'paper' } as const
type Told = Parameters<ReturnType<typeof desk>['row']>[0]

const old = (more: Partial<ActivityFacts> = {}): Told => sale('old', '2020-01-06', { quantity: d('1000'), price: d('75'), ...more })
const short = sale('short', '2024-01-08', { price: d('200'), positionEffect: 'open' })
const cover = buy('cover', '2024-02-08', { price: d('150'), positionEffect: 'close' })

/** What the ledger says after rows came one sync after the other; the same as when they all came at once. */
function ledgerOf(...syncs: readonly Told[]) {
  const { db, work, row } = desk()
  for (const one of syncs) {
    save(db, [row(one)])
    settled(work)
  }
  const followed = ledgerDump(db)
  recomputed(db)
  expect(ledgerDump(db)).toEqual(followed)
  return {
    made: realizations(db.reader, { ...PAPER, limit: 50 }).rows.map(({ openKey, isShort, quantity, pnl }) => [openKey, isShort ? 'short' : 'long', quantity, pnl]),
    missing: gaps(db.reader).map(({ kind, quantity, day }) => [kind, quantity, day]),
    runs: tripPage(db.reader, everyAccount(db.reader), PAPER, { limit: 50 }).rows.map(({ isShort, quantity, realized, fees }) => [isShort, quantity, realized, fees]),
    held: db.raw.prepare('SELECT quantity FROM ledger_books').pluck().get(),
  }
}

describe('a sale of what was bought before the history, beside a short sale that was covered', () => {
  const told = { made: [['short', 'short', '10', '500']], missing: [['needs-opening-lot', '1000', '2020-01-06']], runs: [[true, '10', '500', '0']], held: '0' }

  test.each([
    ['in its order', [old(), short, cover]],
    ['the cover first', [cover, short, old()]],
    ['the old sale last', [short, cover, old()]],
  ])('lacks what it closed, and is no short position: told %s', (_, syncs) => {
    expect(ledgerOf(...syncs)).toEqual(told)
  })

  test('was short for no more than what was covered, where no other row says it was', () => {
    expect(ledgerOf(old({ fees: d('10') }), cover)).toEqual({
      made: [['old', 'short', '10', '-750.1']], missing: [['needs-opening-lot', '990', '2020-01-06']], runs: [[true, '10', '-750.1', '0.1']], held: '0',
    })
  })
})

describe('a dividend in shares of which none are held', () => {
  test('is held at a cost nobody knows, and says so', () => {
    const dividend = buy('sd', '2025-04-03', { kind: 'corporate-action', brokerType: 'SD', side: null, symbol: 'GOOG', quantity: d('5'), price: null })
    expect(ledgerOf(dividend)).toMatchObject({ made: [], held: '5', missing: [['unknown-cost', '5', '2025-04-03']] })
    expect(ledgerOf(dividend, sale('sold', '2025-04-04', { symbol: 'GOOG', quantity: d('5') }))).toMatchObject({ made: [['sd', 'long', '5', null]], held: '0' })
  })
})
