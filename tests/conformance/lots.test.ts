import { describe, expect, test } from 'vitest'
import { matchLots } from '../../electron/core/ledger/lots/engine.ts'
import { lotEvents, type LotRow } from '../../electron/core/ledger/lots/lot-rows.ts'
import { sortMicros } from '../../electron/core/ledger/sort.ts'
import type { ActivityRow } from '../../shared/contract/schemas.ts'
import { Dec } from '../../shared/domain/decimal.ts'
import type { AssetClass } from '../../shared/domain/instrument.ts'
import { costOfLot } from '../core/ledger/lots/support/sums.ts'
import { CASES, nameOf } from './cases.ts'
import { openHouse } from './house.ts'

const CLASSES: readonly AssetClass[] = ['equity', 'option', 'future', 'future-option', 'crypto', 'fund', 'bond', 'cash', 'index', 'forex', 'other']

/** Rows come newest first. */
function lotRows(rows: readonly ActivityRow[]): LotRow[] {
  return rows.toReversed().map((row, at) => ({ ...row, assetClass: CLASSES.find(each => each === row.assetClass) ?? null, id: at, sortAt: sortMicros(row), isTimed: row.executedAt !== null }))
}

describe.each(CASES.filter(({ addsUp }) => addsUp).map(row => [nameOf(row), row] as const))('%s', (_, row) => {
  test('comes to the lots it holds, without a gap, and every cent of its trades is in them', async () => {
    await using house = await openHouse(row, { activities: 1500 })
    await house.sync()
    for (const { id: accountId } of (await house.connection()).accounts) {
      const bySymbol = Map.groupBy(lotRows(await house.rowsOf(accountId)), ({ symbol }) => symbol ?? '')
      const books = [...bySymbol].map(([symbol, own]) => {
        const { events } = lotEvents(own)
        return { symbol, own, events, book: matchLots(events, 'fifo') }
      })
      expect(books.flatMap(({ symbol, book }) => book.gaps.map(gap => ({ symbol, ...gap })))).toEqual([])
      const held = books.map(({ symbol, book }) => [symbol, Dec.sum(book.lots.map(({ quantity }) => quantity))] as const).filter(([, quantity]) => !Dec.isZero(quantity))
      // Rows that are not in lots are cash alone.
      for (const { own, events, book } of books) {
        const keys = new Set(events.map(({ key }) => key))
        const paid = Dec.sum(own.map(({ externalId, amount, status }) => (keys.has(externalId) && status !== 'canceled' ? (amount ?? Dec.zero) : Dec.zero)))
        const made = Dec.sum(book.realizations.map(({ pnl }) => pnl ?? Dec.zero))
        const open = Dec.sum(book.lots.map(lot => (Dec.isNegative(lot.quantity) ? Dec.neg(costOfLot(lot) ?? Dec.zero) : (costOfLot(lot) ?? Dec.zero))))
        expect(Dec.sub(made, open)).toBe(paid)
      }
      const positions = await house.call('portfolio.positions', { accountId })
      expect(Object.fromEntries(held)).toEqual(Object.fromEntries(positions.map(({ symbol, quantity }) => [symbol, quantity])))
    }
  })
})
