import { describe, expect, test } from 'vitest'
import type { RequestOf } from '../../../shared/contract/routes.ts'
import { judge } from '../../../electron/core/imports/verdict.ts'
import { Refused, type TestCore, testCore } from '../../support/test-core.ts'
import { breakOf, fileText, readText } from './support/files.ts'
import { fileRow, sent } from './support/rows.ts'
import { schwabFile } from './support/schwab-file.ts'

type Request = RequestOf<'imports.preview'>

const FILE = schwabFile(['03/12/2026', 'Buy', 'KO', '10', '$61', '', '-$610.00'], ['03/12/2026', 'Buy', 'KO', '10', '$61', '', '-$610.00'])
const LATER = schwabFile(
  ['03/12/2026', 'Buy', 'KO', '10', '$61', '', '-$610.00'],
  ['03/13/2026', 'Buy', 'PEP', '1', '$150', '', '-$150.00'],
)
const account = (number: string): Request['account'] => ({ kind: 'new', name: 'Old', number, currency: 'USD' })

async function preview(app: TestCore, text: string, change: Partial<Request> = {}): Promise<string> {
  const request: Request = { fileName: 'history.csv', text, broker: 'schwab', environment: 'live', account: account('12345678'), ...change }
  return (await app.call('imports.preview', request)).previewId
}

function commit(app: TestCore, previewId: string) {
  return app.call('imports.commit', { previewId, include: 'new' })
}

async function symbols(app: TestCore): Promise<string[]> {
  return (await app.call('activities.page', { limit: 100 })).rows.map(({ symbol }) => symbol ?? '').toSorted()
}

async function codes(runs: readonly Promise<unknown>[]): Promise<string[]> {
  const ends = await Promise.allSettled(runs)
  return ends
    .map(end => (end.status === 'fulfilled' ? 'done' : end.reason instanceof Refused ? end.reason.view.code : 'another error'))
    .toSorted()
}

describe('one account', () => {
  test('is found again however its number is written', async () => {
    await using app = await testCore()
    const first = await commit(app, await preview(app, FILE, { account: account('1234-5678') }))
    const second = await commit(app, await preview(app, LATER, { account: account(' 1234 5678') }))
    expect(second).toMatchObject({ accountId: first.accountId, added: 1 })
    expect(await symbols(app)).toEqual(['KO', 'KO', 'PEP'])
  })

  test('is named by an activity statement and a thinkorswim statement, and two of them are refused', () => {
    const statement = fileText('ibkr-activity.csv')
    const head = 'Account Information,Header,Field Name,Field Value\nAccount Information,Data,Account,U7654321 (Custom)\n'
    expect(readText(`${statement.trimEnd()}\n${head}`).accountNumber).toBe('U7654321')
    expect(readText(fileText('thinkorswim.csv')).accountNumber).toBe('123456789')
    const rows =
      'Dividends,Header,Currency,Account,Date,Description,Amount\nDividends,Data,USD,U1111111,2026-03-12,KO(US1) Dividend,1\nDividends,Data,USD,U2222222,2026-03-12,KO(US1) Dividend,1\n'
    expect(breakOf(`${statement.trimEnd()}\n${rows}`)).toBe('import/several-accounts')
  })
})

describe('two previews', () => {
  test.each([
    ['first', [0, 1]],
    ['second', [1, 0]],
  ])('of files that overlap end alike when the %s is imported first', async (_, order) => {
    await using app = await testCore()
    const waiting = [await preview(app, FILE), await preview(app, LATER)]
    for (const place of order) await commit(app, waiting[place] ?? '')
    expect(await symbols(app)).toEqual(['KO', 'KO', 'PEP'])
  })

  test('of one file under two names are one file', async () => {
    await using app = await testCore()
    await commit(app, await preview(app, FILE))
    const again = await preview(app, FILE, { fileName: 'copy.csv' })
    expect(await commit(app, again)).toMatchObject({ added: 0, counts: { alreadyThere: 2 } })
  })
})

describe('a click too many', () => {
  test('imports a preview once', async () => {
    await using app = await testCore()
    const previewId = await preview(app, FILE)
    expect(await codes([commit(app, previewId), commit(app, previewId)])).toEqual(['done', 'import/gone'])
    expect(await app.call('imports.list', {})).toHaveLength(1)
    expect(await symbols(app)).toEqual(['KO', 'KO'])
  })

  test('takes an import back once', async () => {
    await using app = await testCore()
    const { importId } = await commit(app, await preview(app, FILE))
    const undo = () => app.call('imports.undo', { importId })
    expect(await codes([undo(), undo()])).toEqual(['app/not-found', 'done'])
    expect(await symbols(app)).toEqual([])
  })
})

describe('a file name', () => {
  test('is kept without its folders and control characters', async () => {
    await using app = await testCore()
    await commit(app, await preview(app, FILE, { fileName: 'C:\\Users\\me\\..\\his\u001b[2Jtory\u202e.csv' }))
    expect((await app.call('imports.list', {})).map(({ fileName }) => fileName)).toEqual(['his[2Jtory.csv'])
  })
})

describe('a trade that was canceled', () => {
  const row = fileRow({}, { ownId: 'x1' })
  const canceled = { ...row, facts: { ...row.facts, status: 'canceled' as const } }

  test('in the file contradicts one that counts', () => {
    expect(judge([canceled], { format: 'ibkr-flex', ownIds: true, there: [sent(row, 'x1')] })).toMatchObject([{ verdict: 'conflict' }])
    expect(judge([canceled], { format: 'ibkr-flex', ownIds: true, there: [sent(canceled, 'x1')] })).toMatchObject([
      { verdict: 'already-there' },
    ])
  })

  test('contradicts no other trade of its day', () => {
    const other = { ...row.facts, price: null }
    expect(judge([canceled], { format: 'ibkr-activity-csv', ownIds: false, there: [sent({ ...row, facts: other }, 'b1')] })).toMatchObject([
      { verdict: 'new' },
    ])
  })
})
