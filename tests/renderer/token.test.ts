import { describe, expect, test } from 'vitest'
import { tokenText } from '../../renderer/lib/format/index.ts'
import { connection, instant, NOW, WARNINGS_MS } from './examples.ts'
import { standingOf } from '../../shared/words/standing.ts'

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

describe('a renewal', () => {
  const open = { ...token, signInBy: null }
  const health = (change: object) => ({
    ...connection({ token: open }).health,
    warnBeforeMs: WARNINGS_MS,
    ...change,
  })
  const failure = { code: 'broker/unavailable', message: 'Schwab has a problem on its side (503).', action: 'Wait.' }

  test('that failed counts down to its next try, and keeps the deadline in sight', () => {
    const retryAt = instant('2026-11-20T21:05:42.000Z')
    expect(textOf({ token: open, health: health({ kind: 'transient', severity: 'notice', retryAt, lastError: failure }) })).toMatchObject({
      label: 'Renewal failed',
      tone: 'neutral',
      stamp: 'tries again in 0:42',
      detail: failure.message,
      name: 'Charles Schwab, live, connected, renews by itself. Renewal failed: Keelson tries again by itself',
    })
    const late = textOf({ health: health({ kind: 'transient', retryAt, lastError: failure }) })
    expect(late.detail).toBe('Schwab has a problem on its side (503). Sign in again within 1 d 3 h.')
    expect(late.life).toBeGreaterThan(0)
  })

  test('under way, of unknown end and behind a locked vault is called so', () => {
    const wordOf = (kind: string, severity = 'good') => textOf({ token: open, health: health({ kind, severity }) })
    expect(wordOf('refreshing')).toMatchObject({ label: 'Renewing the sign-in', tone: 'good' })
    expect(wordOf('ambiguous')).toMatchObject({ label: 'Renewal unclear', tone: 'warn', stamp: 'tries again by itself' })
    expect(wordOf('locked')).toMatchObject({ label: 'Vault locked', tone: 'warn', name: 'Charles Schwab, live, the vault is locked' })
    expect(wordOf('due')).toMatchObject({ label: 'Signed in', tone: 'good' })
  })

  test('stands where the one function says, whatever was read before', () => {
    const read = connection({ token: { ...token, signInBy: instant('2026-11-20T23:30:00.000Z') } })
    expect(read.health.severity).toBe('notice')
    expect(standingOf(read, instant('2026-11-20T22:00:00.000Z')).severity).toBe('warning')
    expect(standingOf(read, instant('2026-11-20T23:30:00.000Z')).kind).toBe('sign-in-needed')
  })
})

test('a week of TWS is as long as a week, however long ago it was allowed; an end that was typed in is counted from its beginning', () => {
  const week = { obtainedAt: instant('2026-01-01T00:00:00.000Z'), expiresAt: null, refreshable: false, badge: 'over-24h' } as const
  const tws = (signInBy: string, expiresAt: string | null) =>
    connection({
      broker: 'ibkr',
      method: 'tws',
      methods: [
        { method: 'tws', trouble: null, expiresAt: null },
        { method: 'flex', trouble: null, expiresAt: expiresAt === null ? null : instant(expiresAt) },
      ],
      consentedAt: instant('2026-01-01T00:00:00.000Z'),
      token: { ...week, signInBy: instant(signInBy) },
    })
  expect(tokenText(tws('2026-11-24T09:05:00.000Z', null), 'Interactive Brokers', instant(NOW)).life).toBeCloseTo(0.5, 5)
  expect(tokenText(tws('2026-11-24T09:05:00.000Z', '2026-11-24T09:05:00.000Z'), 'Interactive Brokers', instant(NOW)).life).toBeLessThan(0.02)
})
