import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { sql } from '../../../electron/core/db/sql.ts'
import { tempFolder } from '../../support/data-folder.ts'
import { testBox } from '../../support/fake-ports.ts'
import { type AuditDesk, openDesk } from './support/audit-desk.ts'

const EMPTIED =
  'The log reached row 3 and now ends at row 0: an older copy of the database was put back, or rows were taken away from the end.'

function write(desk: AuditDesk, count = 1): void {
  desk.db.writer.tx(w => {
    for (let n = 1; n <= count; n += 1)
      desk.audit.append(w, { kind: 'order.sending', accountId: null, intentId: null, sentence: `Order ${n}.` })
  })
}

/** Writes a row in a transaction that is undone. */
async function writeInVain(desk: AuditDesk): Promise<void> {
  const undone = (): void =>
    desk.db.writer.tx(w => {
      desk.audit.append(w, { kind: 'order.sending', accountId: null, intentId: null, sentence: 'In vain.' })
      throw new Error('undone')
    })
  expect(undone).toThrow('undone')
  await Promise.resolve()
}

async function written(dir: string, count: number): Promise<AuditDesk> {
  const desk = await openDesk(dir)
  write(desk, count)
  await Promise.resolve()
  return desk
}

/** The same data folder, after the vault began again without its old key. */
async function withoutKey(dir: string): Promise<AuditDesk> {
  const desk = await written(dir, 2)
  desk.close()
  const another = testBox()
  let isOldKeyGone = false
  const unwrap = (wrapped: Uint8Array): Promise<Uint8Array> => {
    if (isOldKeyGone) return another.unwrap(wrapped, 'test-box')
    isOldKeyGone = true
    return Promise.reject(new Error('gone'))
  }
  return openDesk(dir, { box: testBox({ unwrap }), startOver: true })
}

function empty({ db }: AuditDesk, alsoKey: boolean): void {
  db.raw.exec('DROP TRIGGER audit_log_fixed; DROP TRIGGER audit_log_kept; DELETE FROM audit_log')
  if (alsoKey) db.raw.exec(`DELETE FROM secrets WHERE owner = 'audit'`)
}

const headIn = (dir: string): unknown => JSON.parse(readFileSync(path.join(dir, 'audit-head'), 'utf8'))
const keyOf = ({ db }: AuditDesk): unknown => db.raw.prepare(`SELECT hex(ciphertext) FROM secrets WHERE owner = 'audit'`).pluck().get()
const problemOf = async ({ audit }: AuditDesk): Promise<string | undefined> => (await audit.verify()).problem?.sentence
const kindsOf = ({ audit }: AuditDesk): string[] =>
  audit
    .page({ limit: 20 })
    .rows.map(({ kind }) => kind)
    .toReversed()
const reasonsOf = ({ db }: AuditDesk): unknown[] =>
  db.reader
    .all(sql`SELECT body FROM audit_log WHERE kind = 'log.began' ORDER BY seq`)
    .map(row => JSON.parse(String(row['body'])) as unknown)
const failures = ({ records }: AuditDesk): string[] => records.map(({ event }) => event)

