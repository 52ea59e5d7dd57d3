import { describe, expect, test } from 'vitest'
import { sql } from '../../../electron/core/db/sql.ts'
import { auditHandlers } from '../../../electron/core/orders/audit.ts'
import { routes } from '../../../shared/contract/routes.ts'
import { tempFolder } from '../../support/data-folder.ts'
import { type AuditDesk, openDesk } from './support/audit-desk.ts'

/** A log of five rows, which somebody with the file and a SQLite shell then changed. */
async function damaged(statement: string): Promise<AuditDesk> {
  const desk = await openDesk(tempFolder())
  write(desk, [2, 3, 4, 5])
  await Promise.resolve()
  change(desk, statement)
  return desk
}

function write({ db, audit }: AuditDesk, rows: readonly number[]): void {
  db.writer.tx(w => {
    for (const n of rows) audit.append(w, { kind: 'order.sending', accountId: null, intentId: null, sentence: `Order ${n}.` })
  })
}

function change({ db }: AuditDesk, statement: string): void {
  db.raw.exec('DROP TRIGGER IF EXISTS audit_log_fixed; DROP TRIGGER IF EXISTS audit_log_kept')
  db.raw.exec(statement)
}

/** What the window and the command line get to see, by the contract. */
function listed({ audit }: AuditDesk, limit = 50): { readonly seq: number; readonly sentence: string }[] {
  const handlers = auditHandlers(audit, { require: () => Promise.resolve() })
  const page = handlers['audit.page']({ limit }, {} as Parameters<(typeof handlers)['audit.page']>[1])
  return routes['audit.page'].output.parse(JSON.parse(JSON.stringify(page))).rows
}

/** The same rows in a table that takes any kind of cell. */
const LOOSE = 'CREATE TABLE loose AS SELECT * FROM audit_log; DROP TABLE audit_log; ALTER TABLE loose RENAME TO audit_log;'
const OTHER_CELL = 'Row 3 cannot be read: a cell of it is of another kind than Keelson writes.'
const NO_NUMBER = 'A row has no number of the log: it was put in, or its number was changed.'
const CHANGED = 'Row 3 is not as it was written: it was changed, moved or put in.'

const DAMAGES: readonly (readonly [string, string, string])[] = [
  ['a hash that is text', `${LOOSE} UPDATE audit_log SET mac = 'no bytes' WHERE seq = 3`, OTHER_CELL],
  ['a hash that is a number', `${LOOSE} UPDATE audit_log SET mac = 5 WHERE seq = 3`, OTHER_CELL],
  ['nothing for a body', `${LOOSE} UPDATE audit_log SET body = NULL WHERE seq = 3`, OTHER_CELL],
  ['bytes for a body', `${LOOSE} UPDATE audit_log SET body = x'00ff' WHERE seq = 3`, OTHER_CELL],
  ['bytes for a kind', `${LOOSE} UPDATE audit_log SET kind = x'6b' WHERE seq = 3`, OTHER_CELL],
  ['bytes for an account', `${LOOSE} UPDATE audit_log SET account_id = x'01' WHERE seq = 3`, OTHER_CELL],
  ['bytes for an intent', `${LOOSE} UPDATE audit_log SET intent_id = x'69' WHERE seq = 3`, OTHER_CELL],
  ['text for a time', `${LOOSE} UPDATE audit_log SET at = 'noon' WHERE seq = 3`, OTHER_CELL],
  ['half a microsecond', `${LOOSE} UPDATE audit_log SET at = 0.5 WHERE seq = 3`, OTHER_CELL],
  ['a hash cut short', 'UPDATE audit_log SET mac = substr(mac, 1, 31) WHERE seq = 3', OTHER_CELL],
  ['a time that no calendar has', 'UPDATE audit_log SET at = 9000000000000000000 WHERE seq = 3', OTHER_CELL],
  ['text for a number', `${LOOSE} UPDATE audit_log SET seq = 'three' WHERE seq = 3`, NO_NUMBER],
  ['no number', `${LOOSE} UPDATE audit_log SET seq = NULL WHERE seq = 3`, NO_NUMBER],
  ['a number below one', 'UPDATE audit_log SET seq = -3 WHERE seq = 3', NO_NUMBER],
  ['a number beyond all', 'UPDATE audit_log SET seq = 9000000000000000000 WHERE seq = 5', NO_NUMBER],
  ['a row taken out', 'DELETE FROM audit_log WHERE seq = 3', 'Row 3 is missing.'],
  ['its first row taken out', 'DELETE FROM audit_log WHERE seq = 1', 'Row 1 is missing.'],
  ['a row twice', `${LOOSE} INSERT INTO audit_log SELECT * FROM audit_log WHERE seq = 3`, 'Row 4 is missing.'],
  ['a body that says nothing', "UPDATE audit_log SET body = 'no words' WHERE seq = 3", CHANGED],
  ['an account that is none', "UPDATE audit_log SET account_id = 'a stranger' WHERE seq = 3", CHANGED],
]

