import { describe, expect, test } from 'vitest'
import type { DriftView } from '../../../shared/contract/portfolio.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { type TestCore, testCore } from '../../support/test-core.ts'

const drifts = (app: TestCore): Promise<DriftView[]> => app.call('reconciliation.drifts', {})

async function synced(hidden: string | null): Promise<{ readonly app: TestCore; readonly sync: () => Promise<unknown> }> {
  const app = await testCore({ activities: 300 })
  app.sandbox.control('alpaca').knobs.set('hide-rows', hidden)
  const connectionId = await app.connect('alpaca')
  const sync = () => app.call('sync.run', { connectionId })
  await sync()
  return { app, sync }
}

describe('what the user added', () => {
  test('as a lot the broker does not hold is named, taken out by the fix, and put back by its undo, also after more syncs', async () => {
    const { app, sync } = await synced(null)
    await using _ = app
    expect(await drifts(app)).toEqual([])
    const [held] = await app.call('portfolio.grouped', {})
    const [holding] = held?.holdings ?? []
    if (!held || !holding) throw new Error('nothing is held')
    const lot = {
      accountId: holding.accountId,
      symbol: held.symbol,
      currency: held.currency,
      day: LocalDate.of('2019-05-06'),
      quantity: Dec.of('5'),
      price: Dec.of('12.5'),
      note: 'mine',
    }
    const seen = app.events.at(-1)?.revision ?? 0
    const looked = app.waitFor(event => event.type === 'reconciliation.changed' && event.revision > seen)
    const added = await app.call('ledger.addOpeningLot', lot)
    await looked
    await sync()
    const [drift, ...others] = await drifts(app)
    expect(others).toEqual([])
    expect(drift).toMatchObject({
      symbol: held.symbol,
      difference: '-5',
      reason: 'own-entry',
      fix: { kind: 'take-back', label: 'Take it back' },
    })
    expect(await app.call('reconciliation.fix', { id: drift?.id ?? '' })).toEqual({ isGone: true })
    expect(await app.call('ledger.openingLots', {})).toEqual([])
    const [fix] = await app.call('reconciliation.fixes', {})
    expect(fix).toMatchObject({ symbol: held.symbol, amount: '-5', label: `Took the opening lot of 5 ${held.symbol} out` })
    await app.call('reconciliation.undoFix', { id: fix?.id ?? '' })
    expect(await app.call('ledger.openingLots', {})).toEqual([added])
    expect(await drifts(app)).toMatchObject([{ symbol: held.symbol, difference: '-5' }])
    expect(await app.call('reconciliation.fixes', {})).toEqual([])
  })

  test('as cash whose row comes later is named then, and goes with one click', async () => {
    const { app: whole } = await synced(null)
    const { rows } = await whole.call('activities.page', { limit: 1, kinds: ['fee'] })
    await whole[Symbol.asyncDispose]()
    const { app, sync } = await synced(rows[0]?.externalId ?? '')
    await using _ = app
    const [fee] = await drifts(app)
    await app.call('reconciliation.fix', { id: fee?.id ?? '' })
    expect(await drifts(app)).toEqual([])
    app.sandbox.control('alpaca').knobs.set('hide-rows', null)
    await sync()
    const [twice] = await drifts(app)
    expect(twice).toMatchObject({
      kind: 'cash',
      difference: Dec.neg(rows[0]?.amount ?? Dec.zero),
      reason: 'own-entry',
      fix: { kind: 'take-back' },
    })
    expect(await app.call('reconciliation.fix', { id: twice?.id ?? '' })).toEqual({ isGone: true })
    expect(await app.call('reconciliation.fixes', {})).toEqual([])
  })
})
