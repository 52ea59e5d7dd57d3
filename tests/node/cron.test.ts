import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createTask } from 'node-cron'
import { createCron } from '../../electron/node/cron.ts'
import { Instant } from '../../shared/domain/time.ts'
import { nextMatch } from '../support/cron-over-clock.ts'
import { virtualClock } from '../support/virtual-clock.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-20T15:00:00Z') }))
afterEach(() => void vi.useRealTimers())

async function begun(): Promise<void> {
  await vi.dynamicImportSettled()
  await vi.advanceTimersByTimeAsync(0)
}
const minutes = (): number => Math.round(Date.now() / MINUTE) % 60

describe('recurring runs', () => {
  test('come at every moment their expression names, and end when stopped', async () => {
    const at: number[] = []
    const stop = createCron().every('7,37 * * * *', () => void at.push(minutes()))
    await begun()
    await vi.advanceTimersByTimeAsync(2 * HOUR)
    expect(at).toEqual([7, 37, 7, 37])
    stop()
    await vi.advanceTimersByTimeAsync(2 * HOUR)
    expect([at.length, vi.getTimerCount()]).toEqual([4, 0])
  })

  test('do not begin when they were stopped before the first could be planned', async () => {
    const at: number[] = []
    createCron().every('* * * * *', () => void at.push(minutes()))()
    await begun()
    await vi.advanceTimersByTimeAsync(HOUR)
    expect([at, vi.getTimerCount()]).toEqual([[], 0])
  })

  test('leave out the moments that come while one is still under way', async () => {
    let began = 0
    let end = (): void => undefined
    createCron().every(
      '* * * * *',
      () =>
        new Promise<void>(resolve => {
          began += 1
          end = resolve
        }),
    )
    await begun()
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    expect(began).toBe(1)
    end()
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(began).toBe(2)
  })

  test('follow the wall clock of their zone over the night it is put forward', async () => {
    vi.setSystemTime(new Date('2026-03-07T12:00:00Z'))
    const at: string[] = []
    createCron().every('30 8 * * *', () => void at.push(new Date().toISOString().slice(0, 16)), { zone: 'America/New_York' })
    await begun()
    await vi.advanceTimersByTimeAsync(2 * DAY)
    expect(at).toEqual(['2026-03-07T13:30', '2026-03-08T12:30'])
  })

  test('go on within minutes after the clock was set back by a year', async () => {
    const at: number[] = []
    createCron().every('*/15 * * * *', () => void at.push(minutes()))
    await begun()
    vi.setSystemTime(Date.now() - 365 * DAY)
    await vi.advanceTimersByTimeAsync(HOUR)
    expect(at.length).toBeGreaterThanOrEqual(3)
  })

  test('run no moment of the past twice after the clock was set forward by a year', async () => {
    const at: number[] = []
    createCron().every('*/15 * * * *', () => void at.push(minutes()))
    await begun()
    vi.setSystemTime(Date.now() + 365 * DAY)
    await vi.advanceTimersByTimeAsync(HOUR)
    expect(at.length).toBeLessThanOrEqual(5)
    expect(at.length).toBeGreaterThanOrEqual(3)
  })
})

function theirs(expression: string, start: string, zone: string): string[] {
  vi.setSystemTime(new Date(start))
  return createTask(expression, () => undefined, { timezone: zone })
    .getNextRuns(6)
    .map(at => at.toISOString())
}

function ours(expression: string, start: string, zone: string): string[] {
  let at = Instant.parse(start)
  return Array.from({ length: 6 }, () => (at = nextMatch(expression, at, zone)))
}

describe('the virtual cron of the tests', () => {
  const zones = ['UTC', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Chatham', 'Pacific/Honolulu']
  const springs = ['2026-03-07T20:59:59Z', '2026-03-28T22:00:00Z', '2026-10-03T10:30:00Z', '2026-09-26T09:00:00Z', '2027-12-31T22:00:00Z']
  const autumns = ['2026-11-01T03:59:59Z', '2026-10-24T23:30:00Z', '2026-04-04T13:00:00Z']

  test.each(zones)('agrees with node-cron in %s, on nights the clocks are put forward too', zone => {
    const differing = ['7 * * * *', '*/15 * * * *', '30 2 * * *', '15 16 * * 1-5', '5,35 9-16 * * *'].flatMap(expression =>
      springs
        .filter(start => ours(expression, start, zone).join() !== theirs(expression, start, zone).join())
        .map(start => `${expression} from ${start}`),
    )
    expect(differing).toEqual([])
  })

  test.each(zones)('agrees about runs of every day in %s where clocks are put back', zone => {
    const differing = autumns.filter(start => ours('15 16 * * *', start, zone).join() !== theirs('15 16 * * *', start, zone).join())
    expect(differing).toEqual([])
  })

  test('knows why hourly runs are named in UTC: node-cron passes the hour that comes twice only once', () => {
    const start = '2026-11-01T04:59:59Z'
    expect(theirs('7 * * * *', start, 'America/New_York').slice(0, 2)).toEqual(['2026-11-01T05:07:00.000Z', '2026-11-01T07:07:00.000Z'])
    expect(theirs('7 * * * *', start, 'UTC')).toEqual(ours('7 * * * *', start, 'UTC'))
  })

  test('keeps to the manners of the real one: sleeps are left out, clocks set back are noticed', async () => {
    vi.useRealTimers()
    const clock = virtualClock()
    const at: string[] = []
    clock.cron.every('7 * * * *', () => void at.push(clock.now().slice(11, 16)))
    await clock.advance(HOUR)
    await clock.sleep(8 * HOUR)
    expect(at).toEqual(['15:07'])
    await clock.advance(HOUR)
    expect(at).toEqual(['15:07', '00:07'])
    clock.set(-365 * DAY)
    await clock.advance(HOUR)
    expect(at).toHaveLength(3)
  })
})
