import { describe, expect, test } from 'vitest'
import { guard, type Verdict } from '../../../electron/core/orders/guardrails.ts'
import type { OrderFacts } from '../../../electron/core/orders/order-facts.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { type FactChanges, factsWith, NOW, quoteAt } from './support/order-facts.ts'

const d = Dec.of
const verdict = (changes: FactChanges = {}): Verdict => guard(factsWith(changes))
const stops = (changes: FactChanges = {}): string[] => verdict(changes).stops.map(({ stop }) => stop)
const detail = (changes: FactChanges): Readonly<Record<string, string>> | undefined => verdict(changes).stops[0]?.details
const limit = (price: string, side: 'buy' | 'sell' = 'buy'): FactChanges['draft'] => ({ type: 'limit', limitPrice: d(price), side })
const option: FactChanges = {
  draft: {
    symbol: 'AAPL261218C00250000',
    assetClass: 'option',
    positionEffect: 'open',
    quantity: d('2'),
    type: 'limit',
    limitPrice: d('4'),
  },
  multiplier: d('100'),
  quote: quoteAt('3.9', '4.1'),
}

describe('an order that may go', () => {
  test('has neither a stop nor a need, and says what it was measured by', () => {
    expect(verdict()).toEqual({
      stops: [],
      needs: [],
      reference: '190.02',
      worstValue: '1995.21',
      isClosing: false,
      waitsForFills: false,
      offMarket: null,
    })
  })

  test('is measured the same way each time, and nothing of what it was given is touched', () => {
    const facts = factsWith(option)
    const before = JSON.stringify(facts)
    expect(guard(facts)).toEqual(guard(facts))
    expect(JSON.stringify(facts)).toBe(before)
  })
})

describe('the switches', () => {
  test.each([
    ['killed', { isKilled: true }],
    ['trading-off', { isTradingOn: false }],
    ['not-reconciled', { isReconciled: false }],
  ])('stop an order: %s', (stop, changes) => {
    expect(stops(changes)).toEqual([stop])
  })

  test('stop it all together, and what is no order as well', () => {
    expect(stops({ isKilled: true, isTradingOn: false, isReconciled: false, draft: { quantity: null } })).toEqual([
      'killed',
      'trading-off',
      'not-reconciled',
      'malformed',
    ])
  })
})

describe('the kill switch', () => {
  test('stops closing as well: cancel is what stays', () => {
    expect(stops({ isKilled: true, held: d('10'), draft: { side: 'sell' } })).toEqual(['killed'])
  })
})

