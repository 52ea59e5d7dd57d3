import { describe, expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'
import { type TestCore, testCore } from '../../support/test-core.ts'

const scope = { environment: 'sandbox' } as const

async function synced(): Promise<TestCore> {
  const app = await testCore({ activities: 400 })
  await app.call('sync.run', { connectionId: await app.connect('schwab') })
  return app
}

describe('what the user says', () => {
  test('another lot method moves gains, never what is held; the first one brings back the same', async () => {
    await using app = await synced()
    const before = await app.call('ledger.totals', scope)
    const [{ accountId } = { accountId: '' }] = await app.call('ledger.methods', {})
    const held = await app.call('ledger.export', { ...scope, what: 'positions', format: 'json' })
    const quantities = (text: string): unknown[] =>
      text.trimEnd().split('\n').map(line => {
        const { symbol, accountId: of, quantity } = JSON.parse(line) as Record<string, unknown>
        return [symbol, of, quantity]
      })
    await app.call('ledger.setMethod', { accountId, method: 'hifo' })
    expect(await app.call('ledger.totals', scope)).not.toEqual(before)
    expect(quantities((await app.call('ledger.export', { ...scope, what: 'positions', format: 'json' })).text)).toEqual(quantities(held.text))
    expect((await app.call('ledger.methods', {})).find(one => one.accountId === accountId)?.method).toBe('hifo')
    await app.call('ledger.setMethod', { accountId, method: 'fifo' })
    expect(await app.call('ledger.totals', scope)).toEqual(before)
  })

  test('an ignored row counts nowhere, through every later sync, until it is taken back', async () => {
    await using app = await synced()
    const [connection] = await app.call('connections.list', {})
    const before = await app.call('ledger.totals', scope)
    const { rows } = await app.call('ledger.realizations', { ...scope, limit: 1 })
    const activityId = rows[0]?.closeId
    if (!activityId || !connection) throw new Error('nothing was closed')
    for (const override of [{ quantity: Dec.of('-5') }, { price: Dec.of('-1') }, { multiplier: Dec.zero }])
      await expect(app.call('ledger.setOverride', { activityId, override })).rejects.toMatchObject({ view: { code: 'ledger/override-invalid' } })
    await app.call('ledger.setOverride', { activityId, override: { ignored: true } })
    const without = await app.call('ledger.totals', scope)
    expect(without[0]?.closings).toBeLessThan(before[0]?.closings ?? 0)
    await app.call('sync.run', { connectionId: connection.id })
    expect(await app.call('ledger.totals', scope)).toEqual(without)
    expect(await app.call('ledger.versions', { activityId })).toEqual({ override: { ignored: true }, versions: [] })
    await app.call('ledger.setOverride', { activityId, override: null })
    expect(await app.call('ledger.totals', scope)).toEqual(before)
  })

  test('an opening lot fills a gap; what cannot be is refused', async () => {
    await using app = await synced()
    const [account] = (await app.call('connections.list', {}))[0]?.accounts ?? []
    if (!account) throw new Error('no account')
    const lot = { accountId: account.id, symbol: 'OLDCO', currency: 'USD', day: LocalDate.of('2019-05-06'), quantity: Dec.of('10'), price: Dec.of('12.5'), note: 'from my old broker' }
    const added = await app.call('ledger.addOpeningLot', lot)
    const [held] = await app.call('ledger.lots', { symbol: 'OLDCO' })
    expect(held).toMatchObject({ quantity: '10', cost: '125', costPerUnit: '12.5', isLongTerm: true, activityId: null })
    expect(await app.call('ledger.openingLots', {})).toEqual([added])
    const refused = (change: Partial<typeof lot>) => expect(app.call('ledger.addOpeningLot', { ...lot, ...change })).rejects.toMatchObject({ view: { code: 'ledger/opening-lot-invalid' } })
    await refused({ quantity: Dec.zero })
    await refused({ day: LocalDate.of('2031-01-01') })
    await refused({ price: Dec.of('-1') })
    await app.call('ledger.removeOpeningLot', { id: added.id })
    expect(await app.call('ledger.lots', { symbol: 'OLDCO' })).toEqual([])
    await expect(app.call('ledger.removeOpeningLot', { id: added.id })).rejects.toMatchObject({ view: { code: 'app/not-found' } })
  })

  test('picks of more than was closed, twice of one lot, or of no lot that was open then, are refused', async () => {
    await using app = await synced()
    const { rows } = await app.call('ledger.realizations', { ...scope, limit: 1 })
    const [closing] = rows
    if (!closing?.closeId) throw new Error('nothing was closed')
    const pick = (...picks: [lot: string, quantity: string][]) =>
      app.call('ledger.setPicks', { activityId: closing.closeId ?? closing.openId, picks: picks.map(([lot, quantity]) => ({ lot, quantity: Dec.of(quantity) })) } as never)
    await expect(pick([closing.openKey, '1000000'])).rejects.toMatchObject({ view: { code: 'ledger/picks-invalid' } })
    await expect(pick([closing.openKey, '0.1'], [closing.openKey, '0.1'])).rejects.toMatchObject({ view: { code: 'ledger/picks-invalid' } })
    await expect(pick([closing.openKey, '-1'])).rejects.toMatchObject({ view: { code: 'ledger/picks-invalid' } })
    await expect(pick(['of nowhere', '0.1'])).rejects.toMatchObject({ view: { code: 'ledger/picks-invalid', message: 'These lots cannot be picked: one of them was not open then. Nothing was changed.' } })
    await expect(pick([closing.closeKey, '0.1'])).rejects.toMatchObject({ view: { code: 'ledger/picks-invalid' } })
    const before = await app.call('ledger.totals', scope)
    await pick([closing.openKey, closing.quantity])
    expect(await app.call('ledger.totals', scope)).toEqual(before)
  })

  test('an account that is left out counts nowhere; forgetting a connection forgets its ledger and keeps the notes', async () => {
    await using app = await synced()
    const [connection] = await app.call('connections.list', {})
    const [first, second] = connection?.accounts ?? []
    if (!connection || !first || !second) throw new Error('no accounts')
    const all = await app.call('ledger.totals', scope)
    await app.call('accounts.exclude', { accountId: first.id, excluded: true })
    expect(await app.call('ledger.totals', scope)).toEqual(await app.call('ledger.totals', { accountId: second.id }))
    expect(await app.call('ledger.totals', { accountId: first.id })).toEqual([])
    await app.call('accounts.exclude', { accountId: first.id, excluded: false })
    expect(await app.call('ledger.totals', scope)).toEqual(all)
    await app.call('ledger.setMethod', { accountId: first.id, method: 'lifo' })
    const { rows } = await app.call('ledger.trips', { ...scope, limit: 1 })
    const [trip] = rows
    if (!trip) throw new Error('no trip')
    await app.call('journal.add', { day: trip.openDay, subject: { kind: 'trip', tripId: trip.id }, title: 'Kept', text: 'words', tags: ['mine'], rating: 4 })
    expect((await app.call('ledger.trips', { ...scope, tag: 'mine', limit: 5 })).rows).toMatchObject([{ id: trip.id, tags: ['mine'], rating: 4, hasNotes: true }])
    expect((await app.call('ledger.byTag', scope)).some(({ tag }) => tag === 'mine')).toBe(!trip.isOpen)
    await app.call('connections.disconnect', { connectionId: connection.id, forgetHistory: true })
    expect(await app.call('ledger.totals', scope)).toEqual([])
    expect(await app.call('ledger.status', {})).toMatchObject({ pending: 0, books: 0, gaps: 0 })
    expect((await app.call('journal.page', { limit: 5 })).rows.map(({ title }) => title)).toEqual(['Kept'])
  })
})
