import { describe, expect, test } from 'vitest'
import { days, totals } from '../../../electron/core/services/ledger-sums.ts'
import { realizations } from '../../../electron/core/services/ledger-trips.ts'
import { setOverride } from '../../../electron/core/store/ledger-words.ts'
import { markDay, markSymbol } from '../../../electron/core/store/ledger-dirty.ts'
import type { RowOverride } from '../../../electron/core/ledger/lots/lot-rows.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, desk, sale } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const d = Dec.of
const BOND = { symbol: '912828ABC', assetClass: 'bond', quantity: d('10000'), price: d('98'), fees: d('10') } as const
const bought = (amount: string, more: Partial<ActivityFacts> = {}) => buy('b', '2025-03-03', { ...BOND, amount: d(amount), ...more })
const sold = (amount: string, more: Partial<ActivityFacts> = {}) => sale('s', '2025-04-01', { ...BOND, amount: d(amount), ...more })

/** What rows come to, the same whether computed at once or row by row. */
function made(rows: readonly ReturnType<typeof buy>[], said?: RowOverride) {
  const { db, work, row } = desk()
  for (const one of rows) {
    save(db, [row(one)])
    settled(work)
  }
  if (said)
    db.writer.tx(w => {
      setOverride(w, 1, 's', said, AT)
      markSymbol(w, 1, BOND.symbol)
      markDay(w, 1, LocalDate.of('2025-04-01'))
    })
  settled(work)
  const before = ledgerDump(db)
  recomputed(db)
  expect(ledgerDump(db)).toEqual(before)
  const [sums] = totals(db.reader, { environment: 'paper' })
  return { realized: sums?.realized, fees: sums?.fees, interest: Dec.sum(days(db.reader, { environment: 'paper' }).map(({ interest }) => interest)), cost: realizations(db.reader, { environment: 'paper', limit: 9 }).rows.map(({ cost }) => cost) }
}

describe('interest that accrued on a bond', () => {
  test('is income of the day it was received and taken from it where it was paid, and neither cost nor commission', () => {
    expect(made([bought('-9930'), sold('9990')])).toEqual({ realized: '-20', fees: '20', interest: '80', cost: ['9810'] })
  })

  test('is none where the cash is price and fees, and where it differs by what a price was rounded', () => {
    expect(made([bought('-9810'), sold('9790')])).toEqual({ realized: '-20', fees: '20', interest: '0', cost: ['9810'] })
    expect(made([bought('-9810.05'), sold('9790.05')])).toMatchObject({ realized: '-20', interest: '0', fees: '20' })
    expect(made([bought('-9810.06'), sold('9790.06')])).toMatchObject({ realized: '-20', interest: '0' })
  })

  test('is never received by a purchase: less cash than the price is a lower cost', () => {
    expect(made([bought('-9800'), sold('9780')])).toMatchObject({ realized: '-20', interest: '0', fees: '20' })
  })

  test('is none of what is no bond', () => {
    const share = { symbol: 'AAPL', assetClass: 'equity', quantity: d('100'), price: d('98') } as const
    expect(made([bought('-9930', share), sold('9990', share)])).toMatchObject({ interest: '0', realized: '60' })
  })

  test('goes by what the user says of the row', () => {
    expect(made([bought('-9810'), sold('9990')], { fees: d('30') })).toMatchObject({ realized: '-40', fees: '40', interest: '200' })
    expect(made([bought('-9810'), sold('9990')], { price: d('99') })).toMatchObject({ realized: '80', interest: '0' })
    expect(made([bought('-9810'), sold('9990')], { ignored: true })).toMatchObject({ cost: [], interest: '0' })
  })
})
