import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readFlexTime } from '../../../electron/core/brokers/ibkr/flex/dates.ts'
import { flexActivities, flexHistory } from '../../../electron/core/brokers/ibkr/flex/map.ts'
import { executionIdentity, flexFault } from '../../../electron/core/brokers/ibkr/flex/rows.ts'
import { MOST_STATEMENT, parseFlexStatement } from '../../../electron/core/brokers/ibkr/flex/statement.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'

const NEW_YORK = 'America/New_York'

const FILL: Readonly<Record<string, string>> = {
  accountId: 'U7654321',
  currency: 'USD',
  assetCategory: 'STK',
  symbol: 'KO',
  multiplier: '1',
  tradeDate: '20260312',
  dateTime: '20260312;101530',
  transactionType: 'ExchTrade',
  buySell: 'BUY',
  openCloseIndicator: 'O',
  quantity: '30',
  tradePrice: '61.255',
  proceeds: '-1837.65',
  taxes: '0',
  ibCommission: '-0.35',
  ibCommissionCurrency: 'USD',
  netCash: '-1838',
  ibOrderID: '4411',
  ibExecID: '0001f4e8.69b2c3d4.01.01',
  tradeID: '811',
  transactionID: '5511',
  levelOfDetail: 'EXECUTION',
  notes: '',
}

function element(name: string, attributes: Readonly<Record<string, string>>): string {
  return `<${name} ${Object.entries(attributes)
    .map(([key, value]) => `${key}="${value}"`)
    .join(' ')} />`
}

function statementOf(sections: string, type = 'AF'): string {
  return `<FlexQueryResponse queryName="q" type="${type}"><FlexStatements count="1">
<FlexStatement accountId="U7654321" fromDate="20260301" toDate="20260331" period="" whenGenerated="20260401;020000">${sections}</FlexStatement>
</FlexStatements></FlexQueryResponse>`
}

function factsOf(sections: string, type?: string): ActivityFacts[] {
  return parseFlexStatement(statementOf(sections, type)).flatMap(statement => flexActivities(statement).map(({ facts }) => facts))
}

function trades(...rows: Readonly<Record<string, string>>[]): ActivityFacts[] {
  return factsOf(`<Trades>${rows.map(row => element('Trade', { ...FILL, ...row })).join('')}</Trades>`)
}

