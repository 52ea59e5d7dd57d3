import { expect, test } from 'vitest'
import { Dec } from '../../../shared/domain/decimal.ts'
import { testCore } from '../../support/test-core.ts'

const scope = { environment: 'sandbox' } as const

test('after its history was deleted and read again, notes open their rows and round trips, tags count them, and what was said about rows holds', async () => {
  await using app = await testCore({ activities: 120 })
  const connectionId = await app.connect('alpaca')
  await app.call('sync.run', { connectionId })
  const { rows } = await app.call('ledger.trips', { ...scope, limit: 50 })
  const trip = rows.find(({ isOpen }) => !isOpen)
  const [closing] = (await app.call('ledger.realizations', { ...scope, limit: 1 })).rows
  if (!trip || !closing?.closeId) throw new Error('nothing was closed')
  const { activity: row } = await app.call('activities.detail', { id: closing.closeId })
  await app.call('ledger.setOverride', { activityId: closing.closeId, override: { fees: Dec.of('123.45') } })
  const entry = { day: trip.openDay, text: 'words', rating: 4, title: '' }
  await app.call('journal.add', { ...entry, subject: { kind: 'trip', tripId: trip.id }, tags: ['of the trip'] })
  await app.call('journal.add', { ...entry, subject: { kind: 'activity', activityId: closing.closeId }, tags: ['of the row'] })
  const [totals, byTag] = [await app.call('ledger.totals', scope), await app.call('ledger.byTag', scope)]

  await app.call('connections.disconnect', { connectionId, forgetHistory: true })
  expect((await app.call('journal.page', { limit: 5 })).rows.map(({ subject }) => subject.kind)).toEqual(['free', 'free'])
  await app.call('sync.run', { connectionId: await app.connect('alpaca') })

  expect(await app.call('ledger.totals', scope)).toEqual(totals)
  expect(await app.call('ledger.byTag', scope)).toEqual(byTag)
  const { rows: again } = await app.call('ledger.trips', { ...scope, tag: 'of the trip', limit: 5 })
  expect(again).toMatchObject([{ symbol: trip.symbol, openDay: trip.openDay, rating: 4, hasNotes: true }])
  const notes = (await app.call('journal.page', { limit: 5 })).rows
  const about = notes.find(({ tags }) => tags.includes('of the row'))?.subject
  if (about?.kind !== 'activity') throw new Error('the note lost its row')
  expect((await app.call('activities.detail', { id: about.activityId })).activity).toMatchObject({
    externalId: row.externalId,
    symbol: row.symbol,
  })
  expect(notes.find(({ tags }) => tags.includes('of the trip'))?.subject).toEqual({ kind: 'trip', tripId: again[0]?.id })
})
