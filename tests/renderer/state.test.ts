import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { BrokerSchema } from '../../shared/contract/app.ts'
import { afterBroker, afterEnvironment, afterMethod, stepBefore, waysIn } from '../../renderer/state/connect-steps.ts'
import { attention, byAttention, needingSignIn } from '../../renderer/state/attention.ts'
import { onlyEnvironment } from '../../renderer/state/connections.ts'
import { failed, idle, started, succeeded } from '../../renderer/state/remote.ts'
import { connectionStatus } from '../../renderer/lib/format/index.ts'
import { pageOf } from '../../renderer/state/route.ts'
import { alertKey } from '../../renderer/state/surface.ts'
import { netLiquidation } from '../../renderer/state/totals.ts'
import { isGap } from '../../renderer/state/wire-events.ts'
import { lastSyncWords } from '../../renderer/features/overview/last-sync.ts'
import { account, brokerView, connection, decimal, instant, NOW } from './examples.ts'

const now = instant(NOW)
const offline = { code: 'net/offline', message: 'Offline.', action: 'Wait.' } as const

describe('data from the other side', () => {
  test('keeps what is shown while it is read again, and when that fails', () => {
    const ready = succeeded([1], now)
    expect(started(ready)).toBe(ready)
    expect(started(idle)).toEqual({ status: 'loading' })
    expect(failed(ready, offline)).toEqual({ status: 'ready', data: [1], readAt: now, problem: offline })
    expect(failed({ status: 'loading' }, offline)).toEqual({ status: 'failed', error: offline })
  })
})

describe('attention', () => {
  const needs = connection({ id: 'con_n', environment: 'sandbox', state: { kind: 'needs-sign-in', because: 'expired', since: now } })
  const soon = connection({ id: 'con_s', token: { ...connection().token, signInBy: instant('2026-11-20T21:30:00.000Z') } })
  const troubled = connection({ id: 'con_t', trouble: offline })
  const paper = connection({ id: 'con_p', environment: 'paper' })
  const fine = connection({ id: 'con_f' })

  test('orders what needs the user first, then live before paper', () => {
    expect(byAttention([paper, fine, troubled, soon, needs], now).map(({ id }) => id)).toEqual([
      'con_n',
      'con_s',
      'con_t',
      'con_f',
      'con_p',
    ])
  })

  test('asks for a sign-in by the clock, and not for a passing problem', () => {
    const over = connection({ id: 'con_o', token: { ...connection().token, signInBy: instant('2026-11-20T21:00:00.000Z') } })
    expect(needingSignIn([troubled, over, needs], now).map(({ id }) => id)).toEqual(['con_o', 'con_n'])
    expect(attention(troubled, now)).toBe(2)
  })

  test('puts the primary connection first, but behind one that waits for a sign-in', () => {
    const primary = connection({ id: 'con_first', environment: 'paper', primary: true })
    expect(byAttention([troubled, fine, primary, needs], now).map(({ id }) => id)).toEqual(['con_n', 'con_first', 'con_t', 'con_f'])
  })

  test('treats a new reason or moment as a new alert', () => {
    const later = connection({ id: 'con_n', state: { kind: 'needs-sign-in', because: 'revoked', since: now } })
    expect(alertKey(later)).not.toBe(alertKey(needs))
  })
})

