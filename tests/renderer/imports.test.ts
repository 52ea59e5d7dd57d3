import { beforeEach, describe, expect, test } from 'vitest'
import { countOf, decisionOn, historyWords, rowsOf, whatItAdded } from '../../renderer/features/imports/verdicts.ts'
import {
  accountsFor,
  choose,
  commitPreview,
  missing,
  readPreview,
  startOver,
  undoImport,
  useImports,
} from '../../renderer/state/imports.ts'
import { ImportRowSchema } from '../../shared/contract/imports.ts'
import { account, connection } from './examples.ts'
import { fakeCore, ok, refusal } from './fake-core.ts'

const file = { name: 'history.csv', text: 'Date,Action\n', bytes: 12 }
const row = (line: number, verdict: string) => ({
  line,
  verdict,
  kind: 'trade',
  brokerType: 'Buy',
  symbol: 'VTI',
  side: 'buy',
  quantity: '1',
  price: '250.1',
  amount: '-250.1',
  currency: 'USD',
  tradeDate: '2024-03-01',
  description: null,
  history: null,
})
const counts = { new: 2, alreadyThere: 1, conflict: 0, unknown: 1 }
const preview = ok({
  previewId: 'pre_1',
  format: 'Schwab transaction history (CSV)',
  counts,
  rows: [row(4, 'unknown'), row(2, 'new'), row(3, 'new'), row(5, 'already-there')],
  total: 4,
  from: '2024-03-01',
  to: '2024-03-01',
  unknownColumns: ['Hint'],
  notes: [],
  accountId: null,
  addableConflicts: 0,
  accountMismatch: false,
  importedBefore: false,
})
const imported = ok({ importId: 'imp_1', added: 2, accountId: 'acc_9', connectionId: 'con_9', counts })

const stage = () => useImports.getState().stage

beforeEach(() => {
  useImports.setState(useImports.getInitialState(), true)
})

describe('what is chosen', () => {
  const draft = () => useImports.getState().draft

  test('says what is still missing, one thing after the other', () => {
    expect(missing(draft())?.words).toBe('Choose a file.')
    choose({ file })
    expect(missing(draft())?.field).toBe('broker')
    expect(missing(draft())?.words).toBe('Choose the broker it came from.')
    choose({ broker: 'schwab' })
    expect(missing(draft())?.words).toBe('Give the new account a name.')
    choose({ name: 'Old margin' })
    expect(missing(draft())?.words).toBe('Give the number of the new account.')
    choose({ number: '1234-5678', currency: 'US' })
    expect(missing(draft())?.words).toBe('Give the currency as three letters, such as USD.')
    choose({ currency: 'USD' })
    expect(missing(draft())).toBeNull()
  })

  test('needs nothing more for an account there is, until another broker is chosen', () => {
    choose({ file, broker: 'schwab', account: 'acc_1' })
    expect(missing(draft())).toBeNull()
    choose({ broker: 'etrade' })
    expect(draft().account).toBe('new')
  })

  test('is refused here when it is empty', () => {
    choose({ file: { ...file, text: ' \n' } })
    expect(missing(draft())?.words).toBe('This file is empty. Choose another.')
  })

  test('offers the live accounts of that broker, of every connection', () => {
    const live = connection({ accounts: [account()] })
    const other = connection({ id: 'con_2', broker: 'etrade', accounts: [account({ id: 'acc_2' })] })
    const sandbox = connection({ id: 'con_3', environment: 'sandbox', accounts: [account({ id: 'acc_3' })] })
    expect(accountsFor([live, other, sandbox], 'schwab').map(({ account: { id } }) => id)).toEqual(['acc_1'])
  })
})

