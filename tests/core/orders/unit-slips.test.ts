import { describe, expect, test } from 'vitest'
import { guard } from '../../../electron/core/orders/guardrails.ts'
import { multiplierOf } from '../../../electron/core/orders/multiplier.ts'
import type { OrderFacts } from '../../../electron/core/orders/order-facts.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderDraft } from '../../../shared/domain/order.ts'
import { type FactChanges, factsWith, quoteAt } from './support/order-facts.ts'

const OPTION = 'AAPL261218C00250000'

interface Slip {
  readonly is: string
  readonly meant?: string
  readonly order: Partial<
    Record<
      'symbol' | 'assetClass' | 'side' | 'positionEffect' | 'type' | 'quantity' | 'notional' | 'limitPrice' | 'stopPrice',
      string | null
    >
  >
  readonly quote: readonly [bid: string | null, ask: string | null, last?: string]
  readonly held?: string
  readonly rate?: string | null
  readonly limits?: FactChanges['limits']
  /** What it is stopped for; nothing when it may go. */
  readonly stops: readonly string[]
}

const STOCK = { symbol: 'AAPL', assetClass: 'equity', side: 'buy', type: 'market' } as const
const CONTRACT = { symbol: OPTION, assetClass: 'option', side: 'buy', positionEffect: 'open', type: 'limit' } as const
const EMINI = { symbol: '/ESZ26', assetClass: 'future', side: 'buy', type: 'limit' } as const
const MICRO = { symbol: '/MESZ26', assetClass: 'future', side: 'buy', type: 'limit' } as const
const COIN = { symbol: 'BTC/USD', assetClass: 'crypto', side: 'buy', type: 'market' } as const
const at190 = ['189.98', '190.02'] as const
const at4 = ['3.95', '4.05'] as const
const roomy = { maxNotional: Dec.of('500000'), maxPosition: Dec.of('500000'), maxOpenValue: Dec.of('500000') }

