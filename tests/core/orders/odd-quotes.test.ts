import { describe, expect, test } from 'vitest'
import { guard, type Verdict } from '../../../electron/core/orders/guardrails.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { type FactChanges, factsWith, quoteAt } from './support/order-facts.ts'

const d = Dec.of
const verdict = (changes: FactChanges): Verdict => guard(factsWith(changes))
const stops = (changes: FactChanges): string[] => verdict(changes).stops.map(({ stop }) => stop)
const said = (changes: FactChanges): unknown[] => {
  const { stops: all, needs, offMarket } = verdict(changes)
  return [all.map(({ stop }) => stop), needs, offMarket && [offMarket.price, offMarket.market]]
}
const GOES = [[], [], null]
const sale = (quantity: string, changes: Partial<OrderDraft> = {}): Partial<OrderDraft> => ({
  side: 'sell',
  quantity: d(quantity),
  ...changes,
})
const at = (price: string): Partial<OrderDraft> => ({ type: 'limit', limitPrice: d(price) })
const STUBS = quoteAt('0.01', '199999', '190')
const OPTION = { symbol: 'AAPL261218C00250000', assetClass: 'option' } as const
const options = (changes: FactChanges): FactChanges => ({ multiplier: d('100'), ...changes, draft: { ...OPTION, ...changes.draft } })

describe('what an order that opens comes to', () => {
  const short = (quantity: string, bid: string, ask: string, last: string, changes: FactChanges = {}): Verdict =>
    verdict({ quote: quoteAt(bid, ask, last), ...changes, draft: sale(quantity, { positionEffect: 'open', ...changes.draft }) })

  test('is measured by the highest of its prices, so that a bid of a cent makes no short small', () => {
    const { stops: all, worstValue } = short('1000', '0.01', '190.02', '190')
    expect(worstValue).toBe('199521')
    expect(all.map(({ stop }) => stop)).toEqual(expect.arrayContaining(['notional', 'position', 'open-value']))
    expect(short('60', '150', '190.02', '190').worstValue).toBe('11971.26')
    expect(short('60', '189', '190', '191').worstValue).toBe('12033')
    // Nobody asks less than others bid, but what was paid last may be above both.
    expect(verdict({ quote: quoteAt('189', '190', '195') }).worstValue).toBe('2047.5')
  })

  test('counts what is short already by the same price', () => {
    const of = (held: string): string[] => short('10', '185', '190', '195', { held: d(held) }).stops.map(({ stop }) => stop)
    // 117 at 195, and ten more with five percent.
    expect(of('-117')).toEqual([])
    expect(of('-118')).toEqual(['position'])
  })

  test('and one that closes is measured by what is bid, or by the market where that is more', () => {
    const closing = (quote: ReturnType<typeof quoteAt>): Dec | null => verdict({ quote, held: d('10'), draft: sale('10') }).worstValue
    expect(closing(quoteAt('189', '191', '199'))).toBe('1995')
    expect(closing(STUBS)).toBe('1995')
    expect(verdict({ quote: quoteAt('5', '8'), held: d('10'), draft: sale('10') }).worstValue).toBe('52.5')
  })

  test('is closing for an amount of money by the lowest of its prices', () => {
    const cover = (bid: string, ask: string, last: string, notional: string): boolean =>
      verdict({ quote: quoteAt(bid, ask, last), held: d('-10'), draft: { positionEffect: 'close', quantity: null, notional: d(notional) } })
        .isClosing
    expect(cover('100', '101', '100.5', '952')).toBe(true)
    expect(cover('100', '101', '100.5', '953')).toBe(false)
    expect(cover('100', '101', '99', '943')).toBe(false)
    expect(cover('100', '199999', '100', '2000')).toBe(false)
  })
})

