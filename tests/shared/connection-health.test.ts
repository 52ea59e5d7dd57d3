import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SignInReason, TokenLife } from '../../shared/domain/connection.ts'
import { connectionHealth, type HealthFacts, HEALTH_KINDS, NO_REFRESH, SEVERITIES, worstOf } from '../../shared/domain/connection-health.ts'
import { Instant } from '../../shared/domain/time.ts'

const NOW = Instant.parse('2026-11-20T15:00:00Z')
const HOUR_MS = 3_600_000
const at = (hours: number): Instant => Instant.plus(NOW, hours * HOUR_MS)
const failure = { code: 'broker/unavailable', message: 'It has a problem.', action: 'Wait.' }

const life: TokenLife = { obtainedAt: at(-1), expiresAt: at(0.5), signInBy: at(100), refreshable: true }
const well: HealthFacts = {
  state: { kind: 'connected' },
  token: life,
  refresh: NO_REFRESH,
  vault: 'open',
  trouble: null,
  warnBeforeMs: [48 * HOUR_MS, 24 * HOUR_MS, 2 * HOUR_MS],
}
const ended = (because: SignInReason): HealthFacts => ({ ...well, state: { kind: 'needs-sign-in', because, since: NOW } })

describe('where the access of a connection stands', () => {
  test.each<[string, HealthFacts, object]>([
    ['in order', well, { kind: 'ok', severity: 'good', badge: 'over-24h', deadline: at(100) }],
    ['due', { ...well, refresh: { ...NO_REFRESH, dueAt: at(-0.1) } }, { kind: 'due', severity: 'good' }],
    ['not due yet', { ...well, refresh: { ...NO_REFRESH, dueAt: at(0.1) } }, { kind: 'ok' }],
    ['being renewed', { ...well, refresh: { ...NO_REFRESH, underWay: true } }, { kind: 'refreshing', severity: 'good' }],
    [
      'failing for now',
      { ...well, refresh: { ...NO_REFRESH, lastError: failure, retryAt: at(0.1) } },
      { kind: 'transient', severity: 'notice', retryAt: at(0.1) },
    ],
    [
      'failing with a token that is over',
      { ...well, token: { ...life, expiresAt: at(-0.1) }, refresh: { ...NO_REFRESH, lastError: failure } },
      { kind: 'transient', severity: 'warning', because: null },
    ],
    ['in trouble', { ...well, trouble: failure }, { kind: 'transient', severity: 'notice' }],
    ['ambiguous', { ...well, refresh: { ...NO_REFRESH, ambiguous: true, lastError: failure } }, { kind: 'ambiguous', severity: 'warning' }],
    ['behind a locked vault', { ...well, vault: 'locked' }, { kind: 'locked', severity: 'warning', because: null }],
    ['two days before its end', { ...well, token: { ...life, signInBy: at(47) } }, { kind: 'ok', severity: 'notice' }],
    ['two hours before its end', { ...well, token: { ...life, signInBy: at(2) } }, { kind: 'ok', severity: 'warning', badge: 'under-24h' }],
    ['past its end', { ...well, token: { ...life, signInBy: at(0) } }, { kind: 'sign-in-needed', severity: 'danger', because: 'expired' }],
    ['expired', ended('expired'), { kind: 'sign-in-needed', severity: 'danger', because: 'expired', deadline: null }],
    ['lost', ended('lost'), { kind: 'sign-in-needed', severity: 'danger', because: 'lost' }],
    ['ended at the broker', ended('revoked'), { kind: 'revoked', severity: 'danger', because: 'revoked' }],
    ['locked', ended('vault-locked'), { kind: 'locked', severity: 'warning', because: 'vault-locked' }],
  ])('%s', (_, facts, health) => {
    expect(connectionHealth(facts, NOW)).toMatchObject(health)
  })

  const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(of)
  const moment = fc.integer({ min: -200, max: 200 }).map(at)
  const facts: fc.Arbitrary<HealthFacts> = fc.record({
    state: fc.oneof(
      fc.constant({ kind: 'connected' } as const),
      fc
        .constantFrom<SignInReason>('expired', 'revoked', 'lost', 'vault-locked', 'memory-only')
        .map(because => ({ kind: 'needs-sign-in' as const, because, since: NOW })),
    ),
    token: fc.record({ obtainedAt: moment, expiresAt: maybe(moment), signInBy: maybe(moment), refreshable: fc.boolean() }),
    refresh: fc.record({
      underWay: fc.boolean(),
      ambiguous: fc.boolean(),
      dueAt: maybe(moment),
      retryAt: maybe(moment),
      lastAttemptAt: maybe(moment),
      lastError: maybe(fc.constant(failure)),
    }),
    vault: fc.constantFrom('open', 'locked'),
    trouble: maybe(fc.constant(failure)),
    warnBeforeMs: fc.constantFrom<readonly number[]>([], [2 * HOUR_MS], [48 * HOUR_MS, 24 * HOUR_MS, 2 * HOUR_MS]),
  })

  test('is never called ended without a stored end or a deadline that has passed, and always when there is one', () => {
    fc.assert(
      fc.property(facts, given => {
        const health = connectionHealth(given, NOW)
        const { state, token } = given
        const deadline = token.signInBy ?? (token.refreshable ? null : token.expiresAt)
        const isSealed = state.kind === 'needs-sign-in' && state.because === 'vault-locked'
        const isOver = (state.kind === 'needs-sign-in' && !isSealed) || (deadline !== null && !Instant.isBefore(NOW, deadline))
        expect(health.because !== null).toBe(isOver || isSealed)
        expect(health.badge === 'expired').toBe(isOver)
        expect(HEALTH_KINDS).toContain(health.kind)
        expect(SEVERITIES).toContain(health.severity)
      }),
      { numRuns: 5_000 },
    )
  })

  test('of several is the worst of them, and good for none', () => {
    expect(worstOf([])).toBe('good')
    expect(worstOf([{ severity: 'notice' }, { severity: 'danger' }, { severity: 'warning' }])).toBe('danger')
  })
})
