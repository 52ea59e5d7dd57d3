import { describe, expect, test } from 'vitest'
import { groupedPositions } from '../../../electron/core/services/portfolio-grouped.ts'
import { accountsIn, overview } from '../../../electron/core/services/portfolio-overview.ts'
import { equity } from '../../../electron/core/services/ledger-figures.ts'
import { exportPart } from '../../../electron/core/services/ledger-export.ts'
import { lotViews } from '../../../electron/core/services/ledger-lots.ts'
import { bySymbol, days } from '../../../electron/core/services/ledger-sums.ts'
import type { FixPlan } from '../../../electron/core/reconciliation/facts.ts'
import { addFixes, removeFix } from '../../../electron/core/store/reconciliation-fixes.ts'
import { driftsOf } from '../../../electron/core/store/drifts.ts'
import { writeHistory } from '../../../electron/core/store/history.ts'
import { replacePositions } from '../../../electron/core/store/positions.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { AT } from '../../support/data-folder.ts'
import { replaceBalances } from '../../../electron/core/store/balances.ts'
import { removeConnection } from '../../../electron/core/store/connections.ts'
import { withAccounts } from '../store/support.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { accountsIn as ledgerAccounts } from '../../../electron/core/store/ledger-scope.ts'
import { d, house, THURSDAY, TODAY } from './support/portfolio-house.ts'

const CON = 'con_1' as ConnectionId

describe('the total', () => {
  const sold = (isBrought: boolean) => {
    const app = house()
    app.read()
    if (isBrought)
      app.row({ kind: 'transfer', symbol: 'AAPL', assetClass: 'equity', quantity: d('100'), tradeDate: LocalDate.of('2026-03-02') })
    app.sell('100', '10', { tradeDate: LocalDate.of('2026-03-05') })
    app.worth(AT, '1000', '1000')
    app.compute()
    return app
  }

  test('is not known while what was sold came without a cost, or was never seen to come: zero would be a result', () => {
    for (const came of [true, false]) {
      const app = sold(came)
      const unknown = {
        unmeasured: 1,
        total: { amount: null, because: 'What one sale made is not known: the history does not say what was paid.' },
      }
      expect(app.look().totals).toMatchObject([unknown])
      expect(app.look('asset-class').groups).toMatchObject([
        { key: 'equity', totals: [unknown] },
        { key: 'cash', totals: [{ unmeasured: 0, total: { amount: '0' } }] },
      ])
    }
  })

  test('is known where shares nobody saw come only went elsewhere, or were money: that made nothing', () => {
    const app = house()
    app.read()
    for (const kind of ['transfer', 'journal', 'fee'] as const)
      app.row({ kind, symbol: 'KO', assetClass: 'equity', quantity: d('-5'), tradeDate: LocalDate.of('2026-03-02') })
    app.row({ symbol: 'EUR.USD', assetClass: 'forex', side: 'sell', quantity: d('5'), price: d('1.1'), amount: d('5.5') })
    app.worth(AT, '1000', '1000')
    app.compute()
    expect(app.look().totals).toMatchObject([{ unmeasured: 0, total: { amount: '0' } }])
  })

  test('says of how many sales nobody knows what they made', () => {
    const { sell, look, compute } = sold(false)
    sell('5', '10', { tradeDate: LocalDate.of('2026-03-06') })
    compute()
    expect(look().totals).toMatchObject([{ total: { because: 'What 2 sales made is not known: the history does not say what was paid.' } }])
  })
})

