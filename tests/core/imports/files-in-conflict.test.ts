import { describe, expect, test } from 'vitest'
import type { RequestOf } from '../../../shared/contract/routes.ts'
import { Refused, type TestCore, testCore } from '../../support/test-core.ts'
import { fileText } from './support/files.ts'
import { schwabFile } from './support/schwab-file.ts'

type Target = RequestOf<'imports.preview'>['account']
type Decided = Omit<RequestOf<'imports.commit'>, 'previewId'>

const ACCOUNT: Target = { kind: 'new', name: 'Old', number: '12345678', currency: 'USD' }
const buy = (price: string, amount: string, fees = '') => ['03/05/2024', 'Buy', 'AAPL', '10', price, fees, amount] as const
const FIRST = schwabFile(buy('$170.00', '-$1700.05', '$0.05'))
const OFX = fileText('statement.ofx')

async function preview(app: TestCore, text: string, account: Target = ACCOUNT) {
  return app.call('imports.preview', { fileName: 'history.csv', text, broker: 'schwab', environment: 'live', account })
}

async function add(app: TestCore, text: string, decided: Partial<Decided> = {}, account: Target = ACCOUNT) {
  const { previewId } = await preview(app, text, account)
  return app.call('imports.commit', { previewId, include: 'new', ...decided })
}

async function amounts(app: TestCore): Promise<string[]> {
  return (await app.call('activities.page', { kinds: ['trade'], limit: 100 })).rows.map(({ amount }) => amount ?? '').toSorted()
}

async function refusal(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Refused ? `${error.view.code} ${error.view.message}` : 'another error'),
  )
}

const undoable = async (app: TestCore) => Object.fromEntries((await app.call('imports.list', {})).map(one => [one.id, one.undoable]))

describe('a row an earlier file told with other figures', () => {
  test.each([
    ['another amount', [buy('$170.00', '-$1799.05')]],
    ['another price', [buy('$171.00', '-$1710.05')]],
  ])('is shown as a conflict and not added: %s', async (_, rows) => {
    await using app = await testCore()
    await add(app, FIRST)
    const seen = await preview(app, schwabFile(...rows))
    expect(seen).toMatchObject({
      counts: { new: 0, conflict: 1 },
      addableConflicts: 1,
      rows: [{ history: { tradeDate: '2024-03-05', quantity: '10', price: '170', amount: '-1700.05' } }],
    })
    expect(await add(app, schwabFile(...rows))).toMatchObject({ added: 0 })
    expect(await amounts(app)).toEqual(['-1700.05'])
  })

  test('is a conflict beside an identical one that did not change', async () => {
    await using app = await testCore()
    await add(app, schwabFile(buy('$170.00', '-$1700.05'), buy('$170.00', '-$1700.05')))
    const later = schwabFile(buy('$170.00', '-$1700.05'), buy('$170.00', '-$1700.09'))
    expect((await add(app, later)).counts).toEqual({ new: 0, alreadyThere: 1, conflict: 1, unknown: 0 })
    expect(await amounts(app)).toEqual(['-1700.05', '-1700.05'])
  })

  test('is added when the user decides so, found there from then on, and taken back alone', async () => {
    await using app = await testCore()
    await add(app, FIRST)
    const later = schwabFile(buy('$171.00', '-$1710.05'))
    const { importId, added } = await add(app, later, { addConflicts: true })
    expect(added).toBe(1)
    for (const text of [FIRST, later]) expect((await preview(app, text)).counts).toMatchObject({ new: 0, alreadyThere: 1, conflict: 0 })
    expect(await app.call('imports.undo', { importId })).toEqual({ removed: 1 })
    expect(await amounts(app)).toEqual(['-1700.05'])
  })

  test('is new when the file tells the earlier row as well', async () => {
    await using app = await testCore()
    await add(app, FIRST)
    expect(await add(app, schwabFile(buy('$170.00', '-$1700.05', '$0.05'), buy('$171.00', '-$1710.05')))).toMatchObject({ added: 1 })
    expect(await amounts(app)).toEqual(['-1700.05', '-1710.05'])
  })
})

