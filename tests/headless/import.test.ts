import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { importFile, imports, type ImportOptions } from '../../electron/headless/commands/import.ts'
import { createClient } from '../../electron/headless/wire.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { tempFolder } from '../support/fake-ports.ts'
import { type Answers, fakeCore } from './support/fake-core.ts'
import { type FakeTerminalOptions, fakeTerminal } from './support/fake-terminal.ts'
import { accountOf, connectionOf } from './support/views.ts'

const counts = { new: 2, alreadyThere: 1, conflict: 1, unknown: 0 }
const doubtful = {
  line: 4,
  verdict: 'conflict',
  kind: 'trade',
  brokerType: 'Buy',
  symbol: 'KO',
  side: 'buy',
  quantity: '10',
  price: '61',
  amount: '-610',
  currency: 'USD',
  tradeDate: '2026-03-12',
  description: null,
  history: { tradeDate: '2026-03-12', quantity: '10', price: '60', amount: '-600' },
}
const hostile = { ...doubtful, side: null, symbol: null, brokerType: 'Buy\u001b[2J\u0007\u202e' }
const preview = {
  previewId: 'pre_1',
  format: 'Schwab transaction history (CSV)',
  counts,
  rows: [doubtful],
  total: 4,
  from: '2026-03-12',
  to: '2026-03-13',
  unknownColumns: ['Region'],
  notes: [],
  accountId: null,
  addableConflicts: 0,
  accountMismatch: false,
  importedBefore: false,
}
const plain = { addConflicts: false, acceptOtherAccount: false }
const answers: Answers = {
  'imports.preview': () => preview,
  'imports.commit': () => ({ importId: 'imp_1', added: 2, accountId: 'acc_1', connectionId: 'con_1', counts }),
  'connections.list': () => [],
}

function setting(options: FakeTerminalOptions & { json?: boolean; answers?: Answers } = {}) {
  const core = fakeCore({ ...answers, ...options.answers })
  const terminal = fakeTerminal(options)
  const context = { client: createClient(core), terminal, json: options.json ?? false, signal: new AbortController().signal }
  return { core, terminal, context, asked: (route: string) => core.asked.filter(one => one.route === route).map(({ input }) => input) }
}

function optionsFor(folder: string, more: Partial<ImportOptions> = {}, bytes: string | Uint8Array = 'Date,Action\n'): ImportOptions {
  const file = path.join(folder, 'history.csv')
  writeFileSync(file, bytes)
  return {
    file,
    broker: 'schwab',
    account: undefined,
    newAccount: 'Old',
    number: '12345678',
    currency: 'USD',
    unknown: false,
    conflicts: false,
    otherAccount: false,
    yes: true,
    ...more,
  }
}

