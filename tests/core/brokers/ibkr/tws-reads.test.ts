import { afterEach, describe, expect, test } from 'vitest'
import { readOrder, readOrders } from '../../../../electron/core/brokers/ibkr/tws/orders.ts'
import { readAccounts, readBalances, readExecutions, readPositions } from '../../../../electron/core/brokers/ibkr/tws/reads.ts'
import { readQuotes } from '../../../../electron/core/brokers/ibkr/tws/quotes.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import type { Answer, Fields } from './support/tws-peer.ts'
import { codeOf, scenes } from './support/tws-scene.ts'

const { signal } = new AbortController()
const stop = { signal }
const { open, close } = scenes()
afterEach(close)

const ACCOUNT = 'DU1234567'
const RANGE = { from: LocalDate.of('2026-11-14'), to: LocalDate.of('2026-11-20') }
const UNSET = '1.7976931348623157E308'

const STOCK = [265598, 'AAPL', 'STK', '', '0', '?', '', 'SMART', 'USD', 'AAPL', 'NMS']
const OPTION = [700000001, 'AAPL', 'OPT', '20261218', '250', 'C', '100', 'SMART', 'USD', 'AAPL  261218C00250000', 'AAPL']
const FUTURE = [495512563, 'ES', 'FUT', '20261218', '0', '', '50', 'CME', 'USD', 'ESZ6', 'ES']

function execution(
  id: string,
  side: string,
  quantity: number,
  price: number,
  contract: Fields = STOCK,
  reqId: string | number = -1,
): Fields {
  return [
    11,
    reqId,
    0,
    ...contract,
    id,
    '20261120 09:31:05 US/Eastern',
    ACCOUNT,
    'IEX',
    side,
    quantity,
    price,
    600745656,
    0,
    0,
    quantity,
    price,
    '',
    '',
    '',
    '',
    2,
    0,
  ]
}

function commission(id: string, amount: string, currency = 'USD'): Fields {
  return [59, 1, id, amount, currency, UNSET, UNSET, '']
}

describe('accounts and balances of TWS', () => {
  const summary: Answer = (fields, line) => {
    if (fields[0] !== '62') return
    const id = fields[2] ?? ''
    const row = (tag: string, value: string, currency: string): Fields => [63, 1, id, ACCOUNT, tag, value, currency]
    line.say(
      row('AccountType', 'INDIVIDUAL', ''),
      row('NetLiquidation', '94960.53', 'EUR'),
      row('TotalCashValue', '34395.99', 'EUR'),
      row('BuyingPower', '234,213.00', 'EUR'),
      row('$LEDGER-CashBalance', '30000.5', 'EUR'),
      row('CashBalance', '4800.01', 'USD'),
      row('NetLiquidationByCurrency', '5200.00', 'USD'),
      row('ExchangeRate', '0.9157', 'USD'),
      row('CashBalance', '34395.99', 'BASE'),
      row('CashBalance', '0.00', 'CHF'),
      row('NetLiquidationByCurrency', '0', 'CHF'),
      [63, 1, id, 'DU7654321', 'NetLiquidation', '1', 'USD'],
      [64, 1, id],
    )
  }

  test('have their type and base currency, and the summary is closed again', async () => {
    const { deps, peer } = await open({ answer: summary })
    await expect(readAccounts(deps, stop)).resolves.toEqual([
      { key: ACCOUNT, number: ACCOUNT, name: 'IBKR account', type: 'INDIVIDUAL', currency: 'EUR' },
    ])
    await peer.message(fields => fields[0] === '63')
  })

  test('tell the cash of each currency apart from the whole', async () => {
    const { deps, clock } = await open({ answer: summary })
    await expect(readBalances(deps, ACCOUNT, stop)).resolves.toEqual([
      { currency: 'EUR', netLiquidation: '94960.53', cash: '30000.5', buyingPower: '234213', asOf: clock.now() },
      { currency: 'USD', netLiquidation: '5200', cash: '4800.01', buyingPower: null, asOf: clock.now(), toBase: '0.9157' },
    ])
  })

  test('are not waited for longer than a quarter of a minute', async () => {
    const { deps, peer, clock } = await open({ answer: () => undefined })
    const reading = codeOf(readAccounts(deps, stop))
    await peer.message(fields => fields[0] === '62')
    clock.advance(15_000)
    await expect(reading).resolves.toBe('net/timeout')
  })

  test('end with the line', async () => {
    const { deps, peer } = await open({ answer: (fields, line) => fields[0] === '62' && line.hangUp() })
    await expect(codeOf(readAccounts(deps, stop))).resolves.toBe('broker/unavailable')
    expect(peer.clients).toEqual([7])
  })

  test('pass on why TWS refuses them', async () => {
    const { deps } = await open({
      answer: (fields, line) =>
        fields[0] === '62' && line.say([4, 2, fields[2] ?? '', 322, 'Error processing request: too many requests.', '']),
    })
    await expect(readAccounts(deps, stop)).rejects.toMatchObject({
      code: 'broker/refused',
      brokerSays: 'Error processing request: too many requests.',
    })
  })
})

