import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../../electron/core/db/open.ts'
import { createImportDesk, type ImportDesk } from '../../../electron/core/services/import-desk.ts'
import { createImportThread, importScript } from '../../../electron/core/services/import-thread.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { writerScript } from '../../support/built.ts'
import { tempFolder } from '../../support/fake-ports.ts'
import { schwabFile } from './support/schwab-file.ts'

const AT = Instant.parse('2026-03-12T10:00:00Z')
const FILE = schwabFile(
  ...Array.from({ length: 40 }, (_, index): [string, string, string, string, string, string, string] => [
    '03/12/2026',
    'Buy',
    'KO',
    String(index + 1),
    '$61',
    '',
    '-$1',
  ]),
)
const preview = (previewId: string, text = FILE) =>
  ({
    previewId,
    text,
    fileName: 'a.csv',
    broker: 'schwab',
    environment: 'live',
    account: { kind: 'new', name: 'Old', number: '12345678', currency: 'USD' },
  }) as const
const commit = (previewId: string, importId = `imp_${previewId}`) =>
  ({ previewId, importId, include: 'new', addConflicts: false, acceptOtherAccount: false, connectionUuid: 'u1', at: AT }) as const

function opened() {
  const folder = tempFolder()
  const file = path.join(folder.path, 'keelson.db')
  const db = openDatabase({ file, now: () => AT })
  const count = (table: string): unknown => db.raw.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
  return {
    db,
    file,
    counts: () => ['activities', 'imports', 'accounts', 'connections'].map(count),
    [Symbol.dispose]() {
      db.close()
      folder[Symbol.dispose]()
    },
  }
}

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
  return 'done'
}

describe('an import that is cut short', () => {
  test('by the end of the process leaves nothing of itself, and can be done anew', () => {
    using home = opened()
    const script = path.join(import.meta.dirname, 'support/killed.ts')
    const { signal } = spawnSync(process.execPath, [script, home.file, FILE])
    expect(signal).toBe('SIGKILL')
    expect(home.counts()).toEqual([0, 0, 0, 0])
    const desk = createImportDesk(home.db)
    desk.preview(preview('p1'))
    expect(desk.commit(commit('p1')).added).toBe(40)
  })

  test('by a full disk leaves nothing of itself, and the preview may be imported once there is room', () => {
    using home = opened()
    const desk = createImportDesk(home.db)
    const pages: unknown = home.db.raw.pragma('page_count', { simple: true })
    desk.preview(preview('p1'))
    home.db.raw.pragma(`max_page_count = ${String(pages)}`)
    expect(codeOf(() => desk.commit(commit('p1')))).toBe('app/disk-full')
    expect(home.counts()).toEqual([0, 0, 0, 0])
    home.db.raw.pragma('max_page_count = 1000000')
    expect(desk.commit(commit('p1')).added).toBe(40)
  })
})

describe('previews that wait', () => {
  test('are each imported as they were shown, in any order', () => {
    using home = opened()
    const desk: ImportDesk = createImportDesk(home.db)
    for (const [id, symbol] of [
      ['p1', 'KO'],
      ['p2', 'PEP'],
      ['p3', 'JNJ'],
      ['p4', 'MSFT'],
    ] as const)
      desk.preview(preview(id, FILE.replaceAll('KO', symbol)))
    for (const id of ['p3', 'p1', 'p4', 'p2']) expect(desk.commit(commit(id)).added).toBe(40)
    expect(home.counts()).toEqual([160, 4, 1, 1])
  })

  test('that are no longer kept say so, and claim nothing of what was imported', () => {
    using home = opened()
    const desk: ImportDesk = createImportDesk(home.db)
    desk.preview(preview('p1'))
    desk.commit(commit('p1'))
    expect(() => desk.commit(commit('p1'))).toThrow(
      /^This preview is no longer kept: it was imported already, or newer ones took its place\.$/,
    )
  })

  test('give way to the fifth', () => {
    using home = opened()
    const desk: ImportDesk = createImportDesk(home.db)
    for (const id of ['p1', 'p2', 'p3', 'p4', 'p5']) desk.preview(preview(id))
    expect(codeOf(() => desk.commit(commit('p1')))).toBe('import/gone')
    expect(codeOf(() => desk.commit(commit('p2')))).toBe('done')
  })
})

describe('the import thread', () => {
  const script = importScript(writerScript)

  test('tells what breaks with its place, keeps going, and has nothing to end when nothing was asked', async () => {
    using home = opened()
    const thread = createImportThread(script, home.file)
    await thread.stop()
    const broken = thread.ask('preview', preview('p1', FILE.replace('$61', '$6l')))
    await expect(broken).rejects.toMatchObject({ code: 'import/unreadable', details: { place: 'line 2, Price' } })
    await thread.ask('preview', preview('p2'))
    // Asked to end while it writes, it ends afterwards.
    const done = thread.ask('commit', commit('p2'))
    await thread.stop()
    await expect(done).resolves.toMatchObject({ added: 40 })
    expect(home.counts()).toEqual([40, 1, 1, 1])
  })

  test('says so when it cannot start, and is started anew', async () => {
    using home = opened()
    const thread = createImportThread(new URL('nowhere.ts', script), home.file)
    await expect(thread.ask('preview', preview('p1'))).rejects.toMatchObject({ code: 'app/internal' })
    await expect(thread.ask('preview', preview('p1'))).rejects.toMatchObject({ code: 'app/internal' })
  })
})
