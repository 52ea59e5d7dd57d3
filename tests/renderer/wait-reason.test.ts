import { describe, expect, test } from 'vitest'
import { waitReason } from '../../renderer/lib/wait-reason.ts'
import { connection, instant } from './examples.ts'

const FRIDAY_NIGHT = instant('2026-11-20T22:30:00.000Z')
const MONDAY_OPEN = '2026-11-23T14:32:10.000Z'

function reason(nextAt: string, change: Parameters<typeof connection>[0] = {}, quiet: Parameters<typeof waitReason>[0]['quiet'] = null) {
  const connections = [connection({ nextSyncAt: instant(nextAt), ...change })]
  return waitReason({ nextAt: instant(nextAt), quiet, connections }, FRIDAY_NIGHT)
}

describe('why the next sync is far away', () => {
  test('names the opening that is waited for', () => {
    expect(reason(MONDAY_OPEN)).toBe('markets closed until Monday 09:30 ET')
    expect(reason('2026-11-22T23:01:00.000Z')).toBe('futures closed until Sunday 18:00 ET')
  })

  test('names the end of the quiet hours', () => {
    const quiet = { from: '22:00', to: '07:00', zone: 'America/New_York' }
    expect(reason('2026-11-21T12:00:30.000Z', { schedule: { every: 'hourly', marketHours: false } }, quiet)).toBe(
      'quiet hours until Saturday 07:00 ET',
    )
  })

  test('says nothing of a run that waits for nothing', () => {
    expect(reason('2026-11-20T23:20:00.000Z')).toBeNull()
    expect(reason(MONDAY_OPEN, { schedule: { every: 'hourly', marketHours: false } })).toBeNull()
    expect(reason(MONDAY_OPEN, { schedule: { every: 'daily', marketHours: true } })).toBeNull()
    expect(waitReason({ nextAt: instant(MONDAY_OPEN), quiet: null, connections: [] }, FRIDAY_NIGHT)).toBeNull()
  })

  test('says nothing while the market trades', () => {
    const noon = instant('2026-11-20T17:00:00.000Z')
    const next = connection({ nextSyncAt: instant('2026-11-20T18:00:00.000Z') })
    expect(waitReason({ nextAt: instant('2026-11-20T18:00:00.000Z'), quiet: null, connections: [next] }, noon)).toBeNull()
  })
})
