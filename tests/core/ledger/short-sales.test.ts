import { describe, expect, test } from 'vitest'
import { gaps } from '../../../electron/core/services/ledger-gaps.ts'
import { lotViews } from '../../../electron/core/services/ledger-lots.ts'
import { createLedgerWords } from '../../../electron/core/services/ledger-words.ts'
import { createReconciliation } from '../../../electron/core/services/reconciliation.ts'
import { writeHistory } from '../../../electron/core/store/history.ts'
import { everyAccount } from '../../../electron/core/store/ledger-scope.ts'
import { ledgerBooks } from '../../../electron/core/store/reconciliation-facts.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { save } from '../store/support.ts'
import { buy, desk, sale } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'
import { positionsSaved } from './support/positions.ts'

const d = Dec.of
const none = {} as never

/** An account that sold ten AAPL at 8 which it never bought. */
function sold(more: Parameters<typeof sale>[2] = {}) {
  const { db, work, row } = desk()
  const words = createLedgerWords({
    db,
    clock: { now: () => AT, monotonicMs: () => 0, after: () => () => undefined },
    random: { uuid: () => 'x' } as never,
    ledger: { settle: async () => void settled(work) },
    between: async run => run(),
  })
  const write = (...rows: Parameters<typeof row>[0][]): void => {
    save(
      db,
      rows.map(one => row(one)),
    )
    settled(work)
  }
  write(sale('short', '2025-03-04', more))
  const accountId = everyAccount(db.reader)[0]?.accountId ?? ('' as AccountId)
  const gap = () => gaps(db.reader)[0]
  const book = () => db.raw.prepare('SELECT quantity, realized FROM ledger_books').get()
  const tell = async () => {
    const activityId = gap()?.activityId
    if (!activityId) throw new Error('no gap')
    await words['ledger.tellShortSale']({ activityId }, none)
    return activityId
  }
  return { db, work, words, write, gap, book, tell, accountId }
}

describe('a sale of what was never bought', () => {
  test('is no short position until the user says so; then it is one, through every sync and correction, and a purchase covers it', async () => {
    const { db, write, gap, book, tell, words } = sold()
    expect(book()).toEqual({ quantity: '0', realized: '0' })
    expect(gap()).toMatchObject({ kind: 'needs-opening-lot', quantity: '10', shortSale: 'possible' })
    const activityId = await tell()
    expect(book()).toEqual({ quantity: '-10', realized: '0' })
    expect(gap()).toBeUndefined()
    write(sale('short', '2025-03-04'))
    write(sale('short', '2025-03-04', { status: 'corrected', price: d('9') }))
    expect(book()).toEqual({ quantity: '-10', realized: '0' })
    write(buy('cover', '2025-03-06'))
    expect(book()).toEqual({ quantity: '0', realized: '40' })
    expect(gap()).toBeUndefined()
    const kept = ledgerDump(db)
    recomputed(db)
    expect(ledgerDump(db)).toEqual(kept)
    expect(await words['ledger.versions']({ activityId }, none)).toMatchObject({ override: { effect: 'open' } })
    await words['ledger.setOverride']({ activityId, override: null }, none)
    expect(book()).toEqual({ quantity: '10', realized: '0' })
  })

  test('closes what there is first, and only the rest is short; other words about the row stay', async () => {
    const { write, gap, book, tell, words, db } = sold()
    write(buy('some', '2025-03-03', { quantity: d('4') }))
    expect(gap()).toMatchObject({ quantity: '6' })
    const activityId = gap()?.activityId
    if (!activityId) throw new Error('no gap')
    await words['ledger.setOverride']({ activityId, override: { fees: d('1') } }, none)
    await tell()
    expect(await words['ledger.versions']({ activityId }, none)).toMatchObject({ override: { fees: '1', effect: 'open' } })
    expect(book()).toMatchObject({ quantity: '-6' })
    expect(ledgerBooks(db.reader, everyAccount(db.reader)[0]?.accountId ?? ('' as AccountId))).toMatchObject([{ soldUnheld: [] }])
  })

  test('is most likely short where the broker holds it so, and says it', () => {
    const { db, gap, accountId } = sold()
    expect(gap()?.sentence).not.toContain('short sale')
    positionsSaved(db, accountId, [{ symbol: 'AAPL', quantity: '-10' }])
    expect(gap()).toMatchObject({ shortSale: 'likely' })
    expect(gap()?.sentence).toContain('holds 10 of them short')
    expect(ledgerBooks(db.reader, accountId)).toMatchObject([{ missing: '10', soldUnheld: [{ row: 'short', quantity: '10' }] }])
  })

  test('settles a difference to a broker that holds it short with one click', async () => {
    const { db, accountId, book, work } = sold()
    positionsSaved(db, accountId, [{ symbol: 'AAPL', quantity: '-10' }])
    const [from, to] = [LocalDate.of('2020-01-01'), LocalDate.of('2025-03-05')]
    writeHistory(db.writer, accountId, { from, to, cursor: null, done: true, completeFrom: from, completeTo: to }, AT)
    const { handlers, check } = createReconciliation({
      db,
      clock: { now: () => AT, monotonicMs: () => 0, after: () => () => undefined },
      random: { bytes: () => new Uint8Array(12) } as never,
      events: { emit: () => undefined, subscribe: () => () => undefined } as never,
      log: { warn: () => undefined } as never,
      brokerName: () => 'Alpaca',
      between: async run => run(),
      ledgerCurrent: async () => void settled(work),
      sync: async () => undefined,
    })
    await check('con_1' as never)
    const drift = handlers['reconciliation.drifts']({}, none)
    expect(drift).toMatchObject([
      { symbol: 'AAPL', difference: '-10', reason: 'short-sale', fix: { kind: 'short-sale', label: 'It was a short sale' } },
    ])
    const [{ id } = { id: '' }] = await drift
    expect(await handlers['reconciliation.fix']({ id }, { signal: AbortSignal.timeout(60_000) } as never)).toEqual({ isGone: true })
    expect(book()).toEqual({ quantity: '-10', realized: '0' })
    expect(handlers['reconciliation.drifts']({}, none)).toEqual([])
  })

  test('is no holding of a year, however long it stays open', () => {
    const { db } = sold({ positionEffect: 'open' })
    const today = LocalDate.of('2027-01-04')
    expect(lotViews(db.reader, everyAccount(db.reader), {}, today)).toMatchObject([{ quantity: '-10', isLongTerm: false }])
  })

  test('is offered as short neither where the broker says it closed something, nor what left or came', () => {
    const { gap, db, accountId, words } = sold({ positionEffect: 'close' })
    expect(gap()).toMatchObject({ shortSale: null })
    expect(ledgerBooks(db.reader, accountId)).toMatchObject([{ missing: '10', soldUnheld: [] }])
    const activityId = gap()?.activityId
    if (!activityId) throw new Error('no gap')
    expect(() => words['ledger.tellShortSale']({ activityId }, none)).toThrow(expect.objectContaining({ code: 'ledger/override-invalid' }))
    expect(sold({ kind: 'transfer', side: null, quantity: d('-10') }).gap()).toMatchObject({ shortSale: null })
  })
})
