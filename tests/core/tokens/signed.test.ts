import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createLog } from '../../../electron/core/log/log.ts'
import { createBrokerHttp } from '../../../electron/core/net/broker-http.ts'
import { getConnection } from '../../../electron/core/store/connections.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { signInEnd } from '../../../shared/domain/token-policy.ts'
import { tempFolder } from '../../support/fake-ports.ts'
import { ACCESS, type OAuth1Reply, type OAuth1Server, problem, startOAuth1Server } from '../oauth/support/oauth1-server.ts'
import { addConnection, openTokenDesk, signal, type TokenDesk } from './support/desk.ts'

const RENEW = '/oauth/renew_access_token'
const API = '/v1/accounts.json'

let folder: ReturnType<typeof tempFolder>
let server: OAuth1Server
let desk: TokenDesk
let connection: Connection

beforeEach(async () => {
  folder = tempFolder()
  server = await startOAuth1Server()
  desk = await openTokenDesk({ folder: folder.path, origin: server.origin, oauth1: server.profile })
  connection = addConnection(desk, 'oauth', 'etrade')
  const receivedAt = desk.ports.clock.now()
  const midnight = signInEnd({ kind: 'day-end', zone: 'America/New_York' }, receivedAt) ?? receivedAt
  const expiresInMs = Instant.msBetween(receivedAt, midnight)
  const [access, accessSecret] = [Secret.of(ACCESS.key), Secret.of(ACCESS.secret)]
  desk.tokens.save(connection.id, { access, accessSecret, refresh: null, expiresInMs, scopes: [], receivedAt }, { signInBy: midnight })
})
afterEach(async () => {
  await desk[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const paths = (): string[] => server.visits.map(({ path }) => path)
const stateOf = () => getConnection(desk.db.reader, connection.id)?.state

/** One call of the broker's API through the whole call path. */
async function call() {
  const { clock, log } = desk.ports
  const http = createBrokerHttp({
    http: desk.http,
    bases: { api: `${server.origin}/v1` },
    credentials: desk.tokens.credentials(connection),
    classify: () => undefined,
    clock,
    log: createLog(log, clock),
    brokerName: 'E*TRADE',
  })
  return (await http.get({ base: 'api', path: '/accounts.json', schema: z.object({ ok: z.boolean() }), signal })).data
}

describe('a token that signs', () => {
  test('signs each call and lives until midnight in New York', async () => {
    expect(await call()).toEqual({ ok: true })
    expect(server.visits).toMatchObject([{ path: API, genuine: true, oauth: { oauth_token: ACCESS.key } }])
    const life = desk.tokens.life(connection.id)
    expect(life).toMatchObject({ refreshable: false, expiresAt: life?.signInBy })
    expect(desk.tokens.nextRefreshAt(connection.id)).toBeNull()
  })

  test('is sealed with its secret and nowhere in the log', async () => {
    await call()
    const stored = desk.db.reader.all({ text: 'SELECT field FROM secrets ORDER BY field', values: [] })
    expect(stored).toEqual([{ field: 'access' }, { field: 'access-secret' }])
    expect(JSON.stringify(desk.ports.records)).not.toMatch(/canary|acc\+/)
  })

  test.each<[string, OAuth1Reply]>([
    ['in the header', problem('token_expired')],
    ['in the body', { status: 401, body: '{"Error":{"message":"oauth_problem=token_expired"}}' }],
    ['on a page', { status: 401, headers: { 'content-type': 'text/html' }, body: '<html>oauth_problem=token_expired</html>' }],
    ['by a bare 401', { status: 401 }],
  ])('that slept is woken up once and the call repeated, told %s', async (_, reply) => {
    server.next(API, reply)
    const before = desk.tokens.life(connection.id)
    expect(await call()).toEqual({ ok: true })
    expect(paths()).toEqual([API, RENEW, API])
    expect(desk.tokens.life(connection.id)?.expiresAt).toBe(before?.expiresAt)
    expect(await call()).toEqual({ ok: true })
    expect(paths()).toHaveLength(4)
  })

  test('that slept is woken up once for all who met it', async () => {
    server.next(API, ...Array.from({ length: 5 }, () => problem('token_expired')))
    expect(await Promise.all(Array.from({ length: 5 }, () => call()))).toEqual(Array.from({ length: 5 }, () => ({ ok: true })))
    expect(paths().filter(path => path === RENEW)).toHaveLength(1)
  })

  test('that the broker rejects asks for a sign-in without trying to wake it', async () => {
    server.next(API, problem('token_rejected'))
    await expect(call()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(paths()).toEqual([API])
    expect(stateOf()).toMatchObject({ kind: 'needs-sign-in', because: 'revoked' })
  })

  test('that cannot be woken up any more asks for a sign-in', async () => {
    server.next(API, problem('token_expired'))
    server.next(RENEW, problem('token_expired'))
    await expect(call()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(stateOf()).toMatchObject({ kind: 'needs-sign-in', because: 'revoked' })
  })

  test.each<[string, OAuth1Reply | 'drop', string]>([
    ['a server in trouble', { status: 500 }, 'broker/unavailable'],
    ['a page', { status: 403, body: '<html>Access denied</html>' }, 'broker/unavailable'],
    ['a page with 200', { body: '<html>Maintenance' }, 'broker/page'],
    ['a dropped line', 'drop', 'net/offline'],
    ['a refused app', problem('consumer_key_rejected'), 'auth/app-misconfigured'],
  ])('keeps its connection when waking it meets %s', async (_, reply, code) => {
    server.next(API, problem('token_expired'))
    server.next(RENEW, reply)
    await expect(call()).rejects.toMatchObject({ code })
    expect(stateOf()).toEqual({ kind: 'connected' })
  })

  test.each([
    ['signature_invalid', 'auth/app-misconfigured'],
    ['consumer_key_rejected', 'auth/app-misconfigured'],
    ['timestamp_refused', 'auth/clock-off'],
  ])('is not to blame for %s', async (word, code) => {
    server.next(API, problem(word))
    await expect(call()).rejects.toMatchObject({ code })
    expect(paths()).toEqual([API])
    expect(stateOf()).toEqual({ kind: 'connected' })
  })

  test('is used with the time the broker takes, from then on', async () => {
    const ours = Math.floor(Instant.toEpochMs(desk.ports.clock.now()) / 1000)
    const window = `oauth_acceptable_timestamps="${ours + 300}-${ours + 900}"`
    server.next(API, { status: 401, headers: { 'www-authenticate': `OAuth oauth_problem="timestamp_refused",${window}` } })
    await call()
    await call()
    const ahead = server.visits.map(({ oauth }) => Number(oauth['oauth_timestamp']) - ours)
    expect(ahead.map(seconds => seconds >= 599)).toEqual([false, true, true])
    expect(paths()).toEqual([API, API, API])
  })

  test('is signed again when its number was used before', async () => {
    server.next(API, problem('nonce_used'))
    expect(await call()).toEqual({ ok: true })
    expect(new Set(server.visits.map(({ oauth }) => oauth['oauth_nonce'])).size).toBe(2)
  })

  test('asks for a sign-in after midnight without asking the broker', async () => {
    const { clock } = desk.ports
    clock.jump(Instant.msBetween(clock.now(), desk.tokens.life(connection.id)?.signInBy ?? clock.now()) + 1000)
    await expect(call()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(paths()).toEqual([])
    expect(stateOf()).toMatchObject({ kind: 'needs-sign-in', because: 'expired' })
  })

  test('is woken up on demand', async () => {
    await desk.tokens.refresh(connection.id, { signal })
    expect(paths()).toEqual([RENEW])
  })

  test.each<[string, OAuth1Reply | 'drop', string]>([
    ['confirmed', { body: 'Revoked Access Token' }, 'yes'],
    ['not confirmed', { status: 500 }, 'no'],
    ['not answered', 'drop', 'no'],
  ])('is revoked at the broker: %s', async (_, reply, outcome) => {
    server.next('/oauth/revoke_access_token', reply)
    expect(await desk.tokens.revokeSigned(connection, { signal })).toBe(outcome)
    expect(server.visits).toMatchObject([{ path: '/oauth/revoke_access_token', genuine: true }])
  })

  test('is not there to revoke for a connection of another kind', () => {
    const other = addConnection(desk, 'oauth', 'schwab')
    desk.tokens.save(
      other.id,
      { access: Secret.of('a'), refresh: Secret.of('r'), expiresInMs: null, scopes: [], receivedAt: desk.ports.clock.now() },
      { signInBy: null },
    )
    expect(desk.tokens.revokeSigned(other, { signal })).toBeNull()
  })
})
