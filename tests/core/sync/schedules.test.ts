import { describe, expect, test } from 'vitest'
import { DEFAULT_SCHEDULE, type SyncInterval } from '../../../shared/domain/sync-schedule.ts'
import { isOpen } from '../../../shared/domain/market-calendar.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { a, b, c, connection, DAY, finishedAgo, HOUR, MINUTE, scheduleDesk } from './support/schedule-desk.ts'

const inMarketHours = (every: SyncInterval) => ({ schedule: { every, marketHours: true } })
const always = (every: SyncInterval) => ({ schedule: { every, marketHours: false } })
const hours = (begun: readonly string[]): string[] => begun.map(text => text.slice(11))
const many = Array.from({ length: 20 }, (_, at) => connection(`con_${at}` as typeof a))

/** A desk that was synced just before its start, so that nothing is overdue. */
function rested(options: Parameters<typeof scheduleDesk>[0] & { start: string }) {
  return scheduleDesk({ last: finishedAgo(Instant.parse(options.start), 0), ...options })
}

describe('an interval', () => {
  test('is hourly in market hours until the user says otherwise', () => {
    expect(DEFAULT_SCHEDULE).toEqual({ every: 'hourly', marketHours: true })
  })

  test('of 15 minutes runs four times an hour', async () => {
    const { clock, scheduler, begun } = rested({ start: '2026-11-20T15:00:00Z', rules: always('15m') })
    scheduler.start()
    await clock.advance(HOUR)
    expect(hours(begun)).toEqual(['15:15', '15:30', '15:45', '16:00'])
  })

  test('of a day runs a quarter past four in New York, whatever the clocks there do', async () => {
    const { clock, scheduler, begun } = rested({ start: '2026-10-31T12:00:00Z', rules: always('daily') })
    scheduler.start()
    await clock.advance(3 * DAY)
    expect(begun).toEqual(['2026-10-31 20:15', '2026-11-01 21:15', '2026-11-02 21:15'])
  })

  test('by hand never runs by itself: not at a start, not after a sleep, not for a new sign-in, and not in a year', async () => {
    const { clock, scheduler, starts } = scheduleDesk({ rules: always('manual') })
    scheduler.start()
    scheduler.connected(a)
    await clock.sleep(30 * DAY)
    await clock.networkReturns()
    await clock.advance(365 * DAY)
    expect([starts, scheduler.nextAt()]).toEqual([[], null])
  })

  test('can be changed at any time, and the next run is seen at once', () => {
    const start = '2026-11-20T15:00:00.000Z'
    const { scheduler, rules } = rested({ start, rules: always('hourly') })
    scheduler.start()
    const seen = (['hourly', '15m', 'manual', 'daily'] as const).map(every => {
      rules.schedule = { every, marketHours: false }
      scheduler.replan()
      return scheduler.nextAt(a)
    })
    expect(seen).toEqual(['2026-11-20T16:00:00.000Z', '2026-11-20T15:15:00.000Z', null, '2026-11-20T21:15:00.000Z'])
  })
})

