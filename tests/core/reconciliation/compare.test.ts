import { describe, expect, test } from 'vitest'
import { differencesOf } from '../../../electron/core/reconciliation/compare.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import type { AccountFacts } from '../../../electron/core/reconciliation/facts.ts'
import { AT, book, cash, d, facts, held, move, TODAY } from './facts.ts'

const NEXT_MINUTE = Instant.plus(AT, 60_000)
const CUT = { isWhole: true, from: LocalDate.of('2024-11-20'), firstDay: LocalDate.of('2024-11-22') }

describe('what agrees', () => {
  test('is no difference', () => {
    expect(differencesOf(facts({ positions: [held('AAPL', '10')], books: [book('AAPL', '10'), book('MSFT', '0')] }))).toEqual([])
  })

  test("is compared after rows younger than the broker's figure are left out", () => {
    const recent = [
      { kind: 'trade', symbol: 'AAPL', currency: 'USD', change: d('3'), amount: d('-600'), executedAt: NEXT_MINUTE, tradeDate: TODAY },
      {
        kind: 'trade',
        symbol: 'AAPL',
        currency: 'USD',
        change: d('5'),
        amount: d('-999'),
        executedAt: Instant.plus(AT, -60_000),
        tradeDate: TODAY,
      },
    ] as const
    expect(differencesOf(facts({ positions: [held('AAPL', '10')], books: [book('AAPL', '13')], recent, ...cash('1000', '400') }))).toEqual(
      [],
    )
  })

  test('is compared with them too: a broker tells the time of its figure to the second, and some late', () => {
    const recent = [
      { kind: 'trade', symbol: 'AAPL', currency: 'USD', change: d('3'), amount: d('-600'), executedAt: NEXT_MINUTE, tradeDate: TODAY },
    ] as const
    expect(differencesOf(facts({ positions: [held('AAPL', '13')], books: [book('AAPL', '13')], recent, ...cash('400', '400') }))).toEqual(
      [],
    )
  })

  test('may be stated in several rows, and in another currency', () => {
    const positions = [held('SHOP', '4', { currency: 'CAD' }), held('SHOP', '6', { currency: 'CAD' })]
    expect(differencesOf(facts({ positions, books: [book('SHOP', '10')] }))).toEqual([])
  })

  test('leaves money listed among the holdings to the comparison of cash', () => {
    expect(
      differencesOf(facts({ positions: [held('USD', '500', { assetClass: 'cash' }), held('EUR.USD', '7', { assetClass: 'forex' })] })),
    ).toEqual([])
  })

  test('cannot be told of a broker that was never asked', () => {
    expect(differencesOf(facts({ positions: null, balances: [], books: [book('AAPL', '10')] }))).toEqual([])
  })
})