describe('the day', () => {
  const lost: FactChanges = { lossToday: d('1000'), sentToday: 50 }

  test('that has lost its limit or seen its count opens nothing', () => {
    expect(stops(lost)).toEqual(['orders-per-day', 'daily-loss'])
    expect(detail({ lossToday: d('1000') })).toEqual({ value: '1000', most: '1000' })
    expect(detail({ sentToday: 50 })).toEqual({ value: '50', most: '50' })
    expect(stops({ lossToday: d('999.99'), sentToday: 49 })).toEqual([])
  })

  test('lets positions be closed all the same', () => {
    expect(verdict({ ...lost, held: d('10'), draft: { side: 'sell' } })).toMatchObject({ stops: [], isClosing: true })
    expect(verdict({ ...lost, held: d('-10'), draft: { side: 'buy', positionEffect: 'close' } })).toMatchObject({
      stops: [],
      isClosing: true,
    })
    expect(stops({ lossToday: null, held: d('10'), draft: { side: 'sell' } })).toEqual([])
  })

  test.each<[string, FactChanges]>([
    ['more than is held', { held: d('9.99'), draft: { side: 'sell' } }],
    [
      'what other orders close already',
      { held: d('15'), draft: { side: 'sell' }, working: [{ symbol: 'AAPL', side: 'sell', quantity: d('6'), value: d('1') }] },
    ],
    ['the same side', { held: d('10'), draft: { side: 'buy' } }],
    ['a short of the same side', { held: d('-10'), draft: { side: 'sell' } }],
    ['what says that it opens', { held: d('10'), draft: { side: 'sell', positionEffect: 'open' } }],
    ['nothing held', { draft: { side: 'sell', positionEffect: 'close' } }],
    ['an amount worth more than there is', { held: d('10'), draft: { side: 'sell', quantity: null, notional: d('1810') } }],
  ])('does not take for closing: %s', (_, changes) => {
    expect(verdict({ ...lost, ...changes }).isClosing).toBe(false)
    expect(stops({ ...lost, ...changes })).toContain('daily-loss')
  })

  test('takes an amount of money for closing while the position is worth it with five percent to spare', () => {
    expect(verdict({ ...lost, held: d('10'), draft: { side: 'sell', quantity: null, notional: d('1809') } })).toMatchObject({
      isClosing: true,
      stops: [],
    })
  })

  test('takes an amount of money for closing up to the last cent that leaves five percent', () => {
    const sale = (notional: string): FactChanges => ({
      quote: quoteAt('189', '189.1'),
      held: d('10'),
      draft: { side: 'sell', quantity: null, notional: d(notional) },
    })
    expect(verdict(sale('1800')).isClosing).toBe(true)
    expect(verdict(sale('1800.01')).isClosing).toBe(false)
  })

  test('asks before it closes what an order nobody can read may close already', () => {
    const unread = (quantity: string): FactChanges['working'] =>
      (['buy', 'sell'] as const).map(side => ({ symbol: '', side, quantity: d(quantity), value: null }))
    const sale = { held: d('90'), draft: { side: 'sell', quantity: d('40') } } as const
    expect(verdict({ ...sale, working: unread('50') })).toMatchObject({ stops: [], needs: [], isClosing: true })
    expect(verdict({ ...sale, working: unread('51') })).toMatchObject({ stops: [], needs: ['unread-orders'], isClosing: true })
    expect(verdict({ ...sale, working: unread('51'), confirmed: ['unread-orders'] }).needs).toEqual([])
    // What opens is stopped beside it.
    expect(verdict({ draft: { quantity: d('40') }, working: unread('51') })).toMatchObject({ needs: [], isClosing: false })
    const other = [{ symbol: '', side: 'buy' as const, quantity: d('51'), value: null }]
    expect(verdict({ ...sale, working: other }).needs).toEqual([])
    const fills = { sold: d('20'), bought: d('0') }
    expect(verdict({ ...sale, working: unread('30'), unshown: fills }).needs).toEqual([])
    expect(verdict({ ...sale, working: unread('31'), unshown: fills }).needs).toEqual(['unread-orders'])
  })

  test('takes no plain purchase of stock for closing, since brokers are told that it opens: what closes a short is a cover', () => {
    const short = (draft: FactChanges['draft']): boolean => verdict({ held: d('-10'), draft }).isClosing
    expect(short({})).toBe(false)
    expect(short({ assetClass: 'fund' })).toBe(false)
    expect(short({ positionEffect: 'close' })).toBe(true)
    // A future has no other word.
    expect(short({ assetClass: 'future', symbol: '/ESZ26' })).toBe(true)
    expect(short({ assetClass: 'crypto', symbol: 'BTC/USD' })).toBe(true)
  })

  test('cannot take an amount of money for closing without a price or a multiplier', () => {
    const sale: FactChanges = { ...lost, held: d('10'), draft: { side: 'sell', quantity: null, notional: d('1') } }
    expect(verdict({ ...sale, quote: null }).isClosing).toBe(false)
    expect(verdict({ ...sale, multiplier: null }).isClosing).toBe(false)
  })

  test('counts other orders for closing only when they are for the same symbol and side', () => {
    const working = [
      { symbol: 'MSFT', side: 'sell' as const, quantity: d('10'), value: d('1') },
      { symbol: 'AAPL', side: 'buy' as const, quantity: d('10'), value: d('1') },
    ]
    expect(verdict({ held: d('10'), draft: { side: 'sell' }, working }).isClosing).toBe(true)
  })

  test('opens nothing while its loss is not known', () => {
    expect(stops({ lossToday: null })).toEqual(['loss-unknown'])
  })

  test('counts a minute by itself, for closing too', () => {
    expect(stops({ sentLastMinute: 4 })).toEqual([])
    expect(stops({ sentLastMinute: 5, held: d('10'), draft: { side: 'sell' } })).toEqual(['orders-per-minute'])
    expect(stops({ sentLastMinute: Number.NaN, sentToday: Number.NaN })).toEqual(['orders-per-minute', 'orders-per-day'])
  })
})

