import { beforeAll, afterAll, describe, expect, test } from 'vitest'
import type { RealizationView, TripView } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { type TestCore, testCore } from '../../support/test-core.ts'

const scope = { environment: 'sandbox' } as const
const sum = (values: readonly (Dec | null)[]): Dec => Dec.sum(values.flatMap(value => value ?? []))

describe('what the ledger answers', () => {
  let app: TestCore
  beforeAll(async () => {
    app = await testCore({ activities: 700 })
    await app.call('sync.run', { connectionId: await app.connect('schwab') })
  })
  afterAll(() => app[Symbol.asyncDispose]())

  async function everyClosing(): Promise<RealizationView[]> {
    const rows: RealizationView[] = []
    for (let after: string | undefined; ; ) {
      const page = await app.call('ledger.realizations', { ...scope, limit: 40, ...(after === undefined ? {} : { after }) })
      rows.push(...page.rows)
      if (page.next === null) return rows
      after = page.next
    }
  }
  async function everyTrip(): Promise<TripView[]> {
    const rows: TripView[] = []
    for (let after: string | undefined; ; ) {
      const page = await app.call('ledger.trips', { ...scope, limit: 15, ...(after === undefined ? {} : { after }) })
      rows.push(...page.rows)
      if (page.next === null) return rows
      after = page.next
    }
  }

  test('pages of closings hold each once, newest first, and add up to the total', async () => {
    const [total] = await app.call('ledger.totals', scope)
    const closings = await everyClosing()
    expect(closings.length).toBe((total?.closings ?? 0) + (total?.unknown ?? 0))
    expect(closings.length).toBeGreaterThan(40)
    expect(sum(closings.map(({ pnl }) => pnl))).toBe(total?.realized)
    expect(closings.map(({ closeDay }) => closeDay)).toEqual(closings.map(({ closeDay }) => closeDay).toSorted().toReversed())
    expect(new Set(closings.map(({ openKey, closeKey, accountId }) => `${accountId}|${openKey}|${closeKey}`)).size).toBe(closings.length)
    expect(closings.every(({ closeId, openId }) => closeId !== null && openId !== null)).toBe(true)
  })

  test('by symbol, by day and by year it is the same money', async () => {
    const [total] = await app.call('ledger.totals', scope)
    const symbols = await app.call('ledger.bySymbol', scope)
    expect(sum(symbols.map(({ realized }) => realized))).toBe(total?.realized)
    const years = await Promise.all(Array.from({ length: 12 }, (_, at) => 2015 + at).map(year => app.call('ledger.totals', { ...scope, from: LocalDate.of(`${year}-01-01`), to: LocalDate.of(`${year}-12-31`) })))
    expect(sum(years.flat().map(({ realized }) => realized))).toBe(total?.realized)
    for (const { symbol, realized } of symbols) {
      const days = await app.call('ledger.days', { ...scope, symbol })
      expect(sum(days.map(day => day.realized))).toBe(realized)
    }
  })

  test('round trips hold every closing; each knows its fills, and each fill its trip', async () => {
    const [total] = await app.call('ledger.totals', scope)
    const trips = await everyTrip()
    expect(sum(trips.map(({ realized }) => realized))).toBe(total?.realized)
    const closed = trips.filter(({ isOpen }) => !isOpen)
    expect(closed.length).toBeGreaterThan(5)
    for (const { id, fills, realized } of closed.slice(0, 8)) {
      const detail = await app.call('ledger.trip', { id })
      expect(detail.fills.filter(({ kind }) => kind === 'trade' || kind === 'option-event')).toHaveLength(fills)
      expect(detail.fills.at(-1)?.positionAfter).toBe('0')
      expect(sum(detail.realizations.map(({ pnl }) => pnl))).toBe(realized)
      const opener = detail.fills[0]?.activityId
      expect(opener && (await app.call('ledger.tripOf', { activityId: opener })).id).toBe(id)
      expect(detail.excursion.because ?? '').toMatch(/^$|price|entered/)
    }
    const [statistics] = await app.call('ledger.statistics', scope)
    expect(statistics).toMatchObject({ trips: closed.length, wins: closed.filter(({ realized }) => Dec.cmp(realized ?? Dec.zero, Dec.zero) > 0).length })
    const wins = await app.call('ledger.trips', { ...scope, outcome: 'win', state: 'closed', limit: 500 })
    expect(wins.rows).toHaveLength(statistics?.wins ?? -1)
    const [untagged] = await app.call('ledger.byTag', scope)
    expect(untagged).toMatchObject({ tag: null, trips: closed.length })
  })

  test('the curve ends where results, dividends, interest and fees add up', async () => {
    const days = await app.call('ledger.days', scope)
    const [curve] = await app.call('ledger.equity', scope)
    const end = sum(days.flatMap(day => [day.realized, day.dividends, day.interest, Dec.neg(day.otherFees)]))
    expect(curve?.points.at(-1)?.realized).toBe(end)
    const from = days[Math.floor(days.length / 2)]?.day
    const [later] = await app.call('ledger.equity', { ...scope, from })
    expect(later?.points.at(-1)?.realized).toBe(end)
    expect(later?.points[0]?.day).toBe(from)
  })

  test('exports come in parts, alike on every line, with the account and as of when', async () => {
    for (const what of ['realizations', 'trips', 'lots', 'days', 'positions'] as const) {
      const { text, rows } = await app.call('ledger.export', { ...scope, what, format: 'json' })
      const lines = text.trimEnd().split('\n').map(line => JSON.parse(line) as Record<string, unknown>)
      expect(lines).toHaveLength(rows)
      const fields = Object.keys(lines[0] ?? {})
      for (const line of lines) expect(Object.keys(line)).toEqual(fields)
      expect(fields).toContain('asOf')
      expect(lines.every(line => typeof line['asOf'] === 'string')).toBe(true)
      const csv = await app.call('ledger.export', { ...scope, what, format: 'csv' })
      expect(csv.text.split('\r\n')[0]).toBe(fields.join(','))
      expect(csv.text.trimEnd().split('\r\n')).toHaveLength(rows + 1)
    }
  })

  test('a day of several accounts is as of the reading that is furthest behind, not as of the export', async () => {
    const asOf = async (what: 'realizations' | 'days'): Promise<string[]> => {
      const { text } = await app.call('ledger.export', { ...scope, what, format: 'json' })
      return [...new Set([...text.matchAll(/"asOf":"([^"]+)"/g)].flatMap(([, at]) => at ?? []))].toSorted()
    }
    const [oldest] = await asOf('realizations')
    expect(await asOf('days')).toEqual([oldest])
  })

  test('a cursor that is none is refused', async () => {
    await expect(app.call('ledger.trips', { ...scope, limit: 5, after: '1; DROP' })).rejects.toMatchObject({ view: { code: 'app/invalid-request' } })
    await expect(app.call('ledger.realizations', { ...scope, limit: 5, after: 'x' })).rejects.toMatchObject({ view: { code: 'app/invalid-request' } })
  })
})
