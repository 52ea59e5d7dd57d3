import { describe, expect, test } from 'vitest'
import { flexPage } from '../../../../electron/core/brokers/ibkr/flex/history.ts'
import { flexAccounts, flexBalances, flexPositions } from '../../../../electron/core/brokers/ibkr/flex/holdings.ts'
import { fetchStatement, type FlexPeriod, type FlexReport } from '../../../../electron/core/brokers/ibkr/flex/service.ts'
import { createShelf } from '../../../../electron/core/brokers/ibkr/flex/shelf.ts'
import { parseFlexStatement } from '../../../../electron/core/brokers/ibkr/flex/statement.ts'
import type { BrokerHttp } from '../../../../electron/core/brokers/adapter.ts'
import { createLog } from '../../../../electron/core/log/log.ts'
import type { LogRecord } from '../../../../electron/core/ports.ts'
import { AppError } from '../../../../shared/contract/errors.ts'
import { Instant, LocalDate } from '../../../../shared/domain/time.ts'
import { stepClock, type StepClock } from '../../net/support/step-clock.ts'
import { codeOf } from './support/tws-scene.ts'

const { signal } = new AbortController()
const stop = { signal }
const TOKEN = '123456789012345678901234'
const BASES = {
  flex: 'https://ndcdyn.interactivebrokers.com/AccountManagement/FlexWebService',
  flexOther: 'https://gdcdyn.interactivebrokers.com/AccountManagement/FlexWebService',
}

interface Asked {
  readonly base: string
  readonly path: string
  readonly query: Readonly<Record<string, unknown>>
}

interface Service {
  readonly asked: Asked[]
  readonly log: LogRecord[]
  fetch(period?: FlexPeriod): Promise<FlexReport>
}

/** A Flex service that gives these answers one after the other, on a clock that is always far enough. */
function service(...answers: readonly string[]): Service {
  const clock: StepClock = stepClock()
  const asked: Asked[] = []
  const log: LogRecord[] = []
  const http: Pick<BrokerHttp, 'getText'> = {
    getText({ base, path, query = {} }) {
      asked.push({ base, path, query })
      const data = answers[asked.length - 1]
      return data === undefined ? Promise.reject(new AppError('net/offline')) : Promise.resolve({ data, asOf: clock.now() })
    },
  }
  const refuse = (): never => {
    throw new TypeError('not a call of Flex')
  }
  const way = {
    http: { ...http, get: refuse, getRows: refuse, getHistory: refuse, send: refuse, ask: refuse },
    bases: BASES,
    settings: { 'query-id': '654321' },
    secret: () => TOKEN,
  }
  return {
    asked,
    log,
    async fetch(period) {
      let done = false
      const report = fetchStatement({ way, clock, log: createLog(record => log.push(record), clock) }, period ?? null, stop).finally(
        () => (done = true),
      )
      report.catch(() => undefined)
      while (!done) {
        await Promise.resolve()
        const [next] = clock.pending()
        if (next !== undefined) clock.advance(next)
      }
      return report
    },
  }
}

const REFERENCE = reference('https://ndcdyn.interactivebrokers.com/AccountManagement/FlexWebService/GetStatement')

function reference(url: string): string {
  return `<FlexStatementResponse timestamp="20 November, 2026 10:37 AM EST"><Status>Success</Status><ReferenceCode>1234567890</ReferenceCode><Url>${url}</Url></FlexStatementResponse>`
}

function refusal(code: number, text: string): string {
  return `<FlexStatementResponse timestamp="20 November, 2026 10:37 AM EST">\n<Status>Fail</Status>\n<ErrorCode>${code}</ErrorCode>\n<ErrorMessage>${text}</ErrorMessage>\n</FlexStatementResponse>`
}

const WAIT = refusal(1019, 'Statement generation in progress. Please try again shortly.')
const TRADE =
  '<Trade accountId="U1000001" currency="USD" assetCategory="STK" symbol="AAPL" tradeID="1" ibExecID="0000e0d5.6a100001.01.01" dateTime="20261118;100500" tradeDate="20261118" transactionType="ExchTrade" buySell="BUY" quantity="10" tradePrice="200" proceeds="-2000" ibCommission="-1" ibCommissionCurrency="USD" netCash="-2001" levelOfDetail="EXECUTION"/>'