describe('what a day made', () => {
  test('is the change since the last value of the trading day before, deposits taken out', () => {
    const { row, worth, compute, look } = house()
    worth(THURSDAY, '1000', '1000')
    row({ kind: 'transfer', amount: d('500'), tradeDate: TODAY })
    row({ kind: 'transfer', amount: d('9'), executedAt: Instant.plus(THURSDAY, -60_000), tradeDate: LocalDate.of('2026-11-19') })
    worth(AT, '1525', '1525')
    compute()
    expect(look().totals).toMatchObject([{ value: '1525', day: { amount: '25', because: null }, dayPercent: '2.5' }])
  })

  test('counts what a future settled as made, and no deposit: it moved no money from outside', () => {
    const { row, worth, compute, look } = house()
    worth(THURSDAY, '10000', '10000')
    row({ kind: 'journal', brokerType: 'Money Movement / Mark to Market', amount: d('800'), tradeDate: TODAY })
    worth(AT, '10300', '10300')
    compute()
    expect(look().totals).toMatchObject([{ day: { amount: '300', because: null } }])
  })

  test('over a weekend is that of Friday', () => {
    const { db, worth } = house()
    worth(THURSDAY, '1000', null)
    worth(AT, '1010', null)
    worth(Instant.parse('2026-11-21T15:00:00Z'), '1011', null)
    const saturday = overview({ reader: db.reader, today: LocalDate.of('2026-11-21'), brokerName: id => id }, { by: 'account' })
    expect(saturday.totals).toMatchObject([{ day: { amount: '11' } }])
  })

  test.each([
    [
      'no value of that day was read',
      (one: ReturnType<typeof house>) => one.worth(Instant.parse('2026-11-17T21:00:00Z'), '1000', null),
      'No value was read on 19 Nov 2026',
    ],
    [
      'holdings moved',
      (one: ReturnType<typeof house>) => {
        one.worth(THURSDAY, '1000', null)
        one.row({ kind: 'transfer', symbol: 'AAPL', quantity: d('5'), tradeDate: TODAY })
      },
      'Holdings were moved',
    ],
  ])('is not known where %s, and says so', (_name, before, because) => {
    const one = house()
    before(one)
    one.worth(AT, '1010', null)
    const [total] = one.look().totals
    expect(total).toMatchObject({ day: { amount: null }, dayPercent: null })
    expect(total?.day.because).toContain(because)
  })

  test('is not known of a value from before the last session', () => {
    const { worth, look } = house()
    worth(Instant.parse('2026-11-18T21:00:00Z'), '1000', null)
    worth(THURSDAY, '1010', null)
    expect(look().totals).toMatchObject([{ value: '1010', day: { amount: null, because: 'The last value is of 19 Nov 2026.' } }])
  })

  test('of several accounts is missing where it is missing in one', () => {
    const { ids, worth, look } = house(['PA0001', 'PA0002'])
    worth(THURSDAY, '1000', null)
    worth(AT, '1010', null)
    worth(AT, '70', null, ids[1])
    expect(look().totals).toMatchObject([
      { value: '1080', day: { amount: null, because: '1 of 2 accounts: No value was read on 19 Nov 2026, the trading day before.' } },
    ])
  })

  test('leaves out accounts whose brokers state no value, and says how many; money inside the value of another currency is none', () => {
    const { db, ids, worth, look } = house(['PA0001', 'PA0002', 'PA0003', 'PA0004'])
    for (const [at, value] of [
      [THURSDAY, '1000'],
      [AT, '1100'],
    ] as const)
      worth(at, value, value)
    expect(look().totals).toMatchObject([{ day: { amount: '100', because: null } }])
    const tell = (at: number, ...told: readonly (readonly [currency: string, cash: string, value: string | null])[]): void => {
      const [account] = ids.slice(at)
      if (!account) throw new Error('no such account')
      replaceBalances(
        db.writer,
        account,
        told.map(([currency, cash, value]) => ({
          currency,
          netLiquidation: value === null ? null : d(value),
          cash: d(cash),
          buyingPower: null,
          asOf: AT,
        })),
        AT,
      )
    }
    tell(1, ['USD', '9000', null], ['EUR', '500', null])
    const leftOut = 'One account is left out: its broker states no value.'
    const [euros, dollars] = look().totals
    expect(dollars).toMatchObject({
      currency: 'USD',
      value: '1100',
      cash: '10100',
      day: { amount: '100', because: leftOut },
      dayPercent: '10',
    })
    expect(euros).toMatchObject({ currency: 'EUR', value: null, day: { amount: null, because: 'No broker states a value.' } })
    tell(2, ['USD', '5', null], ['EUR', '5', null])
    expect(look().totals.at(-1)?.day).toMatchObject({ amount: '100', because: '2 accounts are left out: their brokers state no value.' })
    tell(3, ['CHF', '900', '900'], ['USD', '10', null])
    db.raw.prepare("UPDATE accounts SET currency = 'CHF' WHERE id = ?").run(ids[3])
    expect(look().totals.at(-1)?.day).toMatchObject({ amount: '100', because: '2 accounts are left out: their brokers state no value.' })
  })
})