describe('the price it is measured by', () => {
  test.each<[string, OrderFacts['quote'], 'buy' | 'sell', string | null]>([
    ['the ask for a purchase', quoteAt('189', '191', '190'), 'buy', '191'],
    ['the bid for a sale', quoteAt('189', '191', '190'), 'sell', '189'],
    ['the last one without an ask', quoteAt('189', null, '190'), 'buy', '190'],
    ['the last one for a bid of nothing', quoteAt('0', '191', '190'), 'sell', '190'],
    ['the last one for a bid below nothing', quoteAt('-1', '191', '190'), 'sell', '190'],
    ['bid and ask that are the same', quoteAt('190', '190'), 'buy', '190'],
    ['none when bid and ask contradict each other', quoteAt('191', '190', '190'), 'buy', null],
    ['none when nobody says one', quoteAt(null, null), 'buy', null],
    ['none when all there is is zero', quoteAt('0', '0', '0'), 'buy', null],
    ['none without a quote', null, 'sell', null],
  ])('is %s', (_, quote, side, expected) => {
    const draft = limit(expected ?? '190', side)
    expect(verdict({ quote, draft }).reference).toBe(expected)
    expect(stops({ quote, draft }).some(stop => stop === 'no-price' || stop === 'price-unsure')).toBe(expected === null)
  })

  test('stops a market order, a limit order and one that closes when there is none', () => {
    expect(stops({ quote: null })).toEqual(['no-price'])
    expect(stops({ quote: null, draft: limit('1') })).toEqual(['no-price'])
    expect(stops({ quote: null, held: d('10'), draft: { side: 'sell' } })).toEqual(['no-price'])
    expect(verdict({ quote: null }).worstValue).toBeNull()
  })

  test('is stale after five seconds, and so is one from the future', () => {
    expect(stops({ quote: quoteAt('189', '190', null, 5_000) })).toEqual([])
    expect(stops({ quote: quoteAt('189', '190', null, -5_000) })).toEqual([])
    expect(stops({ quote: quoteAt('189', '190', null, 5_001) })).toEqual(['stale-price'])
    expect(stops({ quote: quoteAt('189', '190', null, -5_001) })).toEqual(['stale-price'])
    expect(detail({ quote: quoteAt('189', '190', null, 5_001) })).toEqual({ seconds: '5' })
    expect(stops({ limits: { quoteMaxAgeMs: Number.NaN } })).toEqual(['stale-price'])
  })

  test('counts for nothing while multiplier or currency are not known', () => {
    expect(stops({ multiplier: null })).toEqual(['multiplier-unknown'])
    expect(stops({ multiplier: Dec.zero })).toEqual(['multiplier-unknown'])
    expect(stops({ multiplier: d('-1') })).toEqual(['multiplier-unknown'])
    expect(stops({ toAccountCurrency: null })).toEqual(['currency-unknown'])
    expect(stops({ toAccountCurrency: Dec.zero })).toEqual(['currency-unknown'])
  })
})

