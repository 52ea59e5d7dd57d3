import { expect, test } from 'vitest'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { FLEX_ERRORS } from '../../../../electron/core/sandbox/ibkr/flex/errors.ts'
import { startSandbox } from '../../../../electron/core/sandbox/sandbox.ts'
import type { Sandbox } from '../../../../electron/core/sandbox/sandbox.ts'
import { fetchReport, getStatement, sendRequest, statementsOf, textOf } from './flex-client.ts'
import type { Row } from './flex-client.ts'
import { FRIDAY } from './tws-client.ts'

async function openFlex(seed = 7): Promise<Sandbox & AsyncDisposable> {
  const sandbox = await startSandbox({ seed, now: () => FRIDAY, stands: ['ibkr-flex', 'ibkr-tws'] })
  return { ...sandbox, [Symbol.asyncDispose]: () => sandbox.close() }
}

const YEARS = [
  ['20231101', '20231231'],
  ['20230101', '20231031'],
  ['20240101', '20241230'],
  ['20241231', '20251230'],
  ['20251231', '20261119'],
] as const

/** Every row of a kind over the whole life of both accounts. */
async function history(url: string): Promise<{ account: string; trades: Row[]; cash: Row[]; actions: Row[] }[]> {
  const books = new Map<string, { account: string; trades: Row[]; cash: Row[]; actions: Row[] }>()
  for (const [fd, td] of YEARS) {
    for (const { head, rows } of statementsOf(await fetchReport(url, { fd, td }))) {
      const account = head['accountId'] ?? ''
      const book = books.get(account) ?? { account, trades: [], cash: [], actions: [] }
      book.trades.push(...rows('Trade'))
      book.cash.push(...rows('CashTransaction'))
      book.actions.push(...rows('CorporateAction'))
      books.set(account, book)
    }
  }
  return [...books.values()]
}

const dec = (text: string | undefined) => Dec.of(text ?? '0')

test.each([1, 7, 42])('trades, cash and corporate actions add up to the stated cash and positions, seed %i', async seed => {
  await using sandbox = await openFlex(seed)
  const url = sandbox.urls['ibkr-flex']
  const stated = statementsOf(await fetchReport(url))
  for (const { account, trades, cash, actions } of await history(url)) {
    const statement = stated.find(({ head }) => head['accountId'] === account)
    const total = Dec.sum([
      ...trades.map(row => dec(row['netCash'])),
      ...cash.map(row => dec(row['amount'])),
      ...actions.map(row => dec(row['proceeds'])),
    ])
    expect(total).toBe(statement?.rows('CashReportCurrency')[0]?.['endingCash'])
    const held = new Map<string, Dec>()
    for (const { conid = '', quantity } of [...trades, ...actions]) held.set(conid, Dec.add(held.get(conid) ?? Dec.zero, dec(quantity)))
    const open = new Map([...held].filter(([, qty]) => !Dec.isZero(qty)))
    const told = (statement?.rows('OpenPosition') ?? []).map((row): [string, Dec] => [row['conid'] ?? '', dec(row['position'])])
    expect(open).toEqual(new Map(told))
    expect(trades.length).toBeGreaterThan(100)
    for (const row of trades) expect(Dec.add(dec(row['netCash']), dec(row['cost']))).toBe(dec(row['fifoPnlRealized']))
  }
})

test('a report is made for a while before it can be fetched', async () => {
  await using sandbox = await openFlex()
  const url = sandbox.urls['ibkr-flex']
  sandbox.control('ibkr-flex').knobs.set('in-progress', '2')
  const accepted = await sendRequest(url)
  expect(textOf(accepted, 'Status')).toBe('Success')
  const reference = textOf(accepted, 'ReferenceCode')
  const codes = [await getStatement(url, reference), await getStatement(url, reference)].map(xml => textOf(xml, 'ErrorCode'))
  expect(codes).toEqual(['1019', '1019'])
  expect(statementsOf(await getStatement(url, reference))).toHaveLength(2)
})

test('the activity report ends yesterday and the confirmations hold today', async () => {
  await using sandbox = await openFlex()
  const url = sandbox.urls['ibkr-flex']
  const execId = sandbox.control('ibkr-tws').addFill()
  const [activity] = statementsOf(await fetchReport(url))
  expect([activity?.head['fromDate'], activity?.head['toDate']]).toEqual(['20251120', '20261119'])
  expect(activity?.rows('Trade').map(row => row['ibExecID'])).not.toContain(execId)
  const [confirms] = statementsOf(await fetchReport(url, { q: '654322' }))
  const row = confirms?.rows('TradeConfirm').find(item => item['execID'] === execId)
  expect(row).toMatchObject({ quantity: '1', symbol: 'AAPL', dateTime: '2026-11-20;17:00:00 EST', commission: '-1' })
})

test('wrong asks are refused in the words of the service', async () => {
  await using sandbox = await openFlex()
  const url = sandbox.urls['ibkr-flex']
  const code = async (change: Record<string, string>) => textOf(await sendRequest(url, change), 'ErrorCode')
  expect(await code({ t: '1' })).toBe('1015')
  expect(await code({ q: '1' })).toBe('1014')
  expect(await code({ v: '2' })).toBe('1020')
  expect(await code({ fd: '20240101', td: '20261101' })).toBe('1020')
  expect(await code({ fd: '20200101', td: '20200201' })).toBe('1003')
  expect(textOf(await getStatement(url, '5'), 'ErrorCode')).toBe('1017')
  sandbox.control('ibkr-flex').fault({ name: 'expired' })
  expect(await sendRequest(url)).toContain('<ErrorMessage>Token has expired.</ErrorMessage>')
})

