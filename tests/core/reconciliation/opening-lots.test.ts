import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { differencesOf } from '../../../electron/core/reconciliation/compare.ts'
import type { ActivityFacts } from '../../../shared/domain/activity.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { buy, sale } from '../ledger/support/desk.ts'
import { book, d, facts, held } from './facts.ts'
import { account } from './support.ts'

const FIRST = LocalDate.of('2022-01-05')
/** Days between the beginnings of two instruments: on one day what leaves one and comes to another may be an exchange, and a lot of one changes the other. */
const APART = 100
const moved = { side: null, price: null } as const
const KINDS = ['bought', 'sold', 'transfer', 'journal', 'corporate-action', 'split'] as const

/** A row of a history that has gaps: nothing says that what it closes was ever opened. */
const row = fc.record({
  kind: fc.constantFrom(...KINDS),
  day: fc.integer({ min: 0, max: 60 }),
  size: fc.constantFrom('0.5', '1', '2', '5', '10', '20', '100'),
  isOut: fc.boolean(),
  effect: fc.constantFrom('open' as const, 'close' as const, null, null),
})
const history = fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 6 }), holds: fc.constantFrom('5', '10', '100', '1000', '2.5', '-5', '-20') })
type History = typeof history extends fc.Arbitrary<infer T> ? T : never

function rowsOf({ rows }: History, symbol: string, from: number) {
  return rows.map(({ kind, day, size, isOut, effect }, at) => {
    const [id, on] = [`${symbol}-${at}`, LocalDate.plusDays(FIRST, from + day)]
    const own: Partial<ActivityFacts> = { symbol, quantity: d(size) }
    if (kind === 'bought') return buy(id, on, { ...own, positionEffect: effect })
    if (kind === 'sold') return sale(id, on, { ...own, positionEffect: effect })
    return buy(id, on, { ...own, ...moved, kind, brokerType: kind, quantity: d(isOut ? `-${size}` : size) })
  })
}

describe('an opening lot that is offered', () => {
  test('settles its difference, whatever rows are missing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(history, { minLength: 4, maxLength: 10 }), async histories => {
        const { told, holds, drifts, take, db } = account()
        const named = histories.map((one, at) => ({ ...one, symbol: `S${at}` }))
        told(...named.flatMap((one, at) => rowsOf(one, one.symbol, APART * at)))
        const found = await holds(...named.map(({ symbol, holds: quantity }) => [symbol, quantity] as const))
        const offered = found.filter(({ fix }) => fix?.kind === 'opening-lot')
        for (const { id } of offered) expect(await take(id)).toEqual({ isGone: true })
        const left = (await drifts()).map(({ symbol }) => symbol)
        expect(left).toEqual(found.filter(({ fix }) => fix?.kind !== 'opening-lot').map(({ symbol }) => symbol))
        db.close()
      }),
      { numRuns: 15 },
    )
  })

  test('is larger by what was closed of it on the way', async () => {
    const { told, holds, click } = account()
    told(buy('in', '2026-01-06', { ...moved, kind: 'transfer', quantity: d('2') }), buy('out', '2026-01-05', { ...moved, kind: 'transfer', quantity: d('-2') }), sale('s', '2026-01-07', { positionEffect: 'open' }))
    const [found] = await holds(['AAPL', '-20'])
    expect(found).toMatchObject({ ledger: '-8', broker: '-20', fix: { label: 'Add 12 AAPL held short as an opening lot' } })
    expect(await click()).toEqual({ isGone: true })
  })

  test('is of the currency the history has, where the broker names another one for the same', async () => {
    const { told, holds, click, drifts, db } = account()
    told(buy('b', '2026-01-06', { symbol: 'BTC/USDT', assetClass: 'crypto', currency: 'USDT', quantity: d('1') }))
    expect(await holds(['BTC/USDT', '3'])).toMatchObject([{ ledger: '1', broker: '3', fix: { label: 'Add 2 BTC/USDT as an opening lot', detail: 'From before the history, at a cost to be filled in.' } }])
    expect(await click()).toEqual({ isGone: true })
    expect(await drifts()).toEqual([])
    expect(db.raw.prepare('SELECT currency, quantity FROM ledger_books').all()).toEqual([{ currency: 'USDT', quantity: '3' }])
  })
})

describe('an opening lot of an instrument with gaps', () => {
  const gap = { books: [book('AAPL', '10', { missing: d('3') })], positions: [held('AAPL', '20')] }

  test('is as large as the difference and what is missing where it is too much to compute', () => {
    expect(differencesOf(facts({ ...gap, heldWith: () => () => null })).map(({ fix }) => fix?.label)).toEqual(['Add 13 AAPL as an opening lot'])
    expect(differencesOf(facts({ ...gap, books: [book('AAPL', '10', { missing: d('-30') })], heldWith: () => () => null })).map(({ fix }) => fix?.label)).toEqual(['Add 10 AAPL as an opening lot'])
  })

  test('is computed three times at most', () => {
    const tried: string[] = []
    const heldWith = () => ({ quantity }: { readonly quantity: string }) => (tried.push(quantity), d('19'))
    expect(differencesOf(facts({ ...gap, heldWith })).map(({ fix }) => fix)).toEqual([null])
    expect(tried).toEqual(['13', '14', '15'])
  })
})

describe('no opening lot is offered', () => {
  test('where none settles the difference, which is said', async () => {
    const { told, holds } = account()
    told(buy('c', '2026-01-06', { positionEffect: 'close', quantity: d('2') }), sale('s', '2026-01-07', { quantity: d('30'), positionEffect: 'open' }), buy('b', '2026-01-08', { ...moved, kind: 'corporate-action', brokerType: 'X', quantity: d('-100') }), buy('d', '2026-01-09', { quantity: d('4') }))
    expect(await holds(['AAPL', '2'])).toMatchObject([
      {
        fix: null,
        sentence: 'The history closes more AAPL than it opens, and no lot from before it makes up for that: rows in between are missing, which only Schwab can tell.',
      },
    ])
  })
})

describe('what is held short', () => {
  const said = (more: Parameters<typeof facts>[0]) => differencesOf(facts(more)).map(({ sentence, fix }) => [sentence, fix?.label, fix?.detail].join(' | '))

  test('is told as that, and as no number below 0', () => {
    expect(said({ positions: [held('AAPL', '-20')] })).toEqual([
      'No row says where 20 AAPL held short came from; most likely they were sold short, or moved in, without a row. | Add 20 AAPL held short as an opening lot | From before the history, at a cost to be filled in.',
    ])
    expect(said({ positions: [held('AAPL', '-1', { averagePrice: d('5') })] })[0]).toContain('1 AAPL held short came from; most likely it was sold short')
    expect(said({ books: [book('AAPL', '-20')] })).toEqual([
      'No row says where 20 AAPL held short went; most likely they were transferred out, or closed by a row Alpaca does not show. | Take 20 AAPL held short out | Books them as moved elsewhere today with what they cost: nothing is realized.',
    ])
  })
})
