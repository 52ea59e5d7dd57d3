import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../../electron/core/orders/guardrails.ts'
import {
  feeEstimate,
  needOf,
  powerEstimate,
  reasonOf,
  reviewLines,
  valueEstimate,
  worstEstimate,
} from '../../../electron/core/orders/review-lines.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { OrderPreview } from '../../../shared/domain/order.ts'
import { limitDraft } from './support/order-books.ts'
import { orderDesk } from './support/order-desk.ts'

const d = Dec.of
const verdict = (changes: Partial<Verdict> = {}): Verdict => ({
  stops: [],
  needs: [],
  offMarket: null,
  reference: d('99'),
  worstValue: d('210'),
  isClosing: false,
  waitsForFills: false,
  ...changes,
})
const preview = (changes: Partial<OrderPreview> = {}): OrderPreview => ({
  estimatedValue: null,
  estimatedFees: null,
  buyingPowerEffect: null,
  currency: 'USD',
  warnings: [],
  refusals: [],
  ...changes,
})
const NONE = { amount: null, source: 'not-available', note: 'Nobody says.' }
const NOT_BEFOREHAND = { amount: null, source: 'not-available', note: 'The broker does not say beforehand.' }

describe('the lines of a review', () => {
  test('say what is sent, always in the same order, and leave out what is not there', async () => {
    const desk = await orderDesk()
    const venue = await desk.venue()
    const labels = (lines: ReturnType<typeof reviewLines>): string[] => lines.map(({ label, value }) => `${label}: ${value}`)
    expect(labels(reviewLines(venue, desk.ticket(), limitDraft()))).toEqual([
      'Account: Account PA3ABCDEF ••••CDEF',
      'Broker: Alpaca, paper',
      'Action: Buy',
      'Symbol: AAPL',
      'Quantity: 2',
      'Type: Limit',
      'Limit: 100.00 USD',
      'Valid: Day',
      'Extended hours: no',
    ])
    const draft = limitDraft({
      type: 'stop-limit',
      quantity: null,
      notional: d('250'),
      stopPrice: d('99'),
      timeInForce: 'gtc',
      extendedHours: true,
    })
    expect(labels(reviewLines(venue, desk.ticket({ action: 'short', replaces: '\u202e71' }), draft)).slice(2)).toEqual([
      'Action: Sell short',
      'Symbol: AAPL',
      'Amount: 250.00 USD',
      'Type: Stop limit',
      'Limit: 100.00 USD',
      'Stop: 99.00 USD',
      'Valid: Good till canceled',
      'Extended hours: yes',
      'In place of: 71',
    ])
  })
})

test('The figures of a review are read at a glance: grouped, with every digit and their currency', async () => {
  const desk = await orderDesk()
  const draft = limitDraft({ type: 'stop-limit', quantity: d('12500'), limitPrice: d('1284.0125'), stopPrice: d('0.05') })
  const lines = reviewLines(await desk.venue(), desk.ticket(), draft)
  expect(lines.filter(({ label }) => ['Quantity', 'Limit', 'Stop'].includes(label)).map(({ value }) => value)).toEqual([
    '12,500',
    '1,284.0125 USD',
    '0.05 USD',
  ])
  const abroad = reviewLines(await desk.venue(), desk.ticket(), limitDraft({ notional: d('250') }), 'EUR')
  expect(abroad.filter(({ label }) => ['Amount', 'Limit'].includes(label)).map(({ value }) => value)).toEqual(['250.00 USD', '100.00 EUR'])
})

describe('what an order is worth', () => {
  test('is what the broker says, without its sign', () => {
    const note = 'As the broker estimates it, before costs.'
    expect(valueEstimate(limitDraft(), preview({ estimatedValue: d('-201.5') }), verdict())).toEqual({
      amount: '201.5',
      source: 'broker',
      note,
    })
  })

  test('is the amount that was asked for, else the size at its own price or the one shown', () => {
    const amount = limitDraft({ quantity: null, notional: d('250') })
    expect(valueEstimate(amount, preview(), verdict())).toEqual({ amount: '250', source: 'ours', note: 'The amount you asked for.' })
    expect(valueEstimate(limitDraft(), null, verdict())).toEqual({ amount: '200', source: 'ours', note: 'At 100.00, before costs.' })
    expect(valueEstimate(limitDraft(), null, verdict(), 'EUR').note).toBe('At 100.00 EUR, before costs.')
    const stop = limitDraft({ limitPrice: null, stopPrice: d('101') })
    expect(valueEstimate(stop, null, verdict())).toMatchObject({ amount: '202', note: 'At 101.00, before costs.' })
    const market = limitDraft({ limitPrice: null })
    expect(valueEstimate(market, null, verdict())).toMatchObject({ amount: '198', note: 'At 99.00, before costs.' })
    const option = limitDraft({ symbol: 'AAPL261218C00250000', assetClass: 'option', limitPrice: d('4') })
    expect(valueEstimate(option, null, verdict())).toMatchObject({ amount: '800' })
  })

  test('is not said where nobody knows the price, the size or what a contract stands for', () => {
    const market = limitDraft({ limitPrice: null })
    expect(valueEstimate(market, null, verdict({ reference: null }))).toEqual(NONE)
    expect(valueEstimate(limitDraft({ quantity: null }), null, verdict())).toEqual(NONE)
    expect(valueEstimate(limitDraft({ symbol: 'AAPL1261218C00250000', assetClass: 'option' }), null, verdict())).toEqual(NONE)
  })

  test('at worst is what the limits are measured by', () => {
    const words = (change: Parameters<typeof limitDraft>[0]): string => worstEstimate(limitDraft(change), verdict()).note
    expect(worstEstimate(limitDraft(), verdict())).toEqual({
      amount: '210',
      source: 'ours',
      note: 'What the limits are measured by: it pays no more than its limit.',
    })
    expect(words({ side: 'sell' })).toContain('a sale may bring its limit, or 5 % more than the price shown')
    expect(words({ limitPrice: null })).toContain('a market order may fill 5 % above the price shown')
    expect(words({ limitPrice: null, stopPrice: d('101') })).toContain('past its stop it fills at the market')
    expect(words({ quantity: null, notional: d('250') })).toContain('the amount you asked for')
    expect(words({ assetClass: 'option', side: 'sell', positionEffect: 'open' })).toContain('its strike for what nothing covers')
    expect(words({ assetClass: 'future-option', side: 'sell', positionEffect: 'open' })).toContain('its strike for what nothing covers')
    for (const changes of [
      { assetClass: 'equity', positionEffect: 'open' },
      { assetClass: 'option', positionEffect: 'close' },
    ] as const)
      expect(words({ ...changes, side: 'sell' })).toContain('a sale may bring its limit')
    expect(words({ assetClass: 'option', side: 'buy', positionEffect: 'open' })).toContain('it pays no more than its limit')
    expect(worstEstimate(limitDraft(), verdict({ worstValue: null }))).toEqual(NONE)
  })
})