describe('what was made', () => {
  test('adds results, income and what is open, less fees paid apart; all of it by lots where they agree', () => {
    const { buy, sell, row, worth, hold, read, compute, look } = house()
    buy('10', '100', { tradeDate: LocalDate.of('2025-06-02') })
    sell('4', '120', { tradeDate: LocalDate.of('2025-07-02') })
    sell('1', '150')
    row({ kind: 'dividend', symbol: 'AAPL', assetClass: 'equity', amount: d('7.5') })
    row({ kind: 'fee', amount: d('-2') })
    hold('5', '700', '9999')
    worth(AT, '1235.5', '535.5')
    compute()
    read()
    const { totals, environment, leftOut } = look('broker')
    expect({ environment, leftOut }).toEqual({ environment: 'paper', leftOut: [] })
    expect(totals).toMatchObject([
      {
        realized: '130',
        realizedThisYear: '50',
        income: '7.5',
        fees: '2',
        feesThisYear: '2',
        unrealized: { amount: '200', because: null },
        total: { amount: '335.5', because: null },
        marketValue: '700',
      },
    ])
    const classes = look('asset-class').groups
    expect(classes.map(({ key, totals: [one] }) => [key, one?.value, one?.realized, one?.income])).toEqual([
      ['equity', '700', '130', '7.5'],
      ['cash', '535.5', '0', '0'],
    ])
    for (const field of ['fees', 'feesThisYear'] as const)
      expect(Dec.sum(classes.flatMap(({ totals }) => totals.map(one => one[field])))).toBe(look().totals[0]?.[field])
  })

  test('of a dividend whose row names no class belongs to the class its trades are of', () => {
    const { buy, row, hold, worth, compute, look } = house()
    buy('10', '100')
    row({ kind: 'dividend', symbol: 'AAPL', amount: d('7.5') })
    hold('10', '1200')
    worth(AT, '1207.5', '7.5')
    compute()
    expect(look('asset-class').groups.map(({ key, totals: [one] }) => [key, one?.income])).toEqual([
      ['equity', '7.5'],
      ['cash', '0'],
    ])
  })

  test('by class and by instrument comes to the same as in all: shares a dividend bought, and a row the user took out, are no income', () => {
    const { db, buy, row, hold, worth, compute, look } = house()
    buy('10', '100')
    row({ kind: 'dividend', brokerType: 'Money Movement / Dividend', symbol: 'AAPL', assetClass: 'equity', amount: d('7.5') })
    row({
      kind: 'dividend',
      brokerType: 'Receive Deliver / Dividend',
      symbol: 'AAPL',
      assetClass: 'equity',
      amount: d('-7.5'),
      quantity: d('0.05'),
    })
    row({ kind: 'dividend', symbol: 'AAPL', assetClass: 'equity', amount: d('100'), externalId: 'twice' })
    db.raw.exec(`INSERT INTO row_overrides SELECT account, external_id, '{"ignored":true}', 0 FROM activities WHERE external_id = 'twice'`)
    hold('10.05', '1200')
    worth(AT, '1200', '0')
    compute()
    expect(look().totals[0]?.income).toBe('7.5')
    expect(look('asset-class').groups.map(({ key, totals: [one] }) => [key, one?.income])).toEqual([
      ['equity', '7.5'],
      ['cash', '0'],
    ])
    expect(days(db.reader, { environment: 'paper', symbol: 'AAPL' })).toMatchObject([{ dividends: '7.5' }])
  })

  test('is not known before the history of every account was read to its end, and the accounts that lack it are counted', () => {
    const { db, ids, first, buy, sell, worth, read, compute, look } = house(['PA0001', 'PA0002'])
    buy('2', '100')
    sell('2', '150')
    worth(AT, '1000', '1000')
    worth(AT, '70', '70', ids[1])
    compute()
    writeHistory(
      db.writer,
      first,
      { from: LocalDate.of('2018-01-01'), to: TODAY, cursor: 'page-2', done: false, completeFrom: null, completeTo: null },
      AT,
    )
    expect(look().totals).toMatchObject([
      { unread: 2, total: { amount: null, because: 'The history of 2 accounts is not read to its end yet.' } },
    ])
    read([first])
    expect(look().totals).toMatchObject([
      { unread: 1, total: { amount: null, because: 'The history of one account is not read to its end yet.' } },
    ])
    expect(look().groups.map(({ totals }) => totals)).toMatchObject([
      [{ unread: 0, realized: '100', total: { amount: '100' } }],
      [{ unread: 1, total: { amount: null } }],
    ])
    expect(look('asset-class').groups.flatMap(({ totals }) => totals.map(({ unread }) => unread))).toEqual([0, 1])
    read()
    expect(look().totals).toMatchObject([{ unread: 0, total: { amount: '100', because: null } }])
  })

  test('is not known where nobody knows the cost of a holding: it is no 0', () => {
    const { hold, worth, look } = house()
    hold('5', '700')
    worth(AT, '700', '0')
    expect(look().totals).toMatchObject([
      { unrealized: { amount: null, because: 'The cost of one holding is not known.' }, total: { amount: null } },
    ])
  })

  test("follows the broker's own figure where the lots do not agree, by symbol and in the export, too", () => {
    const { db, buy, hold, worth, compute, look } = house()
    buy('10', '100')
    hold('12', '1300', '44')
    worth(AT, '1300', '0')
    compute()
    expect(look().totals).toMatchObject([{ unrealized: { amount: '44' } }])
    expect(bySymbol(db.reader, { environment: 'paper' })).toMatchObject([{ unrealized: '44' }])
    expect(exportPart(db.reader, { environment: 'paper', what: 'positions', format: 'json' }, AT).text).toContain('"unrealized":"44"')
  })
})

