import { describe, expect, test } from 'vitest'
import { gaps } from '../../../electron/core/services/ledger-gaps.ts'
import { lotViews } from '../../../electron/core/services/ledger-lots.ts'
import { realizations } from '../../../electron/core/services/ledger-trips.ts'
import { createLedgerWords } from '../../../electron/core/services/ledger-words.ts'
import { toActivityId } from '../../../electron/core/store/activity-rows.ts'
import { everyAccount } from '../../../electron/core/store/ledger-scope.ts'
import { markSymbol } from '../../../electron/core/store/ledger-dirty.ts'
import { setOverride } from '../../../electron/core/store/ledger-words.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, desk, sale, word } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const d = Dec.of

/** Ten shares that came from elsewhere, what the user tells of them, and a sale of four of them. */
function told() {
  const { db, work, row } = desk()
  let number = 0
  const words = createLedgerWords({
    db,
    clock: { now: () => AT, monotonicMs: () => 0, after: () => () => undefined },
    random: { uuid: () => `u${(number += 1)}` } as never,
    ledger: { settle: async () => void settled(work) },
    between: async run => run(),
  })
  save(db, [buy('in', '2024-06-01', { kind: 'transfer', side: null, price: null }), sale('s', '2024-07-01', { quantity: d('4'), price: d('60') })].map(one => row(one)))
  settled(work)
  const { accountId } = row({ externalId: 'in' })
  const idOf = (externalId: string) => toActivityId(Number(word(db, `SELECT id FROM activities WHERE external_id = '${externalId}'`)))
  return {
    db,
    row: idOf('in'),
    gap: () => gaps(db.reader),
    tell: async (day: string, quantity: string, price: string) =>
      words['ledger.addOpeningLot']({ activityId: idOf('in'), accountId, symbol: 'AAPL', currency: 'USD', day: LocalDate.of(day), quantity: d(quantity), price: d(price), note: '' }, {} as never),
    takeBack: async (id: string) => words['ledger.removeOpeningLot']({ id }, {} as never),
    pick: async (...picks: [lot: string, quantity: string][]) =>
      words['ledger.setPicks']({ activityId: idOf('s'), picks: picks.map(([lot, quantity]) => ({ lot, quantity: d(quantity) })) }, {} as never),
    say(lots: readonly { readonly day: string; readonly quantity: string; readonly price: string }[]) {
      db.writer.tx(w => {
        setOverride(w, 1, 'in', { lots: lots.map(({ day, quantity, price }, at) => ({ id: `old-${at}`, day: LocalDate.of(day), quantity: d(quantity), price: d(price), note: '', at: 0 })) }, AT)
        markSymbol(w, 1, 'AAPL')
      })
      settled(work)
    },
    sold: () => realizations(db.reader, { environment: 'paper', limit: 9 }).rows.map(({ openDay, quantity, pnl }) => [openDay, quantity, pnl]).toSorted((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)),
    keys: () => Object.fromEntries(lotViews(db.reader, everyAccount(db.reader), {}, LocalDate.of('2025-01-02')).map(({ key, day }) => [key, day])),
  }
}

describe('lots told of a row one after the other', () => {
  test('keep what picks name them by when the last one is told, which is what was picked of the rest', async () => {
    const { db, tell, pick, sold } = told()
    await tell('2020-01-02', '3', '5')
    await tell('2021-01-02', '3', '20')
    await pick(['in~3', '3'], ['in', '1'])
    expect(sold()).toEqual([['2021-01-02', '3', '120'], ['2024-06-01', '1', null]])
    await tell('2022-01-02', '4', '40')
    expect(sold()).toEqual([['2021-01-02', '3', '120'], ['2022-01-02', '1', '20']])
    const before = ledgerDump(db)
    recomputed(db)
    expect(ledgerDump(db)).toEqual(before)
  })

  test('keep it when another one is taken back, and one told in its place has the name of that', async () => {
    const { row, gap, tell, takeBack, pick, keys, sold } = told()
    const first = await tell('2020-01-02', '3', '5')
    await tell('2021-01-02', '3', '20')
    await tell('2022-01-02', '4', '40')
    await pick(['in', '4'])
    await takeBack(first.id)
    expect(sold()).toEqual([['2022-01-02', '4', '80']])
    expect(keys()).toEqual({ 'in~2': '2024-06-01', 'in~3': '2021-01-02' })
    expect(gap()).toMatchObject([{ quantity: '3', activityId: row }])
    await tell('2019-01-02', '3', '6')
    expect(gap()).toEqual([])
    expect(keys()).toEqual({ 'in~2': '2019-01-02', 'in~3': '2021-01-02' })
    expect(sold()).toEqual([['2022-01-02', '4', '80']])
  })

  test('the one lot of all that came has the name of the row', async () => {
    const { tell, keys } = told()
    await tell('2020-01-02', '10', '5')
    expect(keys()).toEqual({ in: '2020-01-02' })
  })
})

test('lots told of a row by an earlier version keep their names, also when one is taken back or told beside them', async () => {
  const { say, takeBack, tell, pick, keys, sold } = told()
  say([{ day: '2020-01-02', quantity: '3', price: '5' }, { day: '2021-01-02', quantity: '3', price: '20' }, { day: '2022-01-02', quantity: '4', price: '40' }])
  await pick(['in', '1'], ['in~4', '3'])
  expect(sold()).toEqual([['2020-01-02', '1', '55'], ['2022-01-02', '3', '60']])
  expect(Object.keys(keys())).toEqual(['in', 'in~3', 'in~4'])
  await takeBack('old-1')
  expect(sold()).toEqual([['2020-01-02', '1', '55'], ['2022-01-02', '3', '60']])
  await tell('2021-05-02', '3', '21')
  expect(keys()).toEqual({ in: '2020-01-02', 'in~2': '2021-05-02', 'in~4': '2022-01-02' })
})
