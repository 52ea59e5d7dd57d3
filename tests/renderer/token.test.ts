import { describe, expect, test } from 'vitest'
import { tokenText } from '../../renderer/lib/format/index.ts'
import { connection, instant, NOW } from './examples.ts'

const now = instant(NOW)
const token = connection().token
const textOf = (change: Parameters<typeof connection>[0]) => tokenText(connection(change), 'Charles Schwab', now)

describe('the badge of a sign-in', () => {
  test('is green and named in full when more than a day is left', () => {
    expect(textOf({})).toMatchObject({
      badge: 'over-24h',
      tone: 'good',
      label: 'Sign in again within 1 d 3 h',
      stamp: 'Sat 21 Nov, 19:05 ET',
      name: 'Charles Schwab, live, sign in again within 1 day 3 hours',
    })
  })

  test('is neutral under a day and yellow under an hour', () => {
    expect(textOf({ token: { ...token, signInBy: instant('2026-11-21T04:05:00.000Z') } })).toMatchObject({
      badge: 'under-24h',
      tone: 'neutral',
    })
    expect(textOf({ token: { ...token, signInBy: instant('2026-11-20T21:47:00.000Z') } })).toMatchObject({
      badge: 'under-1h',
      tone: 'warn',
      label: 'Sign in again within 42 min',
    })
  })

  test('turns red by the clock, before the core says so', () => {
    expect(textOf({ token: { ...token, signInBy: instant('2026-11-20T21:04:59.000Z') } })).toMatchObject({
      badge: 'expired',
      tone: 'bad',
      label: 'Sign-in expired',
      life: 0,
    })
  })

  test('says why a sign-in is needed', () => {
    const text = textOf({ state: { kind: 'needs-sign-in', because: 'revoked', since: instant('2026-11-20T05:00:00.000Z') } })
    expect(text).toMatchObject({
      tone: 'bad',
      label: 'Sign-in needed',
      stamp: 'since 00:00:00 ET',
      name: 'Charles Schwab, live, sign-in needed: access was ended at the broker',
    })
  })

  test('does not count down for what renews itself or never ends', () => {
    expect(textOf({ token: { ...token, signInBy: null } })).toMatchObject({
      badge: 'no-expiry',
      tone: 'good',
      stamp: 'renews by itself',
      life: null,
    })
    expect(textOf({ method: 'api-key', token: { ...token, signInBy: null, expiresAt: null, refreshable: false } })).toMatchObject({
      stamp: 'key does not expire',
    })
  })

  test('measures life from the sign-in, not from the last renewal', () => {
    expect(textOf({}).life).toBeCloseTo(27 / 168, 5)
  })

  test('holds the exact deadline and a countdown in its tooltip', () => {
    expect(textOf({}).tooltip).toBe('Sign in again by Sat 21 Nov 2026 19:05:00 ET. 1 d 3 h left.')
  })
})
