import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { createDialogs, type FolderUse, type OpenQuestion, type SaveQuestion } from '../../electron/shell/dialogs.ts'
import { fileTrouble } from '../../electron/shell/file-words.ts'
import { AppError, toErrorView } from '../../shared/contract/errors.ts'
import { desktopRoutes } from '../../shared/contract/desktop.ts'
import { LARGEST_FILE } from '../../shared/contract/file-sizes.ts'
import { tempFolder } from '../support/fake-ports.ts'

/** Dialogs whose user answers with files of a folder; null for a change of mind. */
function bench(folder: string) {
  const asked: (SaveQuestion | OpenQuestion)[] = []
  const remembered: Partial<Record<FolderUse, string>> = {}
  const time = { ms: 0 }
  const user: { saves: string | null; opens: readonly string[] | null; takesTime: Promise<void> } = {
    saves: null,
    opens: null,
    takesTime: Promise.resolve(),
  }
  const at = (name: string): string => path.join(folder, name)
  const dialogs = createDialogs({
    questions: {
      async save(question) {
        asked.push(question)
        await user.takesTime
        return { canceled: user.saves === null, filePath: user.saves === null ? '' : at(user.saves) }
      },
      open(question) {
        asked.push(question)
        return Promise.resolve({ canceled: user.opens === null, filePaths: (user.opens ?? []).map(at) })
      },
    },
    folders: { read: use => remembered[use], write: (use, to) => void (remembered[use] = to) },
    beginAt: '/downloads',
    now: () => time.ms,
  })
  return { ...dialogs, time, asked, remembered, user, at }
}

async function refusal(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return error instanceof AppError ? { code: error.code, says: toErrorView(error).message } : error
}
/** Root may write everywhere, so a permission stops nobody there. */
const isRoot = process.getuid?.() === 0