test('Costs and buying power are what the broker says, and never a zero nobody said', () => {
  expect(feeEstimate(preview({ estimatedFees: d('1.25') }))).toEqual({
    amount: '1.25',
    source: 'broker',
    note: 'As the broker estimates it.',
  })
  expect(powerEstimate(preview({ buyingPowerEffect: d('-5') }))).toEqual({
    amount: '-5',
    source: 'broker',
    note: 'What buying power would change by.',
  })
  for (const said of [null, preview()]) {
    expect(feeEstimate(said)).toEqual(NOT_BEFOREHAND)
    expect(powerEstimate(said)).toEqual(NOT_BEFOREHAND)
  }
})

test('A reason says what it is and what to do, and a second yes says what for', () => {
  const error = new AppError('order/stopped-killed', { brokerSays: 'x' })
  expect(reasonOf(error)).toEqual({
    code: 'order/stopped-killed',
    message: 'The kill switch is on, so no order is sent.',
    action: 'Cancel still works. Take the switch back in Orders when you are sure.',
  })
  expect(needOf('duplicate', limitDraft(), verdict(), 'USD')).toEqual({
    confirmation: 'duplicate',
    sentence: 'The same order went out less than a minute ago: buy 2 AAPL, limit 100.00 USD, day. Send another one?',
  })
  expect(needOf('market-closed', limitDraft(), verdict())).toEqual({
    confirmation: 'market-closed',
    sentence: 'The market is closed. The order waits until it opens, when prices may be others. Send it now?',
  })
})

test('What asks for a yes because prices contradict each other names both, or says that there is one', () => {
  const asked = (price: string, market: string | null): string =>
    needOf('off-market', limitDraft(), verdict({ offMarket: { price: d(price), market: market === null ? null : d(market) } })).sentence
  expect(asked('0.01', '190')).toBe('This order may trade at 0.01, and the market seems to be at 190.00. Send it all the same?')
  expect(asked('5', null)).toBe('This order may trade at 5.00, and nobody says another price to compare. Send it all the same?')
  expect(needOf('off-market', limitDraft(), verdict({ offMarket: { price: d('5'), market: d('4'), isOld: true } })).sentence).toBe(
    'This order may trade at 5.00, and the price there is to compare is old: 4.00. Send it all the same?',
  )
  expect(needOf('off-market', limitDraft(), verdict({ offMarket: { price: d('5'), market: d('4') } }), 'EUR').sentence).toBe(
    'This order may trade at 5.00 EUR, and the market seems to be at 4.00 EUR. Send it all the same?',
  )
  expect(needOf('off-market', limitDraft(), verdict()).sentence).toBe(
    'This order may trade at any price, and nobody says another price to compare. Send it all the same?',
  )
})

test('What may close more than is held asks for a yes that says why', () => {
  expect(needOf('unread-orders', limitDraft({ side: 'sell' }), verdict()).sentence).toBe(
    'An order works that Keelson cannot read (several legs, or no symbol): it may close the same 2 AAPL. Send this one as well?',
  )
  const amount = limitDraft({ side: 'sell', quantity: null, notional: d('250') })
  expect(needOf('unread-orders', amount, verdict()).sentence).toContain('it may close the same AAPL. Send')
})

test('What waits for a market says for which: an order that must fill at once waits for none', () => {
  const closed = (changes: Parameters<typeof limitDraft>[0]): string => needOf('market-closed', limitDraft(changes), verdict()).sentence
  const none = 'The market is closed, and an order like this does not wait: it may end at once, unfilled. Send it now?'
  expect([closed({ timeInForce: 'ioc' }), closed({ timeInForce: 'fok' }), closed({ timeInForce: 'fok', extendedHours: true })]).toEqual([
    none,
    none,
    none,
  ])
  expect(closed({ extendedHours: true })).toBe(
    'The market is closed. The order waits until trading before the opening begins, at 4:00 in New York, when prices may be others. Send it now?',
  )
  const waits = 'The market is closed. The order waits until it opens, when prices may be others. Send it now?'
  expect(closed({ extendedHours: true, type: 'stop-limit', stopPrice: d('101') })).toBe(waits)
  expect(closed({ timeInForce: 'gtc' })).toBe(waits)
})
