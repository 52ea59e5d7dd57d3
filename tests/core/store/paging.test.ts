import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Db } from '../../../electron/core/db/open.ts'
import { activityCount, activityPage, type ActivityPageQuery } from '../../../electron/core/store/activities.ts'
import { indexText } from '../../../electron/core/store/activities-write.ts'
import type { ActivityFilter } from '../../../shared/contract/activities.ts'
import { type Activity, ACTIVITY_KINDS, SIDES } from '../../../shared/domain/activity.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import { EXCHANGE_ZONE, Instant, LocalDate, startOfDay } from '../../../shared/domain/time.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { type Row, rowsIn, save, withAccounts } from './support.ts'

const CONNECTIONS = { con_1: ['1001', '1002'], con_2: ['2001'], con_3: [] }

const filters: fc.Arbitrary<ActivityFilter> = fc.record(
  {
    connectionId: fc.constantFrom('con_1', 'con_2', 'con_3', 'con_9').map(id => id as ConnectionId),
    symbol: fc.constantFrom('AAPL', 'BRK.B', 'SPY', 'TSLA'),
    side: fc.constantFrom(...SIDES),
    kinds: fc.subarray([...ACTIVITY_KINDS], { minLength: 1 }),
    from: fc.integer({ min: -2, max: 5 }).map(n => LocalDate.plusDays(LocalDate.of('2024-03-08'), n)),
    to: fc.integer({ min: -2, max: 40 }).map(n => LocalDate.plusDays(LocalDate.of('2024-03-08'), n)),
    search: fc.constantFrom(
      'aapl',
      'brk.b',
      'div',
      'cash fee',
      'uberweisung',
      '"',
      '  - ',
      'wire-in',
      'a',
      'NOT fee',
      'fee OR',
      '2024 d',
      'description:fee',
      'fee*',
    ),
  },
  { requiredKeys: [] },
)

function emptyHistory(db: Db): void {
  db.raw.exec("DELETE FROM activities; DELETE FROM activities_stale; DELETE FROM meta WHERE name = 'text-watermark'")
  db.raw.exec("INSERT INTO activities_text (activities_text) VALUES ('delete-all')")
}

function everyPage(
  query: (after: string | undefined) => ActivityPageQuery,
  read: (query: ActivityPageQuery) => ReturnType<typeof activityPage>,
): Activity[] {
  const seen: Activity[] = []
  let after: string | undefined
  do {
    const asked = query(after)
    const page = read(asked)
    const full = page.rows.length === asked.limit
    expect(page.rows.length < asked.limit || full).toBe(true)
    expect(page.next === null || full).toBe(true)
    seen.push(...page.rows)
    if (seen.length > 2000) throw new Error('the pages do not end')
    after = page.next ?? undefined
  } while (after !== undefined)
  return seen
}

function words(text: string): string[] {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '')
}

/** Each word of the search begins a word of the row; words joined by other characters follow each other. */
function found(row: Activity, search: string): boolean {
  const wanted = search
    .split(/\s+/)
    .map(words)
    .filter(group => group.length > 0)
  const fields = [words(row.symbol ?? ''), words(row.description ?? '')]
  const matches = (group: string[]) =>
    fields.some(field =>
      field.some((_, at) =>
        group.every((word, i) => (i === group.length - 1 ? field[at + i]?.startsWith(word) === true : field[at + i] === word)),
      ),
    )
  return wanted.length > 0 && wanted.every(matches)
}

function matches(row: Activity, f: ActivityFilter): boolean {
  return (
    (f.connectionId === undefined || row.connectionId === f.connectionId) &&
    (f.accountId === undefined || row.accountId === f.accountId) &&
    (f.symbol === undefined || row.symbol === f.symbol) &&
    (f.side === undefined || row.side === f.side) &&
    (f.kinds === undefined || f.kinds.includes(row.kind)) &&
    (f.from === undefined || row.tradeDate >= f.from) &&
    (f.to === undefined || row.tradeDate <= f.to) &&
    (f.search === undefined || found(row, f.search))
  )
}