function statement(trades = TRADE, { from = '20251120', to = '20261119', account = 'U1000001', more = '' } = {}): string {
  return `<FlexQueryResponse queryName="All" type="AF"><FlexStatements count="1"><FlexStatement accountId="${account}" fromDate="${from}" toDate="${to}" period="Last365CalendarDays" whenGenerated="20261120;033000"><Trades>${trades}</Trades>${more}</FlexStatement></FlexStatements></FlexQueryResponse>`
}

describe('the Flex Web Service', () => {
  test('is asked for a statement and then for what it made', async () => {
    const flex = service(REFERENCE, WAIT, WAIT, WAIT, statement())
    const { statements } = await flex.fetch()
    expect(statements.map(({ accountId }) => accountId)).toEqual(['U1000001'])
    expect(flex.asked.map(({ path }) => path)).toEqual(['/SendRequest', '/GetStatement', '/GetStatement', '/GetStatement', '/GetStatement'])
    expect(flex.asked[0]?.query).toEqual({ t: TOKEN, q: '654321', v: '3' })
    expect(flex.asked[1]?.query).toEqual({ t: TOKEN, q: '1234567890', v: '3' })
  })

  test('is told other days than the query has', async () => {
    const flex = service(REFERENCE, statement())
    await flex.fetch({ from: LocalDate.of('2025-01-02'), to: LocalDate.of('2025-12-31') })
    expect(flex.asked[0]?.query).toMatchObject({ fd: '20250102', td: '20251231' })
  })

  test.each([
    [1003, 'Statement is not available.', 'flex/no-statement'],
    [1010, 'Legacy Flex Queries are no longer supported.', 'flex/query-refused'],
    [1011, 'Service account is inactive.', 'flex/service-off'],
    [1012, 'Token has expired.', 'auth/token-expired'],
    [1013, 'IP restriction.', 'flex/service-off'],
    [1014, 'Query is invalid.', 'flex/query-refused'],
    [1015, 'Token is invalid.', 'flex/wrong-token'],
    [1016, 'Account in invalid.', 'flex/query-refused'],
    [1020, 'Invalid request or unable to validate request.', 'broker/refused'],
    [1999, 'Something nobody wrote down.', 'broker/refused'],
  ])('refuses with %i in its own words, once', async (code, text, known) => {
    const flex = service(refusal(code, text), statement())
    await expect(flex.fetch()).rejects.toMatchObject({ code: known, brokerSays: text })
    expect(flex.asked).toHaveLength(1)
  })

  test.each([1001, 1004, 1005, 1006, 1007, 1008, 1009, 1021])('is asked again three times when it says %i', async code => {
    const flex = service(
      ...Array.from({ length: 5 }, () => refusal(code, 'Statement could not be generated at this time. Please try again shortly.')),
    )
    await expect(codeOf(flex.fetch())).resolves.toBe('flex/not-ready')
    expect(flex.asked).toHaveLength(3)
  })

  test('is asked again for a code nobody knows whose words say so', async () => {
    const flex = service(refusal(1077, 'Busy, please try again shortly.'), REFERENCE, statement())
    await expect(flex.fetch()).resolves.toMatchObject({ statements: [{ accountId: 'U1000001' }] })
  })

  test('is given a minute when it is asked too often', async () => {
    const flex = service(refusal(1018, 'Too many requests have been made from this token.'), REFERENCE, statement())
    await flex.fetch()
    expect(flex.asked).toHaveLength(3)
  })

  test('is not waited for longer than twelve minutes', async () => {
    const flex = service(REFERENCE, ...Array.from({ length: 100 }, () => WAIT))
    await expect(codeOf(flex.fetch())).resolves.toBe('flex/not-ready')
    expect(flex.asked.length).toBeLessThan(80)
  })

  test('may name IBKR’s other host, which is asked when the first does not know the statement', async () => {
    const flex = service(
      reference('https://gdcdyn.interactivebrokers.com/Universal/servlet/FlexStatementService.GetStatement'),
      refusal(1017, 'Reference code is invalid.'),
      statement(),
    )
    await flex.fetch()
    expect(flex.asked.map(({ base }) => base)).toEqual(['flex', 'flex', 'flexOther'])
  })

  test.each([
    'https://flex.example.org/GetStatement',
    'http://gdcdyn.interactivebrokers.com/GetStatement',
    'https://interactivebrokers.com.example.org/',
    'nonsense',
  ])('never gets the token to %s', async url => {
    const flex = service(reference(url), statement())
    await expect(codeOf(flex.fetch())).resolves.toBe('net/blocked')
    expect(flex.asked).toHaveLength(1)
  })

  test.each([
    ['a page about maintenance', '<!DOCTYPE html><html><body>Maintenance</body></html>'],
    ['nothing', ''],
    ['plain words', 'Service unavailable'],
    ['an odd reference', reference('').replace('1234567890', '../x')],
  ])('that answers %s has a problem of its own', async (_, body) => {
    await expect(codeOf(service(body).fetch())).resolves.toBe('broker/unavailable')
  })

  test('must send the statement whole', async () => {
    const flex = service(REFERENCE, statement().slice(0, -40))
    await expect(codeOf(flex.fetch())).resolves.toBe('broker/unreadable')
  })

  test('never has its token in the log', async () => {
    const flex = service(REFERENCE, WAIT, refusal(1012, `Token ${TOKEN} has expired.`))
    const error: unknown = await flex.fetch().catch((reason: unknown) => reason)
    expect(JSON.stringify([flex.log, error, String(error)])).not.toContain(TOKEN)
  })
})