describe('the value of an account in several currencies', () => {
  test('is the whole in its base currency; the others are in it and never added', () => {
    const { db, first, look } = house()
    const base = { netLiquidation: d('5000'), cash: d('1000'), buyingPower: null, asOf: AT }
    const euros = { currency: 'EUR', ...base, netLiquidation: d('900'), cash: d('900') }
    replaceBalances(db.writer, first, [{ currency: 'USD', ...base }, euros], AT)
    expect(look().totals).toMatchObject([
      { currency: 'EUR', value: null, cash: '900', rate: null },
      { currency: 'USD', value: '5000', cash: '1000', rate: null },
    ])
    replaceBalances(
      db.writer,
      first,
      [
        { currency: 'USD', ...base },
        { ...euros, toBase: d('1.0847') },
      ],
      AT,
    )
    expect(look().totals).toMatchObject([
      { currency: 'EUR', rate: { base: 'USD', rate: '1.0847', value: '976.23', asOf: AT, source: 'broker' } },
      { currency: 'USD', rate: null },
    ])
  })

  test('counts money that was traded for other money on both sides', () => {
    const { db, first, row, compute, check } = house()
    row({ kind: 'transfer', amount: d('2000'), tradeDate: LocalDate.of('2025-06-02') })
    row({ symbol: 'EUR.USD', assetClass: 'forex', side: 'buy', quantity: d('900'), price: d('1.1'), amount: d('-990') })
    row({ symbol: 'EUR.USD', assetClass: 'forex', side: 'sell', quantity: d('100'), price: d('1.2'), amount: d('120') })
    const money = (currency: string, cash: string) => ({ currency, netLiquidation: null, cash: d(cash), buyingPower: null, asOf: AT })
    replaceBalances(db.writer, first, [money('USD', '1130'), money('EUR', '800')], AT)
    compute()
    expect(check()).toBe(true)
    expect(driftsOf(db.reader)).toEqual([])
  })
})

