import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { brokers } from '../../../electron/core/brokers/registry.ts'
import { getConnection, getTrouble } from '../../../electron/core/store/connections.ts'
import { readIntent, readToken } from '../../../electron/core/store/tokens.ts'
import type { BrokerId } from '../../../shared/domain/broker.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { tempFolder } from '../../support/fake-ports.ts'
import { repoRoot } from '../../support/repo-root.ts'
import { json, type Reply } from '../oauth/support/token-server.ts'
import { type Authority, SCHWAB_DEAD, startAuthority } from './support/authority.ts'
import { addConnection, grantOf, openTokenDesk, signal, type TokenDesk } from './support/desk.ts'

const html = (status: number, text: string): Reply => ({
  status,
  body: `<!DOCTYPE html><html><body>${text}</body></html>`,
  headers: { 'content-type': 'text/html' },
})
const DAY_MS = 86_400_000
const samples = path.resolve(repoRoot, '../shared/samples')

/** What ends a session at each broker, and what does not. */
const OVER: readonly (readonly [BrokerId, string, Reply])[] = [
  ['schwab', 'a dead refresh token (nested error)', { status: 400, body: SCHWAB_DEAD }],
  ['schwab', 'a dead refresh token (plain words)', json({ error: 'invalid_client', error_description: 'refresh token invalid' }, 400)],
  ['schwab', 'invalid_grant', json({ error: 'invalid_grant' }, 400)],
  ['schwab', 'invalid_grant with 401', json({ error: 'invalid_grant' }, 401)],
  ['alpaca', 'invalid_grant', json({ error: 'invalid_grant' }, 400)],
]

const PASSING: readonly (readonly [BrokerId, string, Reply | 'drop', string])[] = (['schwab', 'alpaca'] as const).flatMap(
  broker =>
    [
      [broker, 'a page of the edge, 403', html(403, 'Access Denied: invalid_grant'), 'broker/unavailable'],
      [broker, 'a page of the edge, 400', html(400, 'unsupported_token_type'), 'broker/unavailable'],
      [broker, 'a page with 200', html(200, 'Please sign in'), 'broker/page'],
      [broker, 'half an answer', { status: 200, body: '{"access_token":"half' }, 'broker/unreadable'],
      [broker, 'an answer without a token', json({ token_type: 'Bearer' }), 'broker/unreadable'],
      [broker, 'a 400 of no known kind', json({ message: 'try later' }, 400), 'broker/unavailable'],
      [broker, 'a 404', json({}, 404), 'broker/unavailable'],
      [broker, 'a 408', json({}, 408), 'broker/unavailable'],
      [broker, 'a 429', { status: 429 }, 'broker/rate-limited'],
      [broker, 'a 500', html(500, 'Whitelabel Error Page'), 'broker/unavailable'],
      [broker, 'a 502', { status: 502, body: '' }, 'broker/unavailable'],
      [broker, 'a 503', { status: 503, body: '{"error":"invalid_grant"}', headers: { 'retry-after': '120' } }, 'broker/unavailable'],
      [broker, 'a redirect', { status: 302, headers: { location: '/login' } }, 'broker/unavailable'],
      [broker, 'a wrong client secret', json({ error: 'invalid_client' }, 401), 'auth/app-misconfigured'],
      [broker, 'a dropped connection', 'drop', 'net/offline'],
    ] as const,
)

let folder: ReturnType<typeof tempFolder>
let authority: Authority
let desk: TokenDesk
let connection: Connection

beforeEach(async () => {
  folder = tempFolder()
  authority = await startAuthority('strict')
})

