import { describe, expect, test } from 'vitest'
import { quoteTime } from '../../../electron/core/brokers/quote-time.ts'
import { readQuotes } from '../../../electron/core/brokers/alpaca/quotes.ts'
import { readQuotes as schwabQuotes } from '../../../electron/core/brokers/schwab/quotes.ts'
import { readQuotes as tdaQuotes } from '../../../electron/core/brokers/tdameritrade/quotes.ts'
import type { BrokerHttp } from '../../../electron/core/brokers/adapter.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant } from '../../../shared/domain/time.ts'

const price = Dec.of('100')
const early = Instant.parse('2026-11-20T14:30:00Z')
const late = Instant.parse('2026-11-20T14:59:59Z')
const stop = { signal: new AbortController().signal }

describe('a quote is as old as', () => {
  test.each([
    ['its bid and ask, whenever it traded', { bid: price, ask: price, last: price }, { quoted: early, traded: late }, early],
    ['its bid and ask, though it traded long ago', { bid: price, ask: price, last: price }, { quoted: late, traded: early }, late],
    ['the last price, where that stands for both', { bid: null, ask: null, last: price }, { quoted: late, traded: early }, early],
    ['the older, where the last stands in for one', { bid: price, ask: null, last: price }, { quoted: late, traded: early }, early],
    ['the older, where the last stands in for the other', { bid: null, ask: price, last: price }, { quoted: early, traded: late }, early],
    ['its one side, where it never traded', { bid: price, ask: null, last: null }, { quoted: early, traded: null }, early],
  ])('%s', (_, prices, times, asOf) => expect(quoteTime(prices, times)).toBe(asOf))

  test.each([
    ['bid and ask', { bid: price, ask: price, last: price }, { quoted: null, traded: late }],
    ['the last price that stands for both', { bid: null, ask: null, last: price }, { quoted: late, traded: null }],
    ['the last price that stands in for one', { bid: price, ask: null, last: price }, { quoted: late, traded: null }],
    ['the side beside it', { bid: price, ask: null, last: price }, { quoted: null, traded: late }],
  ])('nobody knows where nobody dates %s', (_, prices, times) => expect(quoteTime(prices, times)).toBeNull())
})

/** A broker that answers this, now. */
function answering(body: unknown): BrokerHttp {
  const get = ({ schema }: { readonly schema: { parse(value: unknown): unknown } }) =>
    Promise.resolve({ data: schema.parse(body), asOf: Instant.parse('2026-11-20T15:00:00Z') })
  return { get } as unknown as BrokerHttp
}

const MS = { early: Instant.toEpochMs(early), late: Instant.toEpochMs(late) }

describe('half an hour after it was quoted, and a second after it traded', () => {
  test.each([
    [
      'Alpaca',
      (dated: boolean) =>
        readQuotes(
          {
            http: answering({
              AAPL: {
                latestQuote: { ...(dated ? { t: early } : {}), ap: 190.02, bp: 189.98 },
                latestTrade: { ...(dated ? { t: late } : {}), p: 120 },
              },
            }),
          },
          ['AAPL'],
          stop,
        ),
    ],
    [
      'Schwab',
      (dated: boolean) =>
        schwabQuotes(
          answering({
            AAPL: {
              quote: { bidPrice: 189.98, askPrice: 190.02, lastPrice: 120, ...(dated ? { quoteTime: MS.early, tradeTime: MS.late } : {}) },
            },
          }),
          ['AAPL'],
          stop,
        ),
    ],
    [
      'TD Ameritrade',
      (dated: boolean) =>
        tdaQuotes(
          answering({
            AAPL: {
              bidPrice: 189.98,
              askPrice: 190.02,
              lastPrice: 120,
              ...(dated ? { quoteTimeInLong: MS.early, tradeTimeInLong: MS.late } : {}),
            },
          }),
          ['AAPL'],
          stop,
        ),
    ],
  ])('a quote of %s is half an hour old, and of no time where none is told', async (_, read) => {
    expect(await read(true)).toMatchObject([
      { bid: '189.98', ask: '190.02', last: '120', asOf: early, times: { quoted: early, traded: late } },
    ])
    expect(await read(false)).toMatchObject([{ bid: '189.98', asOf: null, times: { quoted: null, traded: null } }])
  })
})
