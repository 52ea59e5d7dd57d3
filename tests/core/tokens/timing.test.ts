import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clock } from '../../../electron/core/ports.ts'
import type { StoredToken } from '../../../electron/core/store/tokens.ts'
import { createBackoff } from '../../../electron/core/tokens/backoff.ts'
import { createTiming } from '../../../electron/core/tokens/timing.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { newId } from '../../../shared/domain/ids.ts'
import { Instant } from '../../../shared/domain/time.ts'

const YEAR_MS = 365 * 86_400_000
const id = newId.connection('test')

/** Two clocks that disagree as a test likes: one that people set, one that only grows. */
function twoClocks() {
  let [wallMs, steadyMs] = [Instant.toEpochMs(Instant.parse('2026-11-20T12:00:00Z')), 0]
  const clock: Clock = { now: () => Instant.fromEpochMs(wallMs), monotonicMs: () => steadyMs, after: () => () => undefined }
  return {
    clock,
    pass: (ms: number) => {
      wallMs += ms
      steadyMs += ms
    },
    /** Somebody sets the wall clock, or the computer slept. */
    set: (ms: number) => {
      wallMs += ms
    },
  }
}

function token(now: Instant, lifeMs: number | null): StoredToken {
  const expiresAt = lifeMs === null ? null : Instant.plus(now, lifeMs)
  return { generation: 1, life: { obtainedAt: now, expiresAt, signInBy: null, refreshable: true } }
}

const life = fc.integer({ min: 1000, max: 30 * 86_400_000 })
const jumps = fc.array(fc.integer({ min: -YEAR_MS, max: YEAR_MS }), { maxLength: 5 })

describe('the time of a refresh', () => {
  test('comes within 80 % of the life, however the wall clock is set meanwhile', () => {
    fc.assert(
      fc.property(life, jumps, fc.double({ min: 0, max: 1, noNaN: true }), (lifeMs, sets, fraction) => {
        const { clock, pass, set } = twoClocks()
        const timing = createTiming({ clock, random: { fraction: () => fraction } })
        const stored = token(clock.now(), lifeMs)
        timing.received(id, 1)
        for (const ms of sets) set(ms)
        pass(Math.max(5000, lifeMs * 0.8))
        expect(timing.dueInMs(id, stored)).toBeLessThanOrEqual(0)
        pass(lifeMs)
        expect(timing.leftMs(id, stored)).toBeLessThanOrEqual(0)
        expect(timing.runsOut(id, stored)).toBe(true)
      }),
      { numRuns: 10_000 },
    )
  })

  test('never comes within five seconds of the last one, whatever the clock says, so no clock makes a hot loop', () => {
    fc.assert(
      fc.property(life, jumps, (lifeMs, sets) => {
        const { clock, set } = twoClocks()
        const timing = createTiming({ clock, random: { fraction: () => 1 } })
        for (const ms of sets) set(ms)
        const stored = token(clock.now(), lifeMs)
        timing.received(id, 1)
        expect(timing.dueInMs(id, stored)).toBeGreaterThanOrEqual(5000)
        expect(timing.runsOut(id, stored)).toBe(false)
      }),
      { numRuns: 10_000 },
    )
  })

  test('is not before 75 % of the life when the clocks agree', () => {
    fc.assert(
      fc.property(life, fc.double({ min: 0, max: 1, noNaN: true }), (lifeMs, fraction) => {
        const { clock, pass } = twoClocks()
        const timing = createTiming({ clock, random: { fraction: () => fraction } })
        const stored = token(clock.now(), lifeMs)
        pass(Math.floor(lifeMs * 0.74))
        expect(timing.dueInMs(id, stored)).toBeGreaterThan(0)
      }),
    )
  })

  test('does not move when it is asked for again', () => {
    const { clock } = twoClocks()
    const timing = createTiming({ clock, random: { fraction: () => Math.random() } })
    const stored = token(clock.now(), 1_800_000)
    const asked = Array.from({ length: 50 }, () => timing.dueInMs(id, stored))
    expect(new Set(asked).size).toBe(1)
  })

  test('does not exist for a token without an end', () => {
    const { clock } = twoClocks()
    const timing = createTiming({ clock, random: { fraction: () => 0 } })
    expect([
      timing.dueInMs(id, token(clock.now(), null)),
      timing.leftMs(id, token(clock.now(), null)),
      timing.runsOut(id, token(clock.now(), null)),
    ]).toEqual([null, null, false])
  })
})

describe('a clock that is known to be wrong', () => {
  const endOfDay = (now: Instant): StoredToken => {
    const end = Instant.plus(now, 600_000)
    return { generation: 1, life: { obtainedAt: now, expiresAt: end, signInBy: end, refreshable: false } }
  }

  test.each([
    ['ahead ends no sign-in before the broker’s own midnight', 900_000, 1_500_000],
    ['behind does not stretch it', -900_000, 600_000],
  ])('%s', (_, driftMs, left) => {
    const { clock } = twoClocks()
    const timing = createTiming({ clock, random: { fraction: () => 0 }, driftMs: () => driftMs })
    expect(timing.leftMs(id, endOfDay(clock.now()))).toBe(left)
  })

  test('changes nothing about a life that is counted from its receipt', () => {
    const { clock } = twoClocks()
    const timing = createTiming({ clock, random: { fraction: () => 0 }, driftMs: () => 900_000 })
    expect(timing.leftMs(id, token(clock.now(), 600_000))).toBe(600_000)
  })
})

describe('the wait after a failure', () => {
  test('grows from a second to five minutes and starts anew after a success', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (count, fraction) => {
        const { clock } = twoClocks()
        const backoff = createBackoff({ clock, random: { fraction: () => fraction } })
        for (let at = 0; at < count; at += 1) backoff.failed(id, new AppError('net/offline'))
        expect(backoff.waitMs(id)).toBeGreaterThanOrEqual(1000)
        expect(backoff.waitMs(id)).toBeLessThanOrEqual(Math.min(300_000, 1000 + 1000 * 2 ** count))
        expect(backoff.refusal(id)).toBeNull()
        backoff.clear(id)
        expect(backoff.waitMs(id)).toBe(0)
      }),
    )
  })

  test.each([
    [1_000, 1_000],
    [120_000, 120_000],
    [86_400_000, 86_400_000],
  ])('asked for %i ms lasts at least %i ms, for callers too', (retryAfterMs, least) => {
    const { clock, pass } = twoClocks()
    const backoff = createBackoff({ clock, random: { fraction: () => 0 } })
    const error = new AppError('broker/rate-limited', { retryAfterMs })
    backoff.failed(id, error)
    pass(least - 1)
    expect(backoff.refusal(id)).toMatchObject({ code: 'broker/rate-limited', retryAfterMs: 1 })
    expect(backoff.waitMs(id)).toBeGreaterThan(0)
    pass(1)
    expect(backoff.refusal(id)).toBeNull()
  })
})
