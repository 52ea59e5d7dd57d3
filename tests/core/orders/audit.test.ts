import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { AuditEntry } from '../../../electron/core/orders/audit-log.ts'
import { modeOf, tempFolder } from '../../support/data-folder.ts'
import { testBox } from '../../support/fake-ports.ts'
import { type AuditDesk, openDesk } from './support/audit-desk.ts'

const entry = (n: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  kind: 'order.sending',
  accountId: null,
  intentId: `int_${n}`,
  sentence: `Order ${n} is sent.`,
  ...more,
})

function write(desk: AuditDesk, count: number, from = 1): void {
  desk.db.writer.tx(w => {
    for (let n = from; n < from + count; n += 1) desk.audit.append(w, entry(n))
  })
}

/** Changes the table as somebody with the file and a SQLite shell could. */
function tamper(desk: AuditDesk, statement: string): void {
  desk.db.raw.exec('DROP TRIGGER IF EXISTS audit_log_fixed; DROP TRIGGER IF EXISTS audit_log_kept')
  desk.db.raw.exec(statement)
}

const sentenceOf = async (desk: AuditDesk): Promise<string> => (await desk.audit.verify()).problem?.sentence ?? 'sound'

describe('the log of orders', () => {
  test('is sound after it was written, and after the next start', async () => {
    const dir = tempFolder()
    const first = await openDesk(dir)
    write(first, 3)
    write(first, 2, 4)
    // Its own first row says that it begins.
    const verdict = await first.audit.verify()
    expect(verdict).toMatchObject({ isSound: true, rows: 6, problem: null })
    expect(verdict.head).toMatch(/^[0-9a-f]{64}$/)
    first.close()
    const second = await openDesk(dir)
    write(second, 1, 6)
    expect(await second.audit.verify()).toMatchObject({ isSound: true, rows: 7 })
    await second.audit.requireSound()
  })

  test('is sound when there is nothing in it', async () => {
    const desk = await openDesk(tempFolder())
    expect(await desk.audit.verify()).toMatchObject({ isSound: true, rows: 0, head: null })
    await desk.audit.requireSound()
  })

  test('has a row exactly when the transaction it tells of is kept', async () => {
    const desk = await openDesk(tempFolder())
    write(desk, 1)
    expect(() =>
      desk.db.writer.tx(w => {
        desk.audit.append(w, entry(2))
        throw new Error('undone')
      }),
    ).toThrow('undone')
    write(desk, 1, 3)
    expect(desk.audit.page({ limit: 10 }).rows.map(({ sentence }) => sentence)).toEqual([
      'Order 3 is sent.',
      'Order 1 is sent.',
      'The log begins.',
    ])
    expect(await sentenceOf(desk)).toBe('sound')
  })

  test('stays sound when the very first transaction is undone', async () => {
    const dir = tempFolder()
    const desk = await openDesk(dir)
    expect(() =>
      desk.db.writer.tx(w => {
        desk.audit.append(w, entry(1))
        throw new Error('undone')
      }),
    ).toThrow('undone')
    await Promise.resolve()
    expect(await sentenceOf(desk)).toBe('sound')
    write(desk, 1)
    expect(await sentenceOf(desk)).toBe('sound')
  })

  test('only grows: the database itself refuses to change or delete a row', async () => {
    const desk = await openDesk(tempFolder())
    write(desk, 2)
    expect(() => desk.db.raw.exec("UPDATE audit_log SET kind = 'x' WHERE seq = 1")).toThrow('only grows')
    expect(() => desk.db.raw.exec('DELETE FROM audit_log')).toThrow('only grows')
  })

  test('keeps account numbers and secrets out', async () => {
    const desk = await openDesk(tempFolder(), { clean: text => text.replaceAll('DU1234567', '[private]') })
    desk.db.writer.tx(w =>
      desk.audit.append(w, entry(1, { sentence: 'Sent for DU1234567.', facts: { account: 'DU1234567', quantity: '5' } })),
    )
    const bodies = JSON.stringify(desk.db.raw.prepare('SELECT body FROM audit_log').all())
    expect(bodies).not.toContain('DU1234567')
    expect(bodies).toContain('quantity')
  })

  test('is shown newest first, page by page', async () => {
    const desk = await openDesk(tempFolder())
    write(desk, 4)
    const first = desk.audit.page({ limit: 3 })
    expect(first.rows.map(({ seq }) => seq)).toEqual([5, 4, 3])
    expect(desk.audit.page({ limit: 3, after: first.next ?? undefined })).toMatchObject({ rows: [{ seq: 2 }, { seq: 1 }], next: null })
  })

  test('keeps how far it reaches in a file only its owner may read', async () => {
    const dir = tempFolder()
    write(await openDesk(dir), 2)
    await Promise.resolve()
    expect(process.platform === 'win32' ? 0o600 : modeOf(path.join(dir, 'audit-head'))).toBe(0o600)
    expect(JSON.parse(readFileSync(path.join(dir, 'audit-head'), 'utf8'))).toMatchObject({ rows: 3 })
  })
})