describe('market hours', () => {
  test('hold hourly runs from the open to the close, and allow one after it', async () => {
    const { clock, scheduler, begun } = rested({ start: '2026-11-19T22:00:00Z', rules: inMarketHours('hourly') })
    scheduler.start()
    await clock.advance(DAY)
    expect(hours(begun)).toEqual(['14:30', '15:30', '16:30', '17:30', '18:30', '19:30', '20:30', '21:05'])
  })

  test('end early on a half day, and are none on the holiday before it and on the weekend after it', async () => {
    const { clock, scheduler, begun } = rested({ start: '2026-11-25T22:00:00Z', rules: inMarketHours('hourly') })
    scheduler.start()
    await clock.advance(4 * DAY)
    expect(begun).toEqual(['2026-11-27 14:30', '2026-11-27 15:30', '2026-11-27 16:30', '2026-11-27 17:30', '2026-11-27 18:05'])
    expect(scheduler.nextAt(a)).toBe('2026-11-30T14:30:00.000Z')
  })

  test('follow the clocks of New York over the weekend they change', async () => {
    const { clock, scheduler, begun } = rested({ start: '2026-03-06T21:30:00Z', rules: inMarketHours('15m') })
    scheduler.start()
    await clock.advance(3 * DAY)
    expect([begun[0], begun.at(-1)]).toEqual(['2026-03-09 13:30', '2026-03-09 20:05'])
  })

  test('make daily runs come on trading days only, soon after the close', async () => {
    const { clock, scheduler, begun } = rested({ start: '2026-11-25T22:00:00Z', rules: inMarketHours('daily') })
    scheduler.start()
    await clock.advance(6 * DAY)
    expect(begun).toEqual(['2026-11-27 18:15', '2026-11-30 21:15', '2026-12-01 21:15'])
  })

  test('do not hold crypto, and futures only from Friday afternoon to Sunday evening', async () => {
    const crypto = rested({ start: '2026-11-21T12:00:00Z', rules: { ...inMarketHours('hourly'), market: 'always' } })
    crypto.scheduler.start()
    await crypto.clock.advance(DAY)
    expect(crypto.begun).toHaveLength(24)
    const futures = rested({ start: '2026-11-20T21:30:00Z', rules: { ...inMarketHours('hourly'), market: 'week' } })
    futures.scheduler.start()
    await futures.clock.advance(3 * DAY)
    expect(futures.begun.slice(0, 3)).toEqual(['2026-11-20 22:05', '2026-11-22 23:00', '2026-11-23 00:00'])
  })

  test('do not keep what was missed for the next session: a close slept through is made up for at once', async () => {
    const { clock, scheduler, begun } = rested({ start: '2026-11-20T20:00:00Z', rules: inMarketHours('hourly') })
    scheduler.start()
    await clock.sleep(18 * HOUR)
    await clock.advance(DAY)
    expect(begun).toEqual(['2026-11-21 14:00'])
  })

  test('let a failed run after the close be tried until it works', async () => {
    const state = rested({ start: '2026-11-20T20:50:00Z', rules: inMarketHours('hourly') })
    state.scheduler.start()
    state.fail = 'net/offline'
    await state.clock.advance(30 * MINUTE)
    state.fail = null
    await state.clock.advance(DAY)
    expect(hours(state.begun)).toEqual(['21:05', '21:10', '21:20', '21:40'])
  })

  test('of a year hold every run but the one after each close', async () => {
    const { clock, scheduler, begun } = rested({ start: '2027-01-01T12:00:00Z', rules: inMarketHours('hourly') })
    scheduler.start()
    await clock.advance(365 * DAY)
    const outside = begun.filter(text => !isOpen('us', Instant.parse(`${text.replace(' ', 'T')}:00Z`)))
    expect(outside).toHaveLength(251)
    expect(new Set(hours(outside))).toEqual(new Set(['20:05', '21:05', '18:05']))
    expect(begun.length).toBeGreaterThan(251 * 7)
  })
})

describe('quiet hours', () => {
  const night = { from: '22:00', to: '07:00', zone: 'Europe/Berlin' }

  test('over midnight hold everything until their end, then all is caught up, one after another', async () => {
    const start = '2026-11-20T19:30:00Z'
    const { clock, scheduler, begun } = rested({
      start,
      connections: [connection(a), connection(b), connection(c)],
      rules: { ...always('hourly'), quiet: night },
    })
    scheduler.start()
    await clock.advance(11 * HOUR)
    expect(hours(begun)).toEqual(['20:30', '20:30', '20:30', '06:00', '06:00', '06:00'])
  })

  test.each([
    ['put forward', '2026-03-28T20:30:00Z', '05:00'],
    ['put back', '2026-10-24T19:30:00Z', '06:00'],
  ])('end at seven on the wall in a night the clocks are %s', async (_, start, seven) => {
    const { clock, scheduler, begun } = rested({ start, rules: { ...always('15m'), quiet: night } })
    scheduler.start()
    await clock.advance(DAY / 2)
    expect(hours(begun).find(text => text >= '01:00' && text < '12:00')).toBe(seven)
  })

  test('hold a start and a resume inside of them too, but no new connection', async () => {
    const { clock, scheduler, begun } = scheduleDesk({ start: '2026-11-20T22:00:00Z', rules: { ...always('hourly'), quiet: night } })
    scheduler.start()
    await clock.sleep(HOUR)
    await clock.advance(HOUR)
    expect([begun, scheduler.nextAt(a)]).toEqual([[], '2026-11-21T06:00:00.000Z'])
    scheduler.connected(a)
    await clock.advance(MINUTE)
    expect(begun).toEqual(['2026-11-21 00:00'])
  })

  test('begin on time for the last in a row of connections, and for a sleep nobody told of that ends in them', async () => {
    const state = rested({
      start: '2026-11-20T20:00:00Z',
      connections: many,
      rules: { ...always('hourly'), quiet: { ...night, from: '22:03' } },
    })
    state.scheduler.start()
    await state.clock.advance(2 * HOUR)
    expect(state.begun.length).toBeLessThan(20)
    expect(new Set(hours(state.begun))).toEqual(new Set(['21:00', '21:01', '21:02']))
    const asleep = rested({ start: '2026-11-20T20:30:00Z', rules: { ...always('hourly'), quiet: night } })
    asleep.scheduler.start()
    await asleep.clock.sleep(2 * HOUR, { announced: false })
    await asleep.clock.advance(2 * HOUR)
    expect(asleep.begun).toEqual([])
  })

  test('that cover the whole session leave one run at their end', async () => {
    const tokyo = { from: '22:00', to: '07:00', zone: 'Asia/Tokyo' }
    const { clock, scheduler, begun } = rested({ start: '2026-11-18T22:30:00Z', rules: { ...inMarketHours('15m'), quiet: tokyo } })
    scheduler.start()
    await clock.advance(2 * DAY)
    expect(begun).toEqual(['2026-11-19 22:00', '2026-11-20 22:00'])
  })
})