describe('the collar', () => {
  test.each<[string, 'buy' | 'sell', string | null, string | null, string, string, string[]]>([
    ['a purchase at its upper edge', 'buy', '105', null, '99', '101', []],
    ['a purchase above it', 'buy', '105.01', null, '99', '101', ['price-off-market']],
    ['a purchase far below the market', 'buy', '50', null, '99', '100', []],
    ['a sale at its lower edge', 'sell', '95', null, '99', '101', []],
    ['a sale below it', 'sell', '94.99', null, '99', '101', ['price-off-market']],
    ['a sale far above the market', 'sell', '150', null, '100', '101', []],
    ['a price of three dollars, by percent', 'buy', '3.15', null, '2.99', '3.01', []],
    ['a price of three dollars, over its percent', 'buy', '3.16', null, '2.99', '3.01', ['price-off-market']],
    ['something cheap, by ten percent', 'buy', '2.2', null, '1.95', '2.05', []],
    ['something cheap, over ten percent', 'buy', '2.21', null, '1.95', '2.05', ['price-off-market']],
    ['something very cheap, by fifteen cents', 'buy', '0.35', null, '0.15', '0.25', []],
    ['something very cheap, over fifteen cents', 'buy', '0.3501', null, '0.15', '0.25', ['price-off-market']],
    ['a cheap sale, by fifteen cents', 'sell', '0.85', null, '0.95', '1.05', []],
    ['a cheap sale, over fifteen cents', 'sell', '0.8499', null, '0.95', '1.05', ['price-off-market']],
    ['a stop at the market', 'buy', null, '100', '99', '100', []],
    ['a stop that the market has passed', 'buy', null, '99.99', '99', '100', ['stop-on-wrong-side']],
    ['a stop to sell at the market', 'sell', null, '99', '99', '100', []],
    ['a stop to sell that the market has passed', 'sell', null, '99.01', '99', '100', ['stop-on-wrong-side']],
    ['a stop-limit within five percent of its stop', 'buy', '115.5', '110', '99', '100', []],
    ['a stop-limit over five percent of its stop', 'buy', '115.51', '110', '99', '100', ['price-off-market']],
    ['a stop-limit to sell under five percent of its stop', 'sell', '85.49', '90', '99', '100', ['price-off-market']],
  ])('looks at %s', (_, side, limitPrice, stopPrice, bid, ask, expected) => {
    const type = limitPrice === null ? 'stop' : stopPrice === null ? 'limit' : 'stop-limit'
    const draft = {
      side,
      type,
      quantity: d('1'),
      limitPrice: limitPrice === null ? null : d(limitPrice),
      stopPrice: stopPrice === null ? null : d(stopPrice),
    } as const
    expect(stops({ draft, quote: quoteAt(bid, ask) })).toEqual(expected)
  })

  test('says what would be allowed', () => {
    expect(detail({ draft: limit('210'), quote: quoteAt('99', '101') })).toEqual({ price: '210', lowest: '95', highest: '105' })
    expect(detail({ draft: { type: 'stop', stopPrice: d('99') }, quote: quoteAt('99', '100') })).toEqual({ price: '99', market: '100' })
  })

  test('is as wide as the user wants it, for cheap things at least ten percent', () => {
    expect(stops({ draft: limit('109'), quote: quoteAt('99', '101'), limits: { collarPercent: d('9') } })).toEqual([])
    expect(stops({ draft: limit('2.4'), quote: quoteAt('1.9', '2.1'), limits: { collarPercent: d('20') } })).toEqual([])
    expect(stops({ draft: limit('2.41'), quote: quoteAt('1.9', '2.1'), limits: { collarPercent: d('20') } })).toEqual(['price-off-market'])
  })

  test('of an option goes around the middle, since its sides may lie far apart', () => {
    const wide = { ...option, quote: quoteAt('3', '7') }
    expect(stops({ ...wide, draft: { ...option.draft, limitPrice: d('5.25') } })).toEqual([])
    expect(stops({ ...wide, draft: { ...option.draft, limitPrice: d('5.26') } })).toEqual(['price-off-market'])
    expect(stops({ ...wide, draft: { ...option.draft, side: 'sell', limitPrice: d('4.74') } })).toEqual(['price-off-market'])
    // With one side only there is no middle.
    expect(stops({ ...option, quote: quoteAt(null, '4'), draft: { ...option.draft, limitPrice: d('4.2') } })).toEqual([])
    expect(stops({ ...option, quote: quoteAt('0', '4'), draft: { ...option.draft, limitPrice: d('4.21') } })).toEqual(['price-off-market'])
    expect(
      stops({
        ...wide,
        draft: { ...option.draft, assetClass: 'future-option', symbol: './ESZ26 EW4X26 261127C5750', limitPrice: d('5.26') },
      }),
    ).toEqual(['price-off-market'])
  })
})

describe('steps of a price', () => {
  test.each<[string, FactChanges, string[]]>([
    ['half a cent over a dollar', { draft: limit('190.005') }, ['tick']],
    ['a hundredth of a cent below a dollar', { draft: limit('0.9999'), quote: quoteAt('0.9', '0.95') }, []],
    ['a thousandth of a cent', { draft: limit('0.95001'), quote: quoteAt('0.9', '0.95') }, ['tick']],
    ['a stop between two cents', { draft: { type: 'stop', stopPrice: d('191.001') } }, ['tick']],
    ['an option in cents', option, []],
    ['an option between two cents', { ...option, draft: { ...option.draft, limitPrice: d('4.005') } }, ['tick']],
    [
      'the E-mini between two quarters',
      {
        draft: { ...limit('6000.1'), symbol: '/ESZ26', assetClass: 'future', quantity: d('1') },
        quote: quoteAt('5999', '6000'),
        multiplier: d('50'),
        limits: { maxNotional: d('1000000'), maxPosition: d('1000000'), maxOpenValue: d('1000000') },
      },
      ['tick'],
    ],
    [
      'the E-mini on a quarter',
      {
        draft: { ...limit('6000.25'), symbol: '/ESZ26', assetClass: 'future', quantity: d('1') },
        quote: quoteAt('5999', '6000'),
        multiplier: d('50'),
        limits: { maxNotional: d('1000000'), maxPosition: d('1000000'), maxOpenValue: d('1000000') },
      },
      [],
    ],
    [
      'crypto, whose steps only the broker knows',
      {
        draft: { ...limit('90000.123456'), symbol: 'BTC/USD', assetClass: 'crypto', quantity: d('0.01') },
        quote: quoteAt('90000', '90001'),
      },
      [],
    ],
  ])('knows %s', (_, changes, expected) => {
    expect(stops(changes)).toEqual(expected)
  })

  test('says which step', () => {
    expect(detail({ draft: limit('190.005') })).toEqual({ price: '190.005', tick: '0.01' })
  })
})