test.each(Object.entries(FLEX_ERRORS))('error %s comes at both steps with its text', async (code, sentence) => {
  await using sandbox = await openFlex()
  const url = sandbox.urls['ibkr-flex']
  const { knobs } = sandbox.control('ibkr-flex')
  const reference = textOf(await sendRequest(url), 'ReferenceCode')
  knobs.set('error', code)
  knobs.set('get-error', code)
  for (const xml of [await sendRequest(url), await getStatement(url, reference)])
    expect([textOf(xml, 'ErrorCode'), textOf(xml, 'ErrorMessage')]).toEqual([code, sentence])
})

test('the shared faults come in the words of the service', async () => {
  await using sandbox = await openFlex()
  const url = sandbox.urls['ibkr-flex']
  const control = sandbox.control('ibkr-flex')
  control.fault({ name: 'rate-limited', times: 1 })
  expect(textOf(await sendRequest(url), 'ErrorCode')).toBe('1018')
  control.fault({ name: 'revoked' })
  expect(textOf(await sendRequest(url), 'ErrorCode')).toBe('1015')
})

test('a row told twice has the same execution id', async () => {
  await using sandbox = await openFlex()
  sandbox.control('ibkr-flex').fault({ name: 'duplicates' })
  const [statement] = statementsOf(await fetchReport(sandbox.urls['ibkr-flex']))
  const trades = statement?.rows('Trade') ?? []
  expect(trades[0]).toEqual(trades[1])
})

test('all levels of detail tell the same trades, and only executions carry execution ids', async () => {
  await using sandbox = await openFlex()
  sandbox.control('ibkr-flex').knobs.set('levels', 'all')
  const [statement] = statementsOf(await fetchReport(sandbox.urls['ibkr-flex']))
  const executions = statement?.rows('Trade').filter(row => row['transactionType'] === 'ExchTrade') ?? []
  const cash = Dec.sum(executions.map(row => dec(row['netCash'])))
  for (const name of ['Order', 'SymbolSummary', 'AssetSummary'])
    expect(Dec.sum((statement?.rows(name) ?? []).map(row => dec(row['netCash'])))).toBe(cash)
  expect(new Set(executions.map(row => row['ibExecID'])).size).toBe(executions.length)
  expect(statement?.rows('Lot').length).toBeGreaterThan(10)
  expect(statement?.rows('Order').every(row => row['ibExecID'] === '')).toBe(true)
})

test('a correction cancels the first report and tells the trade again under the next id', async () => {
  await using sandbox = await openFlex()
  const url = sandbox.urls['ibkr-flex']
  const before =
    statementsOf(await fetchReport(url))[0]
      ?.rows('Trade')
      .filter(row => row['ibExecID'] !== '') ?? []
  const first = before.at(-1)
  const id = sandbox.control('ibkr-flex').correct(first?.['ibExecID'])
  expect(id).toBe(first?.['ibExecID']?.replace(/01$/, '02'))
  const rows =
    statementsOf(await fetchReport(url))[0]
      ?.rows('Trade')
      .filter(row => row['dateTime'] === first?.['dateTime']) ?? []
  expect(rows.map(row => [row['transactionType'], row['notes']?.includes('Ca'), row['ibExecID']])).toEqual([
    ['ExchTrade', false, first?.['ibExecID']],
    ['TradeCancel', true, ''],
    ['TradeCorrect', false, id],
  ])
  expect(Dec.add(dec(rows[0]?.['netCash']), dec(rows[1]?.['netCash']))).toBe('0')
})

test.each([
  ['yyyy-MM-dd', 'HH:mm:ss', ' ', /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/],
  ['MM/dd/yyyy', 'HHmmss', ',', /^\d{2}\/\d{2}\/\d{4},\d{6}$/],
  ['dd-MMM-yy', 'HH:mm:ss zone', 'T', /^\d{2}-[A-Z]{3}-\d{2}T\d{2}:\d{2}:\d{2} E[SD]T$/],
])('dates come as %s and times as %s where a query asks for it', async (day, time, separator, form) => {
  await using sandbox = await openFlex()
  const { knobs } = sandbox.control('ibkr-flex')
  knobs.set('date-format', day)
  knobs.set('time-format', time)
  knobs.set('separator', separator)
  const rows = statementsOf(await fetchReport(sandbox.urls['ibkr-flex']))[0]?.rows('Trade') ?? []
  for (const row of rows) expect(row['dateTime']).toMatch(form)
})

test('a page of HTML, plain text and a cut-off file stand in for the report', async () => {
  await using sandbox = await openFlex()
  const { knobs } = sandbox.control('ibkr-flex')
  const bodies: string[] = []
  for (const body of ['html', 'text', 'truncated']) {
    knobs.set('body', body)
    bodies.push(await fetchReport(sandbox.urls['ibkr-flex']))
  }
  expect(bodies[0]).toContain('<html>')
  expect(bodies[1]).not.toContain('<')
  expect(() => statementsOf(bodies[2] ?? '')).toThrow(Error)
})

test('a breakout by day makes a statement of every account and day', async () => {
  await using sandbox = await openFlex()
  sandbox.control('ibkr-flex').knobs.set('breakout', 'yes')
  const statements = statementsOf(await fetchReport(sandbox.urls['ibkr-flex'], { fd: '20261101', td: '20261110' }))
  expect(statements).toHaveLength(20)
  expect(statements.map(({ head }) => head['fromDate']).slice(0, 10)).toEqual(
    Array.from({ length: 10 }, (_, index) => LocalDate.plusDays(LocalDate.of('2026-11-01'), index).replaceAll('-', '')),
  )
})
