import { describe, expect, test } from 'vitest'
import { gaps } from '../../../electron/core/services/ledger-gaps.ts'
import { lotViews } from '../../../electron/core/services/ledger-lots.ts'
import { createLedgerWords } from '../../../electron/core/services/ledger-words.ts'
import { totals } from '../../../electron/core/services/ledger-sums.ts'
import type { Writer } from '../../../electron/core/db/connection.ts'
import { everyAccount } from '../../../electron/core/store/ledger-scope.ts'
import { toldOpening } from '../../../electron/core/store/ledger-words.ts'
import { replacePositions } from '../../../electron/core/store/positions.ts'
import { addFixes, removeFix } from '../../../electron/core/store/reconciliation-fixes.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, desk, word } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const d = Dec.of
const none = {} as never
const DAY = LocalDate.of('2025-01-02')

interface Stated {
  readonly symbol: string
  readonly assetClass: AssetClass
  readonly quantity: string
  readonly averagePrice: string
  readonly marketValue: string
  readonly unrealized: string
}

const BOND: Stated = { symbol: '912828ABC', assetClass: 'bond', quantity: '10000', averagePrice: '98', marketValue: '9850', unrealized: '50' }

/** An account whose broker states one holding that no row tells of. */
function holding(stated: Stated | null) {
  const { db, work, row } = desk()
  const accountId = row({ externalId: 'any' }).accountId
  const hold = (one: Stated | null): void => {
    const positions = one === null ? [] : [{ ...one, quantity: d(one.quantity), averagePrice: d(one.averagePrice), marketValue: d(one.marketValue), unrealized: d(one.unrealized), currency: 'USD', asOf: AT }]
    replacePositions(db.writer, accountId, positions, AT)
  }
  hold(stated)
  const words = createLedgerWords({
    db,
    clock: { now: () => AT, monotonicMs: () => 0, after: () => () => undefined },
    random: { uuid: () => '00000000-0000-4000-8000-000000000001' } as never,
    ledger: { settle: async () => void settled(work) },
    between: async run => run(),
  })
  return {
    db, words, accountId, hold,
    write(...rows: (Partial<ActivityFacts> & Pick<ActivityFacts, 'externalId'>)[]) {
      save(db, rows.map(one => row(one)))
      settled(work)
    },
    /** As a fix of reconciliation books it: the broker's own quantity at its own average price. */
    open({ symbol, quantity, averagePrice }: Stated) {
      const detail = { label: 'Add it', assetClass: null, price: d(averagePrice) }
      db.writer.tx(w => addFixes(w, [{ id: 'fix_1/0', accountId, word: 'lot', symbol, currency: 'USD', amount: d(quantity), day: DAY, detail, at: AT }]))
      settled(work)
    },
    refit(change: (writer: Writer) => void) {
      db.writer.tx(change)
      settled(work)
    },
    lots: () => lotViews(db.reader, everyAccount(db.reader), {}, LocalDate.of('2025-06-02')).map(({ cost, unrealized }) => ({ cost, unrealized })),
    realized: () => totals(db.reader, { environment: 'paper' }).map(({ realized, unknown }) => ({ realized, unknown })),
    isSame() {
      const before = ledgerDump(db)
      recomputed(db)
      expect(ledgerDump(db)).toEqual(before)
    },
  }
}

