import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openConnection } from '../../../electron/core/db/open.ts'
import { getConnection, getTrouble } from '../../../electron/core/store/connections.ts'
import { readSecret, writeSecret } from '../../../electron/core/store/secrets.ts'
import { readIntent, readToken } from '../../../electron/core/store/tokens.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { eventually } from '../../support/eventually.ts'
import { tempFolder, testBox } from '../../support/fake-ports.ts'
import { json } from '../oauth/support/token-server.ts'
import { type Authority, startAuthority } from './support/authority.ts'
import { addConnection, grantOf, openTokenDesk, signal, type TokenDesk } from './support/desk.ts'

const HALF_AN_HOUR = 1_800_000
const DAY_MS = 86_400_000

let folder: ReturnType<typeof tempFolder>
let authority: Authority
let desk: TokenDesk
let connection: Connection

beforeEach(async () => {
  folder = tempFolder()
  authority = await startAuthority('strict')
  desk = await openTokenDesk({ folder: folder.path, origin: authority.server.origin })
  connection = addConnection(desk)
})

afterEach(async () => {
  await desk[Symbol.asyncDispose]()
  await authority[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** Saves a sign-in and leaves its token with no time left. */
function saveExpired(): void {
  desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
  desk.ports.clock.jump(HALF_AN_HOUR)
}

async function bearer(): Promise<string | undefined> {
  return (await desk.tokens.credentials(connection).authorize({ signal })).headers['authorization']
}

const generation = (): number | undefined => readToken(desk.db.reader, connection.id)?.generation
const state = (): string => {
  const now = getConnection(desk.db.reader, connection.id)?.state
  return now?.kind === 'needs-sign-in' ? now.because : (now?.kind ?? 'gone')
}

describe('a saved sign-in', () => {
  test('authorizes calls with its access token, without a request', async () => {
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    expect(await bearer()).toBe('Bearer access-1')
    expect(desk.tokens.life(connection.id)).toMatchObject({ refreshable: true })
    expect(desk.changed).toEqual([connection.id])
    expect(authority.presented).toEqual([])
  })

  test('survives a restart and keeps no token in the clear', async () => {
    desk.tokens.save(connection.id, grantOf(desk, { access: 'canary-access-token', refresh: 'canary-refresh-token' }), { signInBy: null })
    await desk[Symbol.asyncDispose]()
    const { readdirSync, readFileSync } = await import('node:fs')
    const files = readdirSync(folder.path, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    expect(files.length).toBeGreaterThan(0)
    for (const { parentPath, name } of files) expect(readFileSync(`${parentPath}/${name}`).includes('canary')).toBe(false)
    desk = await openTokenDesk({ folder: folder.path, origin: authority.server.origin })
    expect(await bearer()).toBe('Bearer canary-access-token')
  })

  test("of an API key goes out in the broker's own headers, and a refused key needs a new one", async () => {
    connection = addConnection(desk, 'api-key', 'alpaca')
    desk.tokens.saveKeys(connection.id, Secret.of('key-id'), Secret.of('key-secret'))
    const credentials = desk.tokens.credentials(connection)
    const first = await credentials.authorize({ signal })
    expect(first.headers).toEqual({ 'x-key': 'key-id', 'x-secret': 'key-secret' })
    expect(await credentials.renew({ after: first, signal })).toBeNull()
    expect(state()).toBe('revoked')
  })

  test('without a refresh token or an expiry lasts until the broker refuses it', async () => {
    desk.tokens.save(connection.id, grantOf(desk, { refresh: null, expiresInMs: null }), { signInBy: null })
    desk.ports.clock.jump(400 * DAY_MS)
    const first = await desk.tokens.credentials(connection).authorize({ signal })
    expect(first.headers['authorization']).toBe('Bearer access-1')
    expect(desk.tokens.nextRefreshAt(connection.id)).toBeNull()
    expect(await desk.tokens.credentials(connection).renew({ after: first, signal })).toBeNull()
    expect(state()).toBe('revoked')
    await expect(bearer()).rejects.toThrow('Schwab needs a sign-in')
  })

  test('without a refresh token ends with its access token', async () => {
    desk.tokens.save(connection.id, grantOf(desk, { refresh: null }), { signInBy: null })
    desk.ports.clock.jump(HALF_AN_HOUR - 1000)
    expect(await bearer()).toBe('Bearer access-1')
    desk.ports.clock.jump(1000)
    await expect(bearer()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(state()).toBe('expired')
    expect(authority.presented).toEqual([])
  })

  test('is wiped at once when it is forgotten', async () => {
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    desk.tokens.forget(connection.id)
    expect(readSecret(desk.db.reader, connection.id, 'access')).toBeNull()
    expect(readSecret(desk.db.reader, connection.id, 'refresh')).toBeNull()
    expect(desk.tokens.life(connection.id)).toBeNull()
    expect(desk.tokens.revocable(connection.id)).toBeNull()
    await expect(bearer()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
  })

  test('is undone together with the transaction it was saved in', () => {
    expect(() =>
      desk.db.writer.tx(() => {
        desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
        throw new Error('undo')
      }),
    ).toThrow('undo')
    expect(desk.tokens.life(connection.id)).toBeNull()
    expect(readSecret(desk.db.reader, connection.id, 'access')).toBeNull()
  })
})

describe('a refresh', () => {
  test('happens once for 1,000 callers of an expired token', async () => {
    saveExpired()
    const tokens = await Promise.all(Array.from({ length: 1000 }, () => bearer()))
    expect(new Set(tokens)).toEqual(new Set(['Bearer access-2']))
    expect(authority.presented).toEqual(['refresh-1'])
    expect(generation()).toBe(2)
  })

  test('happens once for 1,000 callers who were refused', async () => {
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    const credentials = desk.tokens.credentials(connection)
    const after = await credentials.authorize({ signal })
    const renewed = await Promise.all(Array.from({ length: 1000 }, () => credentials.renew({ after, signal })))
    expect(new Set(renewed.map(by => by?.headers['authorization']))).toEqual(new Set(['Bearer access-2']))
    expect(authority.presented).toEqual(['refresh-1'])
  })

  test('is not made for a caller whose token has moved on', async () => {
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    const credentials = desk.tokens.credentials(connection)
    const old = await credentials.authorize({ signal })
    await credentials.renew({ after: old, signal })
    expect(await credentials.renew({ after: old, signal })).toMatchObject({ headers: { authorization: 'Bearer access-2' }, generation: 2 })
    expect(authority.presented).toHaveLength(1)
  })

  test('comes before a call that would meet the end of the token', async () => {
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    desk.ports.clock.jump(HALF_AN_HOUR - 40_000)
    expect(await bearer()).toBe('Bearer access-1')
    desk.ports.clock.jump(15_000)
    expect(await bearer()).toBe('Bearer access-2')
  })

  test('presents each new refresh token, and the old one again where none was sent', async () => {
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    await desk.tokens.refresh(connection.id, { signal })
    await desk.tokens.refresh(connection.id, { signal })
    expect(authority.presented).toEqual(['refresh-1', 'refresh-2'])
    authority.fail(json({ access_token: 'access-x', token_type: 'bearer', expires_in: 1800 }))
    await desk.tokens.refresh(connection.id, { signal })
    authority.fail(null)
    expect(await bearer()).toBe('Bearer access-x')
    await desk.tokens.refresh(connection.id, { signal })
    expect(authority.presented).toEqual(['refresh-1', 'refresh-2', 'refresh-3', 'refresh-3'])
  })

  test.each([
    [undefined, null],
    ['1800', HALF_AN_HOUR],
    [0, null],
    [-1, null],
    ['x', null],
  ])('with expires_in %j lives %j ms', async (expires_in, life) => {
    saveExpired()
    authority.fields({ expires_in })
    expect(await bearer()).toBe('Bearer access-2')
    const { obtainedAt, expiresAt } = desk.tokens.life(connection.id) ?? {}
    expect(expiresAt && obtainedAt ? Instant.msBetween(obtainedAt, expiresAt) : expiresAt).toBe(life)
    expect(await bearer()).toBe('Bearer access-2')
    expect(authority.presented).toHaveLength(1)
  })

  test('does not move the day of the next sign-in', async () => {
    const signInBy = Instant.plus(desk.ports.clock.now(), 7 * DAY_MS)
    desk.tokens.save(connection.id, grantOf(desk), { signInBy })
    desk.ports.clock.jump(3 * DAY_MS)
    await desk.tokens.refresh(connection.id, { signal })
    expect(desk.tokens.life(connection.id)?.signInBy).toBe(signInBy)
  })

  test('has its intent on disk when the broker is asked, and its tokens on disk when anyone gets them', async () => {
    saveExpired()
    const seen: unknown[] = []
    authority.around({
      after: () => {
        const other = openConnection(`${folder.path}/keelson.db`, { readonly: true })
        seen.push(readIntent(other.reader, connection.id))
        other.close()
        return 'go on'
      },
    })
    await bearer()
    expect(seen).toMatchObject([{ generation: 1, attempts: 1 }])
    const other = openConnection(`${folder.path}/keelson.db`, { readonly: true })
    expect(readIntent(other.reader, connection.id)).toBeNull()
    expect(readToken(other.reader, connection.id)?.generation).toBe(2)
    other.close()
  })

  test('goes on for the others when one caller leaves', async () => {
    saveExpired()
    const leaver = new AbortController()
    authority.around({
      before: () => {
        leaver.abort()
        return 'go on'
      },
    })
    const left = desk.tokens.credentials(connection).authorize({ signal: leaver.signal })
    const stayed = bearer()
    await expect(left).rejects.toMatchObject({ code: 'app/canceled' })
    expect(await stayed).toBe('Bearer access-2')
    expect(authority.presented).toHaveLength(1)
  })

  test('that answers after the tokens were forgotten is dropped', async () => {
    saveExpired()
    authority.around({
      after: () => {
        desk.tokens.forget(connection.id)
        desk.tokens.save(connection.id, grantOf(desk, { access: 'newer' }), { signInBy: null })
        return 'go on'
      },
    })
    expect(await bearer()).toBe('Bearer newer')
    expect(generation()).toBe(1)
  })

  test('that answers after its tokens were forgotten in a transaction that was undone is saved', async () => {
    saveExpired()
    authority.around({
      after: () => {
        const undone = (): void =>
          desk.db.writer.tx(() => {
            desk.tokens.forget(connection.id)
            throw new Error('undone')
          })
        expect(undone).toThrow('undone')
        return 'go on'
      },
    })
    expect(await bearer()).toBe('Bearer access-2')
    expect(generation()).toBe(2)
  })

  test('that answers after a new sign-in is dropped', async () => {
    saveExpired()
    authority.around({
      after: () => {
        desk.tokens.save(connection.id, grantOf(desk, { access: 'newer' }), { signInBy: null })
        return 'go on'
      },
    })
    expect(await bearer()).toBe('Bearer newer')
    expect(generation()).toBe(2)
  })

  test('under way is saved before the app closes', async () => {
    saveExpired()
    const asked = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<'go on'>()
    authority.around({
      before: () => {
        asked.resolve()
        return goOn.promise
      },
    })
    const waiting = bearer()
    await asked.promise
    const stopped = desk.tokens.stop()
    goOn.resolve('go on')
    await stopped
    expect(generation()).toBe(2)
    expect(await waiting).toBe('Bearer access-2')
  })
})

describe('a disk that refuses to write', () => {
  const fill = (): void => void desk.db.raw.pragma('query_only = ON')
  const free = (): void => void desk.db.raw.pragma('query_only = OFF')

  test('before the request means no request', async () => {
    saveExpired()
    fill()
    await expect(bearer()).rejects.toMatchObject({ name: 'AppError' })
    free()
    expect(authority.presented).toEqual([])
    expect(await bearer()).toBe('Bearer access-2')
  })

  test('after the answer loses no token: it is saved first next time', async () => {
    saveExpired()
    authority.around({
      after: () => {
        fill()
        return 'go on'
      },
    })
    await expect(bearer()).rejects.toMatchObject({ name: 'AppError' })
    expect(generation()).toBe(1)
    free()
    expect(await bearer()).toBe('Bearer access-2')
    expect(authority.presented).toEqual(['refresh-1'])
    expect(authority.replays).toBe(0)
  })

  test('after the answer, and had room again, has the tokens before the app closes', async () => {
    saveExpired()
    authority.around({
      after: () => {
        fill()
        return 'go on'
      },
    })
    await expect(bearer()).rejects.toMatchObject({ name: 'AppError' })
    free()
    await desk.tokens.stop()
    expect(generation()).toBe(2)
    expect(readIntent(desk.db.reader, connection.id)).toBeNull()
  })
})

describe('sealed tokens', () => {
  test('of another connection do not open, and the connection asks for a sign-in', async () => {
    const other = addConnection(desk)
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    desk.tokens.save(other.id, grantOf(desk, { access: 'other' }), { signInBy: null })
    const stolen = readSecret(desk.db.reader, other.id, 'access')
    if (stolen) writeSecret(desk.db.writer, { owner: connection.id, field: 'access', version: 1 }, stolen.sealed)
    await expect(bearer()).rejects.toMatchObject({ code: 'vault/tampered' })
    expect(state()).toBe('lost')
  })

  test('of an earlier generation do not open when they are put back', async () => {
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    const old = readSecret(desk.db.reader, connection.id, 'access')
    await desk.tokens.refresh(connection.id, { signal })
    if (old) writeSecret(desk.db.writer, { owner: connection.id, field: 'access', version: old.version }, old.sealed)
    await expect(bearer()).rejects.toMatchObject({ code: 'vault/tampered' })
    if (old) writeSecret(desk.db.writer, { owner: connection.id, field: 'access', version: 2 }, old.sealed)
    await expect(bearer()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
  })

  test('behind a locked vault need it unlocked; nothing is deleted and no broker is asked', async () => {
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    await desk[Symbol.asyncDispose]()
    desk = await openTokenDesk({
      folder: folder.path,
      origin: authority.server.origin,
      box: testBox({ unwrap: () => Promise.reject(new Error('locked')) }),
    })
    await desk.tokens.recover({ signal })
    expect(state()).toBe('vault-locked')
    await expect(bearer()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    await desk[Symbol.asyncDispose]()
    desk = await openTokenDesk({ folder: folder.path, origin: authority.server.origin })
    await desk.tokens.recover({ signal })
    expect(state()).toBe('connected')
    expect(await bearer()).toBe('Bearer access-1')
    expect(authority.presented).toEqual([])
  })

  test('of a memory-only run end with it, and say so', async () => {
    await desk[Symbol.asyncDispose]()
    const memory = testBox({ protection: 'memory' })
    desk = await openTokenDesk({ folder: folder.path, origin: authority.server.origin, box: memory })
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    expect(await bearer()).toBe('Bearer access-1')
    await desk[Symbol.asyncDispose]()
    desk = await openTokenDesk({ folder: folder.path, origin: authority.server.origin, box: memory })
    await desk.tokens.recover({ signal })
    expect(state()).toBe('memory-only')
  })
})

describe('in the background', () => {
  test('a token is renewed between 75 and 80 % of its life', async () => {
    desk.tokens.start()
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    const began = desk.ports.clock.now()
    const share = Instant.msBetween(began, desk.tokens.nextRefreshAt(connection.id) ?? began) / HALF_AN_HOUR
    expect(share).toBeGreaterThan(0.74)
    expect(share).toBeLessThanOrEqual(0.8)
    desk.ports.clock.jump(HALF_AN_HOUR * 0.74)
    expect(authority.presented).toEqual([])
    desk.ports.clock.jump(HALF_AN_HOUR * 0.06)
    await eventually(() => expect(generation()).toBe(2))
    expect(authority.presented).toEqual(['refresh-1'])
  })

  test('it is renewed again and again', async () => {
    desk.tokens.start()
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    for (let round = 2; round <= 6; round += 1) {
      desk.ports.clock.jump(HALF_AN_HOUR * 0.8)
      await eventually(() => expect(generation()).toBe(round))
      await eventually(() => expect(desk.tokens.nextRefreshAt(connection.id)).not.toBeNull())
    }
    expect(authority.replays).toBe(0)
  })

  test('a broker that is down is asked ever less often, and the token is kept', async () => {
    authority.fail({ status: 503, body: 'down' })
    desk.tokens.start()
    saveExpired()
    const failures = (): number => desk.ports.records.filter(({ event }) => event === 'tokens.refresh-failed').length
    const toNext = (): number => {
      const now = desk.ports.clock.now()
      return Instant.msBetween(now, desk.tokens.nextRefreshAt(connection.id) ?? now)
    }
    for (let tries = 1; tries <= 12; tries += 1) {
      await eventually(() => expect(failures()).toBe(tries))
      expect(toNext()).toBeGreaterThan(900)
      expect(toNext()).toBeLessThanOrEqual(300_000)
      if (tries < 12) desk.ports.clock.jump(toNext() + 1)
    }
    expect(authority.presented).toEqual(Array.from({ length: 12 }, () => 'refresh-1'))
    expect(state()).toBe('connected')
    expect(getTrouble(desk.db.reader, connection.id)).toMatchObject({ code: 'broker/unavailable' })
    authority.fail(null)
    desk.ports.clock.jump(toNext() + 1)
    await eventually(() => expect(generation()).toBe(2))
    expect(getTrouble(desk.db.reader, connection.id)).toBeNull()
  })

  test('a paused app plans nothing, and a resumed one catches up', async () => {
    desk.tokens.start()
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    desk.tokens.pause()
    desk.ports.clock.jump(8 * 3_600_000)
    expect(authority.presented).toEqual([])
    desk.tokens.start()
    desk.ports.clock.jump(1)
    await eventually(() => expect(generation()).toBe(2))
  })

  test('a connection without an end, without a refresh token or in need of a sign-in plans nothing', () => {
    desk.tokens.start()
    desk.tokens.save(connection.id, grantOf(desk, { expiresInMs: null }), { signInBy: null })
    expect(desk.tokens.nextRefreshAt(connection.id)).toBeNull()
    desk.tokens.save(connection.id, grantOf(desk, { refresh: null }), { signInBy: null })
    expect(desk.tokens.nextRefreshAt(connection.id)).toBeNull()
    desk.tokens.forget(connection.id)
    expect(desk.tokens.nextRefreshAt(connection.id)).toBeNull()
  })
})
