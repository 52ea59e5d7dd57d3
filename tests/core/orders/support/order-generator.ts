import type { OrderFacts } from '../../../../electron/core/orders/order-facts.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { STARTING_LIMITS } from '../../../../shared/domain/order-limits.ts'
import { ORDER_TYPES, type OrderDraft } from '../../../../shared/domain/order.ts'
import { Instant } from '../../../../shared/domain/time.ts'
import { type Dice, roll } from '../../../torture/support/dice.ts'

export const NOW = Instant.parse('2026-11-20T15:00:00Z')

/** Text where a decimal belongs, as somebody could get it past the types. */
const HOSTILE = [
  '0',
  '-1',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e308',
  '1e-9',
  '',
  ' ',
  '1,000',
  '0x10',
  '+5',
  '05',
  '5.',
  '.5',
  '5.0',
  '-0',
  '1_000',
  '٣',
  '1\u200b',
  '999999999999999999',
  '1000000000000',
  '0.0000000000001',
  'null',
  '10 shares',
  '1e5',
]
const unsafe = (text: string): Dec => text as Dec

function pick<T>(next: Dice, values: readonly [T, ...T[]]): T {
  const chosen = values[roll(next, values.length)]
  return chosen === undefined ? values[0] : chosen
}

const isOne = (next: Dice, of: number): boolean => roll(next, of) === 0
const cents = (value: number): Dec => Dec.of((Math.round(value * 100) / 100).toFixed(2))

interface Kind {
  readonly assetClass: OrderDraft['assetClass']
  readonly symbol: string
  readonly multiplier: string
  readonly price: number
  readonly quantity: number
}

const KINDS: readonly [Kind, ...Kind[]] = [
  { assetClass: 'equity', symbol: 'AAPL', multiplier: '1', price: 190, quantity: 40 },
  { assetClass: 'equity', symbol: 'AAPL', multiplier: '1', price: 190, quantity: 40 },
  { assetClass: 'equity', symbol: 'SIRI', multiplier: '1', price: 2.4, quantity: 900 },
  { assetClass: 'equity', symbol: 'PENNY', multiplier: '1', price: 0.4, quantity: 1000 },
  { assetClass: 'fund', symbol: 'SPY', multiplier: '1', price: 600, quantity: 15 },
  { assetClass: 'option', symbol: 'AAPL261218C00250000', multiplier: '100', price: 4, quantity: 20 },
  { assetClass: 'option', symbol: 'MSFT261218P00300000', multiplier: '100', price: 1.2, quantity: 50 },
  { assetClass: 'future', symbol: '/ESZ26', multiplier: '50', price: 6000, quantity: 2 },
  { assetClass: 'crypto', symbol: 'BTC/USD', multiplier: '1', price: 90_000, quantity: 0.1 },
]

/** A quantity around what the limits allow. */
function quantityOf(next: Dice, { assetClass, quantity }: Kind): Dec {
  const wanted = quantity * next() * 2
  if (assetClass === 'crypto') return Dec.of(wanted.toFixed(6))
  if ((assetClass === 'equity' || assetClass === 'fund') && isOne(next, 4)) return Dec.of(wanted.toFixed(3))
  return Dec.of(String(Math.ceil(wanted)))
}

/** A price around the market: mostly within the collar, now and then right at its edge or far away. */
function priceNear(next: Dice, market: number): Dec {
  const factor = pick(next, [
    1,
    1,
    1 + (next() - 0.5) * 0.08,
    1 + (next() - 0.5) * 0.08,
    1.05,
    0.95,
    1.1,
    0.9,
    1 + (next() - 0.5) * 0.3,
    10,
    0.1,
    100,
  ])
  const decimals = market < 1 ? 4 : isOne(next, 30) ? 3 : 2
  const stepped = market > 3000 && market < 10_000 && !isOne(next, 6) ? Math.round(market * factor * 4) / 4 : market * factor
  return Dec.of(stepped.toFixed(decimals))
}

function draftOf(next: Dice, kind: Kind): OrderDraft {
  const type = pick(next, ORDER_TYPES)
  const isByMoney = isOne(next, 8)
  const quantity = quantityOf(next, kind)
  const draft: OrderDraft = {
    clientOrderId: 'one',
    symbol: kind.symbol,
    assetClass: kind.assetClass,
    side: pick(next, ['buy', 'sell']),
    positionEffect:
      kind.assetClass === 'option' ? pick(next, ['open', 'close', 'close', 'open', null]) : pick(next, [null, null, null, 'open', 'close']),
    type,
    quantity: isByMoney ? null : quantity,
    notional: isByMoney ? cents(next() * 20_000) : null,
    limitPrice: type.includes('limit') ? priceNear(next, kind.price) : null,
    stopPrice: type === 'stop' || type === 'stop-limit' ? priceNear(next, kind.price) : null,
    trail: type === 'trailing-stop' ? { kind: pick(next, ['amount', 'percent']), value: cents(next() * 20) } : null,
    timeInForce: pick(next, ['day', 'day', 'day', 'gtc', 'opg', 'cls']),
    extendedHours: isOne(next, 3),
  }
  return isOne(next, 12) ? spoiled(next, draft) : draft
}

