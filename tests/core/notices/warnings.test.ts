import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextWarningAt, warningAt, warningsOf } from '../../../electron/core/notices/warnings.ts'
import { sessionOf } from '../../../shared/domain/market-calendar.ts'
import { EXCHANGE_ZONE, Instant, toLocalDate } from '../../../shared/domain/time.ts'
import { WARNINGS } from './support/facts.ts'

const names = (deadline: string): string[] => warningsOf(Instant.parse(deadline), WARNINGS).map(({ name, at }) => `${name} ${at}`)

describe('A deadline is announced', () => {
  test('48, 24 and 2 hours before, and when the market opens for the last time before it', () => {
    expect(names('2026-11-20T18:00:00Z')).toEqual([
      '48h 2026-11-18T18:00:00.000Z', '24h 2026-11-19T18:00:00.000Z', 'session 2026-11-20T14:30:00.000Z', '2h 2026-11-20T16:00:00.000Z',
    ])
  })

  test('on Friday while the market is open, when it falls on a weekend', () => {
    expect(names('2026-11-22T09:00:00Z')).toContain('session 2026-11-20T14:30:00.000Z')
  })

  test('before a holiday, when it falls on one', () => {
    expect(names('2026-11-26T20:00:00Z')).toContain('session 2026-11-25T14:30:00.000Z')
  })

  test('two hours before only, when it comes every night', () => {
    expect(warningsOf(Instant.parse('2026-11-21T05:00:00Z'), [2 * 3_600_000]).map(({ name }) => name)).toEqual(['2h'])
  })

  test('never, when no warning is stated', () => {
    expect(warningsOf(Instant.parse('2026-11-21T05:00:00Z'), [])).toEqual([])
  })

  test('in whatever week it falls: at least once while the market was open, and each warning in its turn until it has passed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000 }), minutes => {
        const deadline = Instant.plus(Instant.parse('2025-01-01T00:00:00Z'), minutes * 60_000)
        const warnings = warningsOf(deadline, WARNINGS)
        const open = warnings.filter(({ at }) => {
          const session = sessionOf(toLocalDate(at, EXCHANGE_ZONE))
          return session !== null && !Instant.isBefore(at, session.open) && Instant.isBefore(at, session.close)
        })
        expect(open.length).toBeGreaterThan(0)
        for (const [index, { name, at }] of warnings.entries()) {
          expect(warnings.findLast(other => other.at === at)?.name).toBe(warningAt(deadline, WARNINGS, at)?.name)
          const before = warningAt(deadline, WARNINGS, Instant.plus(at, -1))
          expect(before?.name).not.toBe(name)
          expect(nextWarningAt(deadline, WARNINGS, Instant.plus(at, -1))).toBe(at)
          expect(Instant.isBefore(at, deadline), `${index}`).toBe(true)
        }
        expect(warningAt(deadline, WARNINGS, deadline)).toBeNull()
        expect(nextWarningAt(deadline, WARNINGS, deadline)).toBeNull()
      }),
      { numRuns: 500 },
    )
  })
})
