import { describe, expect, test } from 'vitest'
import type { RequestOf } from '../../../shared/contract/routes.ts'
import type { ActivityRow } from '../../../shared/contract/schemas.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Refused, type TestCore, testCore } from '../../support/test-core.ts'
import { fileText } from './support/files.ts'
import { exportOf, schwabFile } from './support/schwab-file.ts'

const NEW = { kind: 'new', name: 'Old account', number: '1234-5678', currency: 'USD' } as const
const FILE = schwabFile(
  ['03/12/2026', 'Buy', 'KO', '10', '$61', '', '-$610.00'],
  ['03/12/2026', 'Buy', 'KO', '10', '$61', '', '-$610.00'],
  ['03/13/2026', 'Sell', 'KO', '5', '$62', '$0.01', '$309.99'],
  ['03/14/2026', 'Something New', 'KO', '', '', '', '$1.00'],
)

function preview(app: TestCore, text: string, account: Target = NEW) {
  return app.call('imports.preview', request(text, account))
}

type Target = RequestOf<'imports.preview'>['account']

function request(text: string, account: Target) {
  return { fileName: 'history.csv', text, broker: 'schwab', environment: 'live', account } as const
}

async function importAll(app: TestCore, text: string, account: Target = NEW) {
  const { previewId } = await preview(app, text, account)
  return app.call('imports.commit', { previewId, include: 'new' })
}

async function trades(app: TestCore, accountId?: AccountId): Promise<ActivityRow[]> {
  const rows: ActivityRow[] = []
  for (let after: string | undefined; ;) {
    const page = await app.call('activities.page', {
      kinds: ['trade'],
      limit: 500,
      ...(accountId ? { accountId } : {}),
      ...(after ? { after } : {}),
    })
    rows.push(...page.rows)
    if (page.next === null) return rows
    after = page.next
  }
}

async function refusal(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Refused ? error.view.code : 'another error'),
  )
}