describe('sizes', () => {
  test('of an amount are told as what it buys, rounded up', () => {
    expect(detail({ draft: { quantity: null, notional: d('1000.0000001') }, quote: quoteAt('1', '1') })).toEqual({
      value: '1000.0001',
      most: '1000',
    })
    expect(detail({ draft: { quantity: null, notional: d('2000') }, quote: quoteAt('0.9', '0.9') })).toEqual({
      value: '2222.2223',
      most: '1000',
    })
  })

  test.each<[string, FactChanges, string[]]>([
    ['as many as allowed', { draft: { quantity: d('1000') }, quote: quoteAt('0.9', '0.9') }, []],
    ['one more', { draft: { quantity: d('1000.01') }, quote: quoteAt('0.9', '0.9') }, ['quantity']],
    ['an amount that buys a thousand', { draft: { quantity: null, notional: d('900') }, quote: quoteAt('0.9', '0.9') }, []],
    ['an amount that buys more', { draft: { quantity: null, notional: d('900.01') }, quote: quoteAt('0.9', '0.9') }, ['quantity']],
    ['as much money as allowed', { draft: { ...limit('100'), quantity: d('100') }, quote: quoteAt('99', '100') }, []],
    ['a cent more', { draft: { ...limit('100.01'), quantity: d('100') }, quote: quoteAt('99', '100') }, ['notional']],
    ['a market order, five percent over the price', { draft: { quantity: d('96') }, quote: quoteAt('99', '100') }, ['notional']],
    [
      'a sale with a high limit, by its limit',
      { draft: { ...limit('150', 'sell'), quantity: d('67') }, quote: quoteAt('100', '101') },
      ['notional'],
    ],
    [
      'a sale with a low limit, by the market',
      { draft: { ...limit('95', 'sell'), quantity: d('96') }, quote: quoteAt('100', '100') },
      ['notional'],
    ],
    [
      'a stop to buy, five percent over its stop',
      { draft: { type: 'stop', stopPrice: d('150'), quantity: d('64') }, quote: quoteAt('99', '100') },
      ['notional'],
    ],
    [
      'a stop-limit to buy, by its limit',
      { draft: { type: 'stop-limit', stopPrice: d('150'), limitPrice: d('151'), quantity: d('66') }, quote: quoteAt('99', '100') },
      [],
    ],
    [
      'a stop to sell, by the market',
      { draft: { side: 'sell', type: 'stop', stopPrice: d('50'), quantity: d('96') }, quote: quoteAt('100', '101') },
      ['notional'],
    ],
    ['contracts of a hundred', { ...option, draft: { ...option.draft, quantity: d('25') } }, []],
    ['one contract more', { ...option, draft: { ...option.draft, quantity: d('26') } }, ['notional']],
    ['an amount of money', { draft: { quantity: null, notional: d('10000') } }, []],
    ['a cent over the amount', { draft: { quantity: null, notional: d('10000.01') } }, ['notional']],
    ['another currency', { draft: { quantity: d('50') }, toAccountCurrency: d('1.25') }, ['notional']],
    ['an amount in another currency', { draft: { quantity: null, notional: d('9000') }, toAccountCurrency: d('1.25') }, ['notional']],
    [
      'a position to close that is too large for one order',
      { held: d('2000'), draft: { side: 'sell', quantity: d('2000') }, quote: quoteAt('1', '1') },
      ['quantity'],
    ],
  ])('count %s', (_, changes, expected) => {
    expect(stops(changes)).toEqual(expected)
  })

  test('say what it is and what is allowed', () => {
    expect(detail({ draft: { quantity: d('1001') }, quote: quoteAt('0.9', '0.9') })).toEqual({ value: '1001', most: '1000' })
  })
})

