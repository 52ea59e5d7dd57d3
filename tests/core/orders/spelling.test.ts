import { describe, expect, test } from 'vitest'
import { draftOf } from '../../../electron/core/orders/draft-of.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { type Ticket, TicketSchema } from '../../../shared/contract/orders.ts'

const ticket = (changes: Partial<Ticket>): Ticket =>
  TicketSchema.parse({
    accountId: `acc_${'0'.repeat(24)}`,
    symbol: '/ESZ26',
    assetClass: 'future',
    action: 'buy',
    type: 'market',
    quantity: '1',
    notional: null,
    limitPrice: null,
    stopPrice: null,
    timeInForce: 'day',
    extendedHours: false,
    ...changes,
  })

function spelled(symbol: string, changes: Partial<Ticket> = {}): string {
  try {
    return draftOf(ticket({ symbol, ...changes }), 'one').symbol
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

describe('a future', () => {
  test('has one spelling, by which what is held and what works is found', () => {
    expect(spelled('/esz26')).toBe('/ESZ26')
    for (const other of ['/ESZ6', '/ESZ26:XCME', '/ESZ6:XCME']) expect(spelled(other)).toBe('order/invalid')
  })

  test('has options with one spelling too', () => {
    const option: Partial<Ticket> = { assetClass: 'future-option', action: 'buy-to-open' }
    expect(spelled('./ESZ26 EW4X26 261127C5750', option)).toBe('./ESZ26 EW4X26 261127C5750')
    expect(spelled('./ESZ6 EW4X6 261127C5750', option)).toBe('order/invalid')
  })
})
