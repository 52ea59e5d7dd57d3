import { describe, expect, test } from 'vitest'
import type { BrokerPosition } from '../../../electron/core/brokers/adapter.ts'
import type { Db } from '../../../electron/core/db/open.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { lossToday } from '../../../electron/core/orders/loss-today.ts'
import { saveWorth } from '../../../electron/core/store/worth-days.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AccountId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { withAccounts } from '../store/support.ts'

/** A Monday morning in New York. */
const NOW = Instant.parse('2026-11-23T15:00:00Z')
const FRIDAY = Instant.parse('2026-11-20T21:00:00Z')
const THURSDAY = Instant.parse('2026-11-19T21:00:00Z')

function open(): { readonly db: Db; readonly id: AccountId } {
  const db = tempDatabase()
  const [id] = withAccounts(db, { con_a: ['111'] })
  if (!id) throw new Error('no account')
  return { db, id }
}

const balance = (worth: string | null) => [
  { currency: 'USD', netLiquidation: worth === null ? null : Dec.of(worth), cash: null, buyingPower: null, asOf: NOW },
]
const position = (symbol: string, unrealized: string | null): BrokerPosition => ({
  symbol,
  assetClass: 'equity',
  quantity: Dec.of('1'),
  averagePrice: null,
  marketValue: null,
  unrealized: unrealized === null ? null : Dec.of(unrealized),
  currency: 'USD',
  asOf: NOW,
})
const lossOf = ({ db, id }: ReturnType<typeof open>, worth: string | null, positions: readonly BrokerPosition[] = []): Dec | null =>
  lossToday(db.reader, { id, currency: 'USD' }, { balances: balance(worth), positions }, NOW)

function row({ db, id }: ReturnType<typeof open>, kind: string, symbol: string | null, amount: string | null, currency = 'USD'): void {
  db.writer.run(sql`
    INSERT INTO activities (account, external_id, content_hash, sort_at, trade_date, kind, broker_type, symbol, amount, fees, currency, status, as_of, fetched_at, raw)
    SELECT n, ${`${kind} ${symbol ?? ''} ${amount ?? ''}`}, '', 1, '2026-11-23', ${kind}, '', ${symbol}, ${amount}, '0', ${currency}, 'final', 1, 1, '' FROM accounts WHERE id = ${id}`)
}

function realized({ db, id }: ReturnType<typeof open>, amount: string): void {
  db.writer.run(sql`
    INSERT INTO ledger_days (account, currency, day, realized, fees, closings, unknown, dividends, interest, other_fees, cash)
    SELECT n, 'USD', '2026-11-23', ${amount}, '0', 1, 0, '0', '0', '0', '0' FROM accounts WHERE id = ${id}`)
}