describe('a file', () => {
  test('is looked at without saving anything', async () => {
    await using app = await testCore()
    const seen = await preview(app, FILE)
    expect(seen).toMatchObject({
      format: 'Schwab transaction history (CSV)',
      total: 4,
      accountId: null,
      importedBefore: false,
      from: '2026-03-12',
      to: '2026-03-14',
    })
    expect(seen.counts).toEqual({ new: 3, alreadyThere: 0, conflict: 0, unknown: 1 })
    expect(seen.rows[0]).toMatchObject({ verdict: 'unknown', line: 5, brokerType: 'Something New' })
    expect(await app.call('connections.list', {})).toEqual([])
    expect(await app.call('imports.list', {})).toEqual([])
  })

  test('makes an account held by files, and adds each row once however often it is imported', async () => {
    await using app = await testCore()
    const first = await importAll(app, FILE)
    expect(first.added).toBe(3)
    expect(await app.call('connections.list', {})).toMatchObject([
      { broker: 'schwab', environment: 'live', method: 'file', accounts: [{ name: 'Old account', maskedNumber: '••••5678' }] },
    ])
    expect(await preview(app, FILE)).toMatchObject({
      accountId: first.accountId,
      importedBefore: true,
      counts: { new: 0, alreadyThere: 3, conflict: 0, unknown: 1 },
    })
    expect((await importAll(app, FILE)).added).toBe(0)
    expect(await trades(app)).toHaveLength(3)
    expect(await app.call('connections.list', {})).toHaveLength(1)
  })

  test('keeps what nobody can read, when asked to', async () => {
    await using app = await testCore()
    const { previewId } = await preview(app, FILE)
    expect((await app.call('imports.commit', { previewId, include: 'new-and-unknown' })).added).toBe(4)
    const { rows } = await app.call('activities.page', { kinds: ['other'], limit: 10 })
    expect(rows).toMatchObject([{ brokerType: 'Something New' }])
    const detail = await app.call('activities.detail', { id: rows[0]?.id ?? '' })
    expect(JSON.parse(detail.raw)).toMatchObject({ Action: 'Something New', Amount: '$1.00' })
  })

  test('is taken back whole, with its words in the search, and may come again', async () => {
    await using app = await testCore()
    const { importId } = await importAll(app, FILE)
    expect((await app.call('activities.page', { search: 'KO', limit: 10 })).rows).toHaveLength(3)
    expect(await app.call('imports.undo', { importId })).toEqual({ removed: 3 })
    expect((await app.call('activities.page', { search: 'KO', limit: 10 })).rows).toEqual([])
    expect(await app.call('connections.list', {})).toEqual([])
    expect(await refusal(app.call('imports.undo', { importId }))).toBe('app/not-found')
    await importAll(app, FILE.replaceAll('KO', 'PEP'))
    expect((await app.call('activities.page', { search: 'PEP', limit: 10 })).rows).toHaveLength(3)
    expect((await app.call('imports.list', {})).map(one => one.undoneAt === null)).toEqual([true, false])
  })

  test('that is undone leaves the rows another import tells as well', async () => {
    await using app = await testCore()
    const first = await importAll(app, FILE)
    const later = schwabFile(
      ['03/13/2026', 'Sell', 'KO', '5', '$62', '$0.01', '$309.99'],
      ['03/16/2026', 'Buy', 'PEP', '1', '$150', '', '-$150'],
    )
    expect((await importAll(app, later)).added).toBe(1)
    const undo = (importId: string) => app.call('imports.undo', { importId })
    const second = await importAll(app, later)
    expect(await undo(first.importId)).toEqual({ removed: 2 })
    expect((await trades(app)).map(({ symbol }) => symbol)).toEqual(['PEP', 'KO'])
    expect(await undo(second.importId)).toEqual({ removed: 0 })
    expect((await trades(app)).map(({ symbol }) => symbol)).toEqual(['PEP', 'KO'])
  })

  test.each([
    ['cut off inside a cell', `${FILE}"03/15/2026","Buy`, 'import/unreadable'],
    ['with a figure that is none', FILE.replace('$61', '$6l'), 'import/unreadable'],
    ['with a date that is none', FILE.replace('03/12/2026', '13/12/2026'), 'import/unreadable'],
    ['of an unknown kind', 'Name,Value\na,1\n', 'import/unknown-format'],
  ])('%s imports nothing', async (_, text, code) => {
    await using app = await testCore()
    expect(await refusal(preview(app, text))).toBe(code)
    expect(await app.call('imports.list', {})).toEqual([])
  })

  test('of another broker is refused in words', async () => {
    await using app = await testCore()
    expect(await refusal(app.call('imports.preview', { ...request(FILE, NEW), broker: 'alpaca' }))).toBe('import/wrong-broker')
  })

  test('that names another account than the one chosen says so', async () => {
    await using app = await testCore()
    const noteFor = async (number: string) => (await preview(app, fileText('statement.ofx'), { ...NEW, number })).notes
    expect(await noteFor('1234-5678')).toEqual([])
    expect(await noteFor('99887766')).toEqual([expect.stringContaining('another account')])
  })

  test('that shows only the end of its account number is held against that', async () => {
    await using app = await testCore()
    const masked = fileText('statement.ofx').replaceAll(/<ACCTID>[^<\r\n]*/g, '<ACCTID>••••5678')
    expect(masked).not.toBe(fileText('statement.ofx'))
    const noteFor = async (number: string) => (await preview(app, masked, { ...NEW, number })).notes
    expect(await noteFor('99887766')).toEqual([expect.stringContaining('another account')])
    expect(await noteFor('1234-5678')).toEqual([
      'The file does not say which account it is of. Its rows go to a new account: Old account ••••5678.',
    ])
  })

  test('that names no account says where its rows go, and to each of two accounts goes what was chosen for it', async () => {
    await using app = await testCore()
    const notes = async (account: Target) => (await preview(app, FILE, account)).notes
    expect(await notes(NEW)).toEqual(['The file does not say which account it is of. Its rows go to a new account: Old account ••••5678.'])
    const first = await importAll(app, FILE)
    const second = await importAll(app, FILE, { ...NEW, name: 'Other', number: '99887766' })
    expect(second.accountId).not.toBe(first.accountId)
    for (const [account, name] of [
      [{ kind: 'existing', accountId: first.accountId }, 'Old account ••••5678'],
      [{ ...NEW, name: 'Renamed' }, 'Old account ••••5678'],
      [{ kind: 'existing', accountId: second.accountId }, 'Other ••••7766'],
    ] as const)
      expect(await notes(account)).toEqual([`The file does not say which account it is of. Its rows go to ${name}.`])
  })

  test('waits only so long', async () => {
    await using app = await testCore()
    expect(await refusal(app.call('imports.commit', { previewId: 'pre_x', include: 'new' }))).toBe('import/gone')
  })
})

describe('a file and the broker itself', () => {
  async function schwab(app: TestCore) {
    const connectionId = await app.connect('schwab')
    const [connection] = await app.call('connections.list', {})
    const accountId = connection?.accounts[0]?.id
    if (accountId === undefined) throw new Error('no account')
    return { connectionId, accountId, account: { kind: 'existing', accountId } as const }
  }

  test('the file after the broker adds nothing the broker sent', async () => {
    await using app = await testCore()
    const { connectionId, accountId, account } = await schwab(app)
    await app.call('sync.run', { connectionId })
    const told = await trades(app, accountId)
    expect(told.length).toBeGreaterThan(50)
    const { counts } = await preview(app, exportOf(told), account)
    expect(counts).toEqual({ new: 0, alreadyThere: told.length, conflict: 0, unknown: 0 })
  })

  test('the broker after the file takes over every row, and undoing the file then removes nothing of it', async () => {
    let text = ''
    let wanted = 0
    {
      await using first = await testCore()
      const { connectionId, accountId } = await schwab(first)
      await first.call('sync.run', { connectionId })
      const told = await trades(first, accountId)
      wanted = told.length
      text = exportOf([...told, ...told.slice(0, 1)])
    }
    await using app = await testCore()
    const { connectionId, accountId, account } = await schwab(app)
    const { importId, added } = await importAll(app, text, account)
    expect(added).toBe(wanted + 1)
    await app.call('sync.run', { connectionId })
    // The file told one row once more than the broker: an identical genuine one, which stays.
    expect(await trades(app, accountId)).toHaveLength(wanted + 1)
    expect(await app.call('imports.undo', { importId })).toEqual({ removed: 1 })
    expect(await trades(app, accountId)).toHaveLength(wanted)
  })
})