describe('a lot from before the history at its broker\'s average price', () => {
  test.each<[Stated, string, string]>([
    [BOND, '9800', '50'],
    [{ symbol: 'AAPL1261218C00250000', assetClass: 'option', quantity: '2', averagePrice: '3', marketValue: '700', unrealized: '100' }, '600', '100'],
    [{ symbol: './ESZ26 EW4X26 261127C6000', assetClass: 'future-option', quantity: '1', averagePrice: '20', marketValue: '1250', unrealized: '250' }, '1000', '250'],
    [{ symbol: '/ESZ26', assetClass: 'future', quantity: '1', averagePrice: '6000', marketValue: '500', unrealized: '500' }, '300000', '500'],
    [{ symbol: 'AAPL261218C00250000', assetClass: 'option', quantity: '2', averagePrice: '3', marketValue: '700', unrealized: '100' }, '600', '100'],
    [{ symbol: 'WARRANT', assetClass: 'other', quantity: '10', averagePrice: '2', marketValue: '25', unrealized: '5' }, '20', '5'],
    [{ symbol: 'AAPL', assetClass: 'equity', quantity: '10', averagePrice: '2', marketValue: '25', unrealized: '5' }, '20', '5'],
    [{ symbol: 'AAPL1261218C00250000', assetClass: 'option', quantity: '-2', averagePrice: '3', marketValue: '-500', unrealized: '100' }, '600', '100'],
  ])('costs what its broker says of $symbol', (stated, cost, unrealized) => {
    const { open, lots, isSame } = holding(stated)
    open(stated)
    expect(lots()).toEqual([{ cost, unrealized }])
    isSame()
  })

  test('keeps what it is when it is sold, and the position that said so is gone', () => {
    const { open, write, realized, hold, isSame } = holding(BOND)
    open(BOND)
    hold(null)
    write(buy('sold', '2025-05-01', { symbol: BOND.symbol, assetClass: 'bond', side: 'sell', quantity: d('10000'), price: d('99'), amount: d('9900') }))
    expect(realized()).toEqual([{ realized: '100', unknown: 0 }])
    isSame()
  })

  test('has a cost nobody knows where nothing says how many units one is, and learns it from the position that comes later', () => {
    const { db, open, lots, hold, write } = holding(null)
    open(BOND)
    expect(lots()).toEqual([{ cost: null, unrealized: null }])
    hold(BOND)
    write(buy('other', '2025-05-01', { symbol: BOND.symbol, assetClass: 'bond', kind: 'interest', side: null, quantity: null, price: null, amount: d('12') }), buy('a', '2025-05-01'))
    expect(word(db, `SELECT multiplier FROM opening_lots`)).toBe('0.01')
    expect(lots()[0]).toEqual({ cost: '9800', unrealized: '50' })
  })

  test('keeps what it is when a fix takes it out and the undo puts it back', () => {
    const { db, accountId, hold, open, refit, lots, isSame } = holding(BOND)
    open(BOND)
    hold(null)
    const lot = toldOpening(db.reader, 'fix_1/0')
    if (!lot) throw new Error('no lot')
    const detail = { label: 'Take it out', assetClass: null, price: lot.price, lot }
    refit(w => addFixes(w, [{ id: 'fix_2/0', accountId, word: 'lot-taken-out', symbol: BOND.symbol, currency: 'USD', amount: d('-10000'), day: DAY, detail, at: AT }]))
    expect(lots()).toEqual([])
    refit(w => removeFix(w, 'fix_2'))
    expect(lots()).toEqual([{ cost: '9800', unrealized: null }])
    isSame()
  })

  test('is refused where a price would say nothing, and taken without one', async () => {
    const { words, accountId } = holding(null)
    const lot = { accountId, symbol: BOND.symbol, currency: 'USD', day: DAY, quantity: d('10000'), note: '' }
    await expect(words['ledger.addOpeningLot']({ ...lot, price: d('98') }, none)).rejects.toMatchObject({ code: 'ledger/opening-lot-invalid' })
    await expect(words['ledger.addOpeningLot']({ ...lot, price: null }, none)).resolves.toMatchObject({ price: null })
  })
})

describe('a price told for what came in', () => {
  const CAME = { symbol: BOND.symbol, assetClass: 'bond', kind: 'transfer', brokerType: 'ACATS', side: null, price: null, quantity: d('10000') } as const
  const SOLD = buy('sold', '2025-05-01', { symbol: BOND.symbol, assetClass: 'bond', side: 'sell', quantity: d('10000'), price: d('99'), amount: d('9900') })

  test('is that of as many units as the broker\'s position says, and stays so', async () => {
    const { db, words, write, lots, realized, hold, isSame } = holding(BOND)
    write(buy('acat', '2025-03-03', CAME))
    const activityId = gaps(db.reader)[0]?.activityId
    if (!activityId) throw new Error('no gap')
    await words['ledger.setOverride']({ activityId, override: { price: d('98') } }, none)
    expect(lots()).toEqual([{ cost: '9800', unrealized: '50' }])
    hold(null)
    write(SOLD)
    expect(realized()).toEqual([{ realized: '100', unknown: 0 }])
    isSame()
  })

  test('of a lot it brought is so, too', async () => {
    const { db, words, accountId, write, lots, realized, hold, isSame } = holding(BOND)
    write(buy('acat', '2025-03-03', CAME))
    const activityId = gaps(db.reader)[0]?.activityId ?? null
    await words['ledger.addOpeningLot']({ accountId, symbol: BOND.symbol, currency: 'USD', day: DAY, quantity: d('10000'), price: d('98'), note: '', activityId }, none)
    expect(lots()).toEqual([{ cost: '9800', unrealized: '50' }])
    hold(null)
    write(SOLD)
    expect(realized()).toEqual([{ realized: '100', unknown: 0 }])
    isSame()
  })

  test('is refused where nobody says how many units one is, unless that is told with it', async () => {
    const { db, words, accountId, write, lots } = holding(null)
    write(buy('acat', '2025-03-03', CAME))
    const activityId = gaps(db.reader)[0]?.activityId
    if (!activityId) throw new Error('no gap')
    const lot = { accountId, symbol: BOND.symbol, currency: 'USD', day: DAY, quantity: d('10000'), price: d('98'), note: '', activityId }
    await expect(words['ledger.addOpeningLot'](lot, none)).rejects.toMatchObject({ code: 'ledger/opening-lot-invalid' })
    expect(() => words['ledger.setOverride']({ activityId, override: { price: d('98') } }, none)).toThrow(expect.objectContaining({ code: 'ledger/override-invalid' }))
    await words['ledger.setOverride']({ activityId, override: { price: d('98'), multiplier: d('0.01') } }, none)
    expect(lots()).toEqual([{ cost: '9800', unrealized: null }])
  })
})