describe('a holding that differs', () => {
  test('waits while an order that filled is in no row yet', () => {
    const untold = [{ symbol: 'AAPL', change: d('5'), price: d('200'), at: AT }]
    expect(differencesOf(facts({ positions: [held('AAPL', '5')], untold }))).toMatchObject([
      { reason: 'pending', ledger: '0', broker: '5', fix: { kind: 'wait', parts: [] } },
    ])
  })

  test('waits while a broker counts trades once they settle', () => {
    const recent = [
      {
        kind: 'trade',
        symbol: 'AAPL',
        currency: 'USD',
        change: d('5'),
        amount: null,
        executedAt: null,
        tradeDate: LocalDate.of('2026-11-19'),
      },
    ] as const
    expect(differencesOf(facts({ books: [book('AAPL', '5')], recent }))).toMatchObject([{ reason: 'pending' }])
    const old = [{ ...recent[0], tradeDate: LocalDate.of('2026-11-13') }]
    expect(differencesOf(facts({ books: [book('AAPL', '5')], recent: old }))).toMatchObject([{ reason: 'missing-transfer' }])
  })

  test('that is an option waits some days after its expiry, and is closed at 0 later', () => {
    const young = differencesOf(facts({ books: [book('AAPL261120C00250000', '-2')] }))
    expect(young).toMatchObject([{ reason: 'pending', fix: { kind: 'wait' } }])
    const [old] = differencesOf(facts({ books: [book('AAPL261016C00250000', '-2')] }))
    expect(old).toMatchObject({
      reason: 'assignment',
      fix: { kind: 'close-out', parts: [{ kind: 'row', what: 'ended', quantity: '2', price: '0', day: '2026-10-16' }] },
    })
  })

  test('that is an option beside just the shares it delivers was assigned, and one fix settles option, shares and cash', () => {
    const found = differencesOf(
      facts({ positions: [held('AAPL', '-200')], books: [book('AAPL261016C00250000', '-2')], ...cash('51000', '1000') }),
    )
    expect(found.map(({ reason, symbol }) => [reason, symbol])).toEqual([
      ['assignment', 'AAPL'],
      ['assignment', 'AAPL261016C00250000'],
      ['assignment', null],
    ])
    expect(found[0]?.fix?.parts).toEqual([
      {
        kind: 'row',
        what: 'ended',
        symbol: 'AAPL261016C00250000',
        assetClass: 'option',
        currency: 'USD',
        day: '2026-10-16',
        quantity: '2',
        price: '0',
      },
      {
        kind: 'row',
        what: 'traded',
        symbol: 'AAPL',
        assetClass: 'equity',
        currency: 'USD',
        day: '2026-10-16',
        quantity: '-200',
        price: '250',
      },
      { kind: 'cash', what: 'adjustment', currency: 'USD', day: TODAY, amount: '50000' },
    ])
    expect(new Set(found.map(({ fix }) => fix))).toHaveProperty('size', 1)
  })

  test.each([
    ['a put that was short brings shares', 'P', '-1', '100'],
    ['a call that was long brings shares', 'C', '1', '100'],
    ['a put that was long takes them', 'P', '3', '-300'],
  ])('tells what is delivered: %s', (_name, right, contracts, shares) => {
    const option = `AAPL261016${right}00250000`
    const found = differencesOf(facts({ positions: [held('AAPL', shares)], books: [book(option, contracts)] }))
    expect(found.map(({ reason }) => reason)).toEqual(['assignment', 'assignment'])
  })

  test('by a ratio at the same cost is a split', () => {
    const [found] = differencesOf(
      facts({ positions: [held('NVDA', '40', { averagePrice: d('100') })], books: [book('NVDA', '10', { cost: d('4000') })] }),
    )
    expect(found).toMatchObject({
      reason: 'split',
      fix: { kind: 'split', label: 'Book the split 4:1', parts: [{ what: 'split', quantity: '30' }] },
    })
    const [reverse] = differencesOf(
      facts({ positions: [held('XYZ', '12', { averagePrice: d('80') })], books: [book('XYZ', '125', { cost: d('1000') })] }),
    )
    expect(reverse).toMatchObject({ reason: 'split', fix: { label: 'Book the split 1:10' } })
  })

  test('by a split long ago, with trades since, is found by the prices between which it lies', () => {
    const moves = [
      ['2025-03-03', '6', '445'],
      ['2025-05-05', '2', '450'],
      ['2025-06-20', '10', '46'],
      ['2025-07-01', '-4', '47'],
    ] as const
    const movesOf = () => moves.map(([day, change, price]) => move(day, change, price))
    const [found] = differencesOf(facts({ positions: [held('NVDA', '86')], books: [book('NVDA', '14')], movesOf }))
    expect(found).toMatchObject({
      reason: 'split',
      fix: { label: 'Book the split 10:1', parts: [{ what: 'split', day: '2025-06-19', quantity: '72' }] },
    })
    const [last] = differencesOf(facts({ positions: [held('NVDA', '140', { price: d('4.5') })], books: [book('NVDA', '14')], movesOf }))
    expect(last).toMatchObject({ reason: 'split', fix: { parts: [{ day: TODAY, quantity: '126' }] } })
  })

  test('by a ratio at prices that did not change as much is no split', () => {
    const moves = [
      ['2025-03-03', '5', '200'],
      ['2025-05-05', '5', '180'],
    ] as const
    const movesOf = () => moves.map(([day, change, price]) => move(day, change, price))
    for (const stated of ['11', '12', '15', '20']) {
      expect(
        differencesOf(facts({ positions: [held('AAPL', stated, { price: d('170') })], books: [book('AAPL', '10')], movesOf })),
      ).toMatchObject([{ reason: 'missing-transfer' }])
    }
  })

  test('by a ratio at another cost, or at a cost nobody knows, is no split', () => {
    const [dearer] = differencesOf(
      facts({ positions: [held('NVDA', '40', { averagePrice: d('400') })], books: [book('NVDA', '10', { cost: d('4000') })] }),
    )
    expect(dearer).toMatchObject({ reason: 'missing-transfer' })
    const [unknown] = differencesOf(facts({ positions: [held('NVDA', '40')], books: [book('NVDA', '10')] }))
    expect(unknown).toMatchObject({ reason: 'missing-transfer', fix: { parts: [{ kind: 'lot', quantity: '30', price: null }] } })
  })

  test('was transferred in where the history is whole, and is from before it where it is cut off', () => {
    const positions = [held('AAPL', '7', { averagePrice: d('150.5') })]
    const [whole] = differencesOf(facts({ positions }))
    expect(whole).toMatchObject({
      reason: 'missing-transfer',
      fix: { kind: 'opening-lot', parts: [{ kind: 'lot', quantity: '7', price: '150.5', day: '2025-03-02' }] },
    })
    const [cut] = differencesOf(facts({ positions, history: CUT }))
    expect(cut).toMatchObject({ reason: 'range-not-fetched', fix: { kind: 'opening-lot', parts: [{ day: '2024-11-21' }] } })
  })

  test('counts what was sold without being there into the lot that is missing', () => {
    const [found] = differencesOf(facts({ positions: [held('AAPL', '30')], books: [book('AAPL', '0', { missing: d('70') })] }))
    expect(found).toMatchObject({ fix: { kind: 'opening-lot', parts: [{ quantity: '100', price: null }] } })
  })

  test('is no phantom short: shares sold without having come are a lot that is missing', () => {
    const [found] = differencesOf(facts({ positions: [held('AAPL', '30')], books: [book('AAPL', '-70')] }))
    expect(found).toMatchObject({ reason: 'missing-transfer', fix: { kind: 'opening-lot', parts: [{ quantity: '100', price: null }] } })
  })

  test.each([
    ['is still open', '-10', '0', 'Alpaca holds 10 short'],
    ['was covered, which the history takes for a purchase', '0', '10', 'sells 10 AAPL that it never bought: most'],
    ['was covered in part', '-4', '6', 'Alpaca holds 4 short'],
  ])('is a short sale that %s, with one click', (_, stated, ledger, words) => {
    const books = [
      book('AAPL', ledger, {
        missing: d('10'),
        soldUnheld: [
          { row: 'r1', quantity: d('3') },
          { row: 'r2', quantity: d('7') },
        ],
      }),
    ]
    const positions = stated === '0' ? [] : [held('AAPL', stated)]
    const [found] = differencesOf(facts({ positions, books, history: CUT }))
    expect(found).toMatchObject({ reason: 'short-sale', fix: { kind: 'short-sale', opensShort: { symbol: 'AAPL', rows: ['r1', 'r2'] } } })
    expect(found?.sentence).toContain(words)
  })

  test('is no short sale where the broker says a sale closed something, or holds something else', () => {
    const sales = { missing: d('10'), soldUnheld: [{ row: 'r1', quantity: d('10') }] }
    const reason = (stated: string, more: Parameters<typeof book>[2]) =>
      differencesOf(facts({ positions: [held('AAPL', stated)], books: [book('AAPL', '0', more)] }))[0]?.reason
    expect(reason('-10', { missing: d('10') })).toBe('unknown')
    expect(reason('-9', sales)).not.toBe('short-sale')
    expect(reason('5', sales)).not.toBe('short-sale')
  })

  test('went elsewhere where the broker holds less', () => {
    const [found] = differencesOf(facts({ positions: [held('AAPL', '4')], books: [book('AAPL', '10')] }))
    expect(found).toMatchObject({ reason: 'missing-transfer', fix: { kind: 'close-out', parts: [{ what: 'delivered', quantity: '-6' }] } })
  })

  test('on the other side is for the broker to tell', () => {
    expect(differencesOf(facts({ positions: [held('AAPL', '-4')], books: [book('AAPL', '10')] }))).toMatchObject([
      { reason: 'unknown', fix: null },
    ])
  })

  test('while the history is not read whole wants it read, whatever else it looks like', () => {
    const found = differencesOf(
      facts({
        positions: [held('AAPL', '-200')],
        books: [book('AAPL261016C00250000', '-2')],
        ...cash('51000', '1000'),
        history: { ...CUT, isWhole: false },
      }),
    )
    expect(found.map(({ reason, fix }) => [reason, fix?.kind])).toEqual(
      Array.from({ length: 3 }, () => ['range-not-fetched', 'read-history']),
    )
  })
})