describe('import', () => {
  test('shows what a file would add, what is doubtful, and adds the rest', async () => {
    using folder = tempFolder()
    const { terminal, context, asked } = setting()
    expect(await importFile(context, optionsFor(folder.path))).toBe(0)
    expect(asked('imports.preview')).toEqual([
      {
        fileName: 'history.csv',
        text: 'Date,Action\n',
        broker: 'schwab',
        environment: 'live',
        account: { kind: 'new', name: 'Old', number: '12345678', currency: 'USD' },
      },
    ])
    expect(asked('imports.commit')).toEqual([{ previewId: 'pre_1', include: 'new', ...plain }])
    const said = terminal.output.join('\n')
    expect(said).toContain('2 new, 1 already there, 1 in conflict, 0 unknown')
    expect(said).toMatch(/4 +conflict +2026-03-12 +buy KO +10 +61 +-610 USD +2026-03-12 10 at 60, -600/)
    expect(said).toContain('keelson imports --undo imp_1')
    expect(terminal.errors.join('\n')).toContain('Region')
  })

  test('shows the words of a file without characters a terminal obeys', async () => {
    using folder = tempFolder()
    const { terminal, context } = setting({
      answers: { 'imports.preview': () => ({ ...preview, rows: [hostile], unknownColumns: ['\u001b]0;x\u0007Region'] }) },
    })
    await importFile(context, optionsFor(folder.path))
    const said = [...terminal.output, ...terminal.errors].join('\n')
    expect(said).toContain('Buy[2J')
    expect(said.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  test('reads UTF-16 of either order', async () => {
    using folder = tempFolder()
    for (const bytes of [
      [0xff, 0xfe, 0x44, 0, 0x61, 0],
      [0xfe, 0xff, 0, 0x44, 0, 0x61],
    ]) {
      const { context, asked } = setting()
      await importFile(context, optionsFor(folder.path, {}, Uint8Array.from(bytes)))
      expect(asked('imports.preview')).toMatchObject([{ text: 'Da' }])
    }
  })

  test('is one document with --json', async () => {
    using folder = tempFolder()
    const { terminal, context } = setting({ json: true })
    expect(await importFile(context, optionsFor(folder.path, { unknown: true }))).toBe(0)
    expect(terminal.output.map(line => JSON.parse(line) as unknown)).toMatchObject([
      { preview: { previewId: 'pre_1' }, imported: { added: 2 } },
    ])
  })

  test('adds nothing before somebody agreed', async () => {
    using folder = tempFolder()
    const quiet = setting()
    expect(await importFile(quiet.context, optionsFor(folder.path, { yes: false }))).toBe(0)
    expect(quiet.asked('imports.commit')).toEqual([])
    expect(quiet.terminal.errors.join('\n')).toContain('--yes')
    const asked = setting({ interactive: true, lines: ['n'] })
    await expect(importFile(asked.context, optionsFor(folder.path, { yes: false }))).rejects.toThrow(AppError)
    expect(asked.asked('imports.commit')).toEqual([])
    const agreed = setting({ interactive: true, lines: ['y'] })
    await importFile(agreed.context, optionsFor(folder.path, { yes: false, unknown: true }))
    expect(agreed.asked('imports.commit')).toEqual([{ previewId: 'pre_1', include: 'new-and-unknown', ...plain }])
  })

  test('leaves it to the core to refuse a file of another account, and says how to import it all the same', async () => {
    using folder = tempFolder()
    const other = { 'imports.preview': () => ({ ...preview, accountMismatch: true }) }
    const refuse = () => {
      throw new AppError('import/other-account', { details: { account: 'Old' } })
    }
    const refused = setting({ answers: { ...other, 'imports.commit': refuse } })
    await expect(importFile(refused.context, optionsFor(folder.path))).rejects.toMatchObject({ failure: { code: 'import/other-account' } })
    expect(refused.asked('imports.commit')).toEqual([{ previewId: 'pre_1', include: 'new', ...plain }])
    expect(refused.terminal.errors.join('\n')).toContain('--other-account')
    const told = setting({ answers: other })
    await importFile(told.context, optionsFor(folder.path, { otherAccount: true }))
    expect(told.asked('imports.commit')).toMatchObject([{ acceptOtherAccount: true }])
    expect(told.terminal.errors.join('\n')).not.toContain('--other-account')
  })

  test('asks whether a file of another account is meant, and takes a yes for it', async () => {
    using folder = tempFolder()
    const answers = { 'imports.preview': () => ({ ...preview, accountMismatch: true }) }
    const { context, terminal, asked } = setting({ answers, interactive: true })
    const questions: string[] = []
    const ask = (question: string) => Promise.resolve(questions.push(question) > 0 ? 'y' : '')
    await importFile({ ...context, terminal: { ...terminal, ask } }, optionsFor(folder.path, { yes: false }))
    expect(questions).toEqual(['Import 2 rows into this account, although the file names another? [y/N] '])
    expect(asked('imports.commit')).toMatchObject([{ acceptOtherAccount: true }])
  })

  test('adds rows in conflict only when told to', async () => {
    using folder = tempFolder()
    const answers = { 'imports.preview': () => ({ ...preview, addableConflicts: 1, counts: { ...counts, new: 0 } }) }
    const left = setting({ answers, interactive: true })
    expect(await importFile(left.context, optionsFor(folder.path, { yes: false }))).toBe(0)
    expect(left.asked('imports.commit')).toEqual([])
    expect(left.terminal.output.at(-1)).toBe('Nothing new.')
    expect(left.terminal.errors.join('\n')).toContain('--conflicts')
    const added = setting({ answers })
    await importFile(added.context, optionsFor(folder.path, { conflicts: true }))
    expect(added.asked('imports.commit')).toMatchObject([{ addConflicts: true }])
  })

  test('says that a file had nothing new, and offers nothing to take back', async () => {
    using folder = tempFolder()
    const { terminal, context } = setting({
      answers: { 'imports.commit': () => ({ importId: 'imp_1', added: 0, accountId: 'acc_1', connectionId: 'con_1', counts }) },
    })
    await importFile(context, optionsFor(folder.path))
    expect(terminal.output.at(-1)).toBe('Nothing new: no row was added.')
    expect(terminal.output.join('\n')).not.toContain('--undo')
  })

  test('asks which account when it cannot know, and a number for a new one', async () => {
    using folder = tempFolder()
    const { terminal, context, asked } = setting()
    expect(await importFile(context, optionsFor(folder.path, { newAccount: undefined }))).toBe(2)
    expect(await importFile(context, optionsFor(folder.path, { number: undefined }))).toBe(2)
    expect(asked('imports.preview')).toEqual([])
    expect(terminal.errors.join('\n')).toContain('--number')
  })

  test('goes to the account named', async () => {
    using folder = tempFolder()
    const { context, asked } = setting()
    await importFile(context, optionsFor(folder.path, { account: 'acc_9' }))
    expect(asked('imports.preview')).toMatchObject([{ account: { kind: 'existing', accountId: 'acc_9' } }])
  })

  test('finds the account by the end of its number, as every command does', async () => {
    using folder = tempFolder()
    const accounts = [accountOf('acc_4', '••••9537'), accountOf('acc_5', '••••2255')]
    const list = [connectionOf('con_1', 'schwab', { accounts }), connectionOf('con_2', 'etrade', { accounts: [accountOf('acc_6', '••••9537')] })]
    const { context, asked } = setting({ answers: { 'connections.list': () => list } })
    expect(await importFile(context, optionsFor(folder.path, { account: '9537' }))).toBe(0)
    expect(asked('imports.preview')).toMatchObject([{ account: { kind: 'existing', accountId: 'acc_4' } }])
    await expect(importFile(context, optionsFor(folder.path, { account: '0000' }))).rejects.toMatchObject({
      code: 'app/unknown-name',
      message: 'No account is called 0000.',
    })
  })

  test('says which file is not there, or cannot be read, before it asks anything', async () => {
    using folder = tempFolder()
    const { context, core } = setting()
    const file = path.join(folder.path, 'nope.csv')
    await expect(importFile(context, { ...optionsFor(folder.path), file })).rejects.toMatchObject({
      code: 'import/no-file',
      message: `Keelson cannot read ${file}: there is no such file.`,
    })
    await expect(importFile(context, { ...optionsFor(folder.path), file: folder.path })).rejects.toMatchObject({
      message: `Keelson cannot read ${folder.path}: it is a folder.`,
    })
    expect(core.asked).toEqual([])
  })

  test.each([[''], ['\uFEFF\n \n']])('says that a file is empty: %j', async text => {
    using folder = tempFolder()
    const { context, core } = setting()
    await expect(importFile(context, optionsFor(folder.path, {}, text))).rejects.toMatchObject({
      code: 'import/empty',
      message: 'This file is empty.',
    })
    expect(core.asked).toEqual([])
  })

  test.each([
    ['UTF-8', Buffer.from('Café\n')],
    ['UTF-16', Buffer.from('\uFEFFCafé\n', 'utf16le')],
    ['the Windows code page', Buffer.from('Café\n', 'latin1')],
  ])('reads %s', async (_, bytes) => {
    using folder = tempFolder()
    const { context, asked } = setting()
    await importFile(context, optionsFor(folder.path, {}, bytes))
    expect(asked('imports.preview')).toMatchObject([{ text: 'Café\n' }])
  })
})

describe('imports', () => {
  const one = {
    id: 'imp_1',
    accountId: 'acc_1',
    broker: 'schwab',
    format: 'Schwab',
    fileName: 'a.csv',
    createdAt: '2026-11-20T20:59:58.000Z',
    undoneAt: null,
    rows: 4,
    added: 2,
    undoable: true,
    counts,
  }

  test('lists files', async () => {
    const { terminal, context } = setting({ answers: { 'imports.list': () => [one] } })
    expect(await imports(context, { undo: undefined })).toBe(0)
    expect(terminal.output.join('\n')).toMatch(/imp_1 +20 Nov 2026, 15:59 EST +a\.csv +Schwab +2/)
    const empty = setting({ answers: { 'imports.list': () => [{ ...one, added: 0, undoable: false }] } })
    await imports(empty.context, { undo: undefined })
    expect(empty.terminal.output.join('\n')).toContain('nothing new')
  })

  test('says which imports there are when none has the name given, and when one is taken back already', async () => {
    const list = [one, { ...one, id: 'imp_2', undoneAt: one.createdAt }]
    const { context, asked } = setting({ answers: { 'imports.list': () => list, 'imports.undo': () => ({ removed: 2 }) } })
    await expect(imports(context, { undo: 'nonsense' })).rejects.toMatchObject({
      message: 'No import is called nonsense.',
      details: { known: 'There are: imp_1 (a.csv)' },
    })
    await expect(imports(context, { undo: 'imp_2' })).rejects.toMatchObject({ code: 'import/undone', message: 'This import was taken back already.' })
    expect(asked('imports.undo')).toEqual([])
  })

  test('takes one back', async () => {
    const { terminal, context, asked } = setting({ json: true, answers: { 'imports.list': () => [one], 'imports.undo': () => ({ removed: 2 }) } })
    expect(await imports(context, { undo: 'imp_1' })).toBe(0)
    expect(asked('imports.undo')).toEqual([{ importId: 'imp_1' }])
    expect(terminal.output).toEqual(['{"importId":"imp_1","removed":2}'])
  })
})