describe('the record begins', () => {
  test('with a row that says so, and a file that says so before that row can be committed', async () => {
    const dir = tempFolder()
    const desk = await openDesk(dir)
    desk.db.writer.tx(w => {
      desk.audit.append(w, { kind: 'order.sending', accountId: null, intentId: null, sentence: 'Order 1.' })
      expect(headIn(dir)).toMatchObject({ rows: 0, mac: '' })
    })
    await Promise.resolve()
    expect(headIn(dir)).toMatchObject({ rows: 2 })
    write(desk)
    await Promise.resolve()
    expect([failures(desk), desk.audit.problem()]).toEqual([[], null])
    expect(reasonsOf(desk)).toEqual([{ sentence: 'The log begins.', facts: { reason: 'new' } }])
  })

  test('anew after it began in vain, without a trace', async () => {
    const dir = tempFolder()
    const desk = await openDesk(dir)
    await writeInVain(desk)
    expect(headIn(dir)).toMatchObject({ rows: 0 })
    await writeInVain(desk)
    write(desk)
    await Promise.resolve()
    expect([await problemOf(desk), kindsOf(desk), failures(desk)]).toEqual([undefined, ['log.began', 'order.sending'], []])
    expect(existsSync(path.join(dir, 'audit-head.aside-1'))).toBe(false)
  })

  test('in each run where its key is kept for one only, and says so', async () => {
    const dir = tempFolder()
    const box = testBox({ protection: 'memory' })
    const first = await openDesk(dir, { box })
    write(first)
    first.close()
    const second = await openDesk(dir, {
      box: testBox({ protection: 'memory', unwrap: () => Promise.reject(new Error('gone')) }),
      startOver: true,
    })
    expect(await problemOf(second)).toBeUndefined()
    write(second)
    await Promise.resolve()
    expect(reasonsOf(second).at(-1)).toEqual({
      sentence: 'The key of the log was kept for one run only, so each run begins a chain of its own. What is before it is frozen.',
      facts: { reason: 'memory' },
    })
    expect(await problemOf(second)).toBeUndefined()
  })

  test('in vain without its key, and still says that the key is gone', async () => {
    const dir = tempFolder()
    const desk = await withoutKey(dir)
    const before = headIn(dir)
    const problem = await problemOf(desk)
    await writeInVain(desk)
    expect([headIn(dir), await problemOf(desk), failures(desk).includes('audit.anchor-failed')]).toEqual([before, problem, false])
    expect(problem).toMatch(/^The key of the log is gone/)
  })
})

describe('a record that was emptied', () => {
  test.each([false, true])('is begun anew with a row that says so, its key gone too: %s', async alsoKey => {
    const desk = await written(tempFolder(), 2)
    const key = keyOf(desk)
    empty(desk, alsoKey)
    write(desk, 2)
    await Promise.resolve()
    expect(kindsOf(desk)).toEqual(['log.began', 'log.out-of-step', 'order.sending', 'order.sending'])
    expect(await problemOf(desk)).toBe(EMPTIED)
    expect(keyOf(desk)).not.toBe(key)
    expect(failures(desk)).toContain('audit.out-of-step')
  })

  test('says so too after a row that was written in vain', async () => {
    const dir = tempFolder()
    const desk = await written(dir, 2)
    empty(desk, true)
    const before = headIn(dir)
    await writeInVain(desk)
    expect([headIn(dir), await problemOf(desk)]).toEqual([before, EMPTIED])
  })
})

describe('a record that is taken as it is', () => {
  test('keeps its key, and freezes every row before, however many', async () => {
    const desk = await written(tempFolder(), 2_100)
    const key = keyOf(desk)
    desk.db.raw.exec(`DELETE FROM meta WHERE name = 'audit-head'`)
    expect(await desk.audit.accept((await problemOf(desk)) ?? '')).toMatchObject({ isSound: true, rows: 2_102 })
    expect(keyOf(desk)).toBe(key)
    expect(reasonsOf(desk).at(-1)).toMatchObject({ facts: { reason: 'accepted' } })
    desk.db.raw.exec('DROP TRIGGER audit_log_fixed; UPDATE audit_log SET at = at + 1 WHERE seq = 2050')
    expect(await problemOf(desk)).toBe('Row 2102 or one before it was changed since the log was begun anew there.')
  })
})

describe('a row of the record', () => {
  test('is no longer than a thousand characters of a text', async () => {
    const desk = await openDesk(tempFolder())
    const long = 'x'.repeat(1_001)
    desk.db.writer.tx(w =>
      desk.audit.append(w, { kind: 'order.sending', accountId: null, intentId: null, sentence: long, facts: { said: long, count: 5 } }),
    )
    const [row] = desk.db.reader.all(sql`SELECT body FROM audit_log WHERE seq = 2`)
    const cut = 'x'.repeat(1_000)
    expect(JSON.parse(String(row?.['body']))).toEqual({ sentence: cut, facts: { said: cut, count: 5 } })
  })

  test('of which the database was closed at once is no failure', async () => {
    const desk = await openDesk(tempFolder())
    write(desk)
    desk.db.close()
    await Promise.resolve()
    expect(failures(desk)).toEqual([])
  })
})
