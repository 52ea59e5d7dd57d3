import { expect, test } from 'vitest'
import { savePriceMarks, unitPrice } from '../../../electron/core/store/price-marks.ts'
import { saveWorth } from '../../../electron/core/store/worth-days.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import type { AssetClass } from '../../../shared/domain/instrument.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { AT, tempDatabase } from '../../support/data-folder.ts'
import { withAccounts } from './support.ts'

const d = Dec.of

function position(marketValue: string | null, more: { quantity?: string; symbol?: string; assetClass?: AssetClass; asOf?: Instant } = {}) {
  const { quantity = '3', symbol = 'AAPL', assetClass = 'equity', asOf = AT } = more
  return { symbol, assetClass, quantity: d(quantity), marketValue: marketValue === null ? null : d(marketValue), asOf }
}

test('a price is that of one unit, also of short holdings and contracts', () => {
  expect(unitPrice(position('750'))).toBe('250')
  expect(unitPrice(position('100'))).toBe('33.333333')
  expect(unitPrice(position('-750', { quantity: '-3' }))).toBe('250')
  expect(unitPrice(position('450', { symbol: 'AAPL261218C00250000', assetClass: 'option' }))).toBe('1.5')
})

test('there is no price of what is valued another way, or whose units only the broker knows', () => {
  expect(unitPrice(position(null))).toBeNull()
  expect(unitPrice(position('450', { symbol: '/ESZ26', assetClass: 'future' }))).toBeNull()
  expect(unitPrice(position('985', { quantity: '1000', symbol: '912828XX', assetClass: 'bond' }))).toBeNull()
  expect(unitPrice(position('450', { symbol: 'AAPL1261218C00250000', assetClass: 'option' }))).toBeNull()
})

test('of each day the highest, the lowest and the last price stay', () => {
  const db = tempDatabase()
  const [account] = withAccounts(db, { con_1: ['PA0001'] })
  const day = Instant.parse('2026-11-19T15:00:00Z')
  const read = (values: readonly string[], from: Instant): void =>
    values.forEach((value, at) =>
      savePriceMarks(db.writer, account ?? ('' as never), [position(value, { quantity: '1', asOf: Instant.plus(from, at * 60_000) })]),
    )
  read(['10', '14', '12', '9', '11', '11.5'], day)
  read(['20'], AT)
  expect(db.reader.all(sql`SELECT price FROM price_marks ORDER BY at`).map(({ price }) => price)).toEqual(['14', '9', '11.5', '20'])
})

test('of each day the last value of an account stays; an older reading never replaces a newer one', () => {
  const db = tempDatabase()
  const [account] = withAccounts(db, { con_1: ['PA0001'] })
  const read = (netLiquidation: string, asOf: Instant): void =>
    saveWorth(db.writer, account ?? ('' as never), [{ currency: 'USD', netLiquidation: d(netLiquidation), cash: null, asOf }])
  read('100', AT)
  read('110', Instant.plus(AT, 60_000))
  read('90', Instant.plus(AT, -60_000))
  read('80', Instant.plus(AT, -86_400_000))
  // Past midnight in London, the same day in New York.
  read('120', Instant.parse('2026-11-21T03:00:00Z'))
  expect(db.reader.all(sql`SELECT day, net_liquidation AS value FROM worth_days ORDER BY day`)).toEqual([
    { day: '2026-11-19', value: '80' },
    { day: '2026-11-20', value: '120' },
  ])
})