afterEach(async () => {
  await desk[Symbol.asyncDispose]()
  await authority[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

async function signInTo(broker: BrokerId, signInLifeMs: number | null = null): Promise<void> {
  const classify = brokers[broker].environments.live?.oauth?.classifyTokenFailure
  desk = await openTokenDesk({ folder: folder.path, origin: authority.server.origin, ...(classify ? { classify } : {}) })
  connection = addConnection(desk, 'oauth', broker)
  desk.tokens.save(connection.id, grantOf(desk), {
    signInBy: signInLifeMs === null ? null : Instant.plus(desk.ports.clock.now(), signInLifeMs),
  })
}

const refresh = (): Promise<void> => desk.tokens.refresh(connection.id, { signal })
const bearer = async (): Promise<string | undefined> =>
  (await desk.tokens.credentials(connection).authorize({ signal })).headers['authorization']
const state = () => getConnection(desk.db.reader, connection.id)?.state

describe('a definitive answer needs a sign-in, keeps everything and asks no more', () => {
  test.each(OVER)('%s: %s', async (broker, _, reply) => {
    await signInTo(broker)
    authority.fail(reply)
    await expect(refresh()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(state()).toMatchObject({ kind: 'needs-sign-in', because: 'revoked' })
    expect(readIntent(desk.db.reader, connection.id)).toBeNull()
    await expect(refresh()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    await expect(bearer()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(authority.presented).toHaveLength(1)
    expect(readToken(desk.db.reader, connection.id)?.generation).toBe(1)
  })

  test.skipIf(!existsSync(samples))('schwab: the captured answer to an expired refresh token', async () => {
    await signInTo('schwab')
    authority.fail({ status: 400, body: readFileSync(path.join(samples, 'schwab/error_oauth_refresh_expired_400.json'), 'utf8') })
    await expect(refresh()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
  })

  test('a session past its seven days has expired, an earlier one was revoked', async () => {
    await signInTo('schwab', 7 * DAY_MS)
    desk.ports.clock.jump(7 * DAY_MS)
    authority.fail({ status: 400, body: SCHWAB_DEAD })
    await expect(bearer()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(state()).toMatchObject({ because: 'expired' })
  })

  test("a broker's clock may be ahead of ours: within an hour of the seven days it has expired too, before that it was revoked", async () => {
    await signInTo('schwab', 7 * DAY_MS)
    desk.ports.clock.jump(7 * DAY_MS - 20 * 60_000)
    authority.fail({ status: 400, body: SCHWAB_DEAD })
    await expect(bearer()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(state()).toMatchObject({ because: 'expired' })
    await signInTo('schwab', 7 * DAY_MS)
    desk.ports.clock.jump(6 * DAY_MS)
    await expect(bearer()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(state()).toMatchObject({ because: 'revoked' })
  })

  test('rejects every waiting caller with one request', async () => {
    await signInTo('schwab')
    authority.fail({ status: 400, body: SCHWAB_DEAD })
    const outcomes = await Promise.allSettled(Array.from({ length: 1000 }, () => refresh()))
    expect(outcomes.every(outcome => outcome.status === 'rejected')).toBe(true)
    expect(authority.presented).toHaveLength(1)
  })
})

describe('a passing problem keeps the tokens', () => {
  test.each(PASSING)('%s: %s', async (broker, _, reply, code) => {
    await signInTo(broker)
    authority.fail(reply)
    await expect(refresh()).rejects.toMatchObject({ code })
    expect(state()).toEqual({ kind: 'connected' })
    expect(getTrouble(desk.db.reader, connection.id)).toMatchObject({ code })
    expect(await bearer()).toBe('Bearer access-1')
    authority.fail(null)
    if (code === 'broker/rate-limited') desk.ports.clock.jump(120_000)
    await refresh()
    expect(getTrouble(desk.db.reader, connection.id)).toBeNull()
    expect(await bearer()).toBe('Bearer access-2')
    expect(authority.presented).toEqual(['refresh-1', 'refresh-1'])
  })

  test('a broker that never answers', async () => {
    await signInTo('schwab')
    const asked = Promise.withResolvers<void>()
    authority.around({
      before: () => {
        asked.resolve()
        return new Promise(() => undefined)
      },
    })
    const refreshed = refresh()
    await asked.promise
    desk.ports.clock.jump(31_000)
    await expect(refreshed).rejects.toMatchObject({ code: 'net/timeout' })
    expect(state()).toEqual({ kind: 'connected' })
    authority.around(null)
    await refresh()
    expect(await bearer()).toBe('Bearer access-2')
  })

  test('found by the recovery at start holds it up for two seconds at most', async () => {
    await signInTo('schwab')
    authority.around({ after: () => 'drop' })
    await expect(refresh()).rejects.toMatchObject({ code: 'net/offline' })
    const asked = Promise.withResolvers<void>()
    authority.around({
      before: () => {
        asked.resolve()
        return new Promise(() => undefined)
      },
    })
    const recovered = desk.tokens.recover()
    await asked.promise
    desk.ports.clock.jump(2_000)
    await recovered
    expect(state()).toEqual({ kind: 'connected' })
    desk.ports.clock.jump(30_000)
  })

  test('near the end of the token leaves it in use; past the end it is the answer', async () => {
    await signInTo('schwab')
    authority.fail({ status: 503, body: '' })
    desk.ports.clock.jump(1_800_000 - 10_000)
    expect(await bearer()).toBe('Bearer access-1')
    desk.ports.clock.jump(10_000)
    await expect(bearer()).rejects.toMatchObject({ code: 'broker/unavailable' })
    expect(state()).toEqual({ kind: 'connected' })
  })

  test('with a waiting time is not asked again before it is over', async () => {
    await signInTo('schwab')
    authority.fail({ status: 503, body: '', headers: { 'retry-after': '60' } })
    desk.ports.clock.jump(1_800_000)
    await expect(bearer()).rejects.toMatchObject({ code: 'broker/unavailable', retryAfterMs: 60_000 })
    await expect(bearer()).rejects.toMatchObject({ code: 'broker/unavailable' })
    expect(authority.presented).toHaveLength(1)
    authority.fail(null)
    desk.ports.clock.jump(60_000)
    expect(await bearer()).toBe('Bearer access-2')
  })

  test('that hid a rotation is explained when the broker then refuses the old token', async () => {
    await signInTo('schwab')
    authority.around({ after: () => 'drop' })
    await expect(refresh()).rejects.toMatchObject({ code: 'net/offline' })
    expect(readIntent(desk.db.reader, connection.id)).toMatchObject({ attempts: 1 })
    authority.around(null)
    await expect(refresh()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(state()).toMatchObject({ because: 'lost' })
  })

  test('that hid a rotation still explains the loss after a try that was turned away at the door', async () => {
    await signInTo('schwab')
    authority.around({ after: () => 'drop' })
    await expect(refresh()).rejects.toMatchObject({ code: 'net/offline' })
    authority.around(null)
    authority.fail({ status: 429 })
    await expect(refresh()).rejects.toMatchObject({ code: 'broker/rate-limited' })
    expect(readIntent(desk.db.reader, connection.id)).toMatchObject({ generation: 1, attempts: 1 })
    authority.fail(null)
    desk.ports.clock.jump(120_000)
    await expect(refresh()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(state()).toMatchObject({ because: 'lost' })
  })
})

describe('a refusal in words nobody knows', () => {
  const strange = json({ message: 'no such thing' }, 404)
  const failing = async (reply: Reply | 'drop'): Promise<string> => {
    authority.fail(reply)
    return refresh().then(
      () => 'refreshed',
      (error: unknown) => String(Reflect.get(Object(error), 'code')),
    )
  }
  const minutes = (count: number): void => desk.ports.clock.jump(count * 60_000)

  test('is an answer when it comes three times over ten minutes', async () => {
    await signInTo('alpaca')
    expect(await failing(strange)).toBe('broker/unavailable')
    minutes(5)
    expect(await failing(strange)).toBe('broker/unavailable')
    minutes(5)
    expect(await failing(strange)).toBe('auth/sign-in-needed')
    expect(state()).toMatchObject({ kind: 'needs-sign-in', because: 'revoked' })
  })

  test('is none yet when it comes in quick succession', async () => {
    await signInTo('alpaca')
    for (let time = 0; time < 5; time += 1) expect(await failing(strange)).toBe('broker/unavailable')
    expect(state()).toEqual({ kind: 'connected' })
  })

  test.each<[string, Reply | 'drop' | null]>([
    ['a page', html(403, 'Access Denied')],
    ['a dropped line', 'drop'],
    ['a refresh that worked', null],
  ])('is counted anew after %s', async (_, between) => {
    await signInTo('alpaca')
    await failing(strange)
    await failing(strange)
    minutes(10)
    if (between === null) {
      authority.fail(null)
      await refresh()
    } else await failing(between)
    expect(await failing(strange)).toBe('broker/unavailable')
    expect(state()).toEqual({ kind: 'connected' })
  })

  test('is counted anew for a new sign-in', async () => {
    await signInTo('alpaca')
    await failing(strange)
    await failing(strange)
    minutes(10)
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    expect(await failing(strange)).toBe('broker/unavailable')
    expect(state()).toEqual({ kind: 'connected' })
  })

  test('is no answer when it is a page, however often it comes', async () => {
    await signInTo('alpaca')
    for (let time = 0; time < 5; time += 1) {
      expect(await failing(html(404, 'Not found'))).toBe('broker/unavailable')
      minutes(10)
    }
    expect(state()).toEqual({ kind: 'connected' })
  })
})