describe('what today has lost', () => {
  test('is what the account is worth less than at the end of the last trading day', () => {
    const house = open()
    saveWorth(house.db.writer, house.id, [{ currency: 'USD', netLiquidation: Dec.of('10000'), cash: null, asOf: FRIDAY }])
    expect(lossOf(house, '9400.5')).toBe('599.5')
    expect(lossOf(house, '10400')).toBe('0')
  })

  test('is not hidden by what was won on the last day after it was read: then what was lost since the first reading of today counts too', () => {
    const house = open()
    const read = (worth: string, at: string): void =>
      saveWorth(house.db.writer, house.id, [{ currency: 'USD', netLiquidation: Dec.of(worth), cash: null, asOf: Instant.parse(at) }])
    read('10000', '2026-11-20T16:00:00Z')
    read('15000', '2026-11-23T14:30:00Z')
    expect(lossOf(house, '14000')).toBe('1000')
    // What was lost on the last day after it was read is counted rather than overlooked.
    expect(lossOf(house, '8500')).toBe('6500')
    read('9800', '2026-11-23T14:29:00Z')
    expect(lossOf(house, '9700')).toBe('300')
    read('14900', '2026-11-20T20:59:59Z')
    expect(lossOf(house, '14850')).toBe('50')
    read('14900', '2026-11-20T21:00:00Z')
    read('20000', '2026-11-23T14:28:00Z')
    expect(lossOf(house, '14850')).toBe('50')
  })

  test('from an older value is not known that way: our own books say it', () => {
    const house = open()
    saveWorth(house.db.writer, house.id, [{ currency: 'USD', netLiquidation: Dec.of('10000'), cash: null, asOf: THURSDAY }])
    expect(lossOf(house, '1')).toBe('0')
  })

  test('without any value is what was realized, and where the positions stand that were traded today', () => {
    const house = open()
    realized(house, '-120')
    expect(lossOf(house, null, [position('OLD', '-900')])).toBe('120')
    house.db.writer.run(sql`
      INSERT INTO orders (account_id, external_id, symbol, side, type, time_in_force, status, status_text, quantity, filled_quantity, submitted_at, updated_at, fetched_at)
      VALUES (${house.id}, '1', 'NEW', 'buy', 'market', 'day', 'filled', 'filled', '1', '1', ${Instant.toEpochMicros(NOW)}, ${Instant.toEpochMicros(NOW)}, ${Instant.toEpochMicros(NOW)})`)
    expect(lossOf(house, null, [position('NEW', '-30'), position('OLD', '-900')])).toBe('150')
    expect(lossOf(house, null, [position('NEW', null)])).toBeNull()
  })

  test('on the first day is what changed since the account was first read, not what positions lost before', () => {
    const house = open()
    const read = (worth: string, at: string): void =>
      saveWorth(house.db.writer, house.id, [{ currency: 'USD', netLiquidation: Dec.of(worth), cash: null, asOf: Instant.parse(at) }])
    expect(lossOf(house, '5000', [position('OLD', '-900')])).toBe('0')
    read('5000', '2026-11-23T14:40:00Z')
    read('5200', '2026-11-23T14:50:00Z')
    expect(lossOf(house, '4800', [position('OLD', '-900')])).toBe('200')
    // Read earlier, told later.
    read('5100', '2026-11-23T14:35:00Z')
    expect(lossOf(house, '4800')).toBe('300')
    // A value of another day is none of today.
    read('9000', '2026-11-19T14:50:00Z')
    expect(lossOf(house, '4800')).toBe('300')
  })

  test('on the first day is never less than what the books realized, and not known where they do not know', () => {
    const house = open()
    realized(house, '-120')
    expect(lossOf(house, '5000')).toBe('120')
    saveWorth(house.db.writer, house.id, [{ currency: 'USD', netLiquidation: Dec.of('5000'), cash: null, asOf: NOW }])
    expect(lossOf(house, '4950')).toBe('120')
    expect(lossOf(house, '4800')).toBe('200')
    house.db.writer.run(sql`UPDATE ledger_days SET unknown = 1`)
    expect(lossOf(house, '4800')).toBeNull()
  })

  test('on the first day is not hidden by money that came in, and money that went out counts', () => {
    const house = open()
    saveWorth(house.db.writer, house.id, [{ currency: 'USD', netLiquidation: Dec.of('5000'), cash: null, asOf: NOW }])
    row(house, 'transfer', null, '700')
    expect(lossOf(house, '5000')).toBe('700')
    row(house, 'transfer', null, '-300')
    expect(lossOf(house, '5000')).toBe('700')
  })

  test('is what the books say where securities came or went today, of which nobody says what they were worth', () => {
    const house = open()
    realized(house, '-120')
    saveWorth(house.db.writer, house.id, [{ currency: 'USD', netLiquidation: Dec.of('5000'), cash: null, asOf: NOW }])
    expect(lossOf(house, '4000')).toBe('1000')
    row(house, 'transfer', 'AAPL', null)
    expect(lossOf(house, '4000')).toBe('120')
  })

  test('is not known while a closing of today has no cost', () => {
    const house = open()
    house.db.writer.run(sql`
      INSERT INTO ledger_days (account, currency, day, realized, fees, closings, unknown, dividends, interest, other_fees, cash)
      SELECT n, 'USD', '2026-11-23', '0', '0', 1, 1, '0', '0', '0', '0' FROM accounts WHERE id = ${house.id}`)
    expect(lossOf(house, null)).toBeNull()
  })

  test('takes deposits and withdrawals out', () => {
    const house = open()
    saveWorth(house.db.writer, house.id, [{ currency: 'USD', netLiquidation: Dec.of('10000'), cash: null, asOf: FRIDAY }])
    row(house, 'transfer', null, '500')
    expect(lossOf(house, '10000')).toBe('500')
    // What was first read today says nothing against the value of the last day.
    saveWorth(house.db.writer, house.id, [{ currency: 'USD', netLiquidation: Dec.of('10500'), cash: null, asOf: NOW }])
    expect(lossOf(house, '10300')).toBe('200')
  })

  test('is not hidden by a withdrawal that was taken back, nor by what futures settled', () => {
    const house = open()
    saveWorth(house.db.writer, house.id, [{ currency: 'USD', netLiquidation: Dec.of('10000'), cash: null, asOf: FRIDAY }])
    row(house, 'transfer', null, '-400')
    house.db.raw.exec("UPDATE activities SET status = 'canceled'")
    row(house, 'journal', null, '-300')
    house.db.raw.exec("UPDATE activities SET broker_type = 'Money Movement / Mark to Market' WHERE kind = 'journal'")
    expect(lossOf(house, '9000')).toBe('1000')
  })

  test('is not known from books that also realized something in another currency', () => {
    const house = open()
    house.db.writer.run(sql`
      INSERT INTO ledger_days (account, currency, day, realized, fees, closings, unknown, dividends, interest, other_fees, cash)
      SELECT n, 'EUR', '2026-11-23', '-4000', '0', 1, 0, '0', '0', '0', '0' FROM accounts WHERE id = ${house.id}`)
    expect(lossOf(house, '5000')).toBeNull()
  })

  test('is not hidden by a deposit in another currency, of which nobody says what it added', () => {
    const house = open()
    saveWorth(house.db.writer, house.id, [{ currency: 'USD', netLiquidation: Dec.of('10000'), cash: null, asOf: FRIDAY }])
    row(house, 'transfer', null, '2000', 'EUR')
    house.db.writer.run(sql`
      INSERT INTO ledger_days (account, currency, day, realized, fees, closings, unknown, dividends, interest, other_fees, cash)
      SELECT n, 'USD', '2026-11-23', '-1500', '0', 1, 0, '0', '0', '0', '0' FROM accounts WHERE id = ${house.id}`)
    expect(lossOf(house, '10600')).toBe('1500')
  })

  test("is measured in the account's own currency, wherever the broker lists it", () => {
    const house = open()
    saveWorth(house.db.writer, house.id, [{ currency: 'USD', netLiquidation: Dec.of('10000'), cash: null, asOf: FRIDAY }])
    const account = { id: house.id, currency: 'USD' }
    const euros = { currency: 'EUR', netLiquidation: Dec.of('1'), cash: null, buyingPower: null, asOf: NOW }
    const balances = [euros, ...balance('9900')]
    expect(lossToday(house.db.reader, account, { balances, positions: [] }, NOW)).toBe('100')
    // Without one in it, and without books, nothing was lost.
    expect(lossToday(house.db.reader, account, { balances: [euros], positions: [] }, NOW)).toBe('0')
  })

  test('is what the books say where the broker states no worth, now or before', () => {
    const house = open()
    realized(house, '-40')
    saveWorth(house.db.writer, house.id, [{ currency: 'USD', netLiquidation: Dec.of('10000'), cash: null, asOf: FRIDAY }])
    expect(lossOf(house, null)).toBe('40')
    const other = open()
    realized(other, '-40')
    saveWorth(other.db.writer, other.id, [{ currency: 'USD', netLiquidation: null, cash: Dec.of('1'), asOf: FRIDAY }])
    expect(lossOf(other, '9000')).toBe('40')
  })

  test('is not known while a position that was traded today stands in another currency', () => {
    const house = open()
    row(house, 'trade', 'SAP', '-100')
    expect(lossOf(house, null, [position('SAP', '-30')])).toBe('30')
    expect(lossOf(house, null, [{ ...position('SAP', '-30'), currency: 'EUR' }])).toBeNull()
  })
})