describe('positions', () => {
  const at100: FactChanges = { quote: quoteAt('100', '100'), draft: { ...limit('100'), quantity: d('50') } }

  test.each<[string, FactChanges, string[]]>([
    ['what is held', { held: d('200') }, []],
    ['one too many held', { held: d('200.01') }, ['position']],
    [
      'what works for the same side',
      { held: d('100'), working: [{ symbol: 'AAPL', side: 'buy', quantity: d('100.01'), value: d('1') }] },
      ['position'],
    ],
    [
      'what works for the same side at its own worst',
      { held: d('100'), working: [{ symbol: 'AAPL', side: 'buy', quantity: d('1'), value: d('10000.01') }] },
      ['position'],
    ],
    ['nothing that works elsewhere', { held: d('100'), working: [{ symbol: 'MSFT', side: 'buy', quantity: d('900'), value: d('1') }] }, []],
    [
      'nothing that works the other way',
      { held: d('100'), working: [{ symbol: 'AAPL', side: 'sell', quantity: d('900'), value: d('1') }] },
      [],
    ],
    [
      'no short position for a purchase that turns it',
      { held: d('-400'), draft: { ...limit('100'), quantity: d('50'), positionEffect: 'open' } },
      ['held-other-way'],
    ],
    [
      'no long position for a sale that turns it',
      { held: d('400'), draft: { ...limit('100', 'sell'), quantity: d('50'), positionEffect: 'open' } },
      ['held-other-way'],
    ],
  ])('count %s', (_, changes, expected) => {
    expect(stops({ ...at100, ...changes })).toEqual(expected)
  })

  test('count shorts for a sale', () => {
    const sale: FactChanges = { quote: quoteAt('100', '100'), draft: { ...limit('105', 'sell'), quantity: d('40') } }
    expect(stops({ ...sale, held: d('-208') })).toEqual([])
    expect(stops({ ...sale, held: d('-208.01') })).toEqual(['position'])
    expect(detail({ ...sale, held: d('-208.01') })).toEqual({ value: '25001', most: '25000' })
  })

  test('are not asked for by what closes them', () => {
    expect(stops({ quote: quoteAt('100', '100'), held: d('900'), draft: { side: 'sell', quantity: d('90') } })).toEqual([])
  })
})

describe('all orders together', () => {
  const at100: FactChanges = { quote: quoteAt('100', '100'), draft: { ...limit('100'), quantity: d('50') } }
  const others = (value: string | null): FactChanges['working'] => [
    { symbol: 'MSFT', side: 'buy', quantity: d('1'), value: value === null ? null : d(value) },
  ]

  test('may be worth as much as allowed', () => {
    expect(stops({ ...at100, working: others('20000') })).toEqual([])
    expect(stops({ ...at100, working: others('20000.01') })).toEqual(['open-value'])
    expect(detail({ ...at100, working: others('20000.01') })).toEqual({ value: '25000.01', most: '25000' })
  })

  test('leave no room while nobody can value one of them', () => {
    expect(verdict({ ...at100, working: others(null) }).stops).toEqual([
      { stop: 'open-value', details: { value: 'unknown', most: '25000' } },
    ])
  })

  test('are not asked for by what closes a position', () => {
    expect(stops({ ...at100, held: d('50'), draft: { ...limit('100', 'sell'), quantity: d('50') }, working: others('90000') })).toEqual([])
  })
})