describe('an import', () => {
  test('shows a verdict for each row before anything is added', async () => {
    const core = fakeCore(() => preview)
    choose({ file, broker: 'schwab', name: ' Old ', number: ' 1234 ' })
    await readPreview()
    expect(core.asked).toEqual([
      {
        route: 'imports.preview',
        input: {
          fileName: 'history.csv',
          text: file.text,
          broker: 'schwab',
          environment: 'live',
          account: { kind: 'new', name: 'Old', number: '1234', currency: 'USD' },
        },
      },
    ])
    const now = stage()
    if (now.kind !== 'preview') throw new Error(now.kind)
    expect(rowsOf(now.preview, 'new').map(({ line }) => line)).toEqual([2, 3])
    expect(rowsOf(now.preview, null)).toHaveLength(4)
    expect([countOf(now.preview, 'already-there'), countOf(now.preview, 'unknown')]).toEqual([1, 1])
  })

  test('asks nothing of the core while something is missing', async () => {
    const core = fakeCore(() => preview)
    choose({ file, broker: 'schwab' })
    await readPreview()
    expect(core.asked).toEqual([])
  })

  test('that breaks says where, and keeps what was chosen', async () => {
    fakeCore(() => refusal('import/unreadable'))
    choose({ file, broker: 'schwab', account: 'acc_1' })
    await readPreview()
    expect(stage()).toMatchObject({ kind: 'choosing', error: { code: 'import/unreadable' } })
    expect(useImports.getState().draft).toMatchObject({ file, broker: 'schwab', account: 'acc_1' })
    choose({ file })
    expect(stage()).toEqual({ kind: 'choosing', error: null })
  })

  test('adds what was asked for and lists it', async () => {
    const core = fakeCore(({ route }) => (route === 'imports.preview' ? preview : route === 'imports.commit' ? imported : ok([])))
    choose({ file, broker: 'schwab', account: 'acc_1' })
    await readPreview()
    await commitPreview({ include: 'new-and-unknown', addConflicts: true, acceptOtherAccount: true })
    expect(core.asked[1]).toEqual({ route: 'imports.commit', input: { previewId: 'pre_1', include: 'new-and-unknown', addConflicts: true, acceptOtherAccount: true } })
    expect(stage()).toMatchObject({ kind: 'done', result: { added: 2 } })
    expect(core.routes()).toContain('imports.list')
  })

  test('that fails leaves the preview on screen with the reason', async () => {
    fakeCore(({ route }) => (route === 'imports.preview' ? preview : refusal('import/gone')))
    choose({ file, broker: 'schwab', account: 'acc_1' })
    await readPreview()
    await commitPreview({ include: 'new' })
    expect(stage()).toMatchObject({ kind: 'preview', saving: false, error: { code: 'import/gone' } })
  })

  test('is taken back as a whole, and no longer praised then', async () => {
    fakeCore(({ route }) =>
      route === 'imports.preview'
        ? preview
        : route === 'imports.commit'
          ? imported
          : route === 'imports.undo'
            ? ok({ removed: 2 })
            : ok([]),
    )
    choose({ file, broker: 'schwab', account: 'acc_1' })
    await readPreview()
    await commitPreview({ include: 'new' })
    expect(await undoImport('imp_1')).toEqual({ removed: 2 })
    expect(stage()).toEqual({ kind: 'choosing', error: null })
    expect(useImports.getState().draft).toMatchObject({ file: null, broker: 'schwab', account: 'acc_1' })
  })
})

test('another file may follow for the same account', () => {
  choose({ file, broker: 'schwab', account: 'acc_1' })
  startOver()
  expect(useImports.getState().draft).toMatchObject({ file: null, account: 'acc_1' })
})

describe('the decision below a preview', () => {
  const none = { withUnknown: false, withConflicts: false, otherAccount: false }
  const seen = { counts: { new: 2, alreadyThere: 1, conflict: 3, unknown: 1 }, addableConflicts: 2, accountMismatch: false }

  test('counts what is ticked', () => {
    expect(decisionOn(seen, none)).toEqual({ count: 2, ready: true, word: 'Import 2 rows' })
    expect(decisionOn(seen, { ...none, withUnknown: true, withConflicts: true })).toMatchObject({ count: 5 })
    expect(decisionOn({ ...seen, counts: { ...seen.counts, new: 0 } }, none)).toEqual({ count: 0, ready: false, word: 'Nothing to import' })
  })

  test('waits for a yes when the file names another account', () => {
    expect(decisionOn({ ...seen, accountMismatch: true }, none).ready).toBe(false)
    expect(decisionOn({ ...seen, accountMismatch: true }, { ...none, otherAccount: true }).ready).toBe(true)
  })
})

test('a conflict says what the history has, with its day where that is another', () => {
  const history = { tradeDate: '2024-03-01', quantity: '10', price: '170', amount: '-1700.05' }
  expect(historyWords(ImportRowSchema.parse({ ...row(2, 'conflict'), history }))).toBe('History: 10 at 170.00, −$1,700.05')
  expect(historyWords(ImportRowSchema.parse({ ...row(2, 'conflict'), tradeDate: '2024-04-02', history }))).toMatch(/^History: .*2024, 10 at/)
  expect(historyWords(ImportRowSchema.parse(row(2, 'new')))).toBe('')
})

test('an import that added nothing says so in words', () => {
  expect(whatItAdded({ added: 3, rows: 1200 })).toBe('3 rows of 1,200 added')
  expect(whatItAdded({ added: 0, rows: 12 })).toBe('Nothing new in 12 rows, looked at')
})
