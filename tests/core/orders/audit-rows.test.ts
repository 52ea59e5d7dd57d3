import { describe, expect, test } from 'vitest'
import type { Reader } from '../../../electron/core/db/connection.ts'
import { checkRows } from '../../../electron/core/orders/audit-check.ts'
import { createAuditKey } from '../../../electron/core/orders/audit-key.ts'
import { tempFolder } from '../../support/data-folder.ts'
import { fakePorts } from '../../support/fake-ports.ts'
import { type AuditDesk, openDesk } from './support/audit-desk.ts'

const { random } = fakePorts('unused')

/** A log of so many rows, its first included. */
async function logOf(rows: number): Promise<AuditDesk> {
  const desk = await openDesk(tempFolder())
  desk.db.writer.tx(w => {
    for (let n = 2; n <= rows; n += 1)
      desk.audit.append(w, { kind: 'order.sending', accountId: null, intentId: null, sentence: `Order ${n}.` })
  })
  await Promise.resolve()
  return desk
}

/** Changes the table as somebody with the file and a SQLite shell could. */
function tamper({ db }: AuditDesk, statement: string): void {
  db.raw.exec('DROP TRIGGER IF EXISTS audit_log_fixed; DROP TRIGGER IF EXISTS audit_log_kept')
  db.raw.exec(statement)
}

/** The same rows in a table that takes any kind of cell. */
const LOOSE = 'CREATE TABLE loose AS SELECT * FROM audit_log; DROP TABLE audit_log; ALTER TABLE loose RENAME TO audit_log;'

describe('a check of all rows', () => {
  test('says which row is wrong, and how', async () => {
    const sentences = [
      ['DELETE FROM audit_log WHERE seq = 3', 'Row 3 is missing.'],
      ['UPDATE audit_log SET at = at + 1 WHERE seq = 3', 'Row 3 is not as it was written: it was changed, moved or put in.'],
      ['UPDATE audit_log SET at = at + 1 WHERE seq = 1', 'Row 1 is not as it was written: it was changed, moved or put in.'],
    ] as const
    for (const [statement, sentence] of sentences) {
      const desk = await logOf(5)
      tamper(desk, statement)
      expect((await desk.audit.verify()).problem?.sentence).toBe(sentence)
    }
  })

  test.each([1, 3, 5])('says so where a cell is none of ours, in row %d of 5, and lets no order out', async row => {
    const desk = await logOf(5)
    tamper(desk, `${LOOSE} UPDATE audit_log SET mac = 'no bytes' WHERE seq = ${row}`)
    const sentence = `Row ${row} cannot be read: a cell of it is of another kind than Keelson writes.`
    expect((await desk.audit.verify()).problem).toEqual({ row, sentence })
    await expect(desk.audit.requireSound()).rejects.toMatchObject({ code: 'order/audit-broken' })
  })

  test('goes on to the last row of a long log, and lets others have their turn', async () => {
    const desk = await logOf(4_001)
    const { db, vault } = desk
    const key = createAuditKey({ vault, random }).read(db.reader)
    if (typeof key === 'string') throw new Error('no key')
    const check = async (): Promise<unknown[]> => {
      let pauses = 0
      const pause = (): Promise<void> => Promise.resolve(void (pauses += 1))
      const { rows, problem } = await checkRows(db.reader, key, pause)
      return [rows, problem, pauses]
    }
    expect(await check()).toEqual([4_001, null, 2])
    tamper(desk, "UPDATE audit_log SET kind = 'x' WHERE seq = 4001")
    expect(await check()).toMatchObject([4_000, { row: 4_001 }, 2])
    tamper(desk, `${LOOSE} UPDATE audit_log SET mac = 5 WHERE seq = 4001`)
    expect(await check()).toEqual([
      4_000,
      { row: 4_001, sentence: 'Row 4001 cannot be read: a cell of it is of another kind than Keelson writes.' },
      2,
    ])
  })

  test('is not taken for a finding where the database itself fails', async () => {
    const { db, vault } = await logOf(3)
    const key = createAuditKey({ vault, random }).read(db.reader)
    if (typeof key === 'string') throw new Error('no key')
    const broken: Reader = {
      ...db.reader,
      all: () => {
        throw new Error('disk I/O error')
      },
    }
    await expect(checkRows(broken, key, () => Promise.resolve())).rejects.toThrow('disk I/O error')
  })
})

test('What the log said of itself stands no more once it was taken', async () => {
  const desk = await logOf(3)
  desk.db.raw.exec(`DELETE FROM meta WHERE name = 'audit-head'`)
  desk.db.writer.tx(w => desk.audit.append(w, { kind: 'order.sending', accountId: null, intentId: null, sentence: 'One more.' }))
  await Promise.resolve()
  const { problem } = await desk.audit.verify()
  expect(problem).toEqual({ row: 4, sentence: 'The database no longer says how far its log reaches: somebody took that away.' })
  await desk.audit.accept(problem?.sentence ?? '')
  expect(await desk.audit.verify()).toMatchObject({ isSound: true, problem: null })
})
