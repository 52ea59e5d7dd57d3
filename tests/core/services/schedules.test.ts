import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../../electron/core/db/open.ts'
import { assetClassesOf } from '../../../electron/core/store/asset-classes.ts'
import type { ConnectionView } from '../../../shared/contract/schemas.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { marketOf } from '../../../shared/domain/market-calendar.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { Refused, testCore, type TestCore } from '../../support/test-core.ts'

const quiet = { from: '22:00', to: '07:00', zone: 'America/New_York' }

async function viewOf(app: TestCore, connectionId: ConnectionId): Promise<ConnectionView | undefined> {
  return (await app.call('connections.list', {})).find(({ id }) => id === connectionId)
}

describe('the schedule of a connection', () => {
  test('is hourly in market hours at first, is kept over a restart, and is told of with its next run', async () => {
    await using app = await testCore({ background: true })
    const connectionId = await app.connect('alpaca')
    expect((await viewOf(app, connectionId))?.schedule).toEqual({ every: 'hourly', marketHours: true })
    await app.call('sync.run', { connectionId })

    const { nextAt } = await app.call('schedule.set', { connectionId, every: '15m', marketHours: false })
    const wait = Instant.msBetween(app.ports.clock.now(), nextAt ?? app.ports.clock.now())
    expect(wait).toBeGreaterThan(14 * 60_000)
    expect(wait).toBeLessThan(16 * 60_000)
    expect(await viewOf(app, connectionId)).toMatchObject({ schedule: { every: '15m', marketHours: false }, nextSyncAt: nextAt })

    await app.call('schedule.set', { connectionId, every: 'manual', marketHours: true })
    const again = await app.restart()
    expect(await viewOf(again, connectionId)).toMatchObject({ schedule: { every: 'manual', marketHours: true }, nextSyncAt: null })
    expect(await again.call('sync.schedule', {})).toMatchObject({ paused: false, nextAt: null })
    await again.core.close()
  })

  test('tells the windows of a change, and refuses a connection there is none of', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('schwab')
    const seen = app.events.length
    await app.call('schedule.set', { connectionId, every: 'daily', marketHours: true })
    expect(app.events.slice(seen)).toMatchObject([{ type: 'connections.changed', connectionIds: [connectionId] }])
    await expect(app.call('schedule.set', { connectionId: 'con_none', every: 'daily', marketHours: true })).rejects.toThrow(Refused)
  })
})

describe('quiet hours', () => {
  test('are kept over a restart until they are taken away', async () => {
    await using app = await testCore()
    expect(await app.call('schedule.quiet', { quiet })).toEqual({ quiet })
    const again = await app.restart()
    expect((await again.call('sync.schedule', {})).quiet).toEqual(quiet)
    await again.call('schedule.quiet', { quiet: null })
    expect((await again.call('sync.schedule', {})).quiet).toBeNull()
    await again.core.close()
  })

  test.each([
    { ...quiet, to: '22:00' },
    { ...quiet, from: '7 pm' },
    { ...quiet, zone: 'Mars/Olympus' },
  ])('are refused when they cannot be kept: %j', async wrong => {
    await using app = await testCore()
    await expect(app.call('schedule.quiet', { quiet: wrong })).rejects.toThrow(Refused)
    expect((await app.call('sync.schedule', {})).quiet).toBeNull()
  })
})

test('the market of a connection is that of what it holds and traded', async () => {
  await using app = await testCore()
  const connectionId = await app.connect('alpaca')
  await app.call('sync.run', { connectionId })
  const held = new Set((await app.call('portfolio.positions', {})).map(({ assetClass }) => assetClass))
  const db = openDatabase({ file: `${app.ports.paths.dataDir}/keelson.db`, now: () => app.ports.clock.now() })
  const classes = assetClassesOf(db.reader, connectionId)
  db.close()
  for (const one of held) expect(classes).toContain(one)
  expect(marketOf(classes)).toBe(classes.includes('crypto') ? 'always' : 'us')
})
