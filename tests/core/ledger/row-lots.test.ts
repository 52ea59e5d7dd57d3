import { describe, expect, test } from 'vitest'
import { gaps } from '../../../electron/core/services/ledger-gaps.ts'
import { lotViews } from '../../../electron/core/services/ledger-lots.ts'
import { createLedgerWords } from '../../../electron/core/services/ledger-words.ts'
import { ledgerStatus } from '../../../electron/core/store/ledger-status.ts'
import { everyAccount } from '../../../electron/core/store/ledger-scope.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, desk, sale } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const d = Dec.of
const none = {} as never

/** A hundred shares that came from elsewhere at a cost nobody said, and what the user may say of them. */
function transferred() {
  const { db, work, row } = desk()
  let number = 0
  const words = createLedgerWords({
    db,
    clock: { now: () => AT, monotonicMs: () => 0, after: () => () => undefined },
    random: { uuid: () => `00000000-0000-4000-8000-00000000000${(number += 1)}` } as never,
    ledger: { settle: async () => void settled(work) },
    between: async run => run(),
  })
  const write = (...rows: Parameters<typeof row>[0][]): void => {
    save(db, rows.map(one => row(one)))
    settled(work)
  }
  write(buy('came', '2025-03-03', { kind: 'transfer', brokerType: 'ACATS', side: null, price: null, quantity: d('100') }))
  const accountId = everyAccount(db.reader)[0]?.accountId ?? ('' as AccountId)
  const gap = () => gaps(db.reader)[0]
  const tell = async (quantity: string, price: string | null, day: string, activityId = gap()?.activityId ?? null) =>
    words['ledger.addOpeningLot']({ accountId, symbol: 'AAPL', currency: 'USD', day: LocalDate.of(day), quantity: d(quantity), price: price === null ? null : d(price), note: '', activityId }, none)
  const held = () => lotViews(db.reader, everyAccount(db.reader), {}, LocalDate.of('2025-06-02')).map(lot => [lot.day, lot.quantity, lot.cost])
  return { db, work, words, write, gap, tell, held }
}

describe('lots a transfer brought', () => {
  test('are told one by one, until all of it is known, and nothing is held twice', async () => {
    const { tell, held, gap, write, db } = transferred()
    expect(gap()).toMatchObject({ kind: 'unknown-cost', quantity: '100' })
    await tell('40', '5', '2023-01-05')
    expect(held()).toEqual([['2023-01-05', '40', '200'], ['2025-03-03', '60', null]])
    expect(gap()).toMatchObject({ kind: 'unknown-cost', quantity: '60' })
    await tell('60', '6', '2024-12-30')
    expect(held()).toEqual([['2023-01-05', '40', '200'], ['2024-12-30', '60', '360']])
    expect(gap()).toBeUndefined()
    write(sale('sold', '2025-05-01', { quantity: d('50') }))
    expect(db.raw.prepare('SELECT quantity, realized, unknown FROM ledger_books').all()).toEqual([{ quantity: '50', realized: '140', unknown: 0 }])
    const before = ledgerDump(db)
    recomputed(db)
    expect(ledgerDump(db)).toEqual(before)
  })

  test('are listed beside other lots, and each is taken back by itself; other words about the row stay', async () => {
    const { db, words, tell, held, gap } = transferred()
    const activityId = gap()?.activityId
    if (!activityId) throw new Error('no row')
    const [first, second] = [await tell('40', '5', '2023-01-05'), await tell('60', '6', '2024-12-30')]
    expect(await words['ledger.openingLots']({}, none)).toMatchObject([{ id: first.id, quantity: '40', price: '5' }, { id: second.id, quantity: '60' }])
    await words['ledger.setOverride']({ activityId, override: { fees: d('1') } }, none)
    await words['ledger.setOverride']({ activityId, override: null }, none)
    expect(held()).toHaveLength(2)
    await words['ledger.removeOpeningLot']({ id: first.id }, none)
    expect(held()).toEqual([['2024-12-30', '60', '360'], ['2025-03-03', '40', null]])
    await words['ledger.removeOpeningLot']({ id: second.id }, none)
    expect(held()).toEqual([['2025-03-03', '100', null]])
    expect(db.raw.prepare('SELECT count(*) FROM row_overrides').pluck().get()).toBe(0)
  })

  test('that cannot have come with it are refused', async () => {
    const { tell, gap } = transferred()
    const activityId = gap()?.activityId ?? null
    for (const [quantity, price] of [['101', '5'], ['-1', '5'], ['10', null]] as const)
      await expect(tell(quantity, price, '2023-01-05', activityId)).rejects.toMatchObject({ code: 'ledger/opening-lot-invalid' })
    await tell('70', '5', '2023-01-05')
    await expect(tell('31', '5', '2023-01-05', activityId)).rejects.toMatchObject({ code: 'ledger/opening-lot-invalid' })
  })

  test('count for nothing once the broker says that fewer came', async () => {
    const { tell, held, write } = transferred()
    await tell('70', '5', '2023-01-05')
    write(buy('came', '2025-03-03', { kind: 'transfer', brokerType: 'ACATS', side: null, price: null, quantity: d('60') }))
    expect(held()).toEqual([['2025-03-03', '60', null]])
  })

  test('of a lot of his own nobody knows the cost of, nothing more is asked', async () => {
    const { db, tell, words } = transferred()
    await tell('5', null, '2020-01-05', null)
    expect(gaps(db.reader)).toMatchObject([{ quantity: '100' }])
    expect(ledgerStatus(db.reader).gaps).toBe(1)
    expect(await words['ledger.openingLots']({}, none)).toHaveLength(1)
  })
})

describe('a purchase without a price', () => {
  test('gets the price the user says, and is not held twice', async () => {
    const { db, tell, held, write } = transferred()
    await tell('100', '5', '2023-01-05')
    write(buy('unpriced', '2025-03-05', { price: null, quantity: d('10') }))
    await tell('10', '7', '2025-03-04')
    expect(held()).toEqual([['2023-01-05', '100', '500'], ['2025-03-05', '10', '70']])
    expect(gaps(db.reader)).toEqual([])
  })
})
