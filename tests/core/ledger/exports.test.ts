import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { type TestCore, testCore } from '../../support/test-core.ts'

const scope = { environment: 'sandbox' } as const
const WHATS = ['realizations', 'trips', 'lots', 'days', 'positions'] as const
type What = (typeof WHATS)[number]
type Line = Record<string, string | number | boolean | null>

const without = (row: object, ...columns: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(row).filter(([column]) => !columns.includes(column)))

describe('what is exported', () => {
  let app: TestCore
  beforeAll(async () => {
    app = await testCore({ activities: 300 })
    await app.call('sync.run', { connectionId: await app.connect('alpaca') })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  const part = async (what: What, format: 'csv' | 'json'): Promise<string> =>
    (await app.call('ledger.export', { ...scope, what, format })).text
  const json = async (what: What): Promise<Line[]> =>
    (await part(what, 'json'))
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Line)

  test('is what the screens show, to the last digit', async () => {
    const limit = 500
    expect(await json('realizations')).toMatchObject(
      (await app.call('ledger.realizations', { ...scope, limit })).rows.map(row => without(row, 'wash')),
    )
    expect(await json('trips')).toMatchObject(
      (await app.call('ledger.trips', { ...scope, limit })).rows.map(row => ({
        ...without(row, 'connectionId', 'hasNotes'),
        tags: row.tags.join(' '),
      })),
    )
    const lots = await json('lots')
    for (const symbol of new Set(lots.map(lot => String(lot['symbol']))))
      expect(lots.filter(lot => lot['symbol'] === symbol)).toMatchObject(await app.call('ledger.lots', { symbol }))
    expect(await json('days')).toMatchObject(await app.call('ledger.days', scope))
    const positions = await json('positions')
    for (const { symbol, quantity, cost, marketValue, unrealized, realized, asOf } of await app.call('portfolio.grouped', scope)) {
      const mine = positions.filter(one => one['symbol'] === symbol)
      const sum = (column: string): Dec | null =>
        mine.some(one => one[column] === null) ? null : Dec.sum(mine.map(one => Dec.of(String(one[column]))))
      expect([sum('quantity'), sum('cost'), sum('marketValue'), sum('unrealized'), sum('realized')], symbol).toEqual([
        quantity,
        cost,
        marketValue,
        unrealized,
        realized,
      ])
      expect(mine.map(one => one['valueAsOf'])).toContain(asOf)
    }
  })

  test.each(WHATS)('of %s says as of when and when fetched on every line, and is the same as CSV, typed alike', async what => {
    const lines = await json(what)
    const rows = parse(await part(what, 'csv'), { columns: true, record_delimiter: '\r\n' })
    expect(rows).toEqual(
      lines.map(line => Object.fromEntries(Object.entries(line).map(([column, value]) => [column, value === null ? '' : String(value)]))),
    )
    for (const column of Object.keys(lines[0] ?? {})) {
      const types = new Set(
        lines
          .map(line => line[column])
          .filter(value => value !== null)
          .map(value => typeof value),
      )
      expect(types.size, column).toBeLessThanOrEqual(1)
    }
    for (const line of lines) {
      expect([line['asOf'], line['fetchedAt']]).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), line['asOf']])
      for (const value of Object.values(line)) expect(String(value)).not.toMatch(/^-?\d{1,3}(?:,\d{3})+|^\d+e[+-]?\d/)
    }
  })

  test('runs nothing in a spreadsheet: what a broker, an account or a user named like a formula is text', async () => {
    const accountId = (await app.call('ledger.trips', { ...scope, limit: 1 })).rows[0]?.accountId
    if (accountId === undefined) throw new Error('no account')
    const lot = { accountId, currency: 'USD', day: LocalDate.of('2020-01-02'), quantity: Dec.of('-1'), price: Dec.of('3'), note: '' }
    const hostile = ['=HYPERLINK("http://x")', '+CALL', '-1+2', '@SUM(A1)']
    for (const symbol of hostile) await app.call('ledger.addOpeningLot', { ...lot, symbol })
    const kept = (await json('lots')).map(line => String(line['symbol'])).filter(symbol => /^[=+\-@]/.test(symbol))
    expect(kept.toSorted()).toEqual(hostile.toSorted())
    for (const what of ['lots', 'positions', 'trips'] as const) {
      const rows: string[][] = parse(await part(what, 'csv'), { record_delimiter: '\r\n' })
      const shown = rows.flat().filter(cell => hostile.some(symbol => cell.includes(symbol)))
      expect(new Set(shown), what).toEqual(new Set(hostile.map(symbol => `'${symbol}`)))
      // Figures stay figures, whatever their sign.
      expect(
        rows
          .flat()
          .filter(cell => /^-\d/.test(cell))
          .every(cell => /^-\d+(?:\.\d+)?$/.test(cell)),
        what,
      ).toBe(true)
    }
    expect(await part('lots', 'csv')).toMatch(/,-1,/)
  })
})