describe('a sleep', () => {
  test.each([8 * HOUR, 30 * DAY])('of %i ms is caught up once within a minute of waking, one connection after another', async ms => {
    const { clock, scheduler, starts } = rested({
      start: '2026-11-20T15:00:00Z',
      connections: [connection(a), connection(b)],
      rules: always('15m'),
    })
    scheduler.start()
    await clock.sleep(ms)
    expect(starts).toEqual([])
    await clock.advance(MINUTE)
    expect(starts.map(([, id]) => id).sort()).toEqual([a, b])
    expect(Math.abs((starts[0]?.[0] ?? 0) - (starts[1]?.[0] ?? 0))).toBeGreaterThan(0.3)
  })

  test.each(['stops', 'goes-on'] as const)(
    'nobody told of is noticed, even by twenty connections, where the other clock %s',
    async monotonicSleeps => {
      const { clock, scheduler, starts } = rested({
        start: '2026-11-20T15:00:00Z',
        connections: many,
        rules: always('hourly'),
        monotonicSleeps,
      })
      scheduler.start()
      await clock.sleep(8 * HOUR, { announced: false })
      await clock.advance(25 * MINUTE)
      expect(starts).toHaveLength(20)
      const gaps = starts.slice(1).map(([at], place) => at - (starts[place]?.[0] ?? 0))
      expect(Math.min(...gaps)).toBeGreaterThan(0.3)
    },
  )
})

describe('a network that returns', () => {
  test('has those tried at once that could not reach their broker, once each, and nobody else', async () => {
    const state = rested({ start: '2026-11-20T15:00:00Z', connections: [connection(a), connection(b)], rules: always('hourly') })
    state.scheduler.start()
    state.fail = 'net/offline'
    await state.clock.advance(HOUR + 20 * MINUTE)
    state.fail = null
    state.byHand(b)
    const before = state.starts.length
    await state.clock.networkReturns()
    await state.clock.networkReturns()
    await state.clock.advance(MINUTE)
    expect(state.starts.slice(before).map(([, id]) => id)).toEqual([a])
    await state.clock.advance(10 * MINUTE)
    expect(state.starts).toHaveLength(before + 1)
  })

  test('shortens no wait a broker asked for', async () => {
    const state = rested({ start: '2026-11-20T15:00:00Z', rules: always('hourly') })
    state.scheduler.start()
    state.fail = 'broker/rate-limited'
    await state.clock.advance(HOUR + MINUTE)
    await state.clock.networkReturns()
    await state.clock.advance(MINUTE)
    expect(state.starts).toHaveLength(1)
  })
})

describe('a clock that is set', () => {
  test.each([365 * DAY, -365 * DAY, 2 * DAY, -2 * DAY, 20 * MINUTE, -20 * MINUTE])(
    'by %i ms makes nothing run in a circle, and nothing stop',
    async ms => {
      const { clock, scheduler, starts } = rested({ start: '2026-11-20T15:00:00Z', rules: always('hourly') })
      scheduler.start()
      await clock.advance(90 * MINUTE)
      const before = { starts: starts.length, ran: clock.ran }
      clock.set(ms)
      await clock.advance(6 * HOUR)
      expect(starts.length - before.starts).toBeGreaterThanOrEqual(4)
      expect(starts.length - before.starts).toBeLessThanOrEqual(8)
      expect(clock.ran - before.ran).toBeLessThan(6 * 30)
    },
  )

  test('again and again, back and forth, runs no connection more often than its interval by a clock that only grows', async () => {
    const { clock, scheduler, starts } = rested({ start: '2026-11-20T15:00:00Z', rules: always('15m') })
    scheduler.start()
    for (let turn = 0; turn < 200; turn += 1) {
      clock.set((turn % 2 === 0 ? 1 : -1) * 10 * MINUTE)
      await clock.advance(3 * MINUTE)
    }
    expect(starts.length).toBeLessThanOrEqual(2 * ((200 * 3) / 15))
    expect(starts.length).toBeGreaterThan((200 * 3) / 15 / 2)
  })
})

test('a year with nightly sleep in any zone misses no day and never hurries', async () => {
  const { clock, scheduler, starts } = rested({
    start: '2026-12-31T12:00:00Z',
    connections: [connection(a), connection(b)],
    rules: always('hourly'),
    skewMs: -15 * MINUTE,
    fraction: () => 0.5,
  })
  scheduler.start()
  for (let day = 0; day < 365; day += 1) {
    await clock.advance(15 * HOUR)
    await clock.sleep(9 * HOUR, { announced: day % 3 !== 0 })
  }
  const gaps = starts.slice(1).map(([at], place) => at - (starts[place]?.[0] ?? 0))
  expect(starts.length).toBeGreaterThan(365 * 2 * 14)
  expect(starts.length).toBeLessThan(365 * 2 * 16)
  expect(Math.min(...gaps)).toBeGreaterThan(0.3)
})
