import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueAt, type DueRule, type LastRun } from '../../../electron/core/sync/due.ts'
import { isOpen, lastCloseOf, MARKETS } from '../../../shared/domain/market-calendar.ts'
import { quietUntil, SYNC_INTERVALS } from '../../../shared/domain/sync-schedule.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { DAY, HOUR, MINUTE } from './support/schedule-desk.ts'

const time = fc
  .integer({ min: 0, max: 1439 })
  .map(minute => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`)
const zone = fc.constantFrom('America/New_York', 'Europe/Berlin', 'Asia/Tokyo', 'Pacific/Chatham', 'Pacific/Honolulu')
const hours = fc.record({ from: time, to: time, zone }).filter(({ from, to }) => from !== to)
const rule: fc.Arbitrary<DueRule> = fc.record({
  schedule: fc.record({ every: fc.constantFrom(...SYNC_INTERVALS), marketHours: fc.boolean() }),
  market: fc.constantFrom(...MARKETS),
  quiet: fc.option(hours),
})
const moment = fc
  .integer({ min: 0, max: 2 * 365 * 24 * 60 })
  .map(minute => Instant.plus(Instant.parse('2026-01-01T00:00:00Z'), minute * MINUTE))
const ago = fc.oneof(fc.integer({ min: 0, max: 3 * HOUR }), fc.integer({ min: -2 * DAY, max: 40 * DAY }))
const fraction = fc.double({ min: 0, max: 0.999_999, noNaN: true })
const ended = fc.record({
  failures: fc.constantFrom(0, 0, 0, 1, 2, 9),
  retryAfterMs: fc.constantFrom(0, 0, 90_000, 10 * HOUR),
  unreached: fc.boolean(),
})

interface Case {
  readonly due: Instant | null
  readonly last: LastRun
  readonly done: Instant
  readonly now: Instant
  readonly rule: DueRule
}

function always(check: (found: Case) => void): void {
  fc.assert(
    fc.property(moment, ago, fraction, rule, ended, (now, before, part, chosen, end) => {
      const last = { ...end, finishedAt: Instant.plus(now, -before) }
      check({ due: dueAt(last, now, part, chosen), last, done: Instant.earliest(last.finishedAt, now), now, rule: chosen })
    }),
    { numRuns: 4000 },
  )
}

describe('when a connection is due', () => {
  test('is never, exactly when it is synced by hand', () => {
    always(({ due, rule: { schedule } }) => expect(due === null).toBe(schedule.every === 'manual'))
  })

  test('is never sooner than a broker asked for, within an hour, nor than five minutes after the last run', () => {
    always(({ due, last, done, rule: { schedule } }) => {
      if (due === null) return
      expect(Instant.msBetween(done, due)).toBeGreaterThanOrEqual(Math.min(last.retryAfterMs, HOUR))
      expect(Instant.msBetween(done, due)).toBeGreaterThanOrEqual(schedule.every === 'daily' ? 0 : 5 * MINUTE)
    })
  })

  test('is never further away than a long weekend and a night', () => {
    always(({ due, now }) => expect(due === null ? 0 : Instant.msBetween(now, due)).toBeLessThan(5 * DAY))
  })

  test('is never in quiet hours', () => {
    always(({ due, now, rule: { quiet } }) => {
      if (due === null || !quiet) return
      const begins = Instant.isBefore(due, now) ? now : due
      expect(quietUntil(quiet, begins)).toBeNull()
    })
  })

  test('is in market hours or right after a close, unless something failed, was missed or quiet', () => {
    always(({ due, last, now, rule: { schedule, market, quiet } }) => {
      const isFree = due === null || !schedule.marketHours || schedule.every === 'daily' || last.failures > 0 || last.retryAfterMs > 0
      if (isFree || quiet || !Instant.isBefore(now, due)) return
      const close = lastCloseOf(market, due)
      expect(isOpen(market, due) || (close !== null && Instant.msBetween(close, due) <= 10 * MINUTE)).toBe(true)
    })
  })

  test('is the same for the same facts', () => {
    fc.assert(
      fc.property(moment, ago, fraction, rule, ended, (now, before, part, chosen, end) => {
        const last = { ...end, finishedAt: Instant.plus(now, -Math.abs(before)) }
        const due = dueAt(last, now, part, { ...chosen, quiet: null })
        expect(dueAt(last, Instant.plus(now, HOUR), part, { ...chosen, quiet: null })).toBe(due)
      }),
      { numRuns: 1000 },
    )
  })
})
