import { describe, expect, test } from 'vitest'
import { createSweeps } from '../../../electron/core/sync/sweeps.ts'
import { type VirtualClock, virtualClock } from '../../support/virtual-clock.ts'
import { DAY, HOUR, MINUTE } from './support/schedule-desk.ts'

const REACH = { [24 * HOUR]: 'day', [20 * MINUTE]: '20 minutes' }

interface SweepDesk {
  readonly clock: VirtualClock
  readonly sweeps: ReturnType<typeof createSweeps>
  /** What each sweep reached for, and the minute it began in, from the start. */
  readonly swept: [string | undefined, number][]
  shortLived: boolean
  /** Sweeps wait for their signal. */
  hang: boolean
  stopped: number
  /** What each sweep waits for. */
  wait: Promise<void>
}

function desk({ fraction = 0, shortLived = false } = {}): SweepDesk {
  const clock = virtualClock({ start: '2026-11-20T15:00:00Z' })
  const state: Omit<SweepDesk, 'sweeps'> = { clock, swept: [], shortLived, hang: false, stopped: 0, wait: Promise.resolve() }
  const sweeps = createSweeps({
    ...clock,
    clock,
    random: { bytes: () => new Uint8Array(), uuid: () => '', fraction: () => fraction },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, guard: () => undefined },
    async sweep({ dueWithinMs, signal }) {
      state.swept.push([REACH[dueWithinMs], Math.floor(clock.monotonicMs() / MINUTE)])
      await state.wait
      if (state.hang)
        await new Promise<void>(resolve => {
          signal.addEventListener('abort', () => resolve())
        }).then(() => (state.stopped += 1))
      return { due: 0, renewed: 0, failed: 0 }
    },
    shortLived: () => state.shortLived,
  })
  return Object.assign(state, { sweeps })
}

describe('sweeps over the tokens', () => {
  test('come soon after the start and then every hour, at a minute of their own', async () => {
    const { clock, sweeps, swept } = desk({ fraction: 0.4 })
    sweeps.start()
    await clock.advance(3 * HOUR)
    expect(swept).toEqual([
      ['day', 0],
      ['day', 24],
      ['day', 84],
      ['day', 144],
    ])
  })

  test('come every quarter of an hour as well while a token lives short, and no longer', async () => {
    const state = desk({ fraction: 0.4 })
    state.sweeps.start()
    state.shortLived = true
    state.sweeps.changed()
    await state.clock.advance(HOUR)
    expect(state.swept.slice(1)).toEqual([
      ['20 minutes', 9],
      ['day', 24],
      ['20 minutes', 39],
      ['20 minutes', 54],
    ])
    state.shortLived = false
    state.sweeps.changed()
    await state.clock.advance(HOUR)
    expect(state.swept.slice(5)).toEqual([['day', 84]])
  })

  test('never run beside each other', async () => {
    const state = desk({ shortLived: true })
    state.hang = true
    state.sweeps.start()
    await state.clock.advance(5 * HOUR)
    expect(state.swept).toHaveLength(1)
  })

  test('that come during another are made up for by one after it', async () => {
    const state = desk()
    const slow = Promise.withResolvers<void>()
    state.wait = slow.promise
    state.sweeps.start()
    await state.clock.advance(30_000)
    for (let time = 0; time < 3; time += 1) {
      await state.clock.networkReturns()
      await state.clock.advance(30_000)
    }
    expect(state.swept).toHaveLength(1)
    slow.resolve()
    await state.clock.advance(MINUTE)
    expect(state.swept).toHaveLength(2)
  })

  test('end with a suspend, and none begins before the resume', async () => {
    const state = desk({ shortLived: true })
    state.hang = true
    state.sweeps.start()
    await state.clock.advance(MINUTE)
    state.hang = false
    await state.clock.sleep(8 * HOUR)
    expect([state.stopped, state.swept.length]).toEqual([1, 1])
    await state.clock.advance(MINUTE)
    expect(state.swept.slice(1)).toEqual([['day', 1]])
  })

  test.each([8 * HOUR, 30 * DAY])('catch up once after a sleep of %i ms, not for each hour of it, and within half a minute', async ms => {
    const { clock, sweeps, swept } = desk({ fraction: 0.99, shortLived: true })
    sweeps.start()
    await clock.advance(30_000)
    await clock.sleep(ms)
    await clock.advance(30_000)
    expect(swept.map(([reach]) => reach)).toEqual(['day', 'day'])
  })

  test('catch up once when the network returns, however often that is said', async () => {
    const { clock, sweeps, swept } = desk({ fraction: 0.9 })
    sweeps.start()
    await clock.advance(30_000)
    await clock.networkReturns()
    await clock.networkReturns()
    await clock.advance(MINUTE)
    expect(swept).toHaveLength(2)
  })

  test('go on after the clock was set by a year, without a single one too many', async () => {
    for (const ms of [365 * DAY, -365 * DAY]) {
      const { clock, sweeps, swept } = desk({ fraction: 0.4, shortLived: true })
      sweeps.start()
      await clock.advance(HOUR)
      const before = { swept: swept.length, ran: clock.ran }
      clock.set(ms)
      await clock.advance(4 * HOUR)
      expect(swept.length - before.swept).toBeGreaterThanOrEqual(15)
      expect(swept.length - before.swept).toBeLessThanOrEqual(17)
      expect(clock.ran - before.ran).toBeLessThan(200)
    }
  })

  test('pass the hour that comes twice both times, and none for the hour left out', async () => {
    for (const start of ['2026-03-08T00:00:00Z', '2026-11-01T00:00:00Z']) {
      const clock = virtualClock({ start })
      const at: string[] = []
      clock.cron.every('7 * * * *', () => void at.push(clock.now()))
      await clock.advance(DAY)
      expect(at).toHaveLength(24)
    }
  })

  test('leave no timer behind when they are stopped', async () => {
    const { clock, sweeps, swept } = desk({ shortLived: true })
    sweeps.start()
    await clock.networkReturns()
    sweeps.changed()
    sweeps.stop()
    await clock.networkReturns()
    await clock.advance(DAY)
    expect([clock.pending, swept]).toEqual([0, []])
  })
})