describe('positions of TWS', () => {
  const answer: Answer = (fields, line) => {
    if (fields[0] === '61') {
      line.say(
        [61, 3, ACCOUNT, ...STOCK, 100, 150.05],
        [61, 3, ACCOUNT, ...OPTION, -2, 512.3],
        [61, 3, ACCOUNT, ...FUTURE, 1, 256_250.5],
        [61, 3, ACCOUNT, 1, 'GONE', 'STK', '', '0', '', '', 'SMART', 'USD', 'GONE', 'GONE', 0, 0],
        [61, 3, 'DU7654321', ...STOCK, 7, 1],
        [62, 1],
      )
    }
    if (fields[0] === '6' && fields[2] === '1') {
      line.say(
        [7, 8, 265598, 'AAPL', 'STK', '', '0', '0', '', 'NASDAQ', 'USD', 'AAPL', 'NMS', 100, 206.08, 20_608, 150.05, 5603, 0, ACCOUNT],
        [7, 8, ...FUTURE.slice(0, 5), '0', '50', 'CME', 'USD', 'ESZ6', 'ES', 1, 5130, 256_500, 256_250.5, 249.5, 0, ACCOUNT],
        [54, 1, ACCOUNT],
      )
    }
  }

  test('have a price for one unit, whatever the multiplier, and values where TWS has them', async () => {
    const { deps } = await open({ answer })
    const positions = await readPositions(deps, ACCOUNT, stop)
    expect(positions).toMatchObject([
      { symbol: 'AAPL', assetClass: 'equity', quantity: '100', averagePrice: '150.05', marketValue: '20608', unrealized: '5603' },
      { symbol: 'AAPL261218C00250000', assetClass: 'option', quantity: '-2', averagePrice: '5.123', marketValue: null },
      { symbol: '/ESZ26', assetClass: 'future', quantity: '1', averagePrice: '5125.01', marketValue: '249.5', unrealized: '249.5' },
    ])
  })

  test('count without values when those do not come', async () => {
    const { deps, peer, clock } = await open({ answer: (fields, line) => fields[0] === '61' && answer(fields, line) })
    const reading = readPositions(deps, ACCOUNT, stop)
    await peer.message(fields => fields[0] === '6')
    clock.advance(15_000)
    expect((await reading).map(position => position.marketValue)).toEqual([null, null, null])
  })
})