describe('cash that differs', () => {
  const trade = {
    kind: 'trade',
    symbol: 'AAPL',
    currency: 'USD',
    change: d('5'),
    executedAt: null,
    tradeDate: LocalDate.of('2026-11-19'),
  } as const

  test.each([
    ['all trades', '-300', [d('-500'), d('200')]],
    ['purchases alone', '-500', [d('-500'), d('200')]],
    ['sales alone', '200', [d('-500'), d('200')]],
  ])('waits for settlement: %s', (_name, unsettled, amounts) => {
    const recent = amounts.map(amount => ({ ...trade, amount }))
    const ledger = Dec.add(d('1000'), d(unsettled))
    expect(differencesOf(facts({ recent, ...cash('1000', ledger) }))).toMatchObject([{ reason: 'pending', fix: { kind: 'wait' } }])
  })

  test('waits while an order moved it that is in no row yet', () => {
    const untold = [{ symbol: 'AAPL', change: d('5'), price: d('200'), at: AT }]
    const found = differencesOf(facts({ positions: [held('AAPL', '5')], untold, ...cash('-1.25', '1000') }))
    expect(found.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['position', 'pending'],
      ['cash', 'pending'],
    ])
  })

  test('was there before a history that is cut off, once', () => {
    const [first] = differencesOf(facts({ ...cash('5000', '1000'), history: CUT }))
    expect(first).toMatchObject({
      reason: 'opening-balance',
      fix: { kind: 'opening-balance', parts: [{ kind: 'cash', what: 'opening', amount: '4000', day: '2024-11-21' }] },
    })
    const [later] = differencesOf(facts({ ...cash('5000', '1000'), history: CUT, opened: new Set(['USD']) }))
    expect(later).toMatchObject({ reason: 'missing-transfer' })
  })

  test.each([
    ['990.25', 'fee'],
    ['1009.75', 'dividend'],
    ['900', 'missing-transfer'],
    ['51000', 'missing-transfer'],
    ['4321.09', 'unknown'],
  ])('of %s for 1000 is most likely: %s', (stated, reason) => {
    const [found] = differencesOf(facts(cash(stated, '1000')))
    expect(found).toMatchObject({ reason, fix: { kind: 'cash-adjustment', parts: [{ amount: Dec.sub(d(stated), d('1000')) }] } })
  })

  test('beside rows without an amount is for the broker to tell', () => {
    const [found] = differencesOf(facts({ ...cash('1010', '1000'), unstatedIn: () => 2 }))
    expect(found).toMatchObject({ reason: 'unknown' })
    expect(found?.sentence).toContain('2 rows of the history state no amount')
  })

  test('of futures that settle each day is no fee, and goes by itself where rows tell the settlement', () => {
    const futures = { symbols: ['/ESZ26', '/CLF27'], settledUntil: null, isAtOnce: true, advice: 'Tick it.' }
    const settling = (more: Partial<AccountFacts>) => differencesOf(facts({ ...cash('987.5', '1000'), positions: null, ...more }))[0]
    expect(settling({ futuresIn: () => futures })).toMatchObject({
      reason: 'unknown',
      sentence: "Futures (/ESZ26, /CLF27) settle in cash each day, and Alpaca's history has no row of that. Tick it.",
      fix: { kind: 'cash-adjustment' },
    })
    const told = { futuresIn: () => ({ ...futures, settledUntil: LocalDate.plusDays(TODAY, -1) }) }
    const holding = { books: [book('/ESZ26', '1', { assetClass: 'future' })] }
    expect(settling({ ...told, ...holding })).toMatchObject({ reason: 'pending', fix: { kind: 'wait' } })
    expect(settling(told)).toMatchObject({ reason: 'fee' })
    const later = () => ({ ...told.futuresIn(), isAtOnce: false })
    expect(settling({ ...holding, futuresIn: later })).toMatchObject({ reason: 'fee' })
    expect(settling({ ...holding, futuresIn: () => ({ ...futures, settledUntil: LocalDate.plusDays(TODAY, -9) }) })).toMatchObject({
      reason: 'fee',
    })
  })

  test('is compared in every currency; one the broker does not list holds none', () => {
    const found = differencesOf(
      facts({
        cash: new Map([
          ['USD', d('1000')],
          ['EUR', d('12.5')],
        ]),
      }),
    )
    expect(found).toMatchObject([{ currency: 'EUR', ledger: '12.5', broker: '0' }])
  })
})
