import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { buy, sale } from '../ledger/support/desk.ts'
import { account } from './support.ts'

const d = Dec.of
const PUT = 'AAPL261218P00010000'
const put = (day: string) => sale('sto', day, { symbol: PUT, assetClass: 'option', quantity: d('1'), price: d('1'), positionEffect: 'open' })
const sold = (externalId: string, day: string, quantity: string) => sale(externalId, day, { quantity: d(quantity), price: d('12'), positionEffect: 'close' })
const bought = (externalId: string, day: string, quantity: string) => buy(externalId, day, { quantity: d(quantity), positionEffect: 'open' })

describe('shares taken out', () => {
  test('settle the difference for good, also where an old sale of as many found nothing to sell', async () => {
    const { told, holds, click, drifts, later } = account()
    told(sold('old', '2026-01-05', '100'), bought('b', '2026-02-05', '300'))
    expect(await holds(['AAPL', '200'])).toMatchObject([{ ledger: '300', broker: '200', fix: { label: 'Take 100 AAPL out' } }])
    expect(await click()).toEqual({ isGone: true })
    expect(await drifts()).toEqual([])
    later()
    // Its broker corrects the old sale.
    told({ ...sold('old', '2026-01-05', '100'), price: d('12.5') })
    expect(await holds(['AAPL', '200'])).toEqual([])
  })

  test.each([
    ['before the fix', '2026-11-10', '10', '0'],
    ['on a later day', '2026-11-23', '10', '0'],
    ['before the fix, of a part of what was held', '2026-11-10', '15', '5'],
    ['on a later day, of a part of what was held', '2026-11-23', '15', '5'],
  ])('are counted twice once the missing sale comes, dated %s, and one click takes them back', async (_when, day, held, left) => {
    const { told, holds, click, drifts, later } = account()
    const stated = left === '0' ? [] : [['AAPL', left] as const]
    told(bought('b', '2026-02-05', held))
    await holds(...stated)
    expect(await click()).toEqual({ isGone: true })
    later()
    told(sold('late', day, '10'))
    expect(await holds(...stated)).toMatchObject([{ reason: 'own-entry', fix: { label: 'Take it back' } }])
    expect(await click()).toEqual({ isGone: true })
    expect(await drifts()).toEqual([])
  })

  test('are not called counted twice for a sale that was there before them', async () => {
    const { told, holds, click, later } = account()
    told(bought('a', '2026-01-02', '100'), sold('old', '2026-01-05', '100'), bought('b', '2026-02-05', '300'))
    await holds(['AAPL', '200'])
    await click()
    later()
    // What went comes back, which no row tells.
    const [found] = await holds(['AAPL', '300'])
    expect(found).toMatchObject({ ledger: '200', broker: '300', reason: 'missing-transfer' })
  })
})

describe('an assignment no row tells of', () => {
  test('is booked before the shares it brought were sold in part', async () => {
    const { db, told, holds, click, drifts } = account()
    told(put('2026-09-01'), sold('s', '2026-11-12', '50'))
    const found = await holds(['AAPL', '50'])
    expect(found.map(({ symbol, reason }) => [symbol, reason])).toEqual([['AAPL', 'assignment'], [PUT, 'assignment']])
    expect(found[0]?.sentence).toBe(
      `${PUT} is gone, and AAPL differs by what it delivers, less the 50 sold since: it was most likely assigned or exercised, and Schwab's history has no row that says so.`,
    )
    expect(await click()).toEqual({ isGone: true })
    expect(await drifts()).toEqual([])
    expect(db.raw.prepare('SELECT symbol, quantity, realized FROM ledger_books ORDER BY symbol').all()).toEqual([
      { symbol: 'AAPL', quantity: '50', realized: '100' },
      { symbol: PUT, quantity: '0', realized: '100' },
    ])
  })

  test('is known where all it brought was sold since', async () => {
    const { db, told, holds, click, drifts } = account()
    told(put('2026-09-01'), sold('s', '2026-11-12', '60'), sold('t', '2026-11-13', '40'))
    const found = await holds()
    expect(found).toMatchObject([{ symbol: PUT, reason: 'assignment', fix: { label: 'Book the assignment' } }])
    expect(found[0]?.sentence).toBe(
      `${PUT} is gone, and the history has the 100 AAPL it delivers sold without having them: it was most likely assigned or exercised, and Schwab's history has no row that says so.`,
    )
    expect(await click()).toEqual({ isGone: true })
    expect(await drifts()).toEqual([])
    expect(db.raw.prepare('SELECT quantity, realized FROM ledger_books ORDER BY symbol').all()).toEqual([
      { quantity: '0', realized: '200' },
      { quantity: '0', realized: '100' },
    ])
  })

  test('has nothing to do with what was sold before the option was', async () => {
    const { told, holds, click, drifts } = account()
    told(sold('old', '2026-01-05', '100'), put('2026-09-01'))
    expect(await holds(['AAPL', '100'])).toMatchObject([{ reason: 'assignment' }, { reason: 'assignment' }])
    expect(await click()).toEqual({ isGone: true })
    expect(await drifts()).toEqual([])
    const other = account()
    other.told(sold('old', '2026-01-05', '100'), put('2026-09-01'))
    expect(await other.holds()).toMatchObject([{ symbol: PUT, reason: 'missing-transfer' }])
  })

  test('is taken back with one click where the rows of it come after all', async () => {
    const { told, holds, click, drifts, later } = account()
    told(put('2026-09-01'), sold('s', '2026-11-12', '50'))
    await holds(['AAPL', '50'])
    await click()
    later()
    told(
      { ...put('2026-11-10'), externalId: 'asg', kind: 'option-event', side: 'buy', positionEffect: null, price: null },
      { ...bought('shares', '2026-11-10', '100'), price: d('10') },
    )
    expect(await holds(['AAPL', '50'])).toMatchObject([{ symbol: 'AAPL', reason: 'own-entry' }, { symbol: PUT, reason: 'own-entry' }])
    expect(await click()).toEqual({ isGone: true })
    expect(await drifts()).toEqual([])
  })
})
