import { describe, expect, test } from 'vitest'
import type { Db } from '../../../electron/core/db/open.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import { createForgetting, type Forgetting } from '../../../electron/core/services/forgetting.ts'
import { accountsOf } from '../../../electron/core/store/accounts.ts'
import { indexText } from '../../../electron/core/store/activities-text.ts'
import { beginForgetting, forgettings } from '../../../electron/core/store/delete-history.ts'
import { insertImport, markImported, markTold } from '../../../electron/core/store/imports.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { adopt, type Row, save, withAccounts } from '../store/support.ts'

const ENDED = 'con_ended' as ConnectionId

function row(accountId: AccountId, at: number): Row {
  return {
    accountId, raw: '{}',
    facts: {
      externalId: `row-${at}`, kind: 'dividend', brokerType: 'DIV', executedAt: null, tradeDate: LocalDate.of('2026-03-12'), symbol: 'KO', assetClass: null,
      side: null, positionEffect: null, quantity: null, price: null, amount: Dec.of('1'), fees: Dec.zero, currency: 'USD', orderId: null, description: 'cash', status: 'final',
    },
  }
}

/** A history of 1,700 rows to be forgotten, ten of them imported, and one row of another connection. */
function twoHistories(): Db {
  const db = tempDatabase()
  const [ended, kept] = withAccounts(db, { con_ended: ['1001'], con_kept: ['2002'] })
  if (ended === undefined || kept === undefined) throw new Error('no accounts')
  save(db, [...Array.from({ length: 1700 }, (_, at) => row(ended, at)), row(kept, 1)])
  while (indexText(db.writer));
  const file = { id: 'imp_1', accountId: ended, broker: 'alpaca', format: 'ofx', fileName: 'a', fileHash: 'h', createdAt: AT, rows: 10, added: 10, report: '{}' } as const
  insertImport(db.writer, file)
  const ids = Array.from({ length: 10 }, (_, at) => `row-${at}`)
  markImported(db.writer, ended, 'imp_1', ids)
  markTold(db.writer, ended, 'imp_1', ids.map(externalId => ({ externalId, ownId: null })))
  return db
}

/** What forgets, and how often it had the database to itself. `stopAfter` ends it in the middle. */
function forgetter(db: Db, stopAfter = Number.POSITIVE_INFINITY): { readonly forgetting: Forgetting; readonly turns: () => number } {
  let turns = 0
  const forgetting = createForgetting({
    db,
    log: createLog(() => undefined, { now: () => AT }),
    writer: {
      between: async run => {
        turns += 1
        if (turns === stopAfter) void forgetting.stop()
        return run()
      },
    },
  })
  return { forgetting, turns: () => turns }
}

const begin = (db: Db): void => db.writer.tx(w => beginForgetting(w, ENDED))
const counted = (db: Db, what: string): unknown => db.raw.prepare(`SELECT count(*) FROM ${what}`).pluck().get()

describe('a history that is forgotten', () => {
  test('goes little by little, with everything else in between, and leaves nothing', async () => {
    const db = twoHistories()
    const { forgetting, turns } = forgetter(db)
    begin(db)
    let others = 0
    let isDone = false
    const other = (): void => void ((others += 1), isDone || setImmediate(other))
    setImmediate(other)
    await forgetting.finish().finally(() => (isDone = true))
    expect(turns()).toBeGreaterThan(3)
    expect(others).toBeGreaterThan(3)
    expect([counted(db, 'activities'), counted(db, 'accounts'), counted(db, 'imports'), counted(db, 'import_rows')]).toEqual([1, 1, 0, 0])
    expect(counted(db, "activities_text WHERE activities_text MATCH 'cash'")).toBe(1)
    expect(forgettings(db.reader)).toEqual([])
    expect(db.raw.pragma('foreign_key_check')).toEqual([])
  })

  test('goes on to its end with the next start when Keelson was ended in the middle', async () => {
    const db = twoHistories()
    begin(db)
    await forgetter(db, 2).forgetting.finish()
    expect(counted(db, 'activities')).toBe(701)
    expect(forgettings(db.reader)).toEqual([ENDED])
    await forgetter(db).forgetting.finish()
    expect([counted(db, 'activities'), counted(db, 'accounts')]).toEqual([1, 1])
    expect(forgettings(db.reader)).toEqual([])
  })

  test('is no part of the same account when that is connected again meanwhile', async () => {
    const db = twoHistories()
    begin(db)
    await forgetter(db, 2).forgetting.finish()
    withAccounts(db, { con_again: [] })
    const [again] = adopt(db, 'con_again' as ConnectionId, ['1001'])
    if (!again) throw new Error('no account')
    save(db, [row(again.id, 1), row(again.id, 2)])
    await forgetter(db).forgetting.finish()
    expect(counted(db, 'activities')).toBe(3)
    expect(accountsOf(db.reader, 'con_again' as ConnectionId)).toHaveLength(1)
  })
})