describe('executions of TWS', () => {
  const told =
    (messages: readonly Fields[], after: readonly Fields[] = []): Answer =>
    (fields, line) => {
      if (fields[0] === '7') line.say(...messages, [55, 1, fields[2] ?? ''], ...after)
    }

  test('are joined with their costs, whichever came first', async () => {
    const { deps } = await open({
      answer: told(
        [
          commission('0000e0d5.67fe667b.01.01', '1.0'),
          execution('0000e0d5.67fe667b.01.01', 'BOT', 100, 201.94),
          execution('0000e0d5.67fe667c.01.01', 'SLD', 40, 202.5),
        ],
        [commission('0000e0d5.67fe667c.01.01', '1.03')],
      ),
    })
    const { rows } = await readExecutions(deps, ACCOUNT, RANGE, stop)
    expect(rows.map(row => row.facts)).toMatchObject([
      {
        externalId: '0000e0d5.67fe667c.01',
        side: 'sell',
        quantity: '40',
        price: '202.5',
        fees: '1.03',
        amount: '8098.97',
        executedAt: '2026-11-20T14:31:05.000Z',
        tradeDate: '2026-11-20',
        status: 'final',
      },
      {
        externalId: '0000e0d5.67fe667b.01',
        side: 'buy',
        quantity: '100',
        price: '201.94',
        fees: '1',
        amount: '-20195',
        orderId: '600745656',
      },
    ])
    expect(JSON.parse(rows[1]?.raw ?? '')).toMatchObject({
      execId: '0000e0d5.67fe667b.01.01',
      commissionReport: ['59', '1', '0000e0d5.67fe667b.01.01', '1.0', 'USD', UNSET, UNSET, ''],
    })
  })

  test('count the contract of an option a hundred times, and a future as no cash', async () => {
    const { deps } = await open({
      answer: told([
        execution('a.b.01.01', 'BOT', 2, 5.1, OPTION),
        commission('a.b.01.01', '1.3'),
        execution('a.c.01.01', 'BOT', 1, 5125, FUTURE),
        commission('a.c.01.01', '2.25'),
      ]),
    })
    const { rows } = await readExecutions(deps, ACCOUNT, RANGE, stop)
    expect(rows.map(row => row.facts)).toMatchObject([
      { symbol: '/ESZ26', assetClass: 'future', amount: null, fees: '2.25' },
      { symbol: 'AAPL261218C00250000', assetClass: 'option', amount: '-1021.3', fees: '1.3' },
    ])
  })

  test('replace what they correct, and stay one row', async () => {
    const { deps } = await open({
      answer: told([
        execution('a.b.01.02', 'BOT', 10, 99),
        commission('a.b.01.02', '1'),
        execution('a.b.01.01', 'BOT', 10, 98),
        commission('a.b.01.01', '1'),
      ]),
    })
    const { rows } = await readExecutions(deps, ACCOUNT, RANGE, stop)
    expect(rows.map(row => row.facts)).toMatchObject([{ externalId: 'a.b.01', price: '99', status: 'corrected' }])
  })

  test('keep one fill that was told twice as one', async () => {
    const { deps } = await open({
      answer: told([execution('a.b.01.01', 'BOT', 10, 98), execution('a.b.01.01', 'BOT', 10, 98), commission('a.b.01.01', '1')]),
    })
    expect((await readExecutions(deps, ACCOUNT, RANGE, stop)).rows).toHaveLength(1)
  })

  test('go without costs when those do not come in time', async () => {
    const { deps, clock } = await open({ answer: told([execution('a.b.01.01', 'BOT', 10, 98)]) })
    const reading = readExecutions(deps, ACCOUNT, RANGE, stop)
    await clock.scheduled(ms => ms === 2000)
    clock.advance(2000)
    expect((await reading).rows.map(row => row.facts)).toMatchObject([{ amount: null, fees: '0' }])
  })

  test('leave a commission in another currency out of the amount', async () => {
    const { deps } = await open({ answer: told([execution('a.b.01.01', 'BOT', 10, 98), commission('a.b.01.01', '1', 'EUR')]) })
    expect((await readExecutions(deps, ACCOUNT, RANGE, stop)).rows.map(row => row.facts)).toMatchObject([{ amount: null, fees: '0' }])
  })

  test('keep a row that cannot be read beside those that can', async () => {
    const { deps } = await open({
      answer: told([
        execution('a.b.01.01', 'LENT', 10, 98),
        commission('a.b.01.01', '1'),
        execution('a.c.01.01', 'BOT', 1, 1),
        commission('a.c.01.01', '1'),
      ]),
    })
    expect((await readExecutions(deps, ACCOUNT, RANGE, stop)).rows.map(row => row.facts.kind)).toEqual(['trade', 'other'])
  })

  test('of before the range are left out', async () => {
    const { deps } = await open({ answer: told([execution('a.b.01.01', 'BOT', 10, 98), commission('a.b.01.01', '1')]) })
    const range = { from: LocalDate.of('2026-11-01'), to: LocalDate.of('2026-11-19') }
    expect((await readExecutions(deps, ACCOUNT, range, stop)).rows).toEqual([])
  })
})