function spoiled(next: Dice, draft: OrderDraft): OrderDraft {
  const bad = unsafe(pick(next, ['NaN', ...HOSTILE]))
  return pick<OrderDraft>(next, [
    { ...draft, quantity: bad },
    { ...draft, notional: bad },
    { ...draft, limitPrice: bad },
    { ...draft, stopPrice: bad },
    { ...draft, quantity: null, notional: null },
    { ...draft, quantity: Dec.of('1'), notional: Dec.of('100') },
    { ...draft, limitPrice: null },
    { ...draft, stopPrice: Dec.of('190') },
    { ...draft, trail: { kind: 'percent', value: bad } },
    { ...draft, trail: null },
  ])
}

function quoteOf(next: Dice, market: number): OrderFacts['quote'] {
  if (isOne(next, 25)) return null
  const spread = market * pick(next, [0, 0.0005, 0.002, 0.2])
  const usual = [cents(market - spread), cents(market - spread), cents(market - spread)] as const
  const bid = pick(next, [...usual, ...usual, Dec.zero, null, pick(next, [cents(0.01), cents(market * 0.8), cents(market * 0.4)])])
  const asked = cents(market + spread)
  const ask = pick(next, [asked, asked, asked, asked, asked, null, cents(market * 0.9), cents(market * pick(next, [1.2, 2.5, 1000]))])
  const age = pick(next, [0, 100, 2_000, 5_000, 4_999, 5_001, 60_000, -5_000, -5_001])
  return {
    bid,
    ask,
    last: pick(next, [cents(market), cents(market), cents(market), null, cents(market * pick(next, [0.5, 0.94, 1.06, 2]))]),
    asOf: Instant.plus(NOW, -age),
    ...(isOne(next, 3) ? { lastAsOf: Instant.plus(NOW, -pick(next, [0, 5_000, 5_001, 10_800_000, -5_001])) } : {}),
  }
}

/** Whole facts around one order. Most dimensions are harmless in most of them, or one stop would hide all others. */
export function factsOf(next: Dice): OrderFacts {
  const kind = pick(next, KINDS)
  const draft = draftOf(next, kind)
  const held = pick(next, [
    Dec.zero,
    Dec.zero,
    quantityOf(next, kind),
    Dec.neg(quantityOf(next, kind)),
    draft.quantity !== null && Dec.isCanonical(draft.quantity) ? Dec.neg(draft.quantity) : Dec.zero,
  ])
  const working = Array.from({ length: pick(next, [0, 0, 1, 3]) }, () => ({
    symbol: pick(next, [kind.symbol, kind.symbol, kind.symbol, 'MSFT', 'MSFT', '']),
    side: pick(next, ['buy', 'sell'] as const),
    quantity: quantityOf(next, { ...kind, quantity: kind.quantity / 4 }),
    value: isOne(next, 15) ? null : cents(next() * 6_000),
  }))
  const recent = isOne(next, 5)
    ? [
        {
          symbol: draft.symbol,
          side: pick(next, [draft.side, 'buy'] as const),
          quantity: draft.quantity,
          notional: draft.notional,
          at: Instant.plus(NOW, -pick(next, [1_000, 59_999, 60_000, 60_001, 300_000])),
        },
      ]
    : []
  const some = (): Dec => (isOne(next, 4) ? quantityOf(next, { ...kind, quantity: kind.quantity / 2 }) : Dec.zero)
  const unshown = isOne(next, 3) ? { sold: some(), bought: some() } : null
  return {
    draft,
    held,
    ...(unshown === null ? {} : { unshown }),
    working,
    recent,
    limits: {
      ...STARTING_LIMITS,
      allow: isOne(next, 6) ? pick(next, [['AAPL'], ['MSFT', 'SPY'], []]) : null,
      deny: isOne(next, 6) ? [pick(next, ['MSFT', 'AAPL', 'TSLA'])] : [],
    },
    now: NOW,
    quote: quoteOf(next, kind.price),
    multiplier: isOne(next, 30) ? pick(next, [null, Dec.zero]) : Dec.of(kind.multiplier),
    toAccountCurrency: isOne(next, 30) ? null : pick(next, [Dec.of('1'), Dec.of('1'), Dec.of('1'), Dec.of('0.0066'), Dec.of('1.25')]),
    sentLastMinute: pick(next, [0, 0, 1, 4, 5, 6]),
    sentToday: pick(next, [0, 1, 10, 49, 50, 51]),
    lossToday: pick(next, [Dec.zero, Dec.zero, Dec.of('-500'), Dec.of('999.99'), Dec.of('1000'), Dec.of('1000.01'), null]),
    isKilled: isOne(next, 30),
    isTradingOn: !isOne(next, 30),
    isReconciled: !isOne(next, 30),
    session: pick(next, ['open', 'open', 'open', 'open', 'extended', 'closed']),
    confirmed: isOne(next, 4)
      ? pick<OrderFacts['confirmed']>(next, [
          ['duplicate'],
          ['market-closed'],
          ['off-market'],
          ['unread-orders'],
          ['duplicate', 'market-closed', 'off-market', 'unread-orders'],
        ])
      : [],
  }
}
