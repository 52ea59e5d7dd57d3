import { expect, test } from 'vitest'
import { sql } from '../../../electron/core/db/sql.ts'
import type { Writer } from '../../../electron/core/db/connection.ts'
import type { LotRow } from '../../../electron/core/ledger/lots/lot-rows.ts'
import { heldRows, holdRow, newHeldRows, sharing, unpackRow } from '../../../electron/core/store/held-rows.ts'
import { accountRows, lotRowOf, readThrough, symbolRows } from '../../../electron/core/store/ledger-history.ts'
import type { BrokerActivity } from '../../../electron/core/brokers/adapter.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { save, withAccounts } from './support.ts'

const FACTS: BrokerActivity['facts'] = {
  externalId: '', kind: 'trade', brokerType: 'FILL', symbol: 'AAPL', assetClass: 'equity', side: 'buy', positionEffect: null, quantity: Dec.of('1'), price: Dec.of('2'), amount: Dec.of('-2'),
  fees: Dec.zero, currency: 'USD', executedAt: Instant.parse('2026-03-02T15:00:00Z'), tradeDate: LocalDate.of('2026-03-02'), orderId: null, description: null, status: 'final',
}

/** Every row of an account, unpacked by itself and again when it was held. */
function allRows(w: Writer): LotRow[] {
  const [words, held] = [sharing(), newHeldRows(null)]
  const rows = [...accountRows(w, 1)].flat().map(row => {
    const [manner, day] = [words.manner(row[2]), words.day(row[5])]
    holdRow(held, row, manner, day)
    return unpackRow(row, manner, day)
  })
  expect(heldRows(held)).toEqual(rows.map(row => ({ ...row, symbol: null })))
  return rows
}

test.each([0, 1, 1_999, 2_000, 2_001, 4_000])('an account of %i rows, many of them of one moment, is read whole and in order', count => {
  const db = tempDatabase()
  const [accountId] = withAccounts(db, { con_1: ['PA1'] })
  if (accountId === undefined) throw new Error('no account')
  const moment = (at: number): Instant => Instant.plus(Instant.parse('2026-03-02T15:00:00Z'), -Math.floor(at / 700) * 1_000)
  save(db, Array.from({ length: count }, (_, at) => ({ accountId, raw: '{}', facts: { ...FACTS, externalId: `x${at}`, executedAt: moment(at) } })))
  const rows = db.writer.tx(allRows)
  const stored = db.reader.all(sql`SELECT *, executed_at IS NOT NULL AS is_timed FROM activities ORDER BY sort_at, id`)
  expect(rows).toEqual(stored.map(lotRowOf))
})

test.each([-16_000, 500])('reading through keeps as many pages as before after it: %i', pages => {
  const db = tempDatabase()
  db.raw.pragma(`cache_size = ${pages}`)
  expect(readThrough(db.writer, () => db.raw.pragma('cache_size', { simple: true }))).toBe(-2000)
  expect(db.raw.pragma('cache_size', { simple: true })).toBe(pages)
  expect(() => readThrough(db.writer, () => { throw new Error('no') })).toThrow('no')
  expect(db.raw.pragma('cache_size', { simple: true })).toBe(pages)
})

test('every word of a row is read as it is kept, whatever a broker calls it', () => {
  const db = tempDatabase()
  const [accountId] = withAccounts(db, { con_1: ['PA1'] })
  if (accountId === undefined) throw new Error('no account')
  const changes: Partial<BrokerActivity['facts']>[] = [
    {},
    { brokerType: 'A\u001fB\u001f' },
    { brokerType: '' },
    { brokerType: '1' },
    { brokerType: '0\u001fsell\u001f1', side: null },
    { side: null, assetClass: null, executedAt: null, quantity: null, price: null, amount: null },
    { assetClass: null },
    { side: null, positionEffect: 'open', executedAt: null },
    { assetClass: null, side: 'sell', positionEffect: 'open' },
    { assetClass: null, side: null, positionEffect: 'close', brokerType: 'buy' },
    { positionEffect: 'close', side: 'sell', status: 'canceled', assetClass: 'future-option', currency: 'EUR', description: 'a\u001fb' },
    { kind: 'corporate-action', brokerType: 'MERGER', symbol: null },
    { quantity: null },
    { price: null, fees: Dec.of('-0.05') },
    { amount: null, quantity: Dec.of('-1.5'), description: '' },
  ]
  save(db, changes.map((change, at) => ({ accountId, raw: '{}', facts: { ...FACTS, ...change, externalId: at % 2 === 0 ? `x${at}` : `x\u001f${at}\u001f` } })))
  const stored = db.reader.all(sql`SELECT *, executed_at IS NOT NULL AS is_timed FROM activities ORDER BY sort_at, id`).map(lotRowOf)
  expect(stored).toHaveLength(changes.length)
  expect(db.writer.tx(allRows)).toEqual(stored)
  expect(db.writer.tx(w => symbolRows(w, 1, 'AAPL', { sortAt: 0, id: 0 }))).toEqual(stored.filter(({ symbol }) => symbol === 'AAPL'))
})
