import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Writer } from '../../../electron/core/db/open.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import { createRevocations, type Revocations, type RevocationsDeps } from '../../../electron/core/services/revocations.ts'
import { removeConnection } from '../../../electron/core/store/connections.ts'
import { listSecrets } from '../../../electron/core/store/secrets.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { tempFolder } from '../../support/fake-ports.ts'
import { ACCESS, type OAuth1Reply, type OAuth1Server, problem, startOAuth1Server } from '../oauth/support/oauth1-server.ts'
import { addConnection, openTokenDesk, signal, type TokenDesk } from '../tokens/support/desk.ts'

const REVOKE = '/oauth/revoke_access_token'
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

let folder: ReturnType<typeof tempFolder>
let server: OAuth1Server
let desk: TokenDesk
let revocations: Revocations
let connection: Connection
/** The waits of the queue's timers. */
let planned: number[] = []

beforeEach(async () => {
  folder = tempFolder()
  server = await startOAuth1Server()
  await start()
  connection = addConnection(desk, 'oauth', 'etrade')
  const [access, accessSecret] = [Secret.of(ACCESS.key), Secret.of(ACCESS.secret)]
  const receivedAt = desk.ports.clock.now()
  desk.tokens.save(connection.id, { access, accessSecret, refresh: null, expiresInMs: DAY_MS, scopes: [], receivedAt }, { signInBy: null })
})
afterEach(async () => {
  await stop()
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

async function start(over: (of: TokenDesk) => Partial<RevocationsDeps> = () => ({})): Promise<void> {
  desk = await openTokenDesk({ folder: folder.path, origin: server.origin, oauth1: server.profile })
  const { db, vault, tokens, ports } = desk
  const log = createLog(ports.log, ports.clock)
  planned = []
  revocations = createRevocations({
    db,
    vault,
    clock: {
      ...ports.clock,
      after(ms, run) {
        planned.push(ms)
        return ports.clock.after(ms, run)
      },
    },
    random: { ...ports.random, fraction: () => 1 },
    log,
    onChange: () => undefined,
    partings: tokens.partings,
    brokerName: () => 'E*TRADE',
    revocation: {
      isOffered: ({ broker }) => broker === 'etrade',
      endSession: () => Promise.resolve(),
      async ask(of, { signed }, options) {
        const answer = signed ? await tokens.revokeParting(of, signed, options).catch((error: unknown) => error) : 'yes'
        if (answer instanceof AppError) return answer
        return answer === 'yes' ? null : new AppError('broker/unavailable', { details: { broker: 'E*TRADE', status: 503 } })
      },
    },
    ...over(desk),
  })
}

async function stop(): Promise<void> {
  await revocations.stop()
  await desk[Symbol.asyncDispose]()
}

const end = (of: Connection = connection, stop = signal) =>
  revocations.end(
    of,
    w => {
      removeConnection(w, of.id, desk.ports.clock.now())
      desk.tokens.forget(of.id)
    },
    { signal: stop },
  )
const pending = () => revocations.handlers['revocations.list']({}, { signal })
const asked = (): number => server.visits.filter(({ path }) => path === REVOKE).length
const secrets = (): string[] => listSecrets(desk.db.reader).map(({ scope }) => scope.owner.replace(/rev_.*/, 'rev'))
const visit = async (count: number): Promise<void> => {
  while (asked() < count) await new Promise(resolve => setImmediate(resolve))
}
const settled = async (count: number): Promise<void> => {
  while ((await pending())[0]?.attempts !== count) await new Promise(resolve => setImmediate(resolve))
}
const down: OAuth1Reply = { status: 503 }

describe('ending an access', () => {
  test('that the broker ends at once leaves nothing behind', async () => {
    expect(await end()).toBe('yes')
    expect(await pending()).toEqual([])
    expect(secrets()).toEqual([])
  })

  test('of a token that is over at the broker already is as good', async () => {
    server.next(REVOKE, problem('token_expired'))
    expect(await end()).toBe('yes')
    expect(secrets()).toEqual([])
  })

  test('is offered by no other broker, and needs tokens that can be opened', async () => {
    expect(await end(addConnection(desk, 'oauth', 'schwab'))).toBe('not-offered')
    expect(await end(addConnection(desk, 'oauth', 'etrade'))).toBe('no')
    expect(asked()).toBe(0)
  })

  test('that the broker cannot be told wipes everything but the one token, and waits', async () => {
    server.next(REVOKE, down)
    expect(await end()).toBe('pending')
    expect(await pending()).toMatchObject([
      { connectionId: connection.id, broker: 'etrade', attempts: 1, because: expect.stringMatching(/E\*TRADE/) as unknown },
    ])
    expect(secrets()).toEqual(['revocation:rev', 'revocation:rev'])
    expect(desk.tokens.revocable(connection.id)).toBeNull()
  })

  test('has wiped the tokens before the broker is asked', async () => {
    const stopper = new AbortController()
    server.next(REVOKE, 'drop')
    const ended = end(connection, stopper.signal)
    await visit(1)
    expect(desk.tokens.revocable(connection.id)).toBeNull()
    expect(await ended).toBe('pending')
  })

  test('that its user gives up waiting for goes on waiting by itself', async () => {
    const stopper = new AbortController()
    stopper.abort()
    expect(await end(connection, stopper.signal)).toBe('pending')
    expect(await pending()).toMatchObject([{ because: null }])
  })
})

describe('an access that is still to be ended', () => {
  const becomePending = async (): Promise<void> => {
    server.next(REVOKE, down)
    await end()
  }

  test('is tried again in the background, later each time, until the broker ends it', async () => {
    await becomePending()
    revocations.start()
    server.next(REVOKE, down, down)
    desk.ports.clock.jump(60_000)
    await settled(2)
    desk.ports.clock.jump(60_000)
    expect(asked()).toBe(2)
    desk.ports.clock.jump(60_000)
    await settled(3)
    desk.ports.clock.jump(4 * 60_000)
    while ((await pending()).length > 0) await new Promise(resolve => setImmediate(resolve))
    expect(asked()).toBe(4)
    expect(secrets()).toEqual([])
  })

  test('is tried again by a later run', async () => {
    await becomePending()
    await stop()
    await start()
    expect(await pending()).toHaveLength(1)
    revocations.start()
    desk.ports.clock.jump(60_000)
    while ((await pending()).length > 0) await new Promise(resolve => setImmediate(resolve))
    expect(asked()).toBe(2)
  })

  test('can be tried at once', async () => {
    await becomePending()
    const [{ id } = { id: '' }] = await pending()
    expect(await revocations.handlers['revocations.retry']({ id }, { signal })).toEqual({ revoked: 'yes' })
    await expect(revocations.handlers['revocations.retry']({ id }, { signal })).rejects.toMatchObject({ code: 'app/not-found' })
  })

  test('is forgotten when its user says so, with its token', async () => {
    await becomePending()
    const [{ id } = { id: '' }] = await pending()
    await revocations.handlers['revocations.forget']({ id }, { signal })
    expect(await pending()).toEqual([])
    expect(secrets()).toEqual([])
  })

  test('is given up after a week, and its token is wiped', async () => {
    await becomePending()
    revocations.start()
    server.next(REVOKE, ...Array.from({ length: 500 }, () => down))
    for (let hour = 0; hour < 7 * 24 + 1; hour += 1) {
      desk.ports.clock.jump(HOUR_MS)
      await new Promise(resolve => setImmediate(resolve))
    }
    while ((await pending()).length > 0) {
      desk.ports.clock.jump(HOUR_MS)
      await new Promise(resolve => setTimeout(resolve, 1))
    }
    expect(secrets()).toEqual([])
  })

  test('waits with the vault, and asks the clock for no more than a minute does', async () => {
    await becomePending()
    await stop()
    await start(({ vault }) => ({ vault: { status: () => ({ ...vault.status(), state: 'locked' }) } }))
    desk.ports.clock.jump(DAY_MS)
    revocations.start()
    for (let turn = 0; turn < 20; turn += 1) await new Promise(resolve => setTimeout(resolve, 1))
    expect(asked()).toBe(1)
    expect(planned.slice(1).every(ms => ms >= 60_000)).toBe(true)
  })

  test('survives a disk that takes no note of it, and goes on when it does', async () => {
    await becomePending()
    await stop()
    let full = true
    await start(({ db }) => {
      const tx: Writer['tx'] = run => {
        if (full) throw new AppError('app/disk-full')
        return db.writer.tx(run)
      }
      return { db: { ...db, writer: { ...db.writer, tx } } }
    })
    desk.ports.clock.jump(8 * DAY_MS)
    revocations.start()
    for (let turn = 0; turn < 5; turn += 1) await new Promise(resolve => setTimeout(resolve, 1))
    full = false
    desk.ports.clock.jump(60_000)
    while ((await pending()).length > 0) await new Promise(resolve => setImmediate(resolve))
    expect(secrets()).toEqual([])
  })

  test('is left alone once a new sign-in holds the same token: it would be ended with it', async () => {
    await becomePending()
    const again = addConnection(desk, 'oauth', 'etrade')
    const [access, accessSecret] = [Secret.of(ACCESS.key), Secret.of(ACCESS.secret)]
    const receivedAt = desk.ports.clock.now()
    desk.tokens.save(again.id, { access, accessSecret, refresh: null, expiresInMs: DAY_MS, scopes: [], receivedAt }, { signInBy: null })
    revocations.start()
    desk.ports.clock.jump(60_000)
    while ((await pending()).length > 0) await new Promise(resolve => setImmediate(resolve))
    expect(asked()).toBe(1)
    expect(secrets()).toEqual([again.id, again.id])
  })
})