describe('the id of a transaction in an OFX file', () => {
  const moved = OFX.replace('20240119103005.000[-5:EST]', '20240305103005.000[-5:EST]').replace('<UNITPRICE>147.5', '<UNITPRICE>150')

  test('that comes with another day and price is a conflict, whatever the days of the file', async () => {
    await using app = await testCore()
    await add(app, OFX)
    const before = await amounts(app)
    expect((await preview(app, moved)).rows[0]).toMatchObject({ verdict: 'conflict', symbol: 'PG', tradeDate: '2024-03-05', history: { tradeDate: '2024-01-19' } })
    expect((await add(app, moved)).counts).toEqual({ new: 0, alreadyThere: 3, conflict: 1, unknown: 1 })
    expect(await amounts(app)).toEqual(before)
  })

  test('is remembered of a row an import found there, and forgotten with the last import that told it', async () => {
    await using app = await testCore()
    const first = await add(app, OFX)
    const second = await add(app, OFX)
    await app.call('imports.undo', { importId: first.importId })
    expect((await preview(app, moved)).counts).toMatchObject({ new: 0, conflict: 1 })
    await app.call('imports.undo', { importId: second.importId })
    expect((await preview(app, moved)).counts).toMatchObject({ new: 4, conflict: 0 })
  })

  test('lies in its own account: the same id in another one is another row', async () => {
    await using app = await testCore()
    await add(app, OFX)
    const other = moved.replace('<ACCTID>12345678', '<ACCTID>87654321')
    expect((await preview(app, other, { ...ACCOUNT, number: '87654321' })).counts).toMatchObject({ new: 4, conflict: 0 })
  })
})

describe('a file that names another account', () => {
  const other = OFX.replace('<ACCTID>12345678', '<ACCTID>77771111')

  test('is refused until the user accepts that, and may be imported then', async () => {
    await using app = await testCore()
    const seen = await preview(app, other)
    expect(seen).toMatchObject({ accountMismatch: true })
    const commit = (more: Partial<Decided>) => app.call('imports.commit', { previewId: seen.previewId, include: 'new', ...more })
    expect(await refusal(commit({}))).toBe(
      'import/other-account The file names another account than the one it goes to, a new account: Old ••••5678. Nothing was imported.',
    )
    expect(await app.call('connections.list', {})).toEqual([])
    expect(await commit({ acceptOtherAccount: true })).toMatchObject({ added: 4 })
  })

  test('is one whose account was chosen by its id as well', async () => {
    await using app = await testCore()
    const { accountId } = await add(app, OFX)
    const chosen = { kind: 'existing', accountId } as const
    expect(await preview(app, other, chosen)).toMatchObject({ accountMismatch: true })
    expect(await refusal(add(app, other, {}, chosen))).toMatch(/^import\/other-account /)
    expect(await preview(app, OFX, chosen)).toMatchObject({ accountMismatch: false })
  })

  test('is not one that names none', async () => {
    await using app = await testCore()
    expect(await preview(app, FIRST)).toMatchObject({ accountMismatch: false })
  })
})

test('an import that added nothing is not undone, unless it alone still tells rows of another one', async () => {
  await using app = await testCore()
  const first = await add(app, FIRST)
  const second = await add(app, FIRST)
  expect(await undoable(app)).toEqual({ [first.importId]: true, [second.importId]: false })
  expect(await app.call('imports.undo', { importId: first.importId })).toEqual({ removed: 0 })
  expect(await undoable(app)).toEqual({ [first.importId]: false, [second.importId]: true })
  expect(await app.call('imports.undo', { importId: second.importId })).toEqual({ removed: 1 })
  expect(await undoable(app)).toEqual({ [first.importId]: false, [second.importId]: false })
})
