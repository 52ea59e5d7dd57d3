import { describe, expect, test } from 'vitest'
import { readBook } from '../../../../electron/core/ledger/book-reading.ts'
import { realizationsOf } from '../../../../electron/core/ledger/lots/closings.ts'
import { lotRow } from './support/row.ts'

const OPTION = { symbol: 'SPXW260320C05000000', assetClass: 'option' } as const

/** One contract at 10 a share, opened for 1.50 of fees, and what its row says it was settled for. */
function settled(side: 'buy' | 'sell', event: Parameters<typeof lotRow>[0]) {
  const amount = side === 'buy' ? '-1001.5' : '998.5'
  const opened = lotRow({ ...OPTION, id: 1, side, positionEffect: 'open', quantity: '1', price: '10', amount, fees: '1.5' })
  const { closings, trips, gaps } = readBook([opened, lotRow({ ...OPTION, kind: 'option-event', ...event })], {}, 'fifo')
  return { closed: realizationsOf(closings), trip: trips[0], gaps }
}

describe('an option that settles in cash', () => {
  test('brought what was paid for it, and no fees but fees', () => {
    const { closed, trip, gaps } = settled('buy', { id: 2, quantity: '-1', amount: '2995', fees: '5' })
    expect(closed).toMatchObject([{ proceeds: '2995', cost: '1001.5', pnl: '1993.5', fees: '6.5' }])
    expect(trip).toMatchObject({ sold: '1', soldValue: '3000', realized: '1993.5', fees: '6.5', held: '0' })
    expect(gaps).toEqual([])
  })

  test('sold short, took what was paid for it', () => {
    const { closed, trip } = settled('sell', { id: 2, quantity: '1', amount: '-3005', fees: '5' })
    expect(closed).toMatchObject([{ isShort: true, proceeds: '998.5', cost: '3005', pnl: '-2006.5', fees: '6.5' }])
    expect(trip).toMatchObject({ bought: '1', boughtValue: '3000', realized: '-2006.5', fees: '6.5' })
  })

  test('is closed on the side it is held, whatever the sign or the lack of its quantity', () => {
    for (const quantity of [{ quantity: '1' }, {}]) expect(settled('buy', { id: 2, ...quantity, amount: '3000' }).closed).toMatchObject([{ isShort: false, pnl: '1998.5', fees: '1.5' }])
  })

  test('and one that only cost a fee nobody calls one, lost it', () => {
    const { closed, trip } = settled('buy', { id: 2, quantity: '-1', amount: '-5' })
    expect(closed).toMatchObject([{ pnl: '-1006.5' }])
    expect(trip).toMatchObject({ realized: '-1006.5' })
  })
})
