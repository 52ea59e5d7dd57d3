import { describe, expect, test } from 'vitest'
import { brokers } from '../../electron/core/brokers/registry.ts'
import { Instant } from '../../shared/domain/time.ts'
import { NO_POLICY, policyFor, signInEnd, type SignInRule, signInLifeMs, warningsBefore } from '../../shared/domain/token-policy.ts'

const HOUR_MS = 3_600_000
const dayEnd: SignInRule = { kind: 'day-end', zone: 'America/New_York' }
const weekly: SignInRule = { kind: 'weekly', weekday: 0, time: '01:00', zone: 'America/New_York' }
const end = (rule: SignInRule, at: string): Instant | null => signInEnd(rule, Instant.parse(at))

describe('the end of a sign-in', () => {
  test.each([
    ['2026-11-20T15:00:00Z', '2026-11-21T05:00:00.000Z'],
    ['2026-07-01T15:00:00Z', '2026-07-02T04:00:00.000Z'],
    // Late in New York, early in London.
    ['2026-11-21T04:59:59Z', '2026-11-21T05:00:00.000Z'],
    ['2026-11-21T05:00:00Z', '2026-11-22T05:00:00.000Z'],
    // The clocks go forward at 2:00 on March 8: a day of 23 hours.
    ['2026-03-08T05:30:00Z', '2026-03-09T04:00:00.000Z'],
    ['2026-03-08T04:59:00Z', '2026-03-08T05:00:00.000Z'],
    // And back on November 1: a day of 25 hours.
    ['2026-11-01T04:30:00Z', '2026-11-02T05:00:00.000Z'],
  ])('after %s the day in New York ends at %s', (now, midnight) => {
    expect(end(dayEnd, now)).toBe(midnight)
  })

  test('comes at midnight on the wall in New York every night of two years', () => {
    const wall = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', timeStyle: 'medium', dateStyle: 'short' })
    let now = Instant.parse('2026-01-01T05:00:00Z')
    const nights = Array.from({ length: 730 }, () => (now = signInEnd(dayEnd, now) ?? now))
    expect(nights.map(night => wall.format(new Date(night)).slice(-8))).toEqual(nights.map(() => '00:00:00'))
    expect(nights.at(-1)).toBe('2028-01-01T05:00:00.000Z')
    expect(nights.map(night => signInEnd(dayEnd, Instant.plus(night, -1)))).toEqual(nights)
  })

  test.each([
    ['2026-11-20T15:00:00Z', '2026-11-22T06:00:00.000Z'],
    ['2026-11-22T05:59:59Z', '2026-11-22T06:00:00.000Z'],
    ['2026-11-22T06:00:00Z', '2026-11-29T06:00:00.000Z'],
    // The night the clocks go back has two one o'clocks; the first ends the session.
    ['2026-10-31T15:00:00Z', '2026-11-01T05:00:00.000Z'],
    ['2026-11-01T05:00:00Z', '2026-11-08T06:00:00.000Z'],
  ])('after %s comes on the next Sunday at one in New York: %s', (now, sunday) => {
    expect(end(weekly, now)).toBe(sunday)
  })

  test('is counted from the sign-in, has none, or is for the user to know', () => {
    const at = '2026-11-20T15:00:00.000Z'
    expect(end({ kind: 'after', ms: 7 * 24 * HOUR_MS }, at)).toBe('2026-11-27T15:00:00.000Z')
    expect(end({ kind: 'none' }, at)).toBeNull()
    expect(end({ kind: 'stated' }, at)).toBeNull()
  })
})

describe('the policy of a way in', () => {
  const rows = Object.values(brokers).flatMap(({ id, methods }) =>
    methods.map(({ method, policy: { accessMs, refreshMs, rotation, signInAgain, idleMs } }) => [
      `${id} ${method}`,
      accessMs && accessMs / 60_000,
      refreshMs && refreshMs / (24 * HOUR_MS),
      rotation,
      signInAgain.kind,
      idleMs && idleMs / HOUR_MS,
    ]),
  )

  test('is stated once for each: minutes of access, days of refresh, rotation, rule, idle hours', () => {
    expect(rows).toEqual([
      ['alpaca oauth', null, null, 'none', 'none', null],
      ['alpaca api-key', null, null, 'none', 'none', null],
      ['schwab oauth', 30, 7, 'rotates', 'after', null],
      ['ibkr oauth', 1440, null, 'keeps', 'none', null],
      ['ibkr tws', null, null, 'none', 'weekly', null],
      ['ibkr gateway', null, null, 'none', 'after', null],
      ['ibkr flex', null, null, 'none', 'stated', null],
      ['tastytrade oauth', 15, null, 'keeps', 'none', null],
      ['tastytrade personal-grant', 15, null, 'keeps', 'none', null],
      ['etrade oauth', null, null, 'wakes', 'day-end', 2],
      ['tdameritrade oauth', 30, 90, 'keeps', 'after', null],
    ])
  })

  test('is nothing for a way in the broker does not offer', () => {
    expect(policyFor(brokers.alpaca.methods, 'file')).toBe(NO_POLICY)
  })
})

describe('warnings', () => {
  test.each<[string, SignInRule, number[]]>([
    ['seven days', { kind: 'after', ms: 7 * 24 * HOUR_MS }, [48, 24, 2]],
    ['a week', weekly, [48, 24, 2]],
    ['a token of a year', { kind: 'stated' }, [48, 24, 2]],
    ['a day', dayEnd, [2]],
    ['no end', { kind: 'none' }, []],
  ])('for %s leave out those a fresh sign-in would be inside of', (_, rule, hours) => {
    expect(warningsBefore(rule).map(ms => ms / HOUR_MS)).toEqual(hours)
    expect(warningsBefore(rule).every(ms => ms < (signInLifeMs(rule) ?? 0))).toBe(true)
  })
})