describe('orders of TWS', () => {
  test('are not asked for while this way in is read only', async () => {
    const { deps, peer } = await open()
    await expect(codeOf(readOrders(deps, ACCOUNT, { status: 'all', range: RANGE }, stop))).resolves.toBe('order/not-shown')
    await expect(codeOf(readOrder(deps, ACCOUNT, '600745656', stop))).resolves.toBe('order/not-shown')
    expect(peer.received.filter(fields => ['3', '5', '15', '16', '99'].includes(fields[0] ?? ''))).toEqual([])
  })

  test('are not said to be none when TWS itself is read only', async () => {
    const words = "Error validating request.-'bW' : cause - The API interface is currently in Read-Only mode."
    const { deps } = await open({
      settings: { readOnly: false },
      answer(fields, line) {
        if (fields[0] === '16') line.say([4, 2, 2_147_483_647, 321, words, ''])
        if (fields[0] === '99') line.say([4, 2, -1, 321, words, ''])
      },
    })
    await expect(codeOf(readOrders(deps, ACCOUNT, { status: 'all', range: RANGE }, stop))).resolves.toBe('order/not-shown')
    await expect(codeOf(readOrder(deps, ACCOUNT, '600745656', stop))).resolves.toBe('order/not-shown')
  })
})

describe('quotes of TWS', () => {
  test('say when they are delayed, and leave out what TWS does not know', async () => {
    const { deps } = await open({
      answer(fields, line) {
        const id = fields[0] === '9' ? (fields[2] ?? '') : (fields[2] ?? '')
        if (fields[0] === '9' && fields[4] === 'NOPE')
          line.say([4, 2, id, 200, 'No security definition has been found for the request', ''])
        else if (fields[0] === '9') line.say(details(id), [52, 1, id])
        if (fields[0] !== '1') return
        line.say([4, 2, id, 10_167, 'Requested market data is not subscribed. Displaying delayed market data.', ''])
        line.say(
          [58, 1, id, 3],
          [1, 6, id, 66, 206.07, 100, 0],
          [1, 6, id, 67, 206.09, 100, 0],
          [1, 6, id, 68, -1, 0, 0],
          [1, 6, id, 75, 203.67, 0, 0],
          [57, 1, id],
        )
      },
    })
    await expect(readQuotes(deps, ['AAPL', 'NOPE'], stop)).resolves.toMatchObject([
      { symbol: 'AAPL', bid: '206.07', ask: '206.09', last: null, previousClose: '203.67', currency: 'USD', delayed: true },
    ])
  })
})

describe('the time of a quote of TWS', () => {
  const timeOf = async (...ticks: readonly (readonly (string | number)[])[]) => {
    const { deps } = await open({
      answer(fields, line) {
        const id = fields[2] ?? ''
        if (fields[0] === '9') line.say(details(id), [52, 1, id])
        if (fields[0] === '1') line.say([58, 1, id, 1], ...ticks.map(([kind = 0, ...rest]) => [kind, 6, id, ...rest]), [57, 1, id])
      },
    })
    const [quote] = await readQuotes(deps, ['AAPL'], stop)
    return { asOf: quote?.asOf, isNow: quote?.asOf === deps.clock.now() }
  }
  const [bid, ask, last] = [
    [1, 1, 206.07, 100, 0],
    [1, 2, 206.09, 100, 0],
    [1, 4, 206.08, 100, 0],
  ] as const
  const traded = [46, 45, '1795186790'] as const

  test('is now where it tells bid and ask', async () => {
    expect(await timeOf(bid, ask, last)).toMatchObject({ isNow: true })
  })

  test('is that of its last trade where that stands in for a side', async () => {
    for (const ticks of [
      [last, traded],
      [bid, last, traded],
      [ask, traded, last],
    ])
      expect(await timeOf(...ticks)).toMatchObject({ asOf: '2026-11-20T14:59:50.000Z' })
  })

  test('is not known where nobody says when it traded', async () => {
    for (const ticks of [[last], [bid, last], [last, [46, 45, 'soon'] as const]])
      expect(await timeOf(...ticks)).toMatchObject({ asOf: null })
  })
})

