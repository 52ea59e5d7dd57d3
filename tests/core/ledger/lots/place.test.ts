import { describe, expect, test } from 'vitest'
import { lotPlace, openingPlace, sortLotRows } from '../../../../electron/core/ledger/lots/place.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { lotRow } from './support/row.ts'

const keys = (rows: Parameters<typeof sortLotRows>[0]): string[] => sortLotRows(rows).map(({ externalId }) => externalId)

describe('the place of a row in its book', () => {
  test('rows known by their day stand at its start: splits, what came in, openings, what says nothing, closings', () => {
    const rows = [
      lotRow({ id: 1, side: 'sell', positionEffect: 'close', quantity: '1' }),
      lotRow({ id: 2, side: 'sell', quantity: '1' }),
      lotRow({ id: 3, side: 'sell', positionEffect: 'open', quantity: '1' }),
      lotRow({ id: 4, side: 'buy', quantity: '1' }),
      lotRow({ id: 5, kind: 'transfer', quantity: '1' }),
      lotRow({ id: 6, kind: 'split', quantity: '1' }),
    ]
    expect(keys(rows)).toEqual(['r6', 'r5', 'r3', 'r4', 'r2', 'r1'])
    expect(openingPlace(LocalDate.of('2026-03-02'))).toBeLessThan(Math.min(...rows.map(lotPlace)))
  })

  test('a movement that says no quantity stands where what came in does', () => {
    const row = lotRow({ id: 1, kind: 'transfer' })
    expect(lotPlace(row)).toBe(lotPlace({ ...row, quantity: Dec.of('1') }))
  })

  test('what went elsewhere and options that ended stand at the end of their day, after every time in it', () => {
    const rows = [
      lotRow({ id: 1, kind: 'transfer', quantity: '-1' }),
      lotRow({ id: 2, kind: 'option-event' }),
      lotRow({ id: 3, kind: 'option-event', at: '2026-03-02T14:00:00.000Z' }),
      lotRow({ id: 4, side: 'buy', quantity: '1', at: '2026-03-03T04:59:59.000Z' }),
      lotRow({ id: 5, side: 'buy', quantity: '1', day: '2026-03-03' }),
    ]
    expect(keys(rows)).toEqual(['r4', 'r1', 'r2', 'r3', 'r5'])
  })

  test('an end that says how many stands before one that says all there is, whatever the number of its row', () => {
    expect(keys([lotRow({ id: 1, kind: 'option-event' }), lotRow({ id: 2, kind: 'option-event', quantity: '0' }), lotRow({ id: 3, kind: 'option-event', quantity: '2' })])).toEqual(['r3', 'r1', 'r2'])
  })

  test('a time is a time, and ties go by the number of the row', () => {
    const at = '2026-03-02T15:00:00.000Z'
    expect(keys([lotRow({ id: 9, side: 'buy', quantity: '1', at }), lotRow({ id: 8, side: 'sell', quantity: '1', at }), lotRow({ id: 7, kind: 'option-event', quantity: '1', at })])).toEqual(['r7', 'r8', 'r9'])
    expect(lotPlace(lotRow({ id: 1, side: 'buy', quantity: '1', at }))).toBe(Date.parse(at) * 1000)
  })

  test('at one time the numbers of a broker decide, whichever row came first; rows without one come before', () => {
    const at = '2026-03-02T15:00:00.000Z'
    const row = (id: number, externalId: string): ReturnType<typeof lotRow> => lotRow({ id, externalId, side: 'buy', quantity: '1', at })
    expect(keys([row(1, '10'), row(2, '9'), row(3, '0011'), row(4, 'b'), row(5, 'a')])).toEqual(['b', 'a', '9', '10', '0011'])
    expect(keys([row(1, '12'), row(2, '0011')])).toEqual(['0011', '12'])
    for (const rows of [[row(1, '12'), row(2, '11')], [row(1, '11'), row(2, '12')], [row(2, '11'), row(1, '12')]]) expect(keys(rows)).toEqual(['11', '12'])
    expect(keys([row(1, '1001'), row(2, '102')])).toEqual(['102', '1001'])
    expect(sortLotRows([row(2, '7'), row(1, '07'), row(3, '007')]).map(({ id }) => id)).toEqual([1, 2, 3])
  })

  test('a split and another action entered as of a day come at its end, and nothing else does', () => {
    const asOf = { quantity: '1', brokerType: 'REVERSE SPLIT AS OF 03/02/26' } as const
    const end = lotPlace(lotRow({ id: 1, kind: 'option-event' }))
    for (const kind of ['split', 'corporate-action'] as const) {
      expect(lotPlace(lotRow({ id: 1, kind, ...asOf }))).toBe(end)
      expect(lotPlace(lotRow({ id: 1, kind, ...asOf, brokerType: 'SPLIT AS OFFERED' }))).toBeLessThan(end)
    }
    expect(lotPlace(lotRow({ id: 1, kind: 'transfer', ...asOf }))).toBeLessThan(end)
  })

  test('a split told before the close was there before the day, behind lots from before the history', () => {
    const split = (at: string): number => lotPlace(lotRow({ id: 1, kind: 'split', quantity: '1', at }))
    expect(split('2026-03-02T20:59:59Z')).toBe(openingPlace(LocalDate.of('2026-03-02')) + 1)
    expect(split('2026-03-02T21:00:00Z')).toBe(Date.parse('2026-03-02T21:00:00Z') * 1000)
  })

  test('an id with letters before or behind a number is none: the rows decide', () => {
    const at = '2026-03-02T15:00:00.000Z'
    const row = (id: number, externalId: string): ReturnType<typeof lotRow> => lotRow({ id, externalId, side: 'buy', quantity: '1', at })
    expect(keys([row(1, 'a10'), row(2, 'a9')])).toEqual(['a10', 'a9'])
    expect(keys([row(1, '10a'), row(2, '9a')])).toEqual(['10a', '9a'])
  })

  test('days that are 23 and 25 hours long end where the next begins', () => {
    for (const day of ['2026-03-08', '2026-11-01'].map(LocalDate.of)) {
      const next = lotRow({ id: 2, kind: 'split', quantity: '1', day: LocalDate.plusDays(day, 1) })
      expect(lotPlace(lotRow({ id: 1, kind: 'option-event', day }))).toBe(next.sortAt - 1)
    }
  })
})
