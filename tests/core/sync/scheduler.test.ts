import { describe, expect, test } from 'vitest'
import { AppError, toErrorView } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { virtualClock } from '../../support/virtual-clock.ts'
import { a, b, c, connection, finishedAgo, HOUR, MINUTE, scheduleDesk as desk } from './support/schedule-desk.ts'

describe('background syncing', () => {
  test('runs each connection every hour, on one timer and a look every quarter of an hour', async () => {
    const { clock, scheduler, starts } = desk()
    scheduler.start()
    await clock.advance(3 * HOUR + MINUTE)
    expect(starts.map(([at]) => Math.round(at))).toEqual([0, 60, 120, 180])
    expect(clock.pending).toBe(2)
    scheduler.stop()
    expect(clock.pending).toBe(0)
  })

  test('never starts two connections at once', async () => {
    const { clock, scheduler, starts } = desk({ connections: [connection(a), connection(b), connection(c)] })
    scheduler.start()
    await clock.advance(2 * HOUR)
    const times = starts.map(([at]) => at)
    const gaps = times.slice(1).map((at, place) => at - (times[place] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThan(0.32)
    expect(new Set(starts.slice(0, 3).map(([, id]) => id))).toEqual(new Set([a, b, c]))
  })

  test('catches up at the start only with what is overdue', async () => {
    const now = virtualClock().now()
    const early = desk({ last: finishedAgo(now, 20 * MINUTE) })
    early.scheduler.start()
    expect(early.scheduler.nextAt(a)).toBe(Instant.plus(now, 40 * MINUTE))
    const late = desk({ last: finishedAgo(now, 5 * HOUR) })
    late.scheduler.start()
    await late.clock.advance(MINUTE)
    expect(late.starts).toHaveLength(1)
  })

  test('syncs a new connection at once, even while paused', async () => {
    const { clock, scheduler, starts, connections } = desk({ connections: [] })
    scheduler.start()
    scheduler.pause(true)
    connections.push(connection(b))
    scheduler.connected(b)
    await clock.advance(1)
    expect(starts).toEqual([[0, b]])
    await clock.advance(5 * HOUR)
    expect(starts).toHaveLength(1)
  })

  test('does not run a new connection again that was synced by hand first', async () => {
    const state = desk({ connections: [] })
    state.scheduler.start()
    state.connections.push(connection(b))
    state.scheduler.connected(b)
    state.byHand(b)
    await state.clock.advance(10 * MINUTE)
    expect(state.starts).toEqual([])
  })

  test('leaves connections alone that need a sign-in, until they have one', async () => {
    const waiting = connection(a, { kind: 'needs-sign-in', because: 'revoked', since: Instant.parse('2026-11-20T00:00:00Z') })
    const { clock, scheduler, starts, connections } = desk({ connections: [waiting] })
    scheduler.start()
    await clock.advance(3 * HOUR)
    expect(starts).toEqual([])
    expect(scheduler.nextAt()).toBeNull()
    connections[0] = connection(a)
    scheduler.connected(a)
    await clock.advance(1)
    expect(starts).toEqual([[180, a]])
  })

  test('drops a connection that ends, takes one that comes back, and plans nothing anew for a token that was renewed', async () => {
    const { clock, scheduler, connections, events } = desk({ connections: [connection(a), connection(b)] })
    scheduler.start()
    await clock.advance(MINUTE)
    const told = events.length
    scheduler.changed(a)
    expect(events).toHaveLength(told)
    connections[0] = connection(a, { kind: 'needs-sign-in', because: 'revoked', since: clock.now() })
    scheduler.changed(a)
    expect([scheduler.nextAt(a), scheduler.nextAt(b)]).toEqual([null, expect.any(String)])
    connections[0] = connection(a)
    scheduler.changed(a)
    expect(scheduler.nextAt(a)).not.toBeNull()
  })

  test('pauses, says so, and goes on', async () => {
    const { clock, scheduler, starts, events } = desk()
    scheduler.start()
    await clock.advance(MINUTE)
    scheduler.pause(true)
    expect([scheduler.paused(), scheduler.nextAt(), clock.pending]).toEqual([true, null, 1])
    await clock.advance(10 * HOUR)
    expect(starts).toHaveLength(1)
    scheduler.pause(false)
    await clock.advance(MINUTE)
    expect(starts).toHaveLength(2)
    expect(events).toContain('schedule.changed')
  })

  test('tries sooner after a passing failure, and less often the longer it lasts', async () => {
    const state = desk()
    state.fail = 'net/offline'
    state.scheduler.start()
    await state.clock.advance(90 * MINUTE)
    expect(state.starts.map(([at]) => Math.round(at))).toEqual([0, 5, 15, 35, 75])
    state.fail = null
    await state.clock.advance(2 * HOUR)
    expect(state.starts.slice(5).map(([at]) => Math.round(at))).toEqual([135, 195])
  })

  test('does nothing asleep, stops what is under way, and catches up after waking', async () => {
    const state = desk()
    state.hang = true
    state.scheduler.start()
    await state.clock.advance(MINUTE)
    expect(state.starts).toHaveLength(1)
    state.hang = false
    await state.clock.sleep(8 * HOUR)
    expect([state.aborted, state.starts.length]).toEqual([[a], 1])
    await state.clock.advance(MINUTE)
    expect(state.begun).toEqual(['2026-11-20 15:00', '2026-11-20 23:01'])
  })

  test('counts from a sync by hand', async () => {
    const state = desk()
    state.scheduler.start()
    await state.clock.advance(30 * MINUTE)
    state.byHand(a)
    expect(state.scheduler.nextAt(a)).toBe(Instant.plus(state.clock.now(), HOUR))
  })

  test('goes on after a run that could not even be recorded, less often the longer it lasts', async () => {
    const state = desk()
    state.reject = true
    state.scheduler.start()
    await state.clock.advance(90 * MINUTE)
    expect(state.starts.map(([at]) => Math.round(at))).toEqual([0, 5, 15, 35, 75])
    state.reject = false
    await state.clock.advance(2 * HOUR)
    expect(state.starts.slice(5).map(([at]) => Math.round(at))).toEqual([135, 195])
  })

  test('does not start again at once what the user canceled', async () => {
    const state = desk()
    state.scheduler.start()
    await state.clock.advance(10 * MINUTE)
    state.fail = 'app/canceled'
    state.byHand(a)
    expect(state.scheduler.nextAt(a)).toBe(Instant.plus(state.clock.now(), HOUR))
    state.fail = null
    await state.clock.advance(59 * MINUTE)
    expect(state.starts).toHaveLength(1)
  })

  test('catches up at a start with a run that the end of the program stopped', async () => {
    const now = virtualClock().now()
    const error = toErrorView(new AppError('app/canceled'))
    const state = desk({ last: id => ({ ...finishedAgo(now, MINUTE)(id), result: 'failed', error }) })
    state.scheduler.start()
    await state.clock.advance(MINUTE)
    expect(state.starts).toHaveLength(1)
  })

  test('is not put to sleep by a run of the future', async () => {
    const now = virtualClock().now()
    const state = desk({ last: finishedAgo(now, -200 * 24 * HOUR) })
    state.scheduler.start()
    expect(state.scheduler.nextAt(a)).toBe(Instant.plus(now, HOUR))
    await state.clock.advance(61 * MINUTE)
    expect(state.starts).toHaveLength(1)
  })

  test('is not put to sleep by a clock that was ahead when it planned', async () => {
    const state = desk()
    state.clock.set(200 * 24 * HOUR)
    state.scheduler.start()
    await state.clock.advance(MINUTE)
    state.clock.set(-200 * 24 * HOUR)
    await state.clock.advance(3 * HOUR)
    expect(state.starts.length).toBeGreaterThan(1)
  })

  test('waits an hour at most, whatever the broker asks for', () => {
    const now = virtualClock().now()
    const error = { ...toErrorView(new AppError('broker/rate-limited')), retryAfterMs: 1e12 }
    const state = desk({ last: id => ({ ...finishedAgo(now, 0)(id), result: 'failed', error }) })
    state.scheduler.start()
    expect(state.scheduler.nextAt(a)).toBe(Instant.plus(now, HOUR))
  })
})
