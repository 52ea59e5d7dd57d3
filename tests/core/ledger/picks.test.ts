import { describe, expect, test } from 'vitest'
import { totals } from '../../../electron/core/services/ledger-sums.ts'
import { createLedgerWords } from '../../../electron/core/services/ledger-words.ts'
import { toActivityId } from '../../../electron/core/store/activity-rows.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { AT } from '../../support/data-folder.ts'
import { markWhole } from '../../../electron/core/store/ledger-dirty.ts'
import { setMethod } from '../../../electron/core/store/ledger-words.ts'
import { save } from '../store/support.ts'
import { buy, desk, sale, word } from './support/desk.ts'
import { ledgerDump, recomputed, settled } from './support/ledger-dump.ts'

const d = Dec.of

/** Rows of AAPL, and the lots picked for them. */
function picking() {
  const { db, work, row } = desk()
  const failed: unknown[] = []
  const words = createLedgerWords({
    db,
    clock: { now: () => AT, monotonicMs: () => 0, after: () => () => undefined },
    random: {} as never,
    ledger: { settle: async () => void failed.push(...settled(work)) },
    between: async run => run(),
  })
  return {
    db, failed,
    write(...rows: (Partial<ActivityFacts> & Pick<ActivityFacts, 'externalId'>)[]) {
      save(db, rows.map(one => row(one)))
      failed.push(...settled(work))
    },
    pick(externalId: string, ...picks: [lot: string, quantity: string][]) {
      const activityId = toActivityId(Number(word(db, `SELECT id FROM activities WHERE external_id = '${externalId}'`)))
      return words['ledger.setPicks']({ activityId, picks: picks.map(([lot, quantity]) => ({ lot, quantity: d(quantity) })) }, {} as never)
    },
    realized: () => totals(db.reader, { environment: 'paper' }).map(({ realized }) => realized),
  }
}

describe('a pick of a part of a share', () => {
  test('counts where a lot has such parts, though what was sold has none, and the book goes on', async () => {
    const { db, failed, write, pick, realized } = picking()
    write(buy('A', '2025-03-03'), buy('B', '2025-03-04', { quantity: d('2.5'), price: d('7') }), sale('S', '2025-03-05'))
    expect(realized()).toEqual(['30'])
    await pick('S', ['B', '2.5'])
    expect(realized()).toEqual(['25'])
    write(sale('S2', '2025-03-06', { quantity: d('2.5'), price: d('9') }))
    expect([realized(), failed]).toEqual([['35'], []])
    expect(word(db, 'SELECT count(*) FROM ledger_dirty')).toBe(0)
    const before = ledgerDump(db)
    recomputed(db)
    expect(ledgerDump(db)).toEqual(before)
  })

  test('is refused where all was bought and sold whole, and nothing changes', async () => {
    const { db, failed, write, pick, realized } = picking()
    write(buy('A', '2025-03-03'), buy('B', '2025-03-04', { price: d('7') }), sale('S', '2025-03-05'))
    expect(() => pick('S', ['B', '2.5'])).toThrow(expect.objectContaining({ code: 'ledger/picks-invalid' }))
    write(sale('S2', '2025-03-06', { price: d('9') }))
    expect([realized(), failed, word(db, 'SELECT count(*) FROM lot_picks')]).toEqual([['50'], [], 0])
  })

  test('that was saved before such picks were refused holds up no book', () => {
    const { db, failed, write, realized } = picking()
    db.raw.exec(`INSERT INTO lot_picks (account, external_id, picks) VALUES (1, 'S', '[{"lot":"B","quantity":"2.5"}]')`)
    write(buy('A', '2025-03-03'), buy('B', '2025-03-04', { price: d('7') }), sale('S', '2025-03-05'))
    write(sale('S2', '2025-03-06', { price: d('9') }))
    expect([realized(), failed]).toEqual([['50'], []])
  })
})

test('a pick counts before the average too, however the history grows', async () => {
  const { db, failed, write, pick, realized } = picking()
  write(buy('A', '2025-03-03'), buy('B', '2025-03-04', { price: d('9') }), sale('S', '2025-03-05', { quantity: d('5') }))
  await pick('S', ['B', '5'])
  db.writer.tx(w => {
    setMethod(w, 1, 'average')
    markWhole(w, 1)
  })
  write()
  expect(realized()).toEqual(['-5'])
  write(sale('T', '2025-03-06', { quantity: d('5') }))
  expect([realized(), failed]).toEqual([['10'], []])
  await pick('T', ['B', '5'])
  write(buy('C', '2025-03-07', { price: d('7') }), sale('U', '2025-03-10'))
  expect([realized(), failed]).toEqual([['10'], []])
  const before = ledgerDump(db)
  recomputed(db)
  expect(ledgerDump(db)).toEqual(before)
})