function details(id: string): Fields {
  return [
    10,
    id,
    'AAPL',
    'STK',
    '',
    '',
    '0',
    '',
    'SMART',
    'USD',
    'AAPL',
    'NMS',
    'NMS',
    265598,
    0.01,
    '',
    'LMT,MKT',
    'SMART',
    1,
    0,
    'APPLE INC',
    'NASDAQ',
    '',
    'Technology',
    'Computers',
    'Computers',
    'US/Eastern',
    '',
    '',
    '',
    '',
    0,
    1,
    '',
    '',
    '26',
    '',
    'COMMON',
    1,
    1,
    100,
    0,
  ]
}

describe('an account of another sign-in', () => {
  test('has no holdings, balances, orders or fills here, least of all none', async () => {
    const { deps, peer } = await open({ settings: { readOnly: false } })
    const gone = 'DU7654321'
    for (const read of [
      readPositions(deps, gone, stop),
      readBalances(deps, gone, stop),
      readExecutions(deps, gone, RANGE, stop),
      readOrders(deps, gone, { status: 'all', range: RANGE }, stop),
    ])
      await expect(codeOf(read)).resolves.toBe('broker/account-gone')
    expect(peer.received).toEqual([])
  })
})

describe('holdings of TWS', () => {
  const held = (contract: Fields, quantity: number | string, cost: number | string): Fields => [61, 3, ACCOUNT, ...contract, quantity, cost]
  const holding = (...positions: readonly Fields[]) =>
    open({
      answer(fields, line) {
        if (fields[0] === '61') line.say(...positions, [62, 1])
        if (fields[0] === '6') line.say([54, 1, ACCOUNT])
      },
    })

  test('may be short, in fractions, without a cost, or of a contract smaller than one unit', async () => {
    const small = [4, 'MET', 'FUT', '20261224', '0', '', '0.1', 'CME', 'USD', 'METZ6', 'MET']
    const { deps } = await holding(held(OPTION, -2, 512.5), held(STOCK, 0.0135, UNSET), held(small, 3, 412.5))
    expect(
      (await readPositions(deps, ACCOUNT, stop)).map(({ symbol, quantity, averagePrice }) => [symbol, quantity, averagePrice]),
    ).toEqual([
      ['AAPL261218C00250000', '-2', '5.125'],
      ['AAPL', '0.0135', null],
      ['/METZ26', '3', '4125'],
    ])
  })

  test('are not told in part when one of them could not be read', async () => {
    const { deps } = await holding(held(STOCK, 5, 100), held(OPTION, 1, 100).slice(0, 9))
    await expect(codeOf(readPositions(deps, ACCOUNT, stop))).resolves.toBe('broker/unreadable')
  })

  test('are whole when newer messages have more to say than is known here', async () => {
    const { deps } = await holding([...held(STOCK, 5, 100), 'something', 'new'])
    await expect(readPositions(deps, ACCOUNT, stop)).resolves.toHaveLength(1)
  })
})

test('balances without a figure have none, where TWS sends its sign for it', async () => {
  const row = (tag: string, value: string, currency = 'EUR'): Fields => [63, 1, 'id', ACCOUNT, tag, value, currency]
  const { deps } = await open({
    answer(fields, line) {
      if (fields[0] !== '62') return
      const rows = [
        row('NetLiquidation', '5032.75'),
        row('BuyingPower', UNSET),
        row('$LEDGER-CashBalance', '-20.5'),
        row('$LEDGER-CashBalance', '1000.25', 'USD'),
        row('$LEDGER-NetLiquidationByCurrency', UNSET, 'USD'),
        row('$LEDGER-CashBalance', '0', 'CHF'),
        row('$LEDGER-CashBalance', '980', 'BASE'),
      ]
      const [id = ''] = fields.slice(2)
      line.say(...rows.map(each => each.map(value => (value === 'id' ? id : value))), [64, 1, id])
    },
  })
  expect(await readBalances(deps, ACCOUNT, stop)).toMatchObject([
    { currency: 'EUR', netLiquidation: '5032.75', cash: '-20.5', buyingPower: null },
    { currency: 'USD', netLiquidation: null, cash: '1000.25' },
  ])
})