describe('lists of symbols', () => {
  const future: FactChanges = {
    draft: { ...limit('6000.25'), symbol: '/ESZ26', assetClass: 'future', quantity: d('1') },
    quote: quoteAt('6000', '6000.25'),
    multiplier: d('50'),
  }
  const roomy = { maxNotional: d('1000000'), maxPosition: d('1000000'), maxOpenValue: d('1000000') }
  test.each<[string, FactChanges, string[]]>([
    ['a symbol on the list not to trade', { limits: { deny: ['AAPL'] } }, ['symbol-denied']],
    ['it however it is written', { limits: { deny: [' aapl '] } }, ['symbol-denied']],
    ['an option by its underlying', { ...option, limits: { deny: ['AAPL'] } }, ['symbol-denied']],
    ['an option by itself', { ...option, limits: { deny: ['AAPL261218C00250000'] } }, ['symbol-denied']],
    ['another symbol', { limits: { deny: ['MSFT'] } }, []],
    ['a class of shares with another mark in it', { draft: { symbol: 'BRK/B' }, limits: { deny: ['brk.b'] } }, ['symbol-denied']],
    ['a coin by itself', { draft: { symbol: 'BTC/USD', assetClass: 'crypto' }, limits: { deny: ['BTC'] } }, ['symbol-denied']],
    ['a coin with its currency', { draft: { symbol: 'BTC/USD', assetClass: 'crypto' }, limits: { deny: ['btcusd'] } }, ['symbol-denied']],
    ['a future by its root', { ...future, limits: { ...roomy, deny: ['/es'] } }, ['symbol-denied']],
    ['a stock that is spelled like the root of a future', { ...future, limits: { ...roomy, deny: ['ES'] } }, []],
    ['a future whose root is on the list to trade', { ...future, limits: { ...roomy, allow: ['/ES'] } }, []],
    [
      'a coin that is spelled like a stock to trade',
      { draft: { symbol: 'BTC/USD', assetClass: 'crypto' }, limits: { allow: ['BTC'] } },
      ['symbol-not-allowed'],
    ],
    ['a symbol on the list to trade', { limits: { allow: ['AAPL'] } }, []],
    ['an option whose underlying is on it', { ...option, limits: { allow: ['aapl'] } }, []],
    ['a symbol that is not on it', { limits: { allow: ['MSFT'] } }, ['symbol-not-allowed']],
    ['a list to trade with nothing on it', { limits: { allow: [] } }, ['symbol-not-allowed']],
    ['a symbol on both', { limits: { allow: ['AAPL'], deny: ['AAPL'] } }, ['symbol-denied']],
  ])('know %s', (_, changes, expected) => {
    expect(stops(changes)).toEqual(expected)
    expect(detail(changes)).toEqual(expected.length > 0 ? { symbol: changes.draft?.symbol ?? 'AAPL' } : undefined)
  })
})

describe('the hours of the market', () => {
  test.each<[OrderFacts['session'], FactChanges['draft'], string[], string[]]>([
    ['open', {}, [], []],
    ['extended', {}, ['market-closed'], ['market-closed']],
    ['closed', {}, ['market-closed'], ['market-closed']],
    ['closed', { type: 'stop', stopPrice: d('195') }, ['market-closed'], ['market-closed']],
    [
      'extended',
      { type: 'trailing-stop', trail: { kind: 'percent', value: d('5') }, extendedHours: true },
      ['market-closed'],
      ['market-closed'],
    ],
    ['extended', { ...limit('190'), extendedHours: true }, [], []],
    ['extended', limit('190'), [], ['market-closed']],
    ['extended', { type: 'stop-limit', stopPrice: d('195'), limitPrice: d('196'), extendedHours: true }, [], ['market-closed']],
    ['closed', { ...limit('190'), extendedHours: true }, [], ['market-closed']],
    ['closed', limit('190'), [], ['market-closed']],
    ['extended', { type: 'market', extendedHours: true }, ['market-closed'], ['market-closed']],
    ['closed', { timeInForce: 'opg' }, [], ['market-closed']],
    ['extended', { timeInForce: 'cls' }, [], ['market-closed']],
    ['open', { timeInForce: 'opg' }, [], ['market-closed']],
    ['closed', { timeInForce: 'gtc' }, ['market-closed'], ['market-closed']],
    ['closed', { type: 'stop', stopPrice: d('195'), timeInForce: 'opg' }, ['market-closed'], ['market-closed']],
  ])('%s: %o', (session, draft = {}, expected, needs) => {
    const found = verdict({ session, draft })
    expect(found.stops.map(({ stop }) => stop)).toEqual(expected)
    expect(found.needs).toEqual(needs)
    expect(verdict({ session, draft, confirmed: ['market-closed'] }).needs).toEqual([])
    expect(verdict({ session, draft, confirmed: ['duplicate'] }).needs).toEqual(needs)
  })
})