describe('the state of a connection in a word', () => {
  test('is disconnected only when a sign-in is needed, an error while something passing is in the way', () => {
    const needs = connection({ state: { kind: 'needs-sign-in', because: 'revoked', since: now } })
    const words = [connection(), needs, connection({ trouble: offline })].map(one => connectionStatus(one, now).word)
    expect(words).toEqual(['Connected', 'Disconnected', 'Error'])
    const way = (trouble: typeof offline | null) => ({ method: 'tws' as const, trouble, expiresAt: null })
    expect(connectionStatus(connection({ methods: [way(offline), way(null)] }), now).kind).toBe('connected')
    expect(connectionStatus(connection({ methods: [way(offline), way(offline)] }), now).kind).toBe('error')
  })

  test('calls a failed sync an error, not one that was given up or is being tried again', () => {
    const failedWith = (code: string) => ({
      result: 'failed' as const,
      connectionId: 'con_1',
      startedAt: now,
      finishedAt: now,
      error: { ...offline, code },
      accounts: [],
    })
    const kindOf = (change: Parameters<typeof connection>[0]) => connectionStatus(connection(change), now).kind
    expect(kindOf({ lastSync: failedWith('broker/unavailable') })).toBe('error')
    expect(kindOf({ lastSync: failedWith('broker/unavailable'), syncing: true })).toBe('connected')
    expect(kindOf({ lastSync: failedWith('app/canceled') })).toBe('connected')
  })

  test('follows the clock, and knows what comes from files alone', () => {
    const over = connection({ token: { ...connection().token, signInBy: instant('2026-11-20T21:00:00.000Z') } })
    expect(connectionStatus(over, now).kind).toBe('disconnected')
    expect(connectionStatus({ ...over, method: 'file' }, now).word).toBe('From files')
  })
})

describe('net liquidation', () => {
  test('never adds practice money to real money, nor one currency to another', () => {
    const live = connection({
      accounts: [
        account(),
        account({ id: 'acc_2', netLiquidation: decimal('0.1') }),
        account({ id: 'acc_3', currency: 'EUR', netLiquidation: decimal('7') }),
      ],
    })
    const paper = connection({ id: 'con_2', environment: 'paper', accounts: [account({ id: 'acc_4', netLiquidation: decimal('100000') })] })
    expect(netLiquidation([paper, live])).toMatchObject({
      environment: 'live',
      leftOut: ['paper'],
      totals: [
        { amount: '100.6', currency: 'USD' },
        { amount: '7', currency: 'EUR' },
      ],
    })
  })

  test('leaves out what the user excluded, and says how many', () => {
    const some = connection({ accounts: [account(), account({ id: 'acc_2', netLiquidation: decimal('900'), excluded: true })] })
    expect(netLiquidation([some])).toMatchObject({ totals: [{ amount: '100.5', currency: 'USD' }], accounts: 1, excluded: 1 })
  })

  test('is as old as its oldest figure and counts what is missing', () => {
    const old = instant('2026-11-19T21:00:00.000Z')
    const mixed = connection({
      accounts: [
        account(),
        account({ id: 'acc_2', asOf: old }),
        account({ id: 'acc_3', netLiquidation: null, asOf: null, fetchedAt: null }),
      ],
    })
    expect(netLiquidation([mixed])).toMatchObject({ asOf: old, stated: 2, accounts: 3 })
    expect(netLiquidation([])).toBeUndefined()
  })
})

describe('the last sync in words', () => {
  const run = { connectionId: 'con_1', startedAt: now, finishedAt: now, error: null } as const
  const result = { fetched: 10, new: 3, updated: 0, requested: null, returned: null }

  test('counts what is new', () => {
    const synced = connection({ lastSync: { ...run, result: 'success', accounts: [{ id: 'acc_1', result: 'success', ...result }] } })
    expect(lastSyncWords(synced, '16:02:48 ET')).toBe('Synced 16:02:48 ET, 3 new')
  })

  test('names the missing account and why', () => {
    const partial = connection({
      lastSync: {
        ...run,
        result: 'partial',
        accounts: [{ id: 'acc_1', result: 'failed', because: 'Charles Schwab took too long to answer.', ...result }],
      },
    })
    expect(lastSyncWords(partial, '16:02:31 ET')).toBe('Partial 16:02:31 ET: Margin is missing. Charles Schwab took too long to answer.')
  })

  test('does not repeat a problem the card states already', () => {
    const down = connection({ trouble: offline, lastSync: { ...run, result: 'failed', error: offline, accounts: [] } })
    expect(lastSyncWords(down, '16:02:31 ET')).toBe('Last sync failed 16:02:31 ET')
  })
})