describe('the curve of what was worth', () => {
  test('counts an account in its base currency alone: what other money is worth is inside, and what is gone is nothing', () => {
    const { db, ids, worth } = house(['PA0001', 'PA0002'])
    const [first, second] = ids
    db.raw.prepare("UPDATE accounts SET currency = 'EUR' WHERE id = ?").run(second)
    worth(THURSDAY, '5000', '1000', first)
    worth(THURSDAY, '900', '900', first, 'EUR')
    worth(THURSDAY, '2000', '2000', second, 'EUR')
    worth(AT, '5100', '5100', first)
    worth(AT, '2100', '2100', second, 'EUR')
    expect(
      equity(db.reader, { environment: 'paper' }).map(({ currency, points }) => [currency, points.map(one => one.netLiquidation)]),
    ).toEqual([
      ['USD', ['5000', '5100']],
      ['EUR', ['2000', '2100']],
    ])
  })

  test('ends for an account on the day its connection is removed: its money went on in another', () => {
    const { db, worth } = house(['PA0001'])
    const [second] = withAccounts(db, { con_2: ['PA0002'] })
    for (const day of ['16', '17', '18']) worth(Instant.parse(`2026-11-${day}T21:00:00Z`), day === '16' ? '10000' : '67000', null, second)
    worth(Instant.parse('2026-11-16T21:00:00Z'), '57000', null)
    worth(Instant.parse('2026-11-17T15:00:00Z'), '57000', null)
    removeConnection(db.writer, CON, Instant.parse('2026-11-17T16:00:00Z'))
    const points = (from?: LocalDate) =>
      equity(db.reader, { environment: 'paper', from }).map(curve => curve.points.map(({ day, netLiquidation }) => [day, netLiquidation]))
    expect(points()).toEqual([
      [
        ['2026-11-16', '67000'],
        ['2026-11-17', '67000'],
        ['2026-11-18', '67000'],
      ],
    ])
    expect(points(LocalDate.of('2026-11-18'))).toEqual([[['2026-11-18', '67000']]])
  })
})

describe('a future', () => {
  test('gained what its broker says: its value is no price that was paid', () => {
    const { db, first, row, compute } = house()
    const future = { symbol: '/ESZ26', assetClass: 'future' } as const
    row({ ...future, side: 'buy', quantity: d('2'), price: d('5000'), fees: d('4.5'), amount: d('-4.5') })
    const held = { averagePrice: d('5000'), marketValue: d('1000'), unrealized: d('1000'), currency: 'USD', asOf: AT }
    replacePositions(db.writer, first, [{ ...future, quantity: d('2'), ...held }], AT)
    compute()
    const scope = { environment: 'paper' } as const
    expect(bySymbol(db.reader, scope)).toMatchObject([{ symbol: '/ESZ26', unrealized: '1000' }])
    expect(lotViews(db.reader, ledgerAccounts(db.reader, scope), {}, TODAY)).toMatchObject([
      { quantity: '2', marketValue: null, unrealized: '1000' },
    ])
    const { text } = exportPart(db.reader, { ...scope, what: 'positions', format: 'json' }, AT)
    const [screen] = groupedPositions(db.reader, accountsIn(db.reader).accounts)
    expect(JSON.parse(text)).toMatchObject({ unrealized: screen?.unrealized, marketValue: screen?.marketValue, valueAsOf: AT })
    row({ ...future, side: 'buy', quantity: d('1'), price: d('5010'), fees: d('2.25'), amount: d('-2.25') })
    compute()
    // The broker speaks of two, and there are three: its own figure counts, as on the overview.
    expect(bySymbol(db.reader, scope)).toMatchObject([{ unrealized: '1000' }])
    expect(groupedPositions(db.reader, accountsIn(db.reader).accounts)).toMatchObject([{ unrealized: '1000' }])
    replacePositions(db.writer, first, [{ ...future, quantity: d('3'), ...held }], AT)
    expect(bySymbol(db.reader, scope)).toMatchObject([{ unrealized: '1000' }])
    expect(lotViews(db.reader, ledgerAccounts(db.reader, scope), {}, TODAY).map(lot => lot.unrealized)).toEqual([null, null])
  })
})