describe('a record of orders with', () => {
  test.each(DAMAGES)('%s says so, lets no order out, and can be taken as it is with nothing hidden', async (_, statement, sentence) => {
    const desk = await damaged(statement)
    const { audit, db } = desk
    const there = (): number => Number(db.reader.get(sql`SELECT count(*) AS n FROM audit_log`)?.['n'])
    expect((await audit.verify()).problem?.sentence).toBe(sentence)
    await expect(audit.requireSound()).rejects.toMatchObject({ code: 'order/audit-broken' })
    expect(listed(desk)).toHaveLength(there())
    // It goes on: what is done meanwhile is written down, and heals nothing.
    write(desk, [6])
    await Promise.resolve()
    expect((await audit.verify()).problem?.sentence).toBe(sentence)
    const taken = await audit.accept(sentence)
    expect(taken).toMatchObject({ isSound: true, problem: null, rows: there() })
    await expect(audit.requireSound()).resolves.toBeUndefined()
    const rows = listed(desk)
    expect(rows).toHaveLength(there())
    expect(rows.find(({ seq }) => seq > 0)?.sentence).toContain(sentence)
    write(desk, [7])
    await Promise.resolve()
    expect(await audit.verify()).toMatchObject({ isSound: true, rows: there() })
  })

  test.each(['mac', 'body', 'at'])('a %s of another kind in its last row goes on, and can be taken as it is', async cell => {
    const desk = await damaged(`${LOOSE} UPDATE audit_log SET ${cell} = x'' WHERE seq = 5`)
    write(desk, [6])
    await Promise.resolve()
    const { problem } = await desk.audit.verify()
    expect(problem).toMatchObject({ row: 5 })
    expect(await desk.audit.accept(problem?.sentence ?? '')).toMatchObject({ isSound: true })
  })
})

describe('a damaged row that was taken as it is', () => {
  test.each([
    ["UPDATE audit_log SET mac = 'other bytes' WHERE seq = 3"],
    ['UPDATE audit_log SET mac = NULL WHERE seq = 3'],
    ["UPDATE audit_log SET body = '{}' WHERE seq = 3"],
    ['DELETE FROM audit_log WHERE seq = 3'],
    ['DELETE FROM audit_log WHERE seq = 2'],
    ["UPDATE audit_log SET body = '{}' WHERE seq = 1"],
    ["INSERT INTO audit_log SELECT 'x', at, kind, account_id, intent_id, body, mac FROM audit_log WHERE seq = 2"],
  ])('is frozen: %s is found', async statement => {
    const desk = await damaged(`${LOOSE} UPDATE audit_log SET mac = 'no bytes' WHERE seq = 3; UPDATE audit_log SET seq = 'y' WHERE seq = 4`)
    await desk.audit.accept((await desk.audit.verify()).problem?.sentence ?? '')
    expect((await desk.audit.verify()).isSound).toBe(true)
    change(desk, statement)
    const { problem } = await desk.audit.verify()
    expect(problem?.sentence).toBe('Row 6 or one before it was changed since the log was begun anew there.')
    expect(await desk.audit.accept(problem?.sentence ?? '')).toMatchObject({ isSound: true })
  })

  test('is the same wherever the database puts rows without a number', async () => {
    const desk = await damaged(`${LOOSE} UPDATE audit_log SET seq = 'x' || seq WHERE seq IN (2, 3, 4)`)
    await desk.audit.accept((await desk.audit.verify()).problem?.sentence ?? '')
    change(desk, LOOSE.replace('FROM audit_log;', 'FROM audit_log ORDER BY rowid DESC;'))
    expect(await desk.audit.verify()).toMatchObject({ isSound: true })
  })

  test('and a row without a number put in later is told apart from the rows before', async () => {
    const desk = await damaged("UPDATE audit_log SET body = '{}' WHERE seq = 3")
    await desk.audit.accept((await desk.audit.verify()).problem?.sentence ?? '')
    change(desk, 'INSERT INTO audit_log SELECT -seq, at, kind, account_id, intent_id, body, mac FROM audit_log WHERE seq < 3')
    expect((await desk.audit.verify()).problem).toEqual({
      row: null,
      sentence: '2 rows have no number of the log: they were put in, or their numbers were changed.',
    })
  })
})

describe('the list of a record', () => {
  test('shows what can be read of a damaged row, and says that it is damaged', async () => {
    const desk = await damaged(
      `${LOOSE} UPDATE audit_log SET mac = 5, account_id = 'a stranger' WHERE seq = 3; UPDATE audit_log SET body = NULL, kind = x'06', at = 'x' WHERE seq = 2`,
    )
    const [, , third, second] = listed(desk)
    expect(third).toMatchObject({
      seq: 3,
      kind: 'order.sending',
      accountId: null,
      sentence: 'This row is not as Keelson writes them. It says: Order 3.',
    })
    expect(second).toMatchObject({
      seq: 2,
      at: '1970-01-01T00:00:00.000Z',
      kind: 'log.unreadable',
      sentence: 'This row is not as Keelson writes them. It says: This row cannot be read.',
    })
  })

  test('shows rows without a number first, once, and by number 0', async () => {
    const desk = await damaged(`${LOOSE} UPDATE audit_log SET seq = 'x' WHERE seq = 2; UPDATE audit_log SET seq = NULL WHERE seq = 3`)
    expect(listed(desk).map(({ seq }) => seq)).toEqual([0, 0, 5, 4, 1])
    const first = desk.audit.page({ limit: 2 })
    expect([first.rows.map(({ seq }) => seq), first.next]).toEqual([[0, 0, 5, 4], 4])
    const last = desk.audit.page({ limit: 2, after: 4 })
    expect([last.rows.map(({ seq }) => seq), last.next]).toEqual([[1], null])
  })
})