describe('a twin', () => {
  const twin = (changes: Partial<OrderFacts['recent'][number]> = {}, ageMs = 1_000): FactChanges => ({
    recent: [{ symbol: 'AAPL', side: 'buy', quantity: d('10'), notional: null, at: Instant.plus(NOW, -ageMs), ...changes }],
  })

  test('within a minute wants a second yes', () => {
    expect(verdict(twin()).needs).toEqual(['duplicate'])
    expect(verdict(twin({}, 60_000)).needs).toEqual(['duplicate'])
    expect(verdict(twin({}, -60_000)).needs).toEqual(['duplicate'])
    expect(verdict({ ...twin(), confirmed: ['duplicate'] }).needs).toEqual([])
  })

  test('is one for the same symbol, side and size only, and for a minute', () => {
    for (const other of [
      twin({}, 60_001),
      twin({}, -60_001),
      twin({ symbol: 'MSFT' }),
      twin({ side: 'sell' }),
      twin({ quantity: d('11') }),
      twin({ quantity: null, notional: d('10') }),
    ])
      expect(verdict(other).needs).toEqual([])
  })

  test('by an amount of money is one for the same amount only', () => {
    const asked: FactChanges = { draft: { quantity: null, notional: d('200') } }
    expect(verdict({ ...asked, ...twin({ quantity: null, notional: d('200') }) }).needs).toEqual(['duplicate'])
    expect(verdict({ ...asked, ...twin({ quantity: null, notional: d('201') }) }).needs).toEqual([])
  })

  test('may be one of an amount of money', () => {
    expect(verdict({ ...twin({ quantity: null, notional: d('500') }), draft: { quantity: null, notional: d('500') } }).needs).toEqual([
      'duplicate',
    ])
  })
})

describe('what is no order', () => {
  test.each<[string, FactChanges['draft']]>([
    ['no size', { quantity: null }],
    ['two sizes', { notional: d('100') }],
    ['nothing', { quantity: Dec.zero }],
    ['less than nothing', { quantity: d('-1') }],
    ['an amount of nothing', { quantity: null, notional: Dec.zero }],
    ['a limit order without a limit', { type: 'limit' }],
    ['a market order with one', { limitPrice: d('190') }],
    ['a stop order without a stop', { type: 'stop' }],
    ['a limit order with a stop', { ...limit('190'), stopPrice: d('190') }],
    ['a stop-limit with half of it', { type: 'stop-limit', stopPrice: d('195') }],
    ['a stop order with a limit', { type: 'stop', stopPrice: d('195'), limitPrice: d('195') }],
    ['a limit of nothing', limit('0')],
    ['a limit below nothing', limit('-5')],
    ['a trailing stop that trails nothing', { type: 'trailing-stop' }],
    ['a market order that trails', { trail: { kind: 'amount', value: d('1') } }],
    ['a trail of nothing', { type: 'trailing-stop', trail: { kind: 'amount', value: Dec.zero } }],
    ['a trail of everything', { type: 'trailing-stop', trail: { kind: 'percent', value: d('100') } }],
    ['half a contract', { ...option.draft, quantity: d('1.5') }],
    ['a contract that neither opens nor closes', { ...option.draft, positionEffect: null }],
    ['an amount of contracts', { ...option.draft, quantity: null, notional: d('500') }],
    [
      'half an option on a future',
      { ...option.draft, symbol: './ESZ26 EW4X26 261127C5750', assetClass: 'future-option', quantity: d('0.5') },
    ],
    [
      'an option on a future that neither opens nor closes',
      { ...option.draft, symbol: './ESZ26 EW4X26 261127C5750', assetClass: 'future-option', positionEffect: null },
    ],
    ['half a future', { symbol: '/ESZ26', assetClass: 'future', quantity: d('0.5') }],
    ['a trillion', { quantity: d('1000000000000') }],
    ['thirteen decimals', { quantity: d('0.0000000000001') }],
  ])('%s', (_, draft) => {
    expect(verdict({ draft })).toEqual({
      stops: [{ stop: 'malformed', details: {} }],
      needs: [],
      reference: null,
      worstValue: null,
      isClosing: false,
      waitsForFills: false,
      offMarket: null,
    })
  })

  test.each<[string, FactChanges['draft']]>([
    ['just below a trillion', { quantity: d('999999999999') }],
    ['twelve decimals', { quantity: d('0.000000000001') }],
    ['a trail below everything', { type: 'trailing-stop', trail: { kind: 'percent', value: d('99.9') } }],
    ['a trail of an amount over a hundred', { type: 'trailing-stop', trail: { kind: 'amount', value: d('150') } }],
    ['a future that says neither open nor close', { symbol: '/ESZ26', assetClass: 'future', quantity: d('1') }],
    ['an effect on a stock', { positionEffect: 'open' }],
  ])('unlike %s', (_, draft) => {
    expect(stops({ draft })).not.toContain('malformed')
  })
})