function failure(run: () => unknown): AppError {
  try {
    run()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('it did not fail')
}

describe('the daily settlement of futures', () => {
  const FUTURE = { assetCategory: 'FUT', symbol: 'ESM6', conid: '77', currency: 'USD' }
  const line = (more: Readonly<Record<string, string>>): string =>
    element('StatementOfFundsLine', { ...FUTURE, date: '20260312', levelOfDetail: 'Currency', ...more })
  const settled = (lines: readonly string[], more = '') =>
    factsOf(`${more}<StmtFunds>${lines.join('')}</StmtFunds>`).filter(({ kind }) => kind === 'journal')

  test('is one row a day and contract, and leaves the costs of a trade with the trade', () => {
    const fill = { ...FILL, ...FUTURE, tradePrice: '5100', proceeds: '-255000', quantity: '1', netCash: '-2.25', ibCommission: '-2.25' }
    const rows = settled(
      [
        line({ activityDescription: 'Buy 1 ES 19JUN26', amount: '122.75', transactionID: '5511' }),
        line({ activityDescription: 'Position MTM (ES 19JUN26)', amount: '-250' }),
        line({ activityDescription: 'Position MTM (ES 19JUN26)', amount: '400', date: '20260313' }),
        line({ activityDescription: 'Exchange data', amount: '-10' }),
        line({ activityDescription: 'Buy 10 KO', assetCategory: 'STK', amount: '-610' }),
      ],
      `<Trades>${element('Trade', fill)}</Trades>`,
    )
    expect(rows.map(({ externalId, symbol, tradeDate, amount, quantity }) => [externalId, symbol, tradeDate, amount, quantity])).toEqual([
      ['settlement-2026-03-12-77-USD', '/ESM26', '2026-03-12', '-125', null],
      ['settlement-2026-03-13-77-USD', '/ESM26', '2026-03-13', '400', null],
    ])
  })

  test('of a trade another statement tells leaves out the costs its line states', () => {
    expect(settled([line({ activityDescription: 'Sell -1 ES', amount: '97.75', tradeCommission: '-2.25', tradeTax: '0' })])).toMatchObject([
      { amount: '100' },
    ])
  })

  test('is counted once, in the currency of the contract, where lines are repeated in the base currency', () => {
    const [own, base] = [
      { currency: 'HKD', amount: '-780' },
      { currency: 'USD', amount: '-100' },
    ]
    const twice = (level: string) => [own, base].map(more => line({ ...more, activityDescription: 'Position MTM', levelOfDetail: level }))
    expect(
      settled([
        line({ ...own, activityDescription: 'Position MTM' }),
        line({ ...base, activityDescription: 'Position MTM', levelOfDetail: 'BaseCurrency' }),
      ]),
    ).toMatchObject([own])
    expect(settled(twice(''), element('AccountInformation', {}))).toEqual([])
    expect(
      settled(twice(''), `<AccountInformation>${element('AccountInformation', { currency: 'USD' })}</AccountInformation>`),
    ).toMatchObject([own])
  })

  test('is left out where a line says no figure or no day', () => {
    expect(
      settled([
        line({ activityDescription: 'Position MTM', amount: 'n/a' }),
        line({ activityDescription: 'Position MTM', amount: '5', date: '' }),
      ]),
    ).toEqual([])
  })
})

describe('a date of a statement', () => {
  test.each([
    ['20260312', '2026-03-12', null],
    ['2026-03-12', '2026-03-12', null],
    ['12-Mar-26', '2026-03-12', null],
    ['03/25/2026', '2026-03-25', null],
    ['25/03/26', '2026-03-25', null],
    ['04/04/2026', '2026-04-04', null],
    ['20260312;101530', '2026-03-12', '2026-03-12T14:15:30.000Z'],
    ['20260112;101530', '2026-01-12', '2026-01-12T15:15:30.000Z'],
    ['2026-03-12, 10:15:30', '2026-03-12', '2026-03-12T14:15:30.000Z'],
    ['2026-03-12T10:15:30', '2026-03-12', '2026-03-12T14:15:30.000Z'],
    ['2026-03-12 10:15', '2026-03-12', '2026-03-12T14:15:00.000Z'],
    ['2026-03-12;10:15:30 EST', '2026-03-12', '2026-03-12T15:15:30.000Z'],
    ['2026-03-12;10:15:30 EDT', '2026-03-12', '2026-03-12T14:15:30.000Z'],
    ['2026-03-12;10:15:30 CST', '2026-03-12', null],
  ])('%s is the day %s and the moment %s', (text, day, at) => {
    expect(readFlexTime(text, NEW_YORK)).toEqual({ day, at })
  })

  test('is not guessed at when month and day could be swapped', () => {
    expect(readFlexTime('03/04/2026', NEW_YORK)).toBe('ambiguous')
  })

  test.each(['', 'MULTI', '20261312', '2026-02-30', '12-Foo-26', '20260312;256000'])('is not read from "%s"', text => {
    expect(readFlexTime(text, NEW_YORK)).toBeNull()
  })
})

describe('a statement', () => {
  test('that is cut off is refused with the place', () => {
    const whole = statementOf(`<Trades>${element('Trade', FILL)}</Trades>`)
    const error = failure(() => parseFlexStatement(whole.slice(0, -30)))
    expect(error.code).toBe('broker/unreadable')
    expect(error.details['line']).toBeGreaterThan(0)
  })

  test('with a document type is refused, whatever it declares', () => {
    const error = failure(() => parseFlexStatement(`<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n${statementOf('')}`))
    expect(error.details).toMatchObject({ line: 2, column: 1 })
  })

  test.each([
    '',
    'Service maintenance',
    '<html><body>Maintenance</body></html>',
    '<FlexStatementResponse><Status>Warn</Status></FlexStatementResponse>',
  ])('is not found in "%s"', text => {
    expect(failure(() => parseFlexStatement(text)).code).toBe('broker/unreadable')
  })

  test('is not read beyond its greatest size', () => {
    expect(failure(() => parseFlexStatement(' '.repeat(MOST_STATEMENT + 1))).code).toBe('net/too-large')
  })

  test('with an attribute that would change its own object is refused', () => {
    expect(failure(() => parseFlexStatement(statementOf('<Trades><Trade __proto__="x"/></Trades>'))).code).toBe('broker/unreadable')
  })

  test('decodes characters and keeps attributes nobody knows', () => {
    const [statement] = parseFlexStatement(
      statementOf(`<Trades>${element('Trade', { ...FILL, description: 'P&amp;G &#x41;', novelty: '7' })}</Trades>`),
    )
    const rows = statement ? flexActivities(statement) : []
    expect(rows[0]?.facts.description).toBe('P&G A')
    expect(JSON.parse(rows[0]?.raw ?? '')).toMatchObject({ element: 'Trade', novelty: '7' })
  })
})

describe('a fill', () => {
  test('keeps its figures to the last digit and its identity without the correction', () => {
    expect(trades({})).toEqual([
      {
        externalId: '0001f4e8.69b2c3d4.01',
        kind: 'trade',
        brokerType: 'ExchTrade',
        symbol: 'KO',
        assetClass: 'equity',
        side: 'buy',
        positionEffect: 'open',
        quantity: '30',
        price: '61.255',
        amount: '-1838',
        fees: '0.35',
        currency: 'USD',
        executedAt: '2026-03-12T14:15:30.000Z',
        tradeDate: '2026-03-12',
        orderId: '4411',
        description: null,
        status: 'final',
      },
    ])
  })

  test('has the same identity in a trade confirmation', () => {
    const confirm = {
      accountId: 'U7654321',
      currency: 'USD',
      assetCategory: 'STK',
      symbol: 'KO',
      tradeDate: '2026-03-12',
      dateTime: '2026-03-12;10:15:30 EDT',
      buySell: 'BUY',
      quantity: '30',
      price: '61.255',
      amount: '1837.65',
      proceeds: '-1837.65',
      netCash: '-1838',
      commission: '-0.35',
      commissionCurrency: 'USD',
      orderID: '4411',
      execID: '0001f4e8.69b2c3d4.01.01',
      transactionType: 'ExchTrade',
      code: 'O;P',
      levelOfDetail: 'EXECUTION',
    }
    expect(factsOf(`<TradeConfirms>${element('TradeConfirm', confirm)}</TradeConfirms>`, 'TCF')).toEqual(trades({}))
  })

  test('that sells on a signed quantity is a sale of an unsigned one', () => {
    expect(trades({ buySell: 'SELL', quantity: '-30' })[0]).toMatchObject({ side: 'sell', quantity: '30' })
  })

  test('of an option has the spelling of all brokers', () => {
    expect(trades({ assetCategory: 'OPT', symbol: 'KO    260417P00060000' })[0]).toMatchObject({
      symbol: 'KO260417P00060000',
      assetClass: 'option',
    })
  })

  test('that both closes and opens is no gap: it opens with what is left after closing', () => {
    expect(trades({ openCloseIndicator: 'C;O' })[0]?.positionEffect).toBe('open')
    expect(trades({ openCloseIndicator: '', notes: 'C;O;P' })[0]?.positionEffect).toBe('open')
  })

  test('of a currency pair counts the cash its net leaves out', () => {
    expect(trades({ assetCategory: 'CASH', symbol: 'EUR.USD', netCash: '0', ibExecID: '' })[0]).toMatchObject({
      amount: '-1838',
      assetClass: 'forex',
    })
  })

  test('of a future claims no cash it does not state', () => {
    expect(trades({ assetCategory: 'FUT', symbol: 'ESH6', netCash: '' })[0]?.amount).toBeNull()
  })

  test('with a commission in another currency has it in a row of its own', () => {
    const rows = trades({ currency: 'CHF', ibCommissionCurrency: 'USD', netCash: '-1837.65' })
    expect(rows).toMatchObject([
      { kind: 'trade', currency: 'CHF', fees: '0', amount: '-1837.65' },
      { kind: 'fee', currency: 'USD', fees: '0.35', amount: '-0.35', externalId: '0001f4e8.69b2c3d4.01-commission' },
    ])
  })

  test('with a figure that is none is kept as it came', () => {
    const [row] = trades({ quantity: 'n/a' })
    expect(row).toMatchObject({ kind: 'other', externalId: '0001f4e8.69b2c3d4.01', quantity: null })
  })

  test('with a date that can be read two ways stops the statement', () => {
    expect(failure(() => trades({ tradeDate: '03/04/2026' })).details).toMatchObject({ field: 'tradeDate' })
  })

  test('that books an assignment is an option event with the signed change', () => {
    const booked = {
      assetCategory: 'OPT',
      symbol: 'KO    260320C00060000',
      transactionType: 'BookTrade',
      notes: 'A',
      quantity: '1',
      ibExecID: '',
    }
    expect(trades(booked)[0]).toMatchObject({ kind: 'option-event', side: null, quantity: '1', externalId: 'transaction-5511' })
  })
})

describe('the levels of a statement', () => {
  test('count only executions', () => {
    const levels = ['ASSET_SUMMARY', 'SYMBOL_SUMMARY', 'ORDER', 'CLOSED_LOT'].map(level => ({ levelOfDetail: level, ibExecID: level }))
    expect(trades(...levels, {})).toHaveLength(1)
  })

  test('without executions are told as a fault of the query, and nothing is imported', () => {
    const [statement] = parseFlexStatement(
      statementOf(`<Trades>${element('Order', { ...FILL, levelOfDetail: 'ORDER', ibExecID: '' })}</Trades>`),
    )
    expect(statement && flexActivities(statement)).toEqual([])
    expect(statement && flexFault(statement)).toBe('orders-without-executions')
  })

  test('a row with neither a level nor an id is kept but claims nothing', () => {
    const vague = { levelOfDetail: '', ibExecID: '', tradeID: '', transactionID: '' }
    expect(trades(vague, vague).map(({ kind }) => kind)).toEqual(['other', 'other'])
  })
})

describe('a correction', () => {
  test('replaces the earlier state of its execution', () => {
    const rows = trades({}, { ibExecID: '0001f4e8.69b2c3d4.01.02', quantity: '25' })
    expect(rows).toMatchObject([{ externalId: '0001f4e8.69b2c3d4.01', quantity: '25', status: 'corrected' }])
  })

  test('is told apart from another fill of the order', () => {
    expect(trades({}, { ibExecID: '0001f4e8.69b2c3d4.02.01' })).toHaveLength(2)
  })

  test('that cancels takes itself and its trade out of the count', () => {
    const cancel = {
      ibExecID: '',
      tradeID: '812',
      transactionID: '5512',
      origTradeID: '811',
      transactionType: 'TradeCancel',
      buySell: 'BUY (Ca.)',
      quantity: '-30',
    }
    expect(trades({}, cancel).map(({ status }) => status)).toEqual(['canceled', 'canceled'])
  })

  test('of a trade in an earlier statement counts as its opposite', () => {
    const cancel = {
      ibExecID: '',
      origTradeID: '700',
      transactionType: 'TradeCancel',
      buySell: 'BUY (Ca.)',
      quantity: '-30',
      netCash: '1838',
    }
    expect(trades(cancel)).toMatchObject([{ status: 'final', side: 'sell', quantity: '30', amount: '1838' }])
  })

  test.each([
    ['0000e0d5.6a100001.01.02', { id: '0000e0d5.6a100001.01', state: 2 }],
    ['U+2_1700000_1', { id: 'U+2_1700000_1', state: 1 }],
  ])('%s is %o', (executionId, identity) => {
    expect(executionIdentity(executionId)).toEqual(identity)
  })
})

describe('other rows', () => {
  const CASH = {
    accountId: 'U7654321',
    currency: 'USD',
    dateTime: '20260310;202000',
    reportDate: '20260310',
    transactionID: '91',
    levelOfDetail: 'DETAIL',
  }
  const cash = (row: Readonly<Record<string, string>>): ActivityFacts[] =>
    factsOf(`<CashTransactions>${element('CashTransaction', { ...CASH, ...row })}</CashTransactions>`)

  test.each([
    ['Dividends', '14.20', 'dividend'],
    ['Payment In Lieu Of Dividends', '1', 'dividend'],
    ['Withholding Tax', '-2.13', 'tax'],
    ['Broker Interest Paid', '-1', 'interest'],
    ['Bond Interest Received', '3', 'interest'],
    ['Deposits/Withdrawals', '500', 'transfer'],
    ['Deposits &amp; Withdrawals', '-500', 'transfer'],
    ['Other Fees', '-10', 'fee'],
    ['Commission Adjustments', '0.1', 'fee'],
    ['Something New', '5', 'other'],
  ])('a cash row "%s" of %s is %s', (type, amount, kind) => {
    expect(cash({ type, amount })).toMatchObject([{ kind, amount: Dec.of(amount), externalId: 'transaction-91', tradeDate: '2026-03-10' }])
  })

  test('a summary of cash is no second payment', () => {
    expect(cash({ type: 'Dividends', amount: '14.20', levelOfDetail: 'SUMMARY', transactionID: '' })).toEqual([])
  })

  test('identical rows without ids both count', () => {
    const row = element('CashTransaction', { ...CASH, type: 'Other Fees', amount: '-1', transactionID: '' })
    const ids = factsOf(`<CashTransactions>${row}${row}</CashTransactions>`).map(({ externalId }) => externalId)
    expect(new Set(ids).size).toBe(2)
  })

  test('a split changes the position by its signed quantity', () => {
    const action = {
      currency: 'USD',
      assetCategory: 'STK',
      symbol: 'KO',
      type: 'RS',
      quantity: '-90',
      proceeds: '0',
      reportDate: '20260316',
      dateTime: '20260313;202500',
      transactionID: '7',
    }
    expect(factsOf(`<CorporateActions>${element('CorporateAction', action)}</CorporateActions>`)).toMatchObject([
      { kind: 'split', quantity: '-90', tradeDate: '2026-03-16' },
    ])
  })

  test('an exercise is taken from its trade row, or from its own section when there is none', () => {
    const event = element('OptionEAE', {
      currency: 'USD',
      assetCategory: 'OPT',
      symbol: 'KO    260320C00060000',
      date: '20260320',
      transactionType: 'Exercise',
      quantity: '-1',
      tradeID: '811',
    })
    expect(factsOf(`<OptionEAE>${event}</OptionEAE>`)).toMatchObject([{ kind: 'option-event', quantity: '-1', externalId: 'trade-811' }])
    expect(factsOf(`<Trades>${element('Trade', FILL)}</Trades><OptionEAE>${event}</OptionEAE>`)).toHaveLength(1)
  })

  test('a transfer out leaves with a minus', () => {
    const transfer = {
      currency: 'USD',
      assetCategory: 'STK',
      symbol: 'KO',
      date: '20260303',
      type: 'ACATS',
      direction: 'OUT',
      quantity: '12',
      cashTransfer: '0',
      transactionID: '8',
    }
    expect(factsOf(`<Transfers>${element('Transfer', transfer)}</Transfers>`)).toMatchObject([{ kind: 'transfer', quantity: '-12' }])
  })
})

describe('rows that leave things out', () => {
  const one = (section: string, name: string, row: Readonly<Record<string, string>>) =>
    factsOf(`<${section}>${element(name, row)}</${section}>`)[0]
  const id: unknown = expect.stringMatching(/^row-/)

  test('cash without a type, an amount and an id is kept for what it says', () => {
    expect(one('CashTransactions', 'CashTransaction', { settleDate: '20260310' })).toMatchObject({
      kind: 'other',
      brokerType: 'CashTransaction',
      amount: null,
      currency: 'USD',
      symbol: null,
      tradeDate: '2026-03-10',
      executedAt: null,
      externalId: id,
    })
  })

  test("cash at midnight is of a day, and cash without any day of the statement's last", () => {
    expect(
      one('CashTransactions', 'CashTransaction', { type: 'Dividends', dateTime: '20260310;000000', transactionID: '1' })?.executedAt,
    ).toBeNull()
    expect(one('CashTransactions', 'CashTransaction', { type: 'Dividends', transactionID: '1' })).toMatchObject({
      kind: 'other',
      tradeDate: '2026-03-31',
      externalId: 'transaction-1',
    })
  })

  test('a corporate action without proceeds pays its amount, and one without a type is one all the same', () => {
    const action = one('CorporateActions', 'CorporateAction', { symbol: 'KO', amount: '5', reportDate: '20260316', assetCategory: 'STK' })
    expect(action).toMatchObject({ kind: 'corporate-action', brokerType: 'CorporateAction', amount: '5', quantity: null, externalId: id })
  })

  test('an option event without an id or type is still one', () => {
    expect(one('OptionEAE', 'OptionEAE', { symbol: 'KO', tradeDate: '20260320' })).toMatchObject({
      kind: 'option-event',
      brokerType: 'OptionEAE',
      externalId: id,
    })
  })

  test('a transfer in arrives, and one without a direction keeps its sign', () => {
    const transfer = { date: '20260303', quantity: '-12', cashTransfer: '7' }
    expect(one('Transfers', 'Transfer', { ...transfer, direction: 'IN' })).toMatchObject({
      quantity: '12',
      amount: '7',
      brokerType: 'Transfer',
    })
    expect(one('Transfers', 'Transfer', transfer)).toMatchObject({ quantity: '-12' })
  })

  test('a trade without its side, cash and codes is read from what is left', () => {
    const left = {
      buySell: '',
      netCash: '',
      openCloseIndicator: '',
      notes: '',
      ibCommission: '',
      taxes: '',
      ibOrderID: '0',
      transactionType: '',
    }
    expect(trades({ ...left, quantity: '-30', proceeds: '1837.65' })).toMatchObject([
      { side: 'sell', amount: '1837.65', fees: '0', positionEffect: null, orderId: null, brokerType: 'Trade' },
    ])
    expect(trades({ ...left, quantity: '0' })).toMatchObject([{ kind: 'other', side: null }])
    expect(trades({ ...left, proceeds: '' })).toMatchObject([{ amount: null }])
  })

  test('a trade is known by its ledger entry, else its number, else its text', () => {
    const ids = [{ ibExecID: '' }, { ibExecID: '', transactionID: '' }, { ibExecID: '', transactionID: '', tradeID: '' }].map(
      row => trades(row)[0]?.externalId,
    )
    expect(ids).toEqual(['transaction-5511', 'trade-811', id])
  })
})

describe('statements broken out by day', () => {
  const day = (toDate: string, ...rows: Readonly<Record<string, string>>[]): string =>
    `<FlexStatement accountId="U7654321" fromDate="${toDate}" toDate="${toDate}" period="" whenGenerated="20260401;020000"><Trades>${rows.map(row => element('Trade', { ...FILL, ...row })).join('')}</Trades></FlexStatement>`
  const history = (...days: readonly string[]): ActivityFacts[] =>
    flexHistory(
      parseFlexStatement(
        `<FlexQueryResponse queryName="q" type="AF"><FlexStatements count="${days.length}">${days.join('')}</FlexStatements></FlexQueryResponse>`,
      ),
    ).map(({ facts }) => facts)
  const corrected = { ibExecID: '0001f4e8.69b2c3d4.01.02', quantity: '25' }

  test('correct a trade whichever of them comes first', () => {
    for (const days of [
      [day('20260312', {}), day('20260313', corrected)],
      [day('20260313', corrected), day('20260312', {})],
    ])
      expect(history(...days)).toMatchObject([{ quantity: '25', status: 'corrected' }])
  })

  test('cancel a trade of another day', () => {
    const cancel = {
      ibExecID: '',
      tradeID: '812',
      transactionID: '5512',
      origTradeID: '811',
      transactionType: 'TradeCancel',
      quantity: '-30',
    }
    expect(history(day('20260312', {}), day('20260313', cancel)).map(({ status }) => status)).toEqual(['canceled', 'canceled'])
  })
})

describe('a later state that cancels', () => {
  test('takes its trade out of the count, in whatever statement that stood', () => {
    const cancel = { ibExecID: '0001f4e8.69b2c3d4.01.02', transactionType: 'TradeCancel', quantity: '-30' }
    expect(trades(cancel)).toMatchObject([{ externalId: '0001f4e8.69b2c3d4.01', status: 'canceled' }])
  })
})

describe('a figure with commas', () => {
  test('is read where they group thousands, and kept as it came where they may be decimal', () => {
    expect(trades({ quantity: '1,200' })[0]?.quantity).toBe('1200')
    for (const quantity of ['1,5', '1.234,56', '1,2345']) expect(trades({ quantity })).toMatchObject([{ kind: 'other', quantity: null }])
  })
})

describe('a correction of the same state', () => {
  const base = { ibExecID: '0001f4e8.69b2c3d4.01.01' }

  test('that cancels comes after its trade, wherever it stands', () => {
    const cancel = { ...base, notes: 'P;Ca', quantity: '-30', tradeID: '812' }
    expect(trades({}, cancel)).toMatchObject([{ status: 'canceled' }])
    expect(trades(cancel, {})).toMatchObject([{ status: 'canceled' }])
  })

  test('that says so by its type alone is corrected', () => {
    expect(trades({ transactionType: 'TradeCorrect' })).toMatchObject([{ status: 'corrected' }])
  })

  test('does not fall behind an earlier one that comes later', () => {
    expect(trades({ ibExecID: '0001f4e8.69b2c3d4.01.03', quantity: '20' }, {})).toMatchObject([{ quantity: '20', status: 'corrected' }])
  })
})

describe('a query that is set up badly', () => {
  const faultOf = (sections: string) => parseFlexStatement(statementOf(sections)).map(flexFault)

  test('is told by trades without level and ids, and by orders among the trades', () => {
    expect(faultOf(`<Trades>${element('Trade', { symbol: 'KO' })}</Trades>`)).toEqual(['trades-without-ids'])
    expect(faultOf(`<Trades>${element('Trade', { ...FILL, levelOfDetail: 'ORDER' })}</Trades>`)).toEqual(['orders-without-executions'])
    expect(faultOf('<CashTransactions/>')).toEqual([null])
    expect(faultOf(`<Trades>${element('Trade', FILL)}</Trades>`)).toEqual([null])
  })

  test('by dates that can be read two ways, of cash as well', () => {
    expect(
      failure(() =>
        factsOf(`<CashTransactions>${element('CashTransaction', { dateTime: '03/04/2026', type: 'Dividends' })}</CashTransactions>`),
      ).details,
    ).toMatchObject({ field: 'dateTime' })
  })
})

const folder = path.resolve(import.meta.dirname, '../../../../shared/samples/ibkr/flex')
const captured = (name: string): string => readFileSync(path.join(folder, name), 'utf8')

describe.skipIf(!existsSync(folder))('captured statements', () => {
  test('with every level ticked give exactly four executions', () => {
    const rows = parseFlexStatement(captured('synthetic-multilevel-flex.xml')).flatMap(statement => flexActivities(statement))
    const fills = rows.filter(({ facts }) => facts.kind === 'trade').map(({ facts }) => `${facts.side} ${facts.quantity}`)
    expect(fills).toEqual(['buy 60', 'buy 40', 'sell 70', 'sell 30'])
    expect(rows).toHaveLength(5)
  })

  test('that are not well formed are refused with the place', () => {
    expect(failure(() => parseFlexStatement(captured('activity_simple.xml'))).details).toMatchObject({ line: 109 })
  })

  test('lose no row', () => {
    const names = existsSync(folder) ? readdirSync(folder).filter(name => /^(activity_(?!simple)|cash-|trade-)/.test(name)) : []
    const counts = names.map(name => {
      const rows = parseFlexStatement(captured(name)).flatMap(statement => flexActivities(statement))
      const elements =
        captured(name).match(/<(?:Trade|TradeConfirm|CashTransaction|CorporateAction)\s(?![^>]*levelOfDetail="SUMMARY")/g) ?? []
      return [name, rows.length, elements.length]
    })
    expect(counts.filter(([, rows, elements]) => rows !== elements)).toEqual([])
    expect(counts.length).toBeGreaterThan(0)
  })
})