describe('the shelf of statements', () => {
  const report: FlexReport = { statements: [], asOf: Instant.parse('2026-11-20T15:00:00Z') }

  test('fetches one once for everybody, and again after half an hour', async () => {
    const clock = stepClock()
    const shelf = createShelf(clock)
    let fetched = 0
    const fetch = (): Promise<FlexReport> => {
      fetched += 1
      return Promise.resolve(report)
    }
    await Promise.all([shelf.take(null, fetch), shelf.take(null, fetch)])
    expect(fetched).toBe(1)
    clock.advance(1_800_000)
    await shelf.take(null, fetch)
    expect(fetched).toBe(2)
  })

  test('keeps no failure', async () => {
    const shelf = createShelf(stepClock())
    await expect(codeOf(shelf.take(null, () => Promise.reject(new AppError('flex/not-ready'))))).resolves.toBe('flex/not-ready')
    await expect(shelf.take(null, () => Promise.resolve(report))).resolves.toBe(report)
  })
})

describe('history out of Flex', () => {
  const asOf = Instant.parse('2026-11-20T15:00:00Z')
  const range = { from: LocalDate.of('2022-01-01'), to: LocalDate.of('2026-11-20') }
  const reports =
    (answers: Readonly<Record<string, string | AppError>>, asked: string[] = []) =>
    (period: FlexPeriod | null): Promise<FlexReport> => {
      const key = period === null ? 'saved' : `${period.from}/${period.to}`
      asked.push(key)
      const answer = answers[key] ?? new AppError('flex/no-statement')
      return answer instanceof AppError ? Promise.reject(answer) : Promise.resolve({ statements: parseFlexStatement(answer), asOf })
    }

  test('begins with the days of the query and goes back a year at a time', async () => {
    const asked: string[] = []
    const fetch = reports({ saved: statement(), '2024-11-20/2025-11-19': statement('', { from: '20241120', to: '20251119' }) }, asked)
    const first = await flexPage(fetch, 'U1000001', range, null)
    expect(first).toMatchObject({ next: 'f1.2025-11-19', rows: [{ facts: { externalId: '0000e0d5.6a100001.01', symbol: 'AAPL' } }] })
    const second = await flexPage(fetch, 'U1000001', range, first.next)
    expect(second).toMatchObject({ next: 'f1.2024-11-19', rows: [] })
    // The days before the account was opened have no statement.
    await expect(flexPage(fetch, 'U1000001', range, second.next)).resolves.toMatchObject({ next: null, rows: [] })
    expect(asked).toEqual(['saved', '2024-11-20/2025-11-19', '2023-11-21/2024-11-19', 'saved'])
  })

  test('does not pass off a query that takes no other days for the beginning of an account', async () => {
    const opened = '<AccountInformation><AccountInformation accountId="U1000001" dateOpened="20230102"/></AccountInformation>'
    const fetch = reports({ saved: statement(TRADE, { more: opened }) })
    await expect(codeOf(flexPage(fetch, 'U1000001', range, 'f1.2025-11-19'))).resolves.toBe('flex/no-statement')
    await expect(flexPage(fetch, 'U1000001', range, 'f1.2022-12-31')).resolves.toMatchObject({ rows: [], next: null })
  })

  test('needs one statement where the query covers the range', async () => {
    const fetch = reports({ saved: statement() })
    const recent = { from: LocalDate.of('2026-11-13'), to: LocalDate.of('2026-11-20') }
    await expect(flexPage(fetch, 'U1000001', recent, null)).resolves.toMatchObject({
      next: null,
      rows: [{ facts: { tradeDate: '2026-11-18' } }],
    })
  })

  test('leaves out rows of other days and other accounts', async () => {
    const fetch = reports({ saved: statement() })
    const before = { from: LocalDate.of('2026-11-19'), to: LocalDate.of('2026-11-20') }
    expect((await flexPage(fetch, 'U1000001', before, null)).rows).toEqual([])
    expect((await flexPage(fetch, 'U2000002', range, null)).rows).toEqual([])
  })

  test('tells what was booked within the days for an earlier one: taxes paid back, and trades canceled late', async () => {
    const cash =
      '<CashTransactions><CashTransaction accountId="U1000001" currency="USD" symbol="KO" type="Withholding Tax" amount="4.5" dateTime="20260401;202000" reportDate="20261118" settleDate="20260401" transactionID="501"/>' +
      '<CashTransaction accountId="U1000001" currency="USD" symbol="KO" type="Dividends" amount="30" dateTime="20260401;202000" reportDate="20260401" settleDate="20260401" transactionID="502"/></CashTransactions>'
    const earlier = TRADE.replaceAll('20261118', '20261102')
    const cancel = earlier
      .replace('tradeID="1" ibExecID="0000e0d5.6a100001.01.01"', 'tradeID="2" origTradeID="1" ibExecID="" reportDate="20261117"')
      .replace('ExchTrade', 'TradeCancel')
    const other = earlier.replace('tradeID="1" ibExecID="0000e0d5.6a100001.01.01"', 'tradeID="3" ibExecID="0000e0d5.6a100003.01.01"')
    const fetch = reports({ saved: statement(earlier + cancel + other, { more: cash }) })
    const recent = { from: LocalDate.of('2026-11-13'), to: LocalDate.of('2026-11-20') }
    const { rows } = await flexPage(fetch, 'U1000001', recent, null)
    expect(rows.map(({ facts }) => [facts.kind, facts.tradeDate, facts.status])).toEqual([
      ['trade', '2026-11-02', 'canceled'],
      ['trade', '2026-11-02', 'canceled'],
      ['tax', '2026-04-01', 'final'],
    ])
  })

  test('asks for the days themselves when the query is about a fixed past', async () => {
    const asked: string[] = []
    const fetch = reports({ saved: statement('', { from: '20200101', to: '20201231' }), '2025-11-21/2026-11-20': statement() }, asked)
    expect((await flexPage(fetch, 'U1000001', range, null)).rows).toHaveLength(1)
    expect(asked).toEqual(['saved', '2025-11-21/2026-11-20'])
  })

  test('takes no orders for executions, and says what to tick', async () => {
    const order = TRADE.replace('<Trade', '<Order')
      .replace('EXECUTION', 'ORDER')
      .replace(/ibExecID="[^"]*"/, 'ibExecID=""')
    const fetch = reports({ saved: statement(order) })
    await expect(flexPage(fetch, 'U1000001', range, null)).rejects.toThrow(
      'The Flex query lists orders, but no executions, so its trades cannot be told apart.',
    )
  })

  test('refuses a cursor of somebody else', async () => {
    await expect(codeOf(flexPage(reports({}), 'U1000001', range, 'a1.x'))).resolves.toBe('app/invalid-request')
  })
})

