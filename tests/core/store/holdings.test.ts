import { describe, expect, test } from 'vitest'
import { balancesOf, replaceBalances } from '../../../electron/core/store/balances.ts'
import { coverage, readHistory, writeHistory } from '../../../electron/core/store/history.ts'
import { ordersPage, upsertOrders } from '../../../electron/core/store/orders.ts'
import { positionsOf, replacePositions } from '../../../electron/core/store/positions.ts'
import { abandonOpenRuns, finishRun, lastRun, startRun } from '../../../electron/core/store/sync-runs.ts'
import type { SyncResult } from '../../../shared/contract/schemas.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId, ConnectionId } from '../../../shared/domain/ids.ts'
import type { Order } from '../../../shared/domain/order.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { withAccounts } from './support.ts'

const CON = 'con_1' as ConnectionId
const FETCHED = Instant.parse('2026-11-20T21:00:00.000001Z')

function twoAccounts(): { db: ReturnType<typeof tempDatabase>; one: AccountId; two: AccountId } {
  const db = tempDatabase()
  const [one, two] = withAccounts(db, { con_1: ['1001', '1002'] })
  if (!one || !two) throw new Error('no accounts')
  return { db, one, two }
}

describe('holdings', () => {
  const balance = { currency: 'USD', netLiquidation: Dec.of('1234567890.123456789'), cash: Dec.of('-0.01'), buyingPower: null, asOf: AT }
  const position = {
    symbol: 'AAPL',
    assetClass: 'equity' as const,
    quantity: Dec.of('-0.000000001'),
    averagePrice: null,
    marketValue: Dec.of('12'),
    unrealized: null,
    currency: 'USD',
    asOf: AT,
  }

  test('are replaced by what was read last, for that account alone', () => {
    const { db, one, two } = twoAccounts()
    replaceBalances(db.writer, one, [balance, { ...balance, currency: 'EUR' }], AT)
    replaceBalances(db.writer, two, [balance], AT)
    replaceBalances(db.writer, one, [balance], FETCHED)
    expect(balancesOf(db.reader, one)).toEqual([{ ...balance, accountId: one, fetchedAt: FETCHED }])
    expect(balancesOf(db.reader, two)).toEqual([{ ...balance, accountId: two, fetchedAt: AT }])
    replaceBalances(db.writer, one, [], FETCHED)
    expect(balancesOf(db.reader, one)).toEqual([])
  })

  test('list positions by symbol and keep one the broker states twice', () => {
    const { db, one, two } = twoAccounts()
    replacePositions(db.writer, one, [{ ...position, symbol: 'SPY' }, position, position], AT)
    replacePositions(db.writer, two, [position], FETCHED)
    expect(positionsOf(db.reader, one).map(({ symbol }) => symbol)).toEqual(['AAPL', 'AAPL', 'SPY'])
    expect(positionsOf(db.reader, two)).toEqual([{ ...position, accountId: two, fetchedAt: FETCHED }])
    expect(positionsOf(db.reader)).toHaveLength(4)
  })
})

describe('orders', () => {
  const order = (externalId: string, submittedAt: Instant): Omit<Order, 'accountId' | 'fetchedAt'> => ({
    externalId,
    symbol: 'AAPL',
    side: 'buy',
    type: 'limit',
    timeInForce: 'day',
    status: 'working',
    statusText: 'new',
    quantity: Dec.of('1.5'),
    filledQuantity: Dec.zero,
    limitPrice: Dec.of('101.25'),
    stopPrice: null,
    averageFillPrice: null,
    submittedAt,
    updatedAt: submittedAt,
  })

  test('are replaced by a later reading and shown newest first', () => {
    const { db, one, two } = twoAccounts()
    const filled = {
      ...order('a', AT),
      status: 'filled' as const,
      statusText: 'filled',
      filledQuantity: Dec.of('1.5'),
      averageFillPrice: Dec.of('101.2'),
    }
    upsertOrders(db.writer, one, [order('a', AT), order('b', FETCHED)], AT)
    upsertOrders(db.writer, two, [order('a', AT)], AT)
    upsertOrders(db.writer, one, [filled], FETCHED)
    expect(ordersPage(db.reader, { accountId: one, limit: 10 })).toEqual([
      { ...order('b', FETCHED), accountId: one, fetchedAt: AT },
      { ...filled, accountId: one, fetchedAt: FETCHED },
    ])
    expect(ordersPage(db.reader, { limit: 2 })).toHaveLength(2)
    expect(ordersPage(db.reader, { limit: 10 })).toHaveLength(3)
  })
})

describe('how far a history has come', () => {
  const day = (text: string): LocalDate => LocalDate.of(text)
  const begun = { from: day('2024-01-01'), to: day('2026-11-20'), cursor: 'page 7', done: false, completeFrom: null, completeTo: null }
  const done = { ...begun, cursor: null, done: true, completeFrom: day('2023-12-01'), completeTo: day('2026-11-20') }

  test('comes back as it was saved', () => {
    const { db, one, two } = twoAccounts()
    expect(readHistory(db.reader, one)).toBeNull()
    writeHistory(db.writer, one, begun, AT)
    writeHistory(db.writer, two, done, AT)
    expect(readHistory(db.reader, one)).toEqual(begun)
    writeHistory(db.writer, one, done, FETCHED)
    expect(readHistory(db.reader, one)).toEqual(done)
  })

  test('is told to the user as the days that are complete, else those being read', () => {
    const { db, one, two } = twoAccounts()
    writeHistory(db.writer, one, begun, AT)
    writeHistory(db.writer, two, { ...done, from: day('2026-11-13'), cursor: 'page 1', done: false }, FETCHED)
    expect(coverage(db.reader).toSorted((a, b) => a.from.localeCompare(b.from))).toEqual([
      { accountId: two, from: '2023-12-01', to: '2026-11-20', complete: true, fetchedAt: FETCHED },
      { accountId: one, from: '2024-01-01', to: '2026-11-20', complete: false, fetchedAt: AT },
    ])
  })
})

describe('sync runs', () => {
  const result = (at: Instant): SyncResult => ({
    result: 'partial',
    connectionId: CON,
    startedAt: AT,
    finishedAt: at,
    error: null,
    accounts: [],
  })

  test('answer the last one that ended', () => {
    const { db } = twoAccounts()
    expect(lastRun(db.reader, CON)).toBeNull()
    finishRun(db.writer, startRun(db.writer, CON, AT), result(AT))
    finishRun(db.writer, startRun(db.writer, CON, AT), result(FETCHED))
    startRun(db.writer, CON, FETCHED)
    expect(lastRun(db.reader, CON)).toEqual(result(FETCHED))
  })

  test('that a killed process left open are ended as failed, once', () => {
    const { db } = twoAccounts()
    startRun(db.writer, CON, AT)
    expect(abandonOpenRuns(db.writer, FETCHED)).toBe(1)
    expect(abandonOpenRuns(db.writer, FETCHED)).toBe(0)
    expect(lastRun(db.reader, CON)).toMatchObject({
      result: 'failed',
      finishedAt: FETCHED,
      error: { code: 'sync/interrupted' },
      accounts: [],
    })
  })

  test('do not pile up', () => {
    const { db } = twoAccounts()
    for (let i = 0; i < 120; i += 1) finishRun(db.writer, startRun(db.writer, CON, AT), result(AT))
    expect(db.raw.prepare('SELECT count(*) FROM sync_runs').pluck().get()).toBe(50)
  })
})