describe('the pages of the history', () => {
  test('show every matching row once and in one order, under any filter and page size', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, CONNECTIONS)
    const query = fc.tuple(filters, fc.option(fc.constantFrom(...accounts, 'acc_none' as AccountId)), fc.integer({ min: 1, max: 20 }))
    fc.assert(
      fc.property(fc.array(rowsIn(accounts), { maxLength: 60 }), fc.array(query, { minLength: 10, maxLength: 10 }), (rows, queries) => {
        emptyHistory(db)
        save(db, rows)
        while (indexText(db.writer));
        const whole = everyPage(
          after => ({ limit: 500, after }),
          asked => activityPage(db.reader, asked),
        )
        for (const [filter, account, limit] of queries) {
          const asked = account === null ? filter : { ...filter, accountId: account }
          const expected = whole.filter(row => matches(row, asked))
          expect(
            everyPage(
              after => ({ ...asked, limit, after }),
              one => activityPage(db.reader, one),
            ).map(row => row.id),
          ).toEqual(expected.map(row => row.id))
          expect(activityCount(db.reader, asked).count).toBe(expected.length)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('are ordered by trade date, then by time, newest first', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, CONNECTIONS)
    save(db, fc.sample(rowsIn(accounts), 300))
    const rows = everyPage(
      after => ({ limit: 7, after }),
      asked => activityPage(db.reader, asked),
    )
    // A time outside its trade date counts as that day's nearer end.
    const place = (row: Activity): string => {
      const start = startOfDay(row.tradeDate, EXCHANGE_ZONE)
      const end = Instant.toEpochMicros(startOfDay(LocalDate.plusDays(row.tradeDate, 1), EXCHANGE_ZONE)) - 1
      const time = Math.min(Math.max(Instant.toEpochMicros(row.executedAt ?? start), Instant.toEpochMicros(start)), end)
      return `${row.tradeDate} ${String(time).padStart(20, '0')}`
    }
    expect(rows.map(place)).toEqual(rows.map(place).toSorted().toReversed())
    expect(new Set(rows.map(row => row.id)).size).toBe(rows.length)
  })

  test('neither repeat nor skip a row when newer ones arrive between them', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, CONNECTIONS)
    fc.assert(
      fc.property(fc.array(rowsIn(accounts), { minLength: 5, maxLength: 40 }), fc.integer({ min: 1, max: 5 }), (rows, limit) => {
        db.raw.exec('DELETE FROM activities')
        save(db, rows)
        const before = everyPage(
          after => ({ limit: 500, after }),
          asked => activityPage(db.reader, asked),
        ).map(row => row.id)
        let arrivals = 0
        const seen = everyPage(
          after => ({ limit, after }),
          asked => {
            const page = activityPage(db.reader, asked)
            save(db, [arrival(accounts, (arrivals += 1))])
            return page
          },
        )
        expect(seen.map(row => row.id)).toEqual(before)
      }),
      { numRuns: 40 },
    )
  })

  test('keep the order of rows found by a word when they fall into the same second', () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, CONNECTIONS)
    const start = Instant.toEpochMicros(Instant.parse('2024-03-08T15:00:00Z'))
    const offsets = fc.array(fc.integer({ min: 0, max: 2_000_000 }), { minLength: 2, maxLength: 30 })
    fc.assert(
      fc.property(offsets, fc.integer({ min: 1, max: 5 }), (micros, limit) => {
        emptyHistory(db)
        const row = arrival(accounts, 0)
        const timed = micros.map((offset, n) => {
          const executedAt = Instant.fromEpochMicros(start + offset)
          return {
            ...row,
            facts: { ...row.facts, externalId: `row-${n}`, description: 'found', executedAt, tradeDate: LocalDate.of('2024-03-08') },
          }
        })
        save(db, timed)
        while (indexText(db.writer));
        const read = (asked: ActivityPageQuery) => activityPage(db.reader, asked)
        const whole = everyPage(after => ({ limit: 500, after }), read)
        expect(everyPage(after => ({ limit, after, search: 'found' }), read)).toEqual(whole)
      }),
      { numRuns: 60 },
    )
  })

  test.each([
    '',
    'x',
    'MTIz',
    'MS4yLjM',
    Buffer.from('1.2 ').toString('base64url'),
    Buffer.from('9999999999999999.1').toString('base64url'),
    '1;DROP TABLE activities',
  ])('refuse a cursor they never gave out: %j', cursor => {
    const db = tempDatabase()
    expect(() => activityPage(db.reader, { limit: 1, after: cursor })).toThrow(expect.objectContaining({ code: 'app/invalid-request' }))
  })

  test("keep a broker's placeholder dates without losing a row", () => {
    const db = tempDatabase()
    const accounts = withAccounts(db, CONNECTIONS)
    const [row] = fc.sample(rowsIn(accounts), 1)
    const dates = ['1900-01-01', '1969-12-31', '1970-01-01', '2250-01-01', '2024-03-08']
    const rows = row
      ? dates.map((day, i) => ({
          ...row,
          facts: { ...row.facts, externalId: `e${i}`, executedAt: null, tradeDate: LocalDate.of(day), description: 'odd' },
        }))
      : []
    save(db, rows)
    while (indexText(db.writer));
    for (const search of [undefined, 'odd']) {
      const read = everyPage(
        after => ({ limit: 2, after, ...(search === undefined ? {} : { search }) }),
        asked => activityPage(db.reader, asked),
      )
      expect(read.map(({ tradeDate }) => tradeDate)).toEqual(dates.toSorted().toReversed())
    }
  })
})