describe('prices that contradict each other', () => {
  test.each(['open', 'closed'] as const)('let no limit through that is far from what was paid last: %s', session => {
    const around = (draft: Partial<OrderDraft>, held = Dec.zero): string[] =>
      stops({ session, confirmed: ['market-closed'], quote: STUBS, held, draft })
    expect(around(sale('40', at('1.9')))).toContain('price-off-market')
    expect(around({ quantity: d('5'), ...at('1900') })).toEqual(['price-off-market'])
    expect(around({ quantity: d('5'), ...at('199.5') })).toEqual([])
    expect(around({ quantity: d('5'), ...at('199.51') })).toEqual(['price-off-market'])
    expect(around(sale('40', at('180.5')), d('100'))).toEqual([])
    expect(around(sale('40', at('180.49')))).toContain('price-off-market')
  })

  test('stop an order at the market that opens, and say what would be allowed', () => {
    const far = { quote: quoteAt('10', '4000', '10.05'), draft: { quantity: d('2') } }
    expect(verdict(far).stops).toContainEqual({
      stop: 'price-off-market',
      details: { price: '4000', lowest: '9.5475', highest: '10.5525' },
    })
    expect(stops({ ...far, draft: { quantity: d('2'), ...at('10.55') } })).toEqual([])
    expect(stops({ ...far, draft: { quantity: d('2'), ...at('10.56') } })).toEqual(['price-off-market'])
    expect(stops({ quote: quoteAt('150', '190', '190'), draft: sale('1', { positionEffect: 'open' }) })).toEqual(['price-off-market'])
  })

  test('ask for a yes that names both where an order closes, at the market or with a limit no worse than that', () => {
    const closing = { held: d('10'), quote: quoteAt('0.01', '190', '190'), draft: sale('10') }
    expect(said(closing)).toEqual([[], ['off-market'], ['0.01', '190']])
    expect(verdict({ ...closing, confirmed: ['off-market'] })).toMatchObject({ stops: [], needs: [], isClosing: true })
    const cover = { held: d('-2'), quote: quoteAt('10', '4000', '10.05'), draft: { quantity: d('2'), positionEffect: 'close' } } as const
    expect(said(cover)).toEqual([[], ['off-market'], ['4000', '10.05']])
    expect(said({ ...closing, draft: sale('10', at('0.01')) })).toEqual([[], ['off-market'], ['0.01', '190']])
  })

  test('measure a stop by what was paid last, whatever is bid', () => {
    const protective = {
      held: d('10'),
      quote: quoteAt('150', '195', '190'),
      draft: sale('10', { type: 'stop', stopPrice: d('185') }),
    } as const
    expect(said(protective)).toEqual([[], ['off-market'], ['150', '190']])
    expect(stops({ ...protective, draft: sale('10', { type: 'stop', stopPrice: d('190.01') }) })).toEqual(['stop-on-wrong-side'])
    const limited = sale('10', { type: 'stop-limit', stopPrice: d('185'), limitPrice: d('180') })
    expect(said({ ...protective, draft: limited })).toEqual(GOES)
    expect(stops({ ...protective, draft: { ...limited, limitPrice: d('175.74') } })).toEqual(['price-off-market'])
  })

  test.each<[string, string | null, string | null, string | null]>([
    ['no last price', '5', '8', null],
    ['one side alone', null, '8', null],
    ['a last price below what is bid', '10', '20', '9.49'],
    ['a last price above what is asked', '10', '20', '21.01'],
    ['one side far above the last price', null, '20', '19'],
    ['one side far below the last price', '17', null, '18'],
  ])('leave nothing to measure what opens by: %s', (_, bid, ask, last) => {
    const quote = quoteAt(bid, ask, last)
    const isSale = ask === null
    const draft = isSale ? sale('1', { positionEffect: 'open' }) : { quantity: d('1') }
    expect(verdict({ quote, draft }).stops).toContainEqual({
      stop: 'price-unsure',
      details: { bid: bid ?? 'none', ask: ask ?? 'none', last: last ?? 'none' },
    })
    const near = (isSale ? bid : ask) ?? ''
    expect(stops({ quote, draft: { ...draft, ...at(near) } })).toEqual(['price-unsure'])
  })

  test('and ask where it closes, with what else there is to compare', () => {
    const closing = (bid: string | null, ask: string | null, last: string | null, draft: Partial<OrderDraft> = {}): unknown[] =>
      said({ held: d('10'), quote: quoteAt(bid, ask, last), draft: sale('10', draft) })
    expect(closing('5', '8', null)).toEqual([[], ['off-market'], ['5', '8']])
    expect(closing('10', '20', '9')).toEqual([[], ['off-market'], ['10', '9']])
    expect(closing('5', null, null)).toEqual([[], ['off-market'], ['5', null]])
    expect(closing('5', '8', null, at('4.8'))).toEqual([[], ['off-market'], ['4.8', '8']])
    expect(closing('5', '8', null, at('4.7'))).toEqual([['price-off-market'], ['off-market'], ['4.7', '8']])
    expect(closing('5', '8', null, { type: 'stop', stopPrice: d('4') })).toEqual([[], ['off-market'], ['5', '8']])
    const cover = { quantity: d('10'), positionEffect: 'close' } as const
    expect(said({ held: d('-10'), quote: quoteAt('5', '8'), draft: cover })).toEqual([[], ['off-market'], ['8', '5']])
  })

  test('are what nobody bids for, too: an order at the market takes any price then', () => {
    for (const bid of [null, '0']) {
      const quote = quoteAt(bid, '190.02', '190')
      expect(stops({ quote, draft: sale('1', { positionEffect: 'open' }) })).toEqual(['price-unsure'])
      expect(said({ held: d('10'), quote, draft: sale('10') })).toEqual([[], ['off-market'], [null, '190']])
      expect(said({ held: d('10'), quote, draft: sale('10', { type: 'stop', stopPrice: d('185') }) })).toEqual([
        [],
        ['off-market'],
        [null, '190'],
      ])
      expect(said({ held: d('10'), quote, draft: sale('10', at('190')) })).toEqual(GOES)
    }
    expect(stops({ quote: quoteAt('190', null, '190') })).toEqual(['price-unsure'])
    expect(said({ quote: quoteAt('190', null, '190'), draft: at('190') })).toEqual(GOES)
    // Some brokers tell the last price alone.
    expect(said({ quote: quoteAt(null, null, '190') })).toEqual(GOES)
  })

  test('are none within the collar', () => {
    expect(said({ quote: quoteAt('99', '109', null) })).toEqual(GOES)
    expect(said({ quote: quoteAt('95', '105', null) })).toEqual(GOES)
    expect(stops({ quote: quoteAt('94.99', '105.01', null) })).toEqual(['price-unsure'])
    expect(said({ quote: quoteAt('10', '20', '9.5'), draft: at('9.9') })).toEqual(GOES)
    expect(said({ quote: quoteAt('10', '20', '21'), draft: at('21') })).toEqual(GOES)
    expect(said({ quote: quoteAt(null, '19.9', '19') })).toEqual(GOES)
    expect(said({ quote: quoteAt(null, null, '19') })).toEqual(GOES)
    expect(said({ quote: quoteAt('1', '1.3', null) })).toEqual(GOES)
  })

  test('have a bid and an ask beside each other far from the last price asked about, on the side that costs', () => {
    const moved = quoteAt('119.9', '120.1', '100')
    expect(said({ quote: moved })).toEqual([[], ['off-market'], ['120.1', '100']])
    expect(said({ quote: moved, draft: at('121') })).toEqual([[], ['off-market'], ['121', '100']])
    expect(said({ quote: moved, draft: at('105') })).toEqual(GOES)
    expect(said({ quote: moved, held: d('10'), draft: sale('10') })).toEqual(GOES)
    expect(said({ quote: quoteAt('79.9', '80.1', '100'), held: d('10'), draft: sale('10') })).toEqual([[], ['off-market'], ['79.9', '100']])
    expect(verdict({ quote: moved, confirmed: ['off-market'] }).needs).toEqual([])
  })
})