describe('Saving a file', () => {
  test('asks where, with its name and kind and before it replaces another, and writes what was given', async () => {
    using folder = tempFolder()
    const it = bench(folder.path)
    it.user.saves = 'mine.csv'
    expect(await it.saveFile({ name: 'keelson-history-2026-11-21.csv', text: 'date,amount\n2026-11-21,−5 €\n' })).toEqual({
      saved: 'mine.csv',
    })
    expect(readFileSync(it.at('mine.csv'), 'utf8')).toBe('date,amount\n2026-11-21,−5 €\n')
    expect(it.asked).toEqual([
      {
        defaultPath: '/downloads/keelson-history-2026-11-21.csv',
        filters: [
          { name: 'Comma-separated values', extensions: ['csv'] },
          { name: 'All files', extensions: ['*'] },
        ],
        properties: ['createDirectory', 'showOverwriteConfirmation'],
      },
    ])
    expect(readdirSync(folder.path)).toEqual(['mine.csv'])
  })

  test('begins where the last one went, and apart from where files were taken', async () => {
    using folder = tempFolder()
    const it = bench(folder.path)
    it.user.saves = 'a.json'
    await it.saveFile({ name: 'a.json', text: '{}' })
    await it.saveFile({ name: 'b.json', text: '{}' })
    await it.openFiles()
    expect(it.asked.map(({ defaultPath }) => defaultPath)).toEqual(['/downloads/a.json', it.at('b.json'), '/downloads'])
  })

  test('begins among the downloads again when the last folder is gone', async () => {
    using folder = tempFolder()
    const it = bench(folder.path)
    it.remembered.save = it.at('gone')
    await it.saveFile({ name: 'a.json', text: '{}' })
    expect(it.asked[0]?.defaultPath).toBe('/downloads/a.json')
  })

  test('does nothing when the user changes their mind', async () => {
    using folder = tempFolder()
    const it = bench(folder.path)
    expect(await it.saveFile({ name: 'a.csv', text: 'x' })).toEqual({ saved: null })
    expect([readdirSync(folder.path), it.remembered]).toEqual([[], {}])
  })

  test('asks one thing at a time', async () => {
    using folder = tempFolder()
    const it = bench(folder.path)
    const answer = Promise.withResolvers<void>()
    Object.assign(it.user, { saves: 'a.csv', opens: ['a.csv'], takesTime: answer.promise })
    const first = it.saveFile({ name: 'a.csv', text: 'first' })
    expect(await it.saveFile({ name: 'a.csv', text: 'second' })).toEqual({ saved: null })
    expect(await it.openFiles()).toEqual([])
    answer.resolve()
    expect(await first).toEqual({ saved: 'a.csv' })
    expect(it.asked).toHaveLength(1)
    expect(await it.openFiles()).toHaveLength(1)
  })

  test('replaces the file that was chosen as a whole, through a link too', async () => {
    using folder = tempFolder()
    const it = bench(folder.path)
    mkdirSync(it.at('real'))
    writeFileSync(it.at('real/a.csv'), 'a much longer text that was there before')
    symlinkSync(it.at('real/a.csv'), it.at('a.csv'))
    it.user.saves = 'a.csv'
    await it.saveFile({ name: 'a.csv', text: 'new' })
    expect([readFileSync(it.at('real/a.csv'), 'utf8'), readdirSync(it.at('real'))]).toEqual(['new', ['a.csv']])
  })

  test('says why it failed, and leaves nothing half-written and the old file as it was', async () => {
    using folder = tempFolder()
    const it = bench(folder.path)
    mkdirSync(it.at('a.csv'))
    writeFileSync(it.at('a.csv/inside'), '')
    it.user.saves = 'a.csv'
    expect(await refusal(it.saveFile({ name: 'a.csv', text: 'new' }))).toMatchObject({
      code: 'desktop/save-failed',
      says: 'The file could not be saved: it is a folder.',
    })
    it.user.saves = 'gone/a.csv'
    expect(await refusal(it.saveFile({ name: 'a.csv', text: 'new' }))).toMatchObject({
      says: 'The file could not be saved: it is not there any more.',
    })
    it.user.saves = `${'n'.repeat(300)}.csv`
    expect(await refusal(it.saveFile({ name: 'a.csv', text: 'new' }))).toMatchObject({
      says: 'The file could not be saved: the name is too long.',
    })
    expect([readdirSync(folder.path), it.remembered]).toEqual([['a.csv'], {}])
  })

  test.skipIf(isRoot || process.platform === 'win32')('says so where Keelson may not write', async () => {
    using folder = tempFolder()
    const it = bench(folder.path)
    mkdirSync(it.at('closed'))
    writeFileSync(it.at('closed/a.csv'), 'old')
    chmodSync(it.at('closed'), 0o500)
    it.user.saves = 'closed/a.csv'
    expect(await refusal(it.saveFile({ name: 'a.csv', text: 'new' }))).toMatchObject({
      says: 'The file could not be saved: Keelson has no permission there.',
    })
    expect(readFileSync(it.at('closed/a.csv'), 'utf8')).toBe('old')
  })

  test('keeps to a name when it is given a path', async () => {
    using folder = tempFolder()
    const it = bench(folder.path)
    await it.saveFile({ name: '../../etc/a.csv', text: '' })
    expect(it.asked[0]?.defaultPath).toBe('/downloads/a.csv')
  })
})

describe('A page gone bad', () => {
  test('cannot keep the user in questions: after five in ten seconds it gets no for an answer', async () => {
    using folder = tempFolder()
    const it = bench(folder.path)
    for (let count = 0; count < 50; count += 1) {
      expect(await it.saveFile({ name: 'a.csv', text: '' })).toEqual({ saved: null })
      expect(await it.openFiles()).toEqual([])
    }
    expect(it.asked).toHaveLength(5)
    it.time.ms += 10_000
    await it.openFiles()
    expect(it.asked).toHaveLength(6)
  })

  test.each(['run.bat', 'Keelson.exe', 'a.desktop', 'a.command', 'a.csv.lnk', 'a.hta', 'a', 'a.', 'a.csv ', '.csv', 'a.csv.', 'a.CSV.js'])(
    'offers no program to be saved: %j',
    name => {
      expect(desktopRoutes['desktop.saveFile'].input.safeParse({ name, text: 'x' }).success).toBe(false)
    },
  )

  test.each(['keelson-history-2026-11-21.csv', 'keelson-trips-2026-11-21.ndjson', 'keelson-diagnostics.json', 'Notes (1).txt'])('still offers %j', name => {
    expect(desktopRoutes['desktop.saveFile'].input.safeParse({ name, text: 'x' }).success).toBe(true)
  })
})

