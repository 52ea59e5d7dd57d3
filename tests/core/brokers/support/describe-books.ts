import { describe, expect, test } from 'vitest'
import { brokers } from '../../../../electron/core/brokers/registry.ts'
import type { BrokerId } from '../../../../shared/domain/broker.ts'
import { Dec } from '../../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../../shared/domain/time.ts'
import { never } from '../../net/support/client.ts'
import { cashOf, heldOf, readWhole } from './books.ts'
import { draftOf } from './drafts.ts'
import { simulatedBroker } from './simulated-broker.ts'

const stop = { signal: never }
const TODAY = LocalDate.of('2026-11-20')

/** The real adapter at its simulator: two halves written apart that must agree to the last cent. */
export function describeBooks(id: Extract<BrokerId, 'tastytrade' | 'etrade' | 'tdameritrade'>): void {
  describe(`${brokers[id].name} at its simulator`, () => {
    test('shows cash and holdings that its history adds up to', async () => {
      await using simulated = await simulatedBroker(brokers[id], id)
      const { adapter } = simulated
      const [account] = await adapter.accounts(stop)
      const key = account?.key ?? ''
      const rows = await readWhole(adapter, key, { from: adapter.historyStart(TODAY), to: LocalDate.plusDays(TODAY, 1) })
      const [balance] = await adapter.balances(key, stop)
      expect(new Set(rows.map(row => row.facts.externalId)).size).toBe(rows.length)
      expect(rows.filter(row => row.facts.kind === 'other')).toEqual([])
      expect(cashOf(rows)).toBe(balance?.cash)
      const positions = await adapter.positions(key, stop)
      expect(new Map(positions.map(held => [held.symbol, held.quantity]))).toEqual(heldOf(rows, TODAY))
      const worth = Dec.sum(positions.map(held => held.marketValue ?? Dec.zero))
      expect(Dec.add(worth, balance?.cash ?? Dec.zero)).toBe(balance?.netLiquidation)
    })

    test('counts accounts once, though a row comes twice', async () => {
      await using simulated = await simulatedBroker(brokers[id], id)
      const { adapter, control } = simulated
      const accounts = await adapter.accounts(stop)
      control.fault({ name: 'duplicates' })
      expect(await adapter.accounts(stop)).toEqual(accounts)
      expect(await adapter.testConnection(stop)).toEqual({ accounts: accounts.length })
    })

    test('shows a corrected row under its old id, with other content', async () => {
      await using simulated = await simulatedBroker(brokers[id], id)
      const { adapter, control } = simulated
      const accounts = await adapter.accounts(stop)
      const range = { from: LocalDate.plusDays(TODAY, -60), to: LocalDate.plusDays(TODAY, 1) }
      const contents = async () => {
        const rows = await Promise.all(accounts.map(account => readWhole(adapter, account.key, range)))
        return new Map(rows.flat().map(({ facts }) => [facts.externalId, JSON.stringify(facts)]))
      }
      const before = await contents()
      control.correct()
      const after = await contents()
      expect([...after.keys()]).toEqual([...before.keys()])
      expect([...after].filter(([key, content]) => before.get(key) !== content)).toHaveLength(1)
    })

    test('places, changes and cancels an order, and fills one at the market', async () => {
      await using simulated = await simulatedBroker(brokers[id], id)
      const { adapter, trading } = simulated
      const [account] = await adapter.accounts(stop)
      const key = account?.key ?? ''
      const limit = draftOf({ clientOrderId: 'first', type: 'limit', limitPrice: Dec.of('5'), quantity: Dec.of('2') })
      const { estimatedValue, refusals } = await trading.previewOrder(key, limit, stop)
      expect(refusals).toEqual([])
      expect(['-10', null]).toContain(estimatedValue)
      const placed = await trading.placeOrder(key, limit, stop)
      const shown = { symbol: 'AAPL', side: 'buy', status: 'working', quantity: '2' }
      expect(await adapter.orderStatus(key, placed.externalId, stop)).toMatchObject({ ...shown, limitPrice: '5' })
      const changed = await trading.replaceOrder(
        key,
        placed.externalId,
        { ...limit, clientOrderId: 'second', limitPrice: Dec.of('6') },
        stop,
      )
      expect(await adapter.orderStatus(key, changed.externalId, stop)).toMatchObject({ ...shown, limitPrice: '6' })
      await trading.cancelOrder(key, changed.externalId, stop)
      expect(await adapter.orderStatus(key, changed.externalId, stop)).toMatchObject({ status: 'canceled' })
      await expect(trading.cancelOrder(key, changed.externalId, stop)).rejects.toMatchObject({ code: 'order/not-open' })
      const market = await trading.placeOrder(key, draftOf({ clientOrderId: 'third', quantity: Dec.of('1') }), stop)
      expect(await adapter.orderStatus(key, market.externalId, stop)).toMatchObject({ status: 'filled', filledQuantity: '1' })
      await expect(adapter.orderStatus(key, '999999999', stop)).rejects.toMatchObject({ code: 'order/not-found' })
      const open = await adapter.orders(
        key,
        { status: 'open', range: { from: LocalDate.plusDays(TODAY, -30), to: LocalDate.plusDays(TODAY, 1) } },
        stop,
      )
      expect(open.map(order => order.externalId)).not.toContain(changed.externalId)
    })

    test('quotes what it knows and leaves out what it does not', async () => {
      await using simulated = await simulatedBroker(brokers[id], id)
      const quotes = await simulated.adapter.quotes(['AAPL', 'MSFT', 'NOPE'], stop)
      expect(quotes.map(quote => quote.symbol).sort()).toEqual(['AAPL', 'MSFT'])
      for (const { bid, ask } of quotes) expect(Dec.cmp(ask ?? Dec.zero, bid ?? Dec.zero)).toBe(1)
    })
  })
}