describe('verifying the log', () => {
  test('says what is wrong when the file beside the database cannot be read at all, and sends nothing', async () => {
    const dir = tempFolder()
    const desk = await openDesk(dir)
    write(desk, 2)
    await Promise.resolve()
    rmSync(path.join(dir, 'audit-head'))
    mkdirSync(path.join(dir, 'audit-head'))
    expect(await sentenceOf(desk)).toMatch(/audit-head beside the database cannot be read/)
    await expect(desk.audit.requireSound()).rejects.toMatchObject({ code: 'order/audit-broken' })
  })

  test('has a way out of a folder in the place of that file: accepted, it is put aside and kept', async () => {
    const dir = tempFolder()
    const desk = await openDesk(dir)
    write(desk, 2)
    await Promise.resolve()
    rmSync(path.join(dir, 'audit-head'))
    mkdirSync(path.join(dir, 'audit-head'))
    writeFileSync(path.join(dir, 'audit-head', 'left here'), '')
    mkdirSync(path.join(dir, 'audit-head.new'))
    expect(await desk.audit.accept(await sentenceOf(desk))).toMatchObject({ isSound: true })
    await desk.audit.requireSound()
    expect(existsSync(path.join(dir, 'audit-head.aside-1', 'left here'))).toBe(true)
    expect(
      desk.audit
        .page({ limit: 5 })
        .rows.map(({ sentence }) => sentence)
        .join(),
    ).toContain('audit-head beside the database cannot be read')
  })

  test.each([
    ['a changed body', `UPDATE audit_log SET body = replace(body, 'Order 2', 'Order 9') WHERE seq = 3`, 3],
    ['a changed time', 'UPDATE audit_log SET at = at + 1 WHERE seq = 4', 4],
    ['a changed kind', `UPDATE audit_log SET kind = 'order.canceled' WHERE seq = 2`, 2],
    ['another account', `UPDATE audit_log SET account_id = 'acc_9' WHERE seq = 2`, 2],
    ['another intent', 'UPDATE audit_log SET intent_id = NULL WHERE seq = 5', 5],
    ['a changed hash', `UPDATE audit_log SET mac = zeroblob(32) WHERE seq = 3`, 3],
    ['a hash of the wrong length', `UPDATE audit_log SET mac = x'00' WHERE seq = 3`, 3],
    ['a row taken out', 'DELETE FROM audit_log WHERE seq = 3', 3],
    ['the first row taken out', 'DELETE FROM audit_log WHERE seq = 1', 1],
    ['a row taken out and the others moved up', 'DELETE FROM audit_log WHERE seq = 3; UPDATE audit_log SET seq = seq - 1 WHERE seq > 3', 3],
    [
      'two rows swapped',
      'UPDATE audit_log SET seq = 99 WHERE seq = 3; UPDATE audit_log SET seq = 3 WHERE seq = 4; UPDATE audit_log SET seq = 4 WHERE seq = 99',
      3,
    ],
    [
      'a row put in at the end',
      `INSERT INTO audit_log SELECT 7, at, kind, account_id, intent_id, body, mac FROM audit_log WHERE seq = 6`,
      7,
    ],
    [
      'a chain begun by somebody else',
      `INSERT INTO audit_log SELECT 7, at, 'log.began', NULL, NULL, '{"sentence":"","facts":{"reason":"accepted"}}', mac FROM audit_log WHERE seq = 6`,
      7,
    ],
  ])('finds %s', async (_, statement, row) => {
    const desk = await openDesk(tempFolder())
    write(desk, 5)
    await Promise.resolve()
    tamper(desk, statement)
    const verdict = await desk.audit.verify()
    expect(verdict).toMatchObject({ isSound: false, problem: { row } })
    await expect(desk.audit.requireSound()).rejects.toMatchObject({ code: 'order/audit-broken' })
  })

  test('finds rows taken away from the end, by the file beside the database', async () => {
    const desk = await openDesk(tempFolder())
    write(desk, 5)
    await Promise.resolve()
    tamper(desk, `DELETE FROM audit_log WHERE seq > 4; DELETE FROM meta WHERE name = 'audit-head'`)
    expect(await sentenceOf(desk)).toContain('reached row 6 and now ends at row 4')
  })

  test('finds a log that was emptied', async () => {
    const desk = await openDesk(tempFolder())
    write(desk, 5)
    await Promise.resolve()
    tamper(desk, `DELETE FROM audit_log; DELETE FROM secrets WHERE owner = 'audit'`)
    expect(await sentenceOf(desk)).toContain('now ends at row 0')
  })

  test('finds a log that was emptied together with the file beside the database, and with what the database says of it', async () => {
    for (const [statement, says] of [
      ['DELETE FROM audit_log', 'says that its log reaches row 6, and it ends at row 0'],
      [`DELETE FROM audit_log; DELETE FROM meta WHERE name = 'audit-head'`, 'its key is there, and not one of its rows'],
    ] as const) {
      const dir = tempFolder()
      const desk = await openDesk(dir)
      write(desk, 5)
      await Promise.resolve()
      tamper(desk, statement)
      rmSync(path.join(dir, 'audit-head'))
      expect(await sentenceOf(desk)).toContain(says)
      writeFileSync(path.join(dir, 'audit-head'), 'nothing')
      expect(await sentenceOf(desk)).toContain(says)
      rmSync(path.join(dir, 'audit-head'))
      await expect(desk.audit.requireSound()).rejects.toMatchObject({ code: 'order/audit-broken' })
      // What is written before anybody looked does not cover it up.
      write(desk, 1)
      await Promise.resolve()
      expect(await sentenceOf(desk)).toContain(says)
      expect(await desk.audit.accept(await sentenceOf(desk))).toMatchObject({ isSound: true, rows: 4 })
    }
  })

  test('finds rows taken away from the end by the database too, when the file was put back to fit', async () => {
    const dir = tempFolder()
    const desk = await openDesk(dir)
    write(desk, 2)
    await Promise.resolve()
    const old = readFileSync(path.join(dir, 'audit-head'))
    write(desk, 2, 3)
    await Promise.resolve()
    tamper(desk, 'DELETE FROM audit_log WHERE seq > 3')
    writeFileSync(path.join(dir, 'audit-head'), old)
    expect(await sentenceOf(desk)).toContain('rows were taken away from the end')
  })

  test.each([
    ['deleted', (file: string) => rmSync(file), 'is gone'],
    ['made unreadable', (file: string) => writeFileSync(file, 'not ours'), 'cannot be read'],
    [
      'written by somebody without the key',
      (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace(/"stamp":"../, '"stamp":"zz')),
      'was not written with the key',
    ],
  ])('finds the file beside the database %s', async (_, change, words) => {
    const dir = tempFolder()
    const desk = await openDesk(dir)
    write(desk, 2)
    await Promise.resolve()
    change(path.join(dir, 'audit-head'))
    expect(await sentenceOf(desk)).toContain(words)
    // The next row does not write over it unsaid.
    write(desk, 1, 3)
    await Promise.resolve()
    expect(await sentenceOf(desk)).toContain(words)
  })
})

describe('an older database put back', () => {
  async function putBack(): Promise<AuditDesk> {
    const dir = tempFolder()
    const first = await openDesk(dir)
    write(first, 3)
    first.close()
    copyFileSync(path.join(dir, 'keelson.db'), path.join(dir, 'copy.db'))
    const second = await openDesk(dir)
    write(second, 4, 4)
    second.close()
    for (const side of ['', '-wal', '-shm']) rmSync(path.join(dir, `keelson.db${side}`), { force: true })
    copyFileSync(path.join(dir, 'copy.db'), path.join(dir, 'keelson.db'))
    return openDesk(dir)
  }

  test('is said in plain words, and no order goes out meanwhile', async () => {
    const desk = await putBack()
    expect(await sentenceOf(desk)).toBe(
      'The log reached row 8 and now ends at row 4: an older copy of the database was put back, or rows were taken away from the end.',
    )
    await expect(desk.audit.requireSound()).rejects.toMatchObject({ code: 'order/audit-broken' })
  })

  test('stays said when rows are added until the log is longer than ever', async () => {
    const desk = await putBack()
    for (let n = 10; n < 20; n += 1) {
      write(desk, 1, n)
      await Promise.resolve()
    }
    expect(await sentenceOf(desk)).toContain('The log reached row 8 and now ends at row 4')
    expect(desk.audit.page({ limit: 20 }).rows.filter(({ kind }) => kind === 'log.out-of-step')).toHaveLength(1)
  })

  test('is not forgotten by a transaction that was undone', async () => {
    const desk = await putBack()
    expect(() =>
      desk.db.writer.tx(w => {
        desk.audit.append(w, entry(1))
        throw new Error('undone')
      }),
    ).toThrow('undone')
    await Promise.resolve()
    expect(await sentenceOf(desk)).toContain('The log reached row 8')
  })

  test('can be accepted, which the log remembers for good', async () => {
    const desk = await putBack()
    expect(await desk.audit.accept(await sentenceOf(desk))).toMatchObject({ isSound: true, problem: null })
    await desk.audit.requireSound()
    expect(desk.audit.page({ limit: 1 }).rows[0]?.sentence).toContain('The log reached row 8 and now ends at row 4')
    tamper(desk, `UPDATE audit_log SET kind = 'x' WHERE seq = 2`)
    expect(await sentenceOf(desk)).toContain('Row 5 or one before it was changed')
  })
})

describe('the key of the log', () => {
  test('goes along when the vault gets a new key', async () => {
    const desk = await openDesk(tempFolder())
    write(desk, 2)
    await desk.vault.rotate()
    write(desk, 2, 3)
    expect(await sentenceOf(desk)).toBe('sound')
  })

  test('is never in the database in the open', async () => {
    const desk = await openDesk(tempFolder())
    write(desk, 1)
    const sealed: unknown = desk.db.raw.prepare("SELECT hex(ciphertext) FROM secrets WHERE owner = 'audit'").pluck().get()
    expect(String(sealed)).toMatch(/^[0-9A-F]{86}$/)
  })

  test('is explained when it was lost with the vault, and a new chain begins that freezes what was before', async () => {
    const dir = tempFolder()
    const first = await openDesk(dir)
    write(first, 3)
    first.close()
    const another = testBox()
    let isOldKeyGone = false
    const unwrap = (wrapped: Uint8Array): Promise<Uint8Array> => {
      if (isOldKeyGone) return another.unwrap(wrapped, 'test-box')
      isOldKeyGone = true
      return Promise.reject(new Error('gone'))
    }
    const second = await openDesk(dir, { box: testBox({ unwrap }), startOver: true })
    expect(await sentenceOf(second)).toContain('The key of the log is gone')
    write(second, 1, 4)
    expect(await sentenceOf(second)).toContain('was lost when the vault began again')
    expect(await second.audit.accept(await sentenceOf(second))).toMatchObject({ isSound: true })
    write(second, 1, 5)
    await Promise.resolve()
    expect(await sentenceOf(second)).toBe('sound')
    tamper(second, `UPDATE audit_log SET kind = 'x' WHERE seq = 2`)
    expect(await sentenceOf(second)).toContain('one before it was changed')
  })

  test('that lives for one run only is no reason to stop: each run begins a chain', async () => {
    const dir = tempFolder()
    for (let run = 0; run < 3; run += 1) {
      const desk = await openDesk(dir, { box: testBox({ protection: 'memory' }) })
      write(desk, 2)
      await Promise.resolve()
      await desk.audit.requireSound()
      desk.close()
    }
    const desk = await openDesk(dir, { box: testBox({ protection: 'memory' }) })
    write(desk, 1)
    expect(await desk.audit.verify()).toMatchObject({ isSound: true, rows: 11 })
  })

  test('that was changed in the database stops everything that would have to be written down', async () => {
    const desk = await openDesk(tempFolder())
    write(desk, 2)
    await Promise.resolve()
    desk.db.raw.exec("UPDATE secrets SET ciphertext = zeroblob(43) WHERE owner = 'audit'")
    expect(() => write(desk, 1, 3)).toThrow(expect.objectContaining({ code: 'vault/tampered' }))
    expect(await sentenceOf(desk)).toContain('The key of the log is gone or was changed')
    expect(await desk.audit.accept(await sentenceOf(desk))).toMatchObject({ isSound: true })
  })
})

describe('what is wrong with the log', () => {
  test('is told once, until it was taken, however it is found', async () => {
    let told = 0
    const desk = await openDesk(tempFolder(), { onProblem: () => (told += 1) })
    write(desk, 2)
    await Promise.resolve()
    await desk.audit.requireSound()
    expect([told, desk.audit.problem()]).toEqual([0, null])
    desk.db.raw.exec(`DELETE FROM meta WHERE name = 'audit-head'`)
    await expect(desk.audit.requireSound()).rejects.toMatchObject({ code: 'order/audit-broken' })
    await expect(desk.audit.requireSound()).rejects.toMatchObject({ code: 'order/audit-broken' })
    expect([told, desk.audit.problem()?.sentence]).toEqual([1, await sentenceOf(desk)])
    await expect(desk.audit.accept('Row 1 is missing.')).rejects.toMatchObject({ code: 'order/audit-changed' })
    await desk.audit.accept(await sentenceOf(desk))
    expect([told, desk.audit.problem()]).toEqual([2, null])
  })

  test('is told when a row has to be written over the sign of it', async () => {
    let told = 0
    const desk = await openDesk(tempFolder(), { onProblem: () => (told += 1) })
    write(desk, 2)
    await Promise.resolve()
    desk.db.raw.exec(`DELETE FROM meta WHERE name = 'audit-head'`)
    write(desk, 1, 3)
    await Promise.resolve()
    expect([told, desk.audit.problem()?.sentence]).toEqual([1, await sentenceOf(desk)])
  })
})

describe('what must not wait for the vault', () => {
  test('is written down when it opens', async () => {
    let isOpen = false
    const dir = tempFolder()
    const first = await openDesk(dir)
    write(first, 1)
    first.close()
    const box = testBox()
    const desk = await openDesk(dir, {
      box: testBox({ unwrap: wrapped => (isOpen ? box.unwrap(wrapped, 'test-box') : Promise.reject(new Error('shut'))) }),
    })
    desk.audit.note(entry(2, { kind: 'kill.on', sentence: 'The kill switch was put on.' }))
    expect(desk.records).toEqual([])
    expect(() => write(desk, 1, 3)).toThrow(expect.objectContaining({ code: 'vault/locked' }))
    await expect(desk.audit.verify()).rejects.toMatchObject({ code: 'vault/locked' })
    isOpen = true
    await desk.vault.unlock()
    desk.audit.settle()
    expect(desk.audit.page({ limit: 1 }).rows[0]).toMatchObject({ kind: 'kill.on' })
    expect(await sentenceOf(desk)).toBe('sound')
    expect(existsSync(path.join(dir, 'audit-head'))).toBe(true)
  })
})