describe('Opening files', () => {
  test('gives each with its name and its very bytes, and remembers their folder', async () => {
    using folder = tempFolder()
    const it = bench(folder.path)
    const bytes = Uint8Array.from({ length: 256 }, (_, at) => at)
    writeFileSync(it.at('a.csv'), bytes)
    writeFileSync(it.at('b.ofx'), '')
    it.user.opens = ['a.csv', 'b.ofx']
    const files = await it.openFiles()
    expect(files.map(({ name, bytes: found }) => [name, [...found]])).toEqual([
      ['a.csv', [...bytes]],
      ['b.ofx', []],
    ])
    expect(it.remembered).toEqual({ open: folder.path })
    expect(it.asked[0]?.filters[0]).toEqual({ name: 'Trade history', extensions: ['csv', 'txt', 'ofx', 'qfx', 'xml', 'json'] })
  })

  test('gives none when the user changes their mind', async () => {
    using folder = tempFolder()
    expect(await bench(folder.path).openFiles()).toEqual([])
  })

  test('reads no file that is too large, and not several that are too large together', async () => {
    using folder = tempFolder()
    const it = bench(folder.path)
    for (const [name, size] of [
      ['large.csv', LARGEST_FILE + 1],
      ['half.csv', LARGEST_FILE / 2 + 1],
      ['other.csv', LARGEST_FILE / 2],
    ] as const) {
      writeFileSync(it.at(name), '')
      truncateSync(it.at(name), size)
    }
    it.user.opens = ['large.csv']
    expect(await refusal(it.openFiles())).toMatchObject({ code: 'import/too-large', says: expect.stringContaining('25 MB') as unknown })
    it.user.opens = ['half.csv', 'other.csv']
    expect(await refusal(it.openFiles())).toEqual({
      code: 'desktop/read-failed',
      says: 'other.csv cannot be read: it and the others are larger than 64 MB together. Nothing was imported.',
    })
  })

  test('says which one cannot be read and why', async () => {
    using folder = tempFolder()
    const it = bench(folder.path)
    mkdirSync(it.at('folder.csv'))
    it.user.opens = ['folder.csv']
    expect(await refusal(it.openFiles())).toMatchObject({
      code: 'desktop/read-failed',
      says: 'folder.csv cannot be read: it is no file. Nothing was imported.',
    })
    it.user.opens = ['gone.csv']
    expect(await refusal(it.openFiles())).toMatchObject({
      says: 'gone.csv cannot be read: it is not there any more. Nothing was imported.',
    })
  })

  test.skipIf(process.platform === 'win32')('is not held up by a pipe that nobody writes to', async () => {
    using folder = tempFolder()
    const it = bench(folder.path)
    execFileSync('mkfifo', [it.at('pipe.csv')])
    expect(existsSync(it.at('pipe.csv'))).toBe(true)
    it.user.opens = ['pipe.csv']
    expect(await refusal(it.openFiles())).toMatchObject({ says: 'pipe.csv cannot be read: it is no file. Nothing was imported.' })
  })
})

test('a trouble with a file is said in words, also one nobody foresaw', () => {
  const of = (code: string): string => fileTrouble(Object.assign(new Error(`${code}: /home/me/secret.csv`), { code }))
  expect(of('ENOSPC')).toBe('the disk is full')
  expect(of('EWEIRD')).toBe('the system says EWEIRD')
  expect(fileTrouble(new Error('/home/me/secret.csv'))).toBe('the system gives no reason')
})