function arrival(accounts: readonly AccountId[], n: number): Row {
  const executedAt = Instant.parse('2026-01-01T12:00:00Z')
  return {
    accountId: accounts[0] ?? ('acc_none' as AccountId),
    raw: '{}',
    facts: {
      externalId: `new-${n}`,
      kind: 'trade',
      brokerType: 'FILL',
      symbol: 'AAPL',
      assetClass: null,
      side: 'buy',
      positionEffect: null,
      quantity: Dec.of('1'),
      price: null,
      amount: null,
      fees: Dec.zero,
      currency: 'USD',
      executedAt,
      tradeDate: LocalDate.of('2026-01-01'),
      orderId: null,
      description: null,
      status: 'final',
    },
  }
}

describe('the way pages are read', () => {
  test.each<[string, ActivityFilter]>([
    ['nothing', {}],
    ['a symbol, a side and days', { symbol: 'AAPL', side: 'buy', from: LocalDate.of('2024-01-01'), to: LocalDate.of('2024-12-31') }],
    ['an account', { accountId: 'ACCOUNT' as AccountId }],
    ['a connection with two accounts', { connectionId: 'con_1' as ConnectionId }],
    ['kinds', { kinds: ['dividend', 'fee'] }],
    ['a symbol and kinds', { symbol: 'AAPL', kinds: ['dividend'] }],
  ])('walks an index in its order when filtered by %s: no sort of what is there, no offset, no count', (_, filter) => {
    const db = tempDatabase()
    const [first = 'acc_none' as AccountId] = withAccounts(db, CONNECTIONS)
    const asked: string[] = []
    const reader = {
      ...db.reader,
      all: (query: Parameters<typeof db.reader.all>[0]) => {
        asked.push(
          ...db.raw
            .prepare(`EXPLAIN QUERY PLAN ${query.text}`)
            .all(...query.values)
            .map(row => JSON.stringify(row)),
        )
        expect(query.text).not.toMatch(/\boffset\b|count\s*\(/i)
        return db.reader.all(query)
      },
    }
    activityPage(reader, {
      ...filter,
      ...(filter.accountId ? { accountId: first } : {}),
      limit: 100,
      after: Buffer.from('1700000000000000.5').toString('base64url'),
    })
    const plan = asked.filter(line => /activities|\ba\b/.test(line))
    expect(plan.join('\n')).toMatch(/SEARCH a USING (COVERING )?INDEX activities_\w+ \([^)]*sort_at<\?\)/)
    expect(plan.join('\n')).not.toMatch(/SCAN a(?! USING)/)
    // Merging several streams sorts a page of each, never the history.
    const merged = plan.filter(line => line.includes('SEARCH a USING COVERING')).length > 1
    const sorts = asked.filter(line => line.includes('TEMP B-TREE'))
    expect(sorts.length === 0 || merged).toBe(true)
  })
})
