import { z } from 'zod'
import { beforeEach, describe, expect, test } from 'vitest'
import { HealthSummarySchema, type HealthSummary } from '../../shared/contract/health.ts'
import { noticeRoutes, type NoticeView } from '../../shared/contract/notices.ts'
import { firstDraft, lockInput, lockProblems } from '../../renderer/features/lock/lock-form.ts'
import { emptyForm, mailInput, mailProblems } from '../../renderer/features/settings/mail-form.ts'
import { connectionStatus, formatBytes, formatMs, formatPace, formatShare, formatWait } from '../../renderer/lib/format/index.ts'
import { runFix } from '../../renderer/features/health/fixes.ts'
import { useApp } from '../../renderer/state/app.ts'
import { useConnect } from '../../renderer/state/connect.ts'
import { useConnections } from '../../renderer/state/connections.ts'
import { pressing, rateOf } from '../../renderer/state/health.ts'
import { isLocked, openLock, useLock } from '../../renderer/state/lock.ts'
import { groupNotices } from '../../renderer/state/notices.ts'
import { succeeded } from '../../renderer/state/remote.ts'
import { connection, instant, NOW } from './examples.ts'
import { fakeCore, ok } from './fake-core.ts'

const now = instant(NOW)
const none = { runs: 0, succeeded: 0, partial: 0, failed: 0, canceled: 0, rate: null, averageMs: null, p95Ms: null, rows: 0 }
const calls = { calls: 0, failed: 0, limited: 0, bytes: 0, p50: null, p95: null }

function summary(change: Partial<z.input<typeof HealthSummarySchema>> = {}): HealthSummary {
  return HealthSummarySchema.parse({
    at: NOW,
    hours: 24,
    severity: 'good',
    findings: [],
    sla: {
      standing: 'unknown',
      day: { runs: 0, rate: null },
      month: { runs: 0, rate: null },
      alertBelow: 0.9,
      target: 0.99,
      enoughRuns: 10,
      environments: null,
    },
    tokens: [],
    refreshes: none,
    syncs: none,
    connecting: none,
    brokers: [],
    failures: [],
    calls: { ...calls, bandError: 0.09, hosts: [] },
    limits: [],
    clock: { driftMs: null, asOf: null },
    vault: { state: 'open', protection: 'memory', notice: null },
    storage: { bytes: 0, freeBytes: null, schemaVersion: 3, backups: 0, lastBackupAt: null, lastCheckAt: null },
    volume: [],
    ...change,
  })
}

describe('health', () => {
  test('a week counts only the environments the reliability is about', () => {
    const ran = (runs: number, succeeded: number) => ({ ...none, runs, succeeded })
    const brokers = [
      { broker: 'schwab' as const, environment: 'live' as const, refresh: ran(4, 4), sync: ran(6, 5), connect: ran(9, 0) },
      { broker: 'alpaca' as const, environment: 'sandbox' as const, refresh: ran(0, 0), sync: ran(10, 0), connect: none },
    ]
    const sla = { ...summary().sla, environments: ['live' as const] }
    expect(rateOf(summary({ brokers, sla }))).toEqual({ runs: 10, rate: 0.9 })
    expect(rateOf(summary({ brokers }))).toEqual({ runs: 20, rate: 0.45 })
    expect(rateOf(summary())).toEqual({ runs: 0, rate: null })
  })

  test('the rail counts what asks for something, not what is good to know', () => {
    const finding = (id: string, severity: 'notice' | 'warning' | 'danger') => ({ id, severity, title: id, sentence: '', fix: null })
    expect(pressing(summary({ findings: [finding('a', 'danger'), finding('b', 'warning'), finding('c', 'notice')] }))).toHaveLength(2)
    expect(pressing(undefined)).toEqual([])
  })

  test('a fix does what its button says and looks again', async () => {
    const core = fakeCore(({ route }) =>
      ok(route === 'health.summary' ? summary() : route === 'sync.schedule' ? plan(false) : { paused: false }),
    )
    useApp.setState({ schedule: succeeded(plan(true), now) })
    useConnections.setState({ list: succeeded([connection()], now) })
    await runFix({ kind: 'resume', label: 'Resume syncing', route: 'sync.pause' })
    expect(core.asked[0]).toEqual({ route: 'sync.pause', input: { paused: false } })
    expect(core.routes().at(-1)).toBe('health.summary')
    await runFix({ kind: 'reconnect', label: 'Reconnect', route: 'connections.signIn', connectionId: connection().id })
    expect(useConnect.getState().step).toMatchObject({ kind: 'consent', choice: { broker: 'schwab', reconnect: 'con_1' } })
  })
})

const plan = (paused: boolean) => ({ paused, nextAt: null, quiet: null })

