import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contentHash } from '../../../electron/core/ledger/content-hash.ts'
import { sortMicros } from '../../../electron/core/ledger/sort.ts'
import { lastStates } from '../../../electron/core/store/activities-order.ts'
import { activityValues } from '../../../electron/core/ledger/values.ts'
import type { ActivityValues } from '../../../electron/core/store/activities-write.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'

const fill: ActivityFacts = {
  externalId: '20261120093000000::a',
  kind: 'trade',
  brokerType: 'FILL',
  symbol: 'AAPL',
  assetClass: 'equity',
  side: 'buy',
  positionEffect: null,
  quantity: Dec.of('1.5'),
  price: Dec.of('250.01'),
  amount: Dec.of('-375.015'),
  fees: Dec.zero,
  currency: 'USD',
  executedAt: Instant.parse('2026-11-20T14:30:00.123456Z'),
  tradeDate: LocalDate.of('2026-11-20'),
  orderId: 'o1',
  description: null,
  status: 'final',
}
const account = 'acc_1' as AccountId

describe('the content hash', () => {
  test('changes with every fact except the id it belongs to', () => {
    const changes: Partial<ActivityFacts>[] = [
      { kind: 'other' },
      { brokerType: 'FEE' },
      { symbol: 'MSFT' },
      { symbol: null },
      { assetClass: null },
      { side: 'sell' },
      { side: null },
      { positionEffect: 'open' },
      { quantity: Dec.of('1.6') },
      { quantity: null },
      { price: Dec.of('250.02') },
      { amount: null },
      { fees: Dec.of('0.01') },
      { currency: 'EUR' },
      { executedAt: Instant.parse('2026-11-20T14:30:00.123457Z') },
      { executedAt: null },
      { tradeDate: LocalDate.of('2026-11-21') },
      { orderId: null },
      { description: '' },
      { description: 'late' },
      { status: 'canceled' },
    ]
    const hashes = [fill, ...changes.map(change => ({ ...fill, ...change }))].map(contentHash)
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(contentHash({ ...fill, externalId: 'another' })).toBe(contentHash(fill))
  })

  test('stays the same from version to version, or every row would be written again', () => {
    expect(contentHash(fill)).toBe('RyhW6ku1Qnr9LCPYTWzkDV')
  })

  test('tells words apart wherever they stand', () => {
    const word = fc.oneof(fc.constant(null), fc.string({ maxLength: 4 }))
    fc.assert(
      fc.property(word, word, word, word, (a, b, c, d) => {
        const one = contentHash({ ...fill, symbol: a, orderId: b })
        const two = contentHash({ ...fill, symbol: c, orderId: d })
        expect(one === two).toBe(a === c && b === d)
      }),
    )
  })
})

describe('the place in the history', () => {
  test('is the execution to the microsecond', () => {
    expect(sortMicros(fill)).toBe(Date.parse('2026-11-20T14:30:00Z') * 1000 + 123_456)
  })

  test('is the same as the instant itself, at any time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_000_000_000_000_000 }), micros => {
        expect(sortMicros({ executedAt: Instant.fromEpochMicros(micros), tradeDate: fill.tradeDate })).toBe(micros)
      }),
    )
  })

  test("is the start of the exchange's day when only the day is known, in winter and in summer", () => {
    expect(sortMicros({ executedAt: null, tradeDate: LocalDate.of('2026-11-20') })).toBe(Date.parse('2026-11-20T05:00:00Z') * 1000)
    expect(sortMicros({ executedAt: null, tradeDate: LocalDate.of('2026-07-01') })).toBe(Date.parse('2026-07-01T04:00:00Z') * 1000)
  })
})

test("a row's values follow the columns, stamps in microseconds", () => {
  const stamps = { asOf: Instant.parse('2026-11-20T15:00:00Z'), fetchedAt: Instant.parse('2026-11-20T15:00:01Z') }
  const values = activityValues(account, { facts: fill, raw: '{"id":"x"}' }, stamps)
  expect(values).toHaveLength(24)
  expect(values.slice(0, 3)).toEqual([account, fill.externalId, contentHash(fill)])
  expect(values.slice(-4)).toEqual([Date.parse('2026-11-20T15:00:00Z') * 1000, Date.parse('2026-11-20T15:00:01Z') * 1000, '{"id":"x"}', 0])
  expect(activityValues(account, { facts: fill, raw: '', precedence: -1 }, stamps).at(-1)).toBe(-1)
  expect(values.slice(3, 5)).toEqual([sortMicros(fill), sortMicros(fill)])
  const ofDay = { ...fill, executedAt: null }
  expect(activityValues(account, { facts: ofDay, raw: '' }, stamps).slice(3, 5)).toEqual([sortMicros(ofDay), null])
})

describe('the order of a commit', () => {
  const row = (id: string, sortAt: number, mark = ''): ActivityValues => [account, id, mark, sortAt]

  test('is oldest first, each row once, in its last state', () => {
    const rows = [row('c', 3), row('b', 2, 'early'), row('a', 1), row('b', 5, 'late'), row('d', 2)]
    expect(lastStates(rows)).toEqual([row('a', 1), row('d', 2), row('c', 3), row('b', 5, 'late')])
  })

  test('keeps the report that counts most of a row told twice', () => {
    const told = (mark: string, precedence: number): ActivityValues => [...row('a', 1, mark), ...Array<null>(19).fill(null), precedence]
    expect(lastStates([told('full', 0), told('short', -1)])).toEqual([told('full', 0)])
    expect(lastStates([told('short', -1), told('full', 0)])).toEqual([told('full', 0)])
    expect(lastStates([told('full', 0), told('corrected', 0)])).toEqual([told('corrected', 0)])
  })

  test('holds for any rows', () => {
    const rows = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), at: fc.integer({ min: 0, max: 9 }) }), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(rows, some => {
        const states = lastStates(some.map(({ id, at }, place) => row(id, at, String(place))))
        const last = new Map(some.map(({ id }, place) => [id, String(place)]))
        expect(Object.fromEntries(states.map(([, id, mark]) => [id, mark]))).toEqual(Object.fromEntries(last))
        expect(states.map(([, , , at]) => at)).toEqual(states.map(([, , , at]) => at).toSorted((a, b) => Number(a) - Number(b)))
      }),
    )
  })
})