describe('a holding that broker and history state in different currencies', () => {
  test('is one: both hold the same, and no difference is found', () => {
    const { db, first, row, compute, check, worth } = house()
    const coin = { symbol: 'BTC/USDT', assetClass: 'crypto' } as const
    row({ ...coin, side: 'buy', quantity: d('2'), price: d('100'), amount: d('-200'), currency: 'USDT' })
    row({ kind: 'transfer', amount: d('200'), currency: 'USDT', tradeDate: LocalDate.of('2026-03-01') })
    replacePositions(
      db.writer,
      first,
      [{ ...coin, quantity: d('2'), averagePrice: null, marketValue: d('210'), unrealized: d('10'), currency: 'USD', asOf: AT }],
      AT,
    )
    worth(AT, '210', '0')
    compute()
    check()
    expect(driftsOf(db.reader)).toEqual([])
    expect(groupedPositions(db.reader, accountsIn(db.reader).accounts)).toMatchObject([
      { unrealized: '10', holdings: [{ ledgerQuantity: '2', ledgerCost: null, agrees: true }] },
    ])
  })
})

describe('positions over several accounts', () => {
  test('long here and short there have no average cost: the two take each other away', () => {
    const { db, ids, row, buy, hold, compute } = house(['PA0001', 'PA0002'])
    buy('100', '10')
    row(
      { symbol: 'AAPL', assetClass: 'equity', side: 'sell', positionEffect: 'open', quantity: d('50'), price: d('12'), amount: d('600') },
      ids[1],
    )
    hold('100', '1100')
    hold('-50', '-550', null, ids[1])
    compute()
    expect(groupedPositions(db.reader, accountsIn(db.reader).accounts)).toMatchObject([
      { quantity: '50', cost: '400', averageCost: null, price: '11', unrealized: '150' },
    ])
  })

  test('are one line each, with lots beside the broker and what differs', () => {
    const { db, ids, buy, hold, compute } = house(['PA0001', 'PA0002'])
    buy('10', '100', { fees: d('1'), amount: d('-1001') })
    hold('10', '1500', '499')
    hold('2', '300', '50', ids[1])
    compute()
    const [one, ...others] = groupedPositions(db.reader, accountsIn(db.reader).accounts)
    expect(others).toEqual([])
    expect(one).toMatchObject({
      symbol: 'AAPL',
      quantity: '12',
      marketValue: '1800',
      cost: null,
      unrealized: '549',
      weight: '100',
      price: '150',
    })
    expect(one?.holdings).toMatchObject([
      { quantity: '10', ledgerQuantity: '10', ledgerCost: '1001', ledgerUnrealized: '499', agrees: true },
      { quantity: '2', ledgerQuantity: '0', ledgerCost: null, agrees: false },
    ])
  })
})

describe('a comparison', () => {
  test('of shares that were sold without having come counts them into the lot that is missing, and agrees once that is added', () => {
    const { db, first, sell, hold, compute, check } = house()
    sell('70', '120', { positionEffect: 'close' })
    hold('30', '4500')
    compute()
    check()
    const [drift] = driftsOf<FixPlan>(db.reader)
    expect(drift).toMatchObject({
      ledger: '0',
      broker: '30',
      reason: 'missing-transfer',
      fix: { parts: [{ kind: 'lot', quantity: '100', price: null }] },
    })
    const [part] = drift?.fix?.parts ?? []
    if (part?.kind !== 'lot') throw new Error('no lot')
    const detail = { label: 'Add', assetClass: null, price: part.price }
    db.writer.tx(w =>
      addFixes(w, [
        {
          id: 'fix_1/0',
          accountId: first,
          word: 'lot',
          symbol: part.symbol,
          currency: part.currency,
          amount: part.quantity,
          day: part.day,
          detail,
          at: AT,
        },
      ]),
    )
    compute()
    check()
    expect(driftsOf(db.reader)).toEqual([])
    db.writer.tx(w => removeFix(w, 'fix_1'))
    compute()
    check()
    expect(driftsOf(db.reader)).toMatchObject([{ ledger: '0', broker: '30', since: drift?.since }])
  })

  test('waits for a ledger that waits to be computed, and for an account that was never read', () => {
    const { db, buy, hold, compute, check } = house()
    expect(check()).toBe(false)
    buy('10', '100')
    hold('10', '1500')
    expect(check()).toBe(false)
    expect(groupedPositions(db.reader, accountsIn(db.reader).accounts)).toMatchObject([
      { holdings: [{ agrees: null, ledgerQuantity: null }] },
    ])
    compute()
    expect(check()).toBe(true)
    expect(driftsOf(db.reader)).toEqual([])
  })
})
