import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { createLog } from '../../../electron/core/log/log.ts'
import { auditHandlers, openAudit } from '../../../electron/core/orders/audit.ts'
import { createAuditAnchor } from '../../../electron/core/orders/audit-anchor.ts'
import { createAuditKey } from '../../../electron/core/orders/audit-key.ts'
import type { Audit } from '../../../electron/core/orders/audit-log.ts'
import { createYes } from '../../../electron/core/orders/consent.ts'
import type { ConsentQuestion } from '../../../electron/core/ports.ts'
import { adoptAccounts } from '../../../electron/core/store/accounts.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import { tempFolder } from '../../support/data-folder.ts'
import { fakePorts, testBox } from '../../support/fake-ports.ts'
import { connection } from '../store/support.ts'
import { type AuditDesk, openDesk } from './support/audit-desk.ts'

const { random } = fakePorts('unused')
const HEAD = { rows: 3, mac: 'ab', stamp: 'cd' }

async function written(dir: string, count: number): Promise<AuditDesk> {
  const desk = await openDesk(dir)
  write(desk, count)
  await Promise.resolve()
  return desk
}

function write({ db, audit }: Pick<AuditDesk, 'db' | 'audit'>, count = 1): void {
  db.writer.tx(w => {
    for (let n = 1; n <= count; n += 1) audit.append(w, { kind: 'order.sending', accountId: null, intentId: null, sentence: `Order ${n}.` })
  })
}
const problemOf = async ({ audit }: Pick<AuditDesk, 'audit'>): Promise<string | undefined> => (await audit.verify()).problem?.sentence

describe('the file that says how far the record reaches', () => {
  test('is written whole, and read back', () => {
    const file = path.join(tempFolder(), 'audit-head')
    const anchor = createAuditAnchor(file)
    expect(anchor.read()).toBe('missing')
    anchor.write(HEAD)
    anchor.write({ ...HEAD, rows: 4 })
    expect(anchor.read()).toEqual({ ...HEAD, rows: 4 })
    expect(readdirSync(path.dirname(file))).toEqual(['audit-head'])
    writeFileSync(file, '{}')
    expect(anchor.read()).toBe('unreadable')
  })

  test('is put aside under a name of its own each time it cannot be read', () => {
    const dir = tempFolder()
    const file = path.join(dir, 'audit-head')
    const anchor = createAuditAnchor(file)
    for (const left of ['first', 'second', 'third']) {
      rmSync(file, { force: true })
      mkdirSync(file)
      writeFileSync(path.join(file, left), '')
      anchor.write(HEAD)
    }
    expect(anchor.read()).toEqual(HEAD)
    expect(['first', 'second', 'third'].map((left, at) => existsSync(path.join(dir, `audit-head.aside-${at + 1}`, left)))).toEqual([
      true,
      true,
      true,
    ])
  })

  test('is closed each time it was written', () => {
    const anchor = createAuditAnchor(path.join(tempFolder(), 'audit-head'))
    const openFiles = (): number => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : 0)
    const before = openFiles()
    for (let rows = 1; rows <= 100; rows += 1) anchor.write({ ...HEAD, rows })
    expect(openFiles()).toBeLessThan(before + 50)
  })
})

describe('the record does not reach as far as it did', () => {
  test('where another one was put in its place, as long as it', async () => {
    const [dir, otherDir] = [tempFolder(), tempFolder()]
    const [desk, other] = [await written(dir, 3), await written(otherDir, 3)]
    writeFileSync(path.join(dir, 'audit-head'), readFileSync(path.join(otherDir, 'audit-head')))
    expect([await problemOf(desk), await problemOf(other)]).toEqual([
      'Row 4 is not the one that was written: the database is another one than before, or the row was changed.',
      undefined,
    ])
  })

  test('where it was emptied and the file beside it put back to its beginning', async () => {
    const dir = tempFolder()
    const desk = await written(dir, 3)
    desk.db.raw.exec(
      `DROP TRIGGER audit_log_fixed; DROP TRIGGER audit_log_kept; DELETE FROM audit_log; DELETE FROM secrets WHERE owner = 'audit'`,
    )
    writeFileSync(path.join(dir, 'audit-head'), JSON.stringify({ rows: 0, mac: '', stamp: '' }))
    expect(await problemOf(desk)).toBe(
      'The database says that its log reaches row 4, and it ends at row 0: rows were taken away from the end.',
    )
  })

  test('where the file beside it says that it has not begun', async () => {
    const dir = tempFolder()
    const desk = await written(dir, 3)
    writeFileSync(path.join(dir, 'audit-head'), JSON.stringify({ rows: 0, mac: '', stamp: '' }))
    expect(await problemOf(desk)).toBe(
      'The file audit-head beside the database was not written with the key of this log: it was changed, or belongs to another one.',
    )
  })
})

