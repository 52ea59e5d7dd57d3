import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { AuditEntry } from '../../../electron/core/orders/audit-log.ts'
import { tempFolder } from '../../support/data-folder.ts'
import { type AuditDesk, openDesk } from './support/audit-desk.ts'

const entry = (sentence: string): AuditEntry => ({ kind: 'kill.on', accountId: null, intentId: null, sentence })

async function written(count: number, dir = tempFolder()): Promise<AuditDesk> {
  const desk = await openDesk(dir)
  desk.db.writer.tx(w => {
    for (let n = 1; n <= count; n += 1) desk.audit.append(w, entry(`Row ${n}.`))
  })
  await Promise.resolve()
  return desk
}
const sentencesOf = ({ audit }: AuditDesk): string[] => audit.page({ limit: 3 }).rows.map(({ sentence }) => sentence)
const NO_ROOM = `CREATE TRIGGER no_room BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'no room'); END`

describe('what must not wait for others', () => {
  test('is written down at once where it can be', async () => {
    const desk = await written(1)
    desk.audit.note(entry('The kill switch was put on.'))
    expect(sentencesOf(desk)).toEqual(['The kill switch was put on.', 'Row 1.', 'The log begins.'])
    expect((await desk.audit.verify()).isSound).toBe(true)
  })

  test('and could not be written down is kept, said in the log of the app, and written down once that works', async () => {
    const desk = await written(1)
    desk.db.raw.exec(NO_ROOM)
    desk.audit.note(entry('The kill switch was put on.'))
    expect(desk.records).toMatchObject([{ level: 'error', event: 'audit.note-failed', fields: { cause: expect.anything() as unknown } }])
    desk.audit.note(entry('Some more.'))
    desk.db.raw.exec('DROP TRIGGER no_room')
    desk.audit.settle()
    expect(sentencesOf(desk)).toEqual(['Some more.', 'The kill switch was put on.', 'Row 1.'])
    desk.audit.settle()
    expect(desk.audit.page({ limit: 10 }).rows).toHaveLength(4)
    expect((await desk.audit.verify()).isSound).toBe(true)
  })

  test('asks nothing of the database where nothing waits', async () => {
    const desk = await written(1)
    desk.db.close()
    expect(() => desk.audit.settle()).not.toThrow()
  })
})

describe('a look at the record', () => {
  test('says what it found, in the log of the app too, and to whoever wants to send', async () => {
    const desk = await written(3)
    desk.db.raw.exec('DROP TRIGGER audit_log_fixed; UPDATE audit_log SET at = at + 1 WHERE seq = 3')
    const problem = { row: 3, sentence: 'Row 3 is not as it was written: it was changed, moved or put in.' }
    expect((await desk.audit.verify()).problem).toEqual(problem)
    expect(desk.records).toMatchObject([{ level: 'error', event: 'audit.not-sound', fields: { row: 3 } }])
    await expect(desk.audit.requireSound()).rejects.toMatchObject({ code: 'order/audit-broken', cause: problem.sentence })
    expect(desk.audit.problem()).toEqual(problem)
  })

  test('that finds nothing says nothing, and there is nothing to take', async () => {
    const desk = await written(3)
    const { ms: _, ...sound } = await desk.audit.verify()
    const { ms: __, ...taken } = await desk.audit.accept('Row 3 is missing.')
    expect(taken).toEqual(sound)
    expect(taken).toMatchObject({ isSound: true, rows: 4, problem: null })
    expect(desk.records).toEqual([])
  })

  test('says since when it does not reach as far as it did, to whoever wants to send', async () => {
    const desk = await written(3)
    await desk.audit.requireSound()
    desk.db.raw.exec(`DELETE FROM meta WHERE name = 'audit-head'`)
    const sentence = 'The database no longer says how far its log reaches: somebody took that away.'
    await expect(desk.audit.requireSound()).rejects.toMatchObject({ cause: sentence })
    expect(desk.audit.problem()).toEqual({ row: null, sentence })
  })

  test('takes as long as it says, writes how far the log reaches first, and lets others have their turn', async () => {
    const dir = tempFolder()
    const desk = await written(2_100, dir)
    desk.db.writer.tx(w => desk.audit.append(w, entry('One more.')))
    let turns = 0
    setImmediate(() => (turns += 1))
    const from = performance.now()
    const going = desk.audit.verify()
    expect(JSON.parse(readFileSync(path.join(dir, 'audit-head'), 'utf8'))).toMatchObject({ rows: 2_102 })
    const { ms } = await going
    expect(ms).toBeLessThanOrEqual(performance.now() - from)
    expect(turns).toBe(1)
  })

  test('ends a page where the log ends', async () => {
    const { audit } = await written(3)
    expect(audit.page({ limit: 4 })).toMatchObject({ rows: [{ seq: 4 }, { seq: 3 }, { seq: 2 }, { seq: 1 }], next: null })
    expect(audit.page({ limit: 3 })).toMatchObject({ next: 2 })
  })
})

test('A file beside the database that cannot be written is said in the log of the app, and stops no order', async () => {
  let isFull = false
  const desk = await openDesk(tempFolder(), {
    over: anchor => ({
      ...anchor,
      write(head) {
        if (isFull) throw new Error('no room')
        anchor.write(head)
      },
    }),
  })
  desk.db.writer.tx(w => desk.audit.append(w, entry('Row 1.')))
  await Promise.resolve()
  isFull = true
  desk.db.writer.tx(w => desk.audit.append(w, entry('Row 2.')))
  await Promise.resolve()
  expect(desk.records).toMatchObject([{ level: 'error', event: 'audit.anchor-failed', fields: { cause: expect.anything() as unknown } }])
  await desk.audit.requireSound()
})
