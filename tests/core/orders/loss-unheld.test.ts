import { describe, expect, test } from 'vitest'
import { lossToday } from '../../../electron/core/orders/loss-today.ts'
import { setOverride } from '../../../electron/core/store/ledger-words.ts'
import { markSymbol } from '../../../electron/core/store/ledger-dirty.ts'
import { saveWorth } from '../../../electron/core/store/worth-days.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { buy, desk, sale } from '../ledger/support/desk.ts'
import { settled } from '../ledger/support/ledger-dump.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'

const d = Dec.of
const TODAY = '2026-11-20'

function trading(...rows: (Partial<ActivityFacts> & Pick<ActivityFacts, 'externalId'>)[]) {
  const { db, work, row } = desk()
  const { accountId: id } = row({ externalId: 'any' })
  save(db, rows.map(one => row(one)))
  settled(work)
  const lost = (worth: string | null = null): Dec | null =>
    lossToday(
      db.reader,
      { id, currency: 'USD' },
      { balances: [{ currency: 'USD', netLiquidation: worth === null ? null : d(worth) }], positions: [] },
      AT,
    )
  return { db, work, id, lost }
}

describe('what today lost by sales of what the history never shows bought', () => {
  test.each([
    ['of which nothing was bought', [sale('s', TODAY)]],
    ['of which a part was bought', [buy('b', '2026-11-02', { quantity: d('4') }), sale('s', TODAY)]],
    ['in another currency', [sale('s', TODAY, { currency: 'EUR' })]],
    ['bought back today', [buy('b', TODAY, { positionEffect: 'close' })]],
  ])('is not known: one %s', (_name, rows) => {
    const { lost, db, id } = trading(...rows)
    expect(lost()).toBeNull()
    expect(lost('5000')).toBeNull()
    // What the account was worth at the end of the last trading day says it without the books.
    saveWorth(db.writer, id, [{ currency: 'USD', netLiquidation: d('5200'), cash: null, asOf: Instant.parse('2026-11-19T21:00:00Z') }])
    expect(lost('5000')).toBe('200')
  })

  test('is known again once the sale is told as a short one', () => {
    const { db, work, lost } = trading(sale('s', TODAY))
    db.writer.tx(w => {
      setOverride(w, 1, 's', { effect: 'open' }, AT)
      markSymbol(w, 1, 'AAPL')
    })
    settled(work)
    expect(lost()).toBe('0')
  })

  test('is of other days where they were sold then, and of nobody where they only went elsewhere or were money', () => {
    expect(trading(sale('s', '2026-11-19')).lost()).toBe('0')
    expect(trading(sale('s', TODAY, { kind: 'transfer', positionEffect: null, price: null })).lost()).toBe('0')
    expect(trading(sale('s', TODAY, { symbol: 'EUR.USD', assetClass: 'forex' })).lost()).toBe('0')
  })

  test('is not known either where a lot of another currency was closed whose cost nobody knows', () => {
    const moved = buy('in', '2026-11-02', { kind: 'transfer', side: null, price: null, currency: 'EUR' })
    expect(trading(moved, sale('s', TODAY, { currency: 'EUR' })).lost()).toBeNull()
  })
})