describe('holdings out of Flex', () => {
  const more =
    '<AccountInformation><AccountInformation accountId="U1000001" currency="EUR" customerType="Individual"/></AccountInformation>' +
    '<EquitySummaryInBase><EquitySummaryByReportDateInBase accountId="U1000001" currency="EUR" reportDate="20261119" total="155000.25"/></EquitySummaryInBase>' +
    '<CashReport><CashReportCurrency accountId="U1000001" currency="BASE_SUMMARY" endingCash="100"/><CashReportCurrency accountId="U1000001" currency="EUR" endingCash="90.5"/><CashReportCurrency accountId="U1000001" currency="USD" endingCash="10"/></CashReport>' +
    '<OpenPositions><OpenPosition accountId="U1000001" currency="USD" assetCategory="OPT" symbol="AAPL  261218C00250000" position="-2" costBasisPrice="5.12" positionValue="-50" fifoPnlUnrealized="974" levelOfDetail="SUMMARY"/><OpenPosition accountId="U1000001" currency="USD" assetCategory="OPT" symbol="AAPL  261218C00250000" position="-2" levelOfDetail="LOT"/></OpenPositions>'
  const report: FlexReport = { statements: parseFlexStatement(statement('', { more })), asOf: Instant.parse('2026-11-20T15:00:00Z') }

  test('know the account, its cash by currency and what it is worth, as of the end of the last day, whenever the statement was made', () => {
    expect(flexAccounts(report)).toEqual([
      { key: 'U1000001', number: 'U1000001', name: 'IBKR account', type: 'Individual', currency: 'EUR' },
    ])
    expect(flexBalances(report, 'U1000001')).toEqual([
      { currency: 'EUR', netLiquidation: '155000.25', cash: '90.5', buyingPower: null, asOf: '2026-11-20T04:59:59.999Z' },
      { currency: 'USD', netLiquidation: null, cash: '10', buyingPower: null, asOf: '2026-11-20T04:59:59.999Z' },
    ])
  })

  test.each<[string, string, string | undefined]>([
    ['the last of its rates', '<ConversionRates><ConversionRate reportDate="20261118" fromCurrency="USD" toCurrency="EUR" rate="0.9"/><ConversionRate reportDate="20261119" fromCurrency="USD" toCurrency="EUR" rate="0.92"/><ConversionRate reportDate="20261117" fromCurrency="USD" toCurrency="EUR" rate="0.8"/></ConversionRates>', '0.92'],
    ['no rate of others', '<ConversionRates><ConversionRate reportDate="20261119" fromCurrency="GBP" toCurrency="EUR" rate="1.2"/><ConversionRate reportDate="20261119" fromCurrency="USD" toCurrency="GBP" rate="0.8"/></ConversionRates>', undefined],
    ['nothing, which is no rate', '<ConversionRates><ConversionRate reportDate="20261119" fromCurrency="USD" toCurrency="EUR" rate="0"/></ConversionRates>', undefined],
    ['what its positions were converted with', '<OpenPositions><OpenPosition currency="USD" symbol="AAPL" position="1" fxRateToBase="0.91"/></OpenPositions>', '0.91'],
  ])('are worth in the base currency by %s', (_, rates, toBase) => {
    const [before = ''] = more.split('<OpenPositions>')
    const stated: FlexReport = { ...report, statements: parseFlexStatement(statement('', { more: before + rates })) }
    const [base, dollars] = flexBalances(stated, 'U1000001')
    expect([base?.toBase, dollars?.toBase]).toEqual([undefined, toBase])
  })

  test('count what is held once', () => {
    expect(flexPositions(report, 'U1000001')).toMatchObject([
      { symbol: 'AAPL261218C00250000', assetClass: 'option', quantity: '-2', averagePrice: '5.12', unrealized: '974' },
    ])
  })

  test('count a future by what it gained, not by what it controls', () => {
    const future =
      '<OpenPositions><OpenPosition accountId="U1000001" currency="USD" assetCategory="FUT" symbol="ESZ6" position="1" costBasisPrice="5125" positionValue="256500" fifoPnlUnrealized="249.5" levelOfDetail="SUMMARY"/></OpenPositions>'
    expect(flexPositions({ ...report, statements: parseFlexStatement(statement('', { more: future })) }, 'U1000001')).toMatchObject([
      { symbol: '/ESZ26', assetClass: 'future', marketValue: '249.5', unrealized: '249.5' },
    ])
  })

  test('are empty where the query has no such sections', () => {
    const bare: FlexReport = { statements: parseFlexStatement(statement()), asOf: report.asOf }
    expect(flexBalances(bare, 'U1000001')).toEqual([])
    expect(flexPositions(bare, 'U1000001')).toEqual([])
  })
})

test('a future of a statement is spelled as in TWS and on the web', async () => {
  const rows = ['FUT', 'CRYPTO'].map((assetCategory, at) =>
    TRADE.replace('assetCategory="STK"', `assetCategory="${assetCategory}"`)
      .replace('symbol="AAPL"', `symbol="${assetCategory === 'FUT' ? 'ESZ6' : 'BTC'}"`)
      .replace('6a100001', `6a10000${at + 2}`),
  )
  const report: FlexReport = { statements: parseFlexStatement(statement(rows.join(''))), asOf: Instant.parse('2026-11-20T15:00:00Z') }
  const page = await flexPage(
    () => Promise.resolve(report),
    'U1000001',
    { from: LocalDate.of('2026-01-01'), to: LocalDate.of('2026-11-20') },
    null,
  )
  expect(page.rows.map(({ facts }) => [facts.symbol, facts.assetClass])).toEqual([
    ['/ESZ26', 'future'],
    ['BTC/USD', 'crypto'],
  ])
})