describe('the prices of an option', () => {
  const closing = (bid: string | null, ask: string | null, last: string | null, draft: Partial<OrderDraft> = {}): unknown[] =>
    said(options({ held: d('2'), quote: quoteAt(bid, ask, last), draft: sale('2', { positionEffect: 'close', ...draft }) }))
  const opening = (bid: string | null, ask: string | null, last: string | null, draft: Partial<OrderDraft> = {}): string[] =>
    stops(options({ quote: quoteAt(bid, ask, last), draft: { positionEffect: 'open', quantity: d('2'), ...draft } }))

  test('lie apart: its middle counts up to an ask of three times the bid, and nothing is bought at the market far above it', () => {
    expect(opening('2', '6', null, at('4.2'))).toEqual([])
    expect(opening('2', '6', null, at('4.21'))).toEqual(['price-off-market'])
    expect(opening('2', '6.01', null, at('4.2'))).toEqual(['price-unsure'])
    expect(opening('2', '6', null)).toEqual(['price-off-market'])
    expect(closing('2', '6', null)).toEqual([[], ['off-market'], ['2', '4']])
  })

  test('say by the last one what a bid of next to nothing does not', () => {
    expect(closing('0.1', '5', '2.5')).toEqual([[], ['off-market'], ['0.1', '2.5']])
    expect(closing('0.1', '5', '2.5', at('0.1'))).toEqual([[], ['off-market'], ['0.1', '2.5']])
    expect(closing('0.1', '5', '2.5', at('2.25'))).toEqual(GOES)
    expect(opening('0.01', '20', '2.5', at('10'))).toEqual(['price-off-market'])
  })

  test('have a last one of days ago count within what is bid and asked', () => {
    expect(opening('0.5', '5', '20', at('5.25'))).toEqual([])
    expect(opening('0.5', '5', '20', at('5.26'))).toEqual(['price-off-market'])
    expect(closing('1', '5', '0.2', at('0.85'))).toEqual(GOES)
    expect(closing('1', '5', '0.2', at('0.84'))).toEqual([['price-off-market'], [], null])
    expect(opening(null, '0.05', '3', at('0.2'))).toEqual([])
    expect(opening(null, '0.05', '3', at('0.21'))).toEqual(['price-off-market'])
    expect(opening('3', null, '1', at('3.15'))).toEqual([])
    // Between sides that are near it says nothing.
    expect(opening('3.9', '4.1', '9', at('4'))).toEqual([])
    expect(closing('3.9', '4.1', '9')).toEqual(GOES)
  })

  test('may be one alone', () => {
    expect(opening(null, '0.05', null, at('0.2'))).toEqual([])
    expect(opening(null, '0.05', null, at('0.21'))).toEqual(['price-off-market'])
    expect(closing('0.05', null, null, at('0.05'))).toEqual(GOES)
  })
})
