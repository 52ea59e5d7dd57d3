import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { testCore } from '../../support/test-core.ts'

/** What each simulator opens to a sign-in. */
const ACCOUNTS = { alpaca: 1, schwab: 2 }

describe('the ledger after a sync', () => {
  test.each(['alpaca', 'schwab'] as const)('%s: is current, and its lots are the positions the broker states', async broker => {
    await using app = await testCore({ activities: 600 })
    const connectionId = await app.connect(broker)
    expect(await app.call('ledger.status', {})).toMatchObject({ pending: 0, books: 0, unread: ACCOUNTS[broker] })
    await app.call('sync.run', { connectionId })
    expect(await app.call('ledger.status', {})).toMatchObject({ pending: 0, gaps: 0, unread: 0 })
    const totals = await app.call('ledger.totals', { environment: 'sandbox' })
    expect(totals.map(({ currency }) => currency)).toEqual(['USD'])
    const days = await app.call('ledger.days', { environment: 'sandbox' })
    expect(Dec.sum(days.map(({ realized }) => realized))).toBe(totals[0]?.realized)
    expect(days.reduce((sum, { closings }) => sum + closings, 0)).toBe(totals[0]?.closings)
    for (const { symbol, accountId, quantity, marketValue } of await app.call('portfolio.positions', {})) {
      const lots = await app.call('ledger.lots', { accountId, symbol })
      expect([symbol, Dec.sum(lots.map(lot => lot.quantity))]).toEqual([symbol, quantity])
      expect(Dec.sum(lots.map(lot => lot.marketValue ?? Dec.zero))).toBe(marketValue ?? Dec.zero)
    }
  })

  test('speaks of real money alone until another environment is named', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('alpaca')
    await app.call('sync.run', { connectionId })
    expect(await app.call('ledger.totals', {})).toEqual([])
    expect(await app.call('ledger.totals', { connectionId })).toEqual(await app.call('ledger.totals', { environment: 'sandbox' }))
  })
})