describe('the connect dialog', () => {
  const environment = (id: 'live' | 'paper' | 'sandbox', methods: ('oauth' | 'api-key' | 'file')[], appReady: boolean) => ({
    id,
    methods,
    appReady,
    redirectUri: 'http://127.0.0.1:8731/callback/alpaca',
  })
  const broker = (environments: ReturnType<typeof environment>[], change: Partial<z.input<typeof BrokerSchema>> = {}) =>
    brokerView({ environments, ...change })
  const full = broker([environment('live', ['oauth', 'api-key'], false), environment('sandbox', ['oauth'], true)])

  test('asks only what there is a choice in', () => {
    expect(afterBroker(full)).toEqual({ kind: 'environment', broker: 'alpaca' })
    expect(afterBroker(broker([environment('sandbox', ['oauth'], true)]))).toMatchObject({ kind: 'consent' })
    expect(afterEnvironment(full, 'live')).toEqual({ kind: 'method', broker: 'alpaca', environment: 'live' })
    expect(afterEnvironment(full, 'sandbox')).toMatchObject({ kind: 'consent', choice: { environment: 'sandbox', method: 'oauth' } })
  })

  test('explains a closed broker first, and leads on to its sandbox', () => {
    const closed = broker([environment('sandbox', ['oauth'], true)], { closed: { sentence: 'Closed in 2024.', successor: 'schwab' } })
    expect(afterBroker(closed)).toEqual({ kind: 'gone', broker: 'alpaca' })
    const next = afterEnvironment(closed, 'sandbox')
    expect(next).toMatchObject({ kind: 'consent', choice: { environment: 'sandbox' } })
    expect(stepBefore(next, closed)).toEqual({ kind: 'gone', broker: 'alpaca' })
  })

  test('never leads to files, which have a page of their own', () => {
    const withFiles = broker([environment('live', ['oauth', 'file'], true), environment('paper', ['file'], true)])
    expect(waysIn(withFiles, 'live')).toEqual(['oauth'])
    expect(afterBroker(withFiles)).toMatchObject({ kind: 'consent', choice: { environment: 'live' } })
  })

  test('asks for app keys before a browser sign-in that lacks them, never before an API key', () => {
    expect(afterMethod(full, 'live', 'oauth')).toMatchObject({ kind: 'app-keys' })
    expect(afterMethod(full, 'live', 'api-key')).toMatchObject({ kind: 'consent', choice: { method: 'api-key' } })
  })

  test('goes back the way it came, and not at all from a reconnect', () => {
    const consent = afterMethod(full, 'live', 'api-key')
    expect(stepBefore(consent, full)).toEqual({ kind: 'method', broker: 'alpaca', environment: 'live' })
    expect(stepBefore(afterEnvironment(full, 'sandbox'), full)).toEqual({ kind: 'environment', broker: 'alpaca' })
    const choice = { broker: 'alpaca', environment: 'live', method: 'oauth', reconnect: connection().id } as const
    expect(stepBefore({ kind: 'consent', choice, starting: false, error: null }, full)).toBeNull()
  })
})

test('a gap in revisions is seen, the first event is none', () => {
  expect([isGap(undefined, 9), isGap(9, 10), isGap(9, 11), isGap(9, 1)]).toEqual([false, false, true, true])
})

test('one word names the environment only when all connections share it', () => {
  const list = (...connections: ReturnType<typeof connection>[]) => succeeded(connections, now)
  expect(onlyEnvironment(list(connection(), connection({ id: 'con_2' })))).toBe('live')
  expect(onlyEnvironment(list(connection(), connection({ id: 'con_2', environment: 'paper' })))).toBeNull()
  expect(onlyEnvironment(idle)).toBeNull()
})

test('an unknown address leads to the overview', () => {
  expect([pageOf('#/history'), pageOf('#/nowhere'), pageOf('')]).toEqual(['history', 'overview', 'overview'])
})
