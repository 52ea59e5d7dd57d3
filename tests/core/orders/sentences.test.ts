import { describe, expect, test } from 'vitest'
import { orderWords, outcomeSentence, plain, sentSentence } from '../../../electron/core/orders/sentences.ts'
import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { limitDraft } from './support/order-books.ts'

const d = Dec.of

describe('an order in words', () => {
  test.each([
    ['buy 2 AAPL, limit 100.00 USD, day', {}],
    ['buy 2 AAPL, limit 1,284.125 USD, day', { limitPrice: d('1284.125') }],
    ['sell 2 AAPL, market, gtc', { side: 'sell', type: 'market', limitPrice: null, timeInForce: 'gtc' }],
    ['buy 2 AAPL, stop 99.00 USD limit 100.00 USD, day', { type: 'stop-limit', stopPrice: d('99') }],
    ['sell 2 AAPL, stop 99.00 USD, day', { side: 'sell', type: 'stop', stopPrice: d('99'), limitPrice: null }],
    ['buy 250.00 USD worth of AAPL, market, day', { type: 'market', limitPrice: null, quantity: null, notional: d('250') }],
    ['sell to close 2 AAPL, limit 100.00 USD, day', { side: 'sell', positionEffect: 'close' }],
  ] as const)('is %s', (words, changes) => {
    expect(orderWords(limitDraft(changes), 'USD')).toBe(words)
  })

  test('names no currency where nobody knows it', () => {
    expect(orderWords(limitDraft(), null)).toBe('buy 2 AAPL, limit 100.00, day')
  })

  test('says whether it is a new one or takes the place of another', () => {
    expect(sentSentence(limitDraft(), null, 'USD')).toBe('Sending: buy 2 AAPL, limit 100.00 USD, day.')
    expect(sentSentence(limitDraft(), '71', 'EUR')).toBe('Changing an order to: buy 2 AAPL, limit 100.00 EUR, day.')
  })
})

describe('what became of it in words', () => {
  type About = Parameters<typeof outcomeSentence>[0]
  const error = toErrorView(new AppError('net/offline'))
  const refusal = toErrorView(new AppError('order/rejected', { details: { broker: 'Alpaca' } }))
  const done = toErrorView(new AppError('order/not-open', { details: { status: 'filled' } }))
  const said = (changes: Partial<About>): string =>
    outcomeSentence({ kind: 'place', outcome: 'confirmed', status: null, error: null, looks: 0, ...changes })

  test.each<[string, Partial<About>]>([
    ['The order was taken.', {}],
    ['The order was taken: working.', { status: 'working' }],
    ['The change was taken.', { kind: 'replace' }],
    ['The cancellation was taken.', { kind: 'cancel' }],
    ['The order was refused. Nothing was placed.', { outcome: 'rejected' }],
    [`The change was refused. ${error.message}`, { kind: 'replace', outcome: 'rejected', error }],
    [`The order was refused. ${refusal.message}`, { outcome: 'rejected', error: refusal }],
    ['The change was refused. The order stands as it was.', { kind: 'replace', outcome: 'rejected', error: refusal }],
    ['The cancellation was refused. The order stands as it was.', { kind: 'cancel', outcome: 'rejected' }],
    [`The cancellation was not sent. ${error.message} The order stands as it was.`, { kind: 'cancel', outcome: 'not-sent', error }],
    [`The cancellation came too late. ${done.message}`, { kind: 'cancel', outcome: 'not-sent', error: done }],
    [`The change came too late. ${done.message}`, { kind: 'replace', outcome: 'rejected', error: done }],
    [`The change was not sent. ${done.message}`, { kind: 'replace', outcome: 'not-sent', error: done }],
    [`The order was not sent. ${error.message}`, { outcome: 'not-sent', error }],
    ['The order was not sent.', { outcome: 'not-sent' }],
    ['The cancellation was not sent. The order stands as it was.', { kind: 'cancel', outcome: 'not-sent' }],
    [
      'The order is not at the broker: its whole history was looked through, more than once. Nothing was placed.',
      { outcome: 'not-sent', looks: 2 },
    ],
    ['The cancellation did not arrive: the order still works.', { kind: 'cancel', outcome: 'not-sent', looks: 2 }],
    [
      'The broker does not list the order any more. What became of it stands there: look at the broker.',
      {
        kind: 'cancel',
        outcome: 'not-sent',
        looks: 2,
        error: toErrorView(new AppError('order/not-found', { details: { broker: 'Alpaca' } })),
      },
    ],
    ['Whether the order arrived is not known: it may be working. Keelson looks for it and sends nothing again.', { outcome: 'unknown' }],
    [
      'Whether the cancellation arrived is not known: the order may still work, and fill. Keelson looks for it and sends nothing again.',
      { kind: 'cancel', outcome: 'unknown' },
    ],
    [
      'Whether the change arrived is not known: the order may work as it was, or changed. Keelson looks for it and sends nothing again.',
      { kind: 'replace', outcome: 'unknown' },
    ],
    ['The order is on its way.', { outcome: 'sending' }],
  ])('is "%s"', (sentence, changes) => {
    expect(said(changes)).toBe(sentence)
  })

  test("hides nothing and turns nothing around in what a broker's status says", () => {
    expect(said({ status: '\u202eworking\n\u0007now\u2028' })).toBe('The order was taken: working now.')
    expect(plain(' a\u0000\u200b\u2029b ')).toBe('a b')
  })
})