describe('figures of health', () => {
  test('never call less than all 100 %', () => {
    expect([1, 0.99999, 0.987, 0].map(formatShare)).toEqual(['100 %', '99.9 %', '98.7 %', '0.0 %'])
  })

  test('read as times, paces, waits and sizes', () => {
    expect([12.4, 4210, 125_000].map(formatMs)).toEqual(['12 ms', '4.2 s', '2 min'])
    expect([formatPace(120, 60_000), formatPace(2, 1000), formatPace(5, 10_000)]).toEqual([
      '120 each minute',
      '2 each second',
      '5 each 10.0 s',
    ])
    expect([42_000, 600, 252_000, 3_700_000].map(formatWait)).toEqual(['0:42', '0:01', '4:12', '1:01:40'])
    expect([812, 14_400, 2_400_000, 81_162_400_000].map(formatBytes)).toEqual(['812 B', '14 kB', '2.4 MB', '81.2 GB'])
  })
})

const NoticeShape = noticeRoutes['notices.list'].output.shape.notices.element

function notice(change: Partial<z.input<typeof NoticeShape>> = {}): NoticeView {
  return NoticeShape.parse({
    id: 'n1',
    kind: 'sign-in',
    severity: 'danger',
    connectionId: 'con_1',
    code: null,
    title: 'Schwab needs a sign-in',
    body: 'History stays.',
    action: { kind: 'reconnect', label: 'Reconnect' },
    createdAt: NOW,
    readAt: null,
    snoozedUntil: null,
    endedAt: null,
    ...change,
  })
}

test('notices are told apart: what needs the user, what is good to know, what is quiet, what is over', () => {
  const shown = groupNotices(
    [
      notice({ id: 'over', endedAt: now }),
      notice({ id: 'quiet', snoozedUntil: instant('2026-11-21T21:05:00.000Z') }),
      notice({ id: 'woken', snoozedUntil: instant('2026-11-20T21:04:00.000Z') }),
      notice({ id: 'mild', severity: 'notice' }),
    ],
    now,
  )
  expect(shown.map(({ word, notices }) => [word, notices.map(({ id }) => id)])).toEqual([
    ['Needs you', ['woken']],
    ['Good to know', ['mild']],
    ['Snoozed', ['quiet']],
    ['Over', ['over']],
  ])
})

describe('the e-mail form', () => {
  const saved = noticeRoutes['notices.settings'].output.shape.mail.parse({
    enabled: true,
    host: 'smtp.example.com',
    port: 465,
    security: 'tls',
    user: 'me',
    from: 'a@example.com',
    to: 'b@example.com',
    least: 'warning',
    hasPassword: true,
    lastSentAt: null,
    lastError: null,
  })

  test('keeps a password nobody typed, and sends one that was', () => {
    const draft = emptyForm(saved)
    expect(mailProblems(draft)).toEqual({})
    expect(mailInput(draft)).not.toHaveProperty('password')
    expect(mailInput({ ...draft, password: 'new one', host: ' smtp.example.com ' })).toMatchObject({
      password: 'new one',
      host: 'smtp.example.com',
    })
  })

  test('says what is wrong before anything is sent', () => {
    const wrong = { ...emptyForm(saved), host: 'not a host', port: '70000', from: 'nobody', to: '' }
    expect(Object.keys(mailProblems(wrong))).toEqual(['host', 'port', 'from', 'to'])
  })
})

describe('the app lock', () => {
  const off = { on: false, locked: false, waitMs: 0, idleMinutes: null }
  const on = { on: true, locked: false, waitMs: 0, idleMinutes: 30 }

  beforeEach(() => useLock.setState(useLock.getInitialState(), true))

  test('needs a long enough passphrase, twice, and minutes that make sense', () => {
    const draft = { ...firstDraft(off), passphrase: 'short', again: 'other', minutes: '0' }
    expect(Object.keys(lockProblems(draft, false))).toEqual(['passphrase', 'again', 'minutes'])
    const fine = { ...draft, passphrase: 'long enough', again: 'long enough', minutes: '5' }
    expect(lockProblems(fine, false)).toEqual({})
    expect(lockInput(fine, false)).toEqual({ passphrase: 'long enough', idleMinutes: 5 })
  })

  test('changes its idle time alone when no new passphrase is typed', () => {
    const draft = { ...firstDraft(on), current: 'the old one', isIdle: false }
    expect(lockProblems(draft, true)).toEqual({})
    expect(lockInput(draft, true)).toEqual({ passphrase: 'the old one', idleMinutes: null })
    expect(lockInput({ ...draft, passphrase: 'a new one', again: 'a new one' }, true)).toMatchObject({
      current: 'the old one',
      passphrase: 'a new one',
    })
  })

  test('opens with the passphrase and says until when none is taken', async () => {
    fakeCore(({ route }) => ok(route === 'lock.status' ? { ...on, locked: true, waitMs: 4000 } : on))
    await openLock('right one')
    expect(isLocked()).toBe(true)
    expect(useLock.getState().waitUntil).not.toBeNull()
  })
})

test('a connection behind a locked vault is called locked, not disconnected', () => {
  const health = { ...connection().health, kind: 'locked' as const, severity: 'warning' as const }
  expect(connectionStatus(connection({ health }), now)).toMatchObject({ kind: 'locked', word: 'Locked' })
  const unsure = { ...health, kind: 'ambiguous' as const }
  expect(connectionStatus(connection({ health: unsure }), now).kind).toBe('error')
})
