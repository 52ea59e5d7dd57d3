import { createSecretKey } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { sql } from '../../../electron/core/db/sql.ts'
import { CHAIN_BEGAN, headOf, hexOf, isStamped, macOf, readBody } from '../../../electron/core/orders/audit-chain.ts'
import { auditRowAt, parseHead, readAuditHead, writeAuditHead } from '../../../electron/core/store/audit-log.ts'
import { AccountIdSchema } from '../../../shared/contract/schemas.ts'
import { tempFolder } from '../../support/data-folder.ts'
import { type AuditDesk, openDesk } from './support/audit-desk.ts'

const key = createSecretKey(Buffer.alloc(32, 1))
const mac = Buffer.alloc(32, 7)
const row = { seq: 4, atMicros: 5, kind: 'order.sending', accountId: null, intentId: 'int_1', body: '{}' }

describe('the stamp of how far the log reaches', () => {
  const head = headOf(key, { seq: 4, mac })

  test('is good for exactly that row, and by that key', () => {
    expect(head).toMatchObject({ rows: 4, mac: hexOf(mac) })
    expect(isStamped(key, head)).toBe(true)
    expect(isStamped(key, { ...head, rows: 3 })).toBe(false)
    expect(isStamped(key, { ...head, mac: hexOf(Buffer.alloc(32, 8)) })).toBe(false)
    expect(isStamped(key, { ...head, stamp: '' })).toBe(false)
    expect(isStamped(createSecretKey(Buffer.alloc(32, 2)), head)).toBe(false)
  })

  test('of another row does not pass for that of a log that was cut', async () => {
    const { desk, file } = await written(5)
    const { db, audit } = desk
    const cut = auditRowAt(db.reader, 4)
    if (!cut) throw new Error('no row')
    const before = parseHead(readFileSync(file, 'utf8'))
    if (!before) throw new Error('no head')
    const forged = { ...before, rows: 4, mac: hexOf(cut.mac) }
    db.raw.exec('DROP TRIGGER audit_log_fixed; DROP TRIGGER audit_log_kept; DELETE FROM audit_log WHERE seq > 4')
    writeAuditHead(db.writer, forged)
    writeFileSync(file, JSON.stringify(forged))
    expect((await audit.verify()).problem).toEqual({
      row: null,
      sentence:
        'The file audit-head beside the database was not written with the key of this log: it was changed, or belongs to another one.',
    })
  })

  test('in the database is looked at as well as the one beside it', async () => {
    const { desk } = await written(3)
    const { db, audit } = desk
    const own = readAuditHead(db.reader)
    if (!own) throw new Error('no head')
    const problem = async (): Promise<string | undefined> => (await audit.verify()).problem?.sentence
    expect(await problem()).toBeUndefined()
    writeAuditHead(db.writer, { ...own, stamp: own.stamp.replace(/^../, 'zz') })
    expect(await problem()).toBe('What the database says of how far its log reaches was changed.')
    writeAuditHead(db.writer, { ...own, rows: own.rows + 1 })
    expect(await problem()).toBe('The database says that its log reaches row 5, and it ends at row 4: rows were taken away from the end.')
    db.writer.run(sql`DELETE FROM meta WHERE name = 'audit-head'`)
    expect(await problem()).toBe('The database no longer says how far its log reaches: somebody took that away.')
  })
})

describe('the keyed hash of a row', () => {
  test('is another one for every other key, row before and value', () => {
    const other = { accountId: AccountIdSchema.parse('acc_1'), seq: 5, atMicros: 6, kind: 'order.look', intentId: null, body: '{"a":1}' }
    const changed = Object.entries(other).map(([name, value]) => macOf(key, mac, { ...row, [name]: value }))
    const all = [macOf(key, mac, row), macOf(key, Buffer.alloc(32), row), macOf(createSecretKey(Buffer.alloc(32, 2)), mac, row), ...changed]
    expect(new Set(all.map(hexOf)).size).toBe(9)
  })
})

describe('a row', () => {
  test('that cannot be read says so', () => {
    const unreadable = { sentence: 'This row cannot be read.', facts: {} }
    for (const body of ['', 'null', '{}', '{"sentence":5,"facts":{}}', '{"sentence":"x","facts":{"a":[]}}'])
      expect(readBody(body)).toEqual(unreadable)
    expect(readBody('{"sentence":"x","facts":{"a":1,"b":null}}')).toEqual({ sentence: 'x', facts: { a: 1, b: null } })
  })

  test('that begins a chain has a kind that older versions know', async () => {
    const { desk } = await written(1)
    expect(CHAIN_BEGAN).toBe('log.began')
    expect(desk.audit.page({ limit: 5 }).rows.map(({ kind, sentence }) => [kind, sentence])).toEqual([
      ['order.sending', 'Order 1.'],
      ['log.began', 'The log begins.'],
    ])
  })
})

async function written(count: number): Promise<{ readonly desk: AuditDesk; readonly file: string }> {
  const dir = tempFolder()
  const desk = await openDesk(dir)
  desk.db.writer.tx(w => {
    for (let n = 1; n <= count; n += 1)
      desk.audit.append(w, { kind: 'order.sending', accountId: null, intentId: null, sentence: `Order ${n}.` })
  })
  await Promise.resolve()
  return { desk, file: path.join(dir, 'audit-head') }
}