describe('the key of the record', () => {
  test('has 32 bytes, and stands where older versions look for it', async () => {
    const { db, vault } = await openDesk(tempFolder())
    const keys = createAuditKey({ vault, random })
    expect(keys.read(db.reader)).toBe('none')
    const key = db.writer.tx(w => keys.make(w))
    const read = keys.read(db.reader)
    expect(typeof read === 'string' ? read : [read.symmetricKeySize, read.equals(key)]).toEqual([32, true])
    expect(db.raw.prepare('SELECT owner, field, version FROM secrets').all()).toEqual([{ owner: 'audit', field: 'audit-key', version: 1 }])
    db.writer.tx(w => keys.make(w))
    expect(db.raw.prepare('SELECT version FROM secrets').pluck().all()).toEqual([2])
  })

  test('is lost, and not none, once the vault began again', async () => {
    const dir = tempFolder()
    const first = await written(dir, 1)
    first.close()
    const another = testBox()
    let isOldKeyGone = false
    const unwrap = (wrapped: Uint8Array): Promise<Uint8Array> => {
      if (isOldKeyGone) return another.unwrap(wrapped, 'test-box')
      isOldKeyGone = true
      return Promise.reject(new Error('gone'))
    }
    const { db, vault } = await openDesk(dir, { box: testBox({ unwrap }), startOver: true })
    expect(createAuditKey({ vault, random }).read(db.reader)).toBe('lost')
  })
})

interface Opened {
  readonly desk: AuditDesk
  readonly audit: Audit
  readonly dir: string
}

async function opened(): Promise<Opened> {
  const dir = tempFolder()
  const desk = await openDesk(dir)
  const log = createLog(() => undefined, fakePorts(dir).clock)
  const redactor = { text: (text: string) => text.replaceAll('hunter2hunter2', '[secret]') }
  return { desk, dir, audit: openAudit({ ...desk, ports: fakePorts(dir), log, redactor, onProblem: () => undefined }) }
}

describe('the record of a data folder', () => {
  test('has its file beside the database, and neither secrets nor account numbers in its rows', async () => {
    const { desk, dir, audit } = await opened()
    const made = connection('con_a')
    insertConnection(desk.db.writer, made)
    const seen = [{ numberHash: 'hash-of-it', brokerKey: 'DU1234567', masked: '••••4567', name: 'A', type: 'margin', currency: 'USD' }]
    adoptAccounts(desk.db.writer, { connectionId: made.id, broker: made.broker, environment: made.environment, accounts: seen })
    const sentence = 'DU1234567, hash-of-it and hunter2hunter2.'
    desk.db.writer.tx(w => audit.append(w, { kind: 'order.look', accountId: null, intentId: null, sentence }))
    await Promise.resolve()
    expect(audit.page({ limit: 1 }).rows).toMatchObject([{ seq: 2, sentence: '[private], [private] and [secret].' }])
    expect(JSON.parse(readFileSync(path.join(dir, 'audit-head'), 'utf8'))).toMatchObject({ rows: 2 })
  })
})

describe('whoever looks at the record', () => {
  const { signal } = new AbortController()
  const BROKEN = 'The database no longer says how far its log reaches: somebody took that away.'

  async function asking(
    answer: boolean,
  ): Promise<Opened & { readonly asked: ConsentQuestion[]; readonly routes: ReturnType<typeof auditHandlers> }> {
    const at = await opened()
    write({ db: at.desk.db, audit: at.audit }, 3)
    await Promise.resolve()
    const asked: ConsentQuestion[] = []
    const consent = { ask: (question: ConsentQuestion) => Promise.resolve(asked.push(question) > 0 && answer) }
    return { ...at, asked, routes: auditHandlers(at.audit, createYes({ consent, isLocked: () => false })) }
  }
  const call = { signal } as Parameters<ReturnType<typeof auditHandlers>['audit.accept']>[1]

  test('sees it page by page, and whether it is sound', async () => {
    const { routes } = await asking(true)
    expect(await routes['audit.page']({ limit: 2 }, call)).toMatchObject({ rows: [{ seq: 4 }, { seq: 3 }], next: 3 })
    expect(await routes['audit.page']({ limit: 2, after: 3 }, call)).toMatchObject({ rows: [{ seq: 2 }, { seq: 1 }], next: null })
    expect(await routes['audit.verify']({}, call)).toMatchObject({ isSound: true, rows: 4 })
  })

  test('is asked before it is taken as it is, by what is wrong with it now', async () => {
    const { desk, routes, asked } = await asking(true)
    expect(await routes['audit.accept']({ shown: 'Row 2 is missing.' }, call)).toMatchObject({ isSound: true, rows: 4 })
    expect(asked).toEqual([])
    desk.db.raw.exec(`DELETE FROM meta WHERE name = 'audit-head'`)
    await expect(routes['audit.accept']({ shown: 'Row 2 is missing.' }, call)).rejects.toMatchObject({ code: 'order/audit-changed' })
    expect(asked).toEqual([])
    expect(await routes['audit.accept']({ shown: BROKEN }, call)).toMatchObject({ isSound: true, rows: 5 })
    expect(asked.map(({ detail }) => detail.startsWith(BROKEN))).toEqual([true])
  })

  test('and says no leaves it as it is', async () => {
    const { desk, routes, audit } = await asking(false)
    desk.db.raw.exec(`DELETE FROM meta WHERE name = 'audit-head'`)
    await expect(routes['audit.accept']({ shown: BROKEN }, call)).rejects.toMatchObject({ code: 'order/not-confirmed' })
    expect((await audit.verify()).problem?.sentence).toBe(BROKEN)
  })
})