/** Slips of a unit as they are made at a ticket, and the same order as it was meant. */
const SLIPS: readonly Slip[] = [
  // Shares and dollars.
  {
    is: 'dollars typed as shares',
    order: { ...STOCK, quantity: '5000' },
    quote: at190,
    stops: ['quantity', 'notional', 'position', 'open-value'],
  },
  { is: 'shares as meant', order: { ...STOCK, quantity: '26' }, quote: at190, stops: [] },
  { is: 'a hundred dollars as shares', order: { ...STOCK, quantity: '100' }, quote: at190, stops: ['notional'] },
  { is: 'shares typed as dollars', order: { ...STOCK, notional: '26' }, quote: at190, stops: [] },
  { is: 'dollars as meant', order: { ...STOCK, notional: '5000' }, quote: at190, stops: [] },
  {
    is: 'cents typed as dollars',
    order: { ...STOCK, notional: '500000' },
    quote: at190,
    stops: ['quantity', 'notional', 'position', 'open-value'],
  },
  { is: 'one digit too many', order: { ...STOCK, quantity: '260' }, quote: at190, stops: ['notional', 'position', 'open-value'] },
  {
    is: 'a share price as the quantity',
    order: { ...STOCK, quantity: '190' },
    quote: at190,
    stops: ['notional', 'position', 'open-value'],
  },
  { is: 'thousands of a penny stock', order: { ...STOCK, symbol: 'PENNY', quantity: '5000' }, quote: ['0.4', '0.41'], stops: ['quantity'] },
  { is: 'quantity and amount at once', order: { ...STOCK, quantity: '26', notional: '5000' }, quote: at190, stops: ['malformed'] },
  // Shares, contracts, lots.
  {
    is: 'shares typed as contracts',
    order: { ...CONTRACT, quantity: '100', limitPrice: '4' },
    quote: at4,
    stops: ['notional', 'position', 'open-value'],
  },
  { is: 'contracts as meant', order: { ...CONTRACT, quantity: '1', limitPrice: '4' }, quote: at4, stops: [] },
  { is: 'contracts typed as shares of the underlying', order: { ...STOCK, quantity: '1' }, quote: at190, stops: [] },
  { is: 'lots of a hundred typed as shares', order: { ...STOCK, quantity: '3' }, quote: at190, stops: [] },
  {
    is: 'shares typed as lots of a hundred',
    order: { ...STOCK, quantity: '30000' },
    quote: at190,
    stops: ['quantity', 'notional', 'position', 'open-value'],
  },
  { is: 'twenty-five contracts at the edge', order: { ...CONTRACT, quantity: '25', limitPrice: '4' }, quote: at4, stops: [] },
  {
    is: 'twenty-five contracts a cent over it',
    order: { ...CONTRACT, quantity: '25', limitPrice: '4.01' },
    quote: at4,
    stops: ['notional'],
  },
  { is: 'half a contract', order: { ...CONTRACT, quantity: '0.5', limitPrice: '4' }, quote: at4, stops: ['malformed'] },
  { is: 'contracts by an amount of money', order: { ...CONTRACT, notional: '400', type: 'market' }, quote: at4, stops: ['malformed'] },
  {
    is: 'contracts at the market, five percent over the ask',
    order: { ...CONTRACT, quantity: '24', type: 'market' },
    quote: at4,
    stops: ['notional'],
  },
  { is: 'contracts at the market as meant', order: { ...CONTRACT, quantity: '23', type: 'market' }, quote: at4, stops: [] },
  // The price of a contract and of a share in it.
  {
    is: 'the price of the contract, not of a share',
    order: { ...CONTRACT, quantity: '1', limitPrice: '400' },
    quote: at4,
    stops: ['price-off-market', 'notional', 'position', 'open-value'],
  },
  {
    is: 'the strike as the price',
    order: { ...CONTRACT, quantity: '1', limitPrice: '250' },
    quote: at4,
    stops: ['price-off-market', 'notional'],
  },
  {
    is: 'the price of the underlying as that of the option',
    order: { ...CONTRACT, quantity: '1', limitPrice: '190' },
    quote: at4,
    stops: ['price-off-market', 'notional'],
  },
  {
    is: 'a sale of the option for a cent',
    order: { ...CONTRACT, side: 'sell', quantity: '1', limitPrice: '0.04' },
    quote: at4,
    stops: ['price-off-market'],
  },
  {
    is: 'the premium in cents',
    order: { ...CONTRACT, side: 'buy', quantity: '1', limitPrice: '40' },
    quote: at4,
    stops: ['price-off-market'],
  },
  // Multipliers.
  {
    is: 'an adjusted contract, of which nobody knows the shares',
    order: { ...CONTRACT, symbol: 'AAPL1261218C00250000', quantity: '1', limitPrice: '4' },
    quote: at4,
    stops: ['multiplier-unknown'],
  },
  {
    is: 'a future of which nobody knows the size',
    order: { ...EMINI, symbol: '/ZZZZZ26', quantity: '1', limitPrice: '10' },
    quote: ['9.75', '10'],
    stops: ['multiplier-unknown'],
  },
  {
    is: 'an E-mini taken for a micro',
    order: { ...EMINI, quantity: '1', limitPrice: '6000' },
    quote: ['5999.75', '6000'],
    stops: ['notional', 'position', 'open-value'],
  },
  {
    is: 'a micro over the starting limit',
    order: { ...MICRO, quantity: '1', limitPrice: '6000' },
    quote: ['5999.75', '6000'],
    stops: ['notional', 'position', 'open-value'],
  },
  {
    is: 'a micro within wider limits',
    order: { ...MICRO, quantity: '1', limitPrice: '6000' },
    quote: ['5999.75', '6000'],
    limits: roomy,
    stops: [],
  },
  {
    is: 'an E-mini within wider limits',
    order: { ...EMINI, quantity: '1', limitPrice: '6000' },
    quote: ['5999.75', '6000'],
    limits: roomy,
    stops: [],
  },
  {
    is: 'two E-minis over wider limits',
    order: { ...EMINI, quantity: '2', limitPrice: '6000' },
    quote: ['5999.75', '6000'],
    limits: roomy,
    stops: ['notional', 'position', 'open-value'],
  },
  {
    is: 'half an E-mini',
    order: { ...EMINI, quantity: '0.5', limitPrice: '6000' },
    quote: ['5999.75', '6000'],
    limits: roomy,
    stops: ['malformed'],
  },
  // Fractions.
  { is: 'a fraction of a share', order: { ...STOCK, quantity: '0.5' }, quote: at190, stops: [] },
  {
    is: 'a comma read as nothing',
    order: { ...STOCK, quantity: '1500' },
    quote: at190,
    stops: ['quantity', 'notional', 'position', 'open-value'],
  },
  { is: 'a comma read as a point', order: { ...STOCK, quantity: '1.5' }, quote: at190, stops: [] },
  {
    is: 'satoshi typed as coins',
    order: { ...COIN, quantity: '100000' },
    quote: ['89990', '90000'],
    stops: ['quantity', 'notional', 'position', 'open-value'],
  },
  { is: 'coins as meant', order: { ...COIN, quantity: '0.1' }, quote: ['89990', '90000'], stops: [] },
  { is: 'one coin', order: { ...COIN, quantity: '1' }, quote: ['89990', '90000'], stops: ['notional', 'position', 'open-value'] },
  {
    is: 'dollars typed as coins',
    order: { ...COIN, quantity: '900' },
    quote: ['89990', '90000'],
    stops: ['notional', 'position', 'open-value'],
  },
  {
    is: 'more decimals than anything has',
    order: { ...COIN, quantity: '0.0000000000001' },
    quote: ['89990', '90000'],
    stops: ['malformed'],
  },
  // Currencies.
  { is: 'yen measured as dollars', order: { ...STOCK, symbol: '7203', quantity: '3' }, quote: ['2799', '2800'], rate: '0.0066', stops: [] },
  {
    is: 'a yen stock by the hundred',
    order: { ...STOCK, symbol: '7203', quantity: '600' },
    quote: ['2799', '2800'],
    rate: '0.0066',
    stops: ['notional'],
  },
  {
    is: 'pounds measured as dollars',
    order: { ...STOCK, symbol: 'VOD', quantity: '50' },
    quote: ['159', '160'],
    rate: '1.27',
    stops: ['notional'],
  },
  { is: 'pence measured as pounds', order: { ...STOCK, symbol: 'VOD', quantity: '50' }, quote: ['79.9', '80'], rate: '0.0127', stops: [] },
  {
    is: 'a currency of which nobody knows the rate',
    order: { ...STOCK, symbol: '7203', quantity: '1' },
    quote: ['2799', '2800'],
    rate: null,
    stops: ['currency-unknown'],
  },
  {
    is: 'an amount in pounds',
    order: { ...STOCK, symbol: 'VOD', notional: '8000' },
    quote: ['159', '160'],
    rate: '1.27',
    stops: ['notional'],
  },
  // Prices after and before a split, points and percent.
  {
    is: 'the price before a split of ten for one, to buy',
    order: { ...STOCK, type: 'limit', quantity: '2', limitPrice: '1900' },
    quote: at190,
    stops: ['price-off-market'],
  },
  {
    is: 'the price after a split of ten for one, to sell',
    order: { ...STOCK, side: 'sell', type: 'limit', quantity: '2', limitPrice: '19' },
    quote: at190,
    stops: ['price-off-market'],
  },
  {
    is: 'the quantity after a split at the price before it',
    order: { ...STOCK, quantity: '260' },
    quote: ['1899', '1900'],
    stops: ['notional', 'position', 'open-value'],
  },
  {
    is: 'a stop from before a split, to sell',
    order: { ...STOCK, side: 'sell', type: 'stop', quantity: '2', stopPrice: '1700' },
    quote: at190,
    stops: ['stop-on-wrong-side'],
  },
  {
    is: 'a stop from after a split, to buy',
    order: { ...STOCK, type: 'stop', quantity: '2', stopPrice: '21' },
    quote: at190,
    stops: ['stop-on-wrong-side'],
  },
  {
    is: 'a price in cents',
    order: { ...STOCK, type: 'limit', quantity: '2', limitPrice: '19000' },
    quote: at190,
    stops: ['price-off-market', 'notional', 'position', 'open-value'],
  },
  {
    is: 'a percentage as a price to sell',
    order: { ...STOCK, side: 'sell', type: 'limit', quantity: '2', limitPrice: '5' },
    quote: at190,
    stops: ['price-off-market'],
  },
  {
    is: 'a distance as a stop to buy',
    order: { ...STOCK, type: 'stop', quantity: '2', stopPrice: '5' },
    quote: at190,
    stops: ['stop-on-wrong-side'],
  },
  {
    is: 'stop and limit exchanged, to buy',
    order: { ...STOCK, type: 'stop-limit', quantity: '2', stopPrice: '191', limitPrice: '201' },
    quote: at190,
    stops: ['price-off-market'],
  },
  {
    is: 'a bond price in percent of par',
    order: { symbol: 'US91282CJL65', assetClass: 'bond', side: 'buy', type: 'limit', quantity: '10', limitPrice: '99' },
    quote: ['98.9', '99'],
    stops: ['multiplier-unknown'],
  },
  {
    is: 'a price in thirds of a cent',
    order: { ...STOCK, type: 'limit', quantity: '2', limitPrice: '190.003' },
    quote: at190,
    stops: ['tick'],
  },
  {
    is: 'a sale of more than is held, in shares for lots',
    order: { ...STOCK, side: 'sell', quantity: '1000' },
    held: '10',
    quote: ['9', '9.01'],
    stops: [],
  },
  {
    is: 'a sale of ten times what is held',
    order: { ...STOCK, side: 'sell', quantity: '1001' },
    held: '100',
    quote: ['9', '9.01'],
    stops: ['quantity'],
  },
  {
    is: 'all that is held, as meant',
    order: { ...STOCK, side: 'sell', quantity: '45' },
    held: '45',
    quote: at190,
    limits: { maxPosition: Dec.of('1') },
    stops: [],
  },
]

function factsOf({ order, quote: [bid, ask, last], held = '0', rate = '1', limits }: Slip): OrderFacts {
  const dec = (text: string | null | undefined): Dec | null => (text === null || text === undefined ? null : Dec.of(text))
  const { quantity, notional, limitPrice, stopPrice, ...rest } = order
  const draft = JSON.parse(
    JSON.stringify({ ...rest, quantity: dec(quantity), notional: dec(notional), limitPrice: dec(limitPrice), stopPrice: dec(stopPrice) }),
  ) as Partial<OrderDraft>
  const facts = factsWith({ draft, quote: quoteAt(bid, ask, last), held: Dec.of(held), toAccountCurrency: dec(rate), limits })
  return { ...facts, multiplier: multiplierOf(facts.draft) }
}

describe('slips of a unit', () => {
  test('are looked at in at least sixty cases', () => {
    expect(SLIPS.length).toBeGreaterThanOrEqual(60)
  })

  test.each(SLIPS)('$is', slip => {
    expect(guard(factsOf(slip)).stops.map(({ stop }) => stop)).toEqual(slip.stops)
  })
})
