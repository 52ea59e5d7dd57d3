import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sql } from '../../../electron/core/db/sql.ts'
import type { SecretBox } from '../../../electron/core/ports.ts'
import { getConnection, removeConnection } from '../../../electron/core/store/connections.ts'
import { noteFailure } from '../../../electron/core/store/token-standing.ts'
import { putIntent, readIntent, readToken } from '../../../electron/core/store/tokens.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { eventually } from '../../support/eventually.ts'
import { tempFolder, testBox } from '../../support/fake-ports.ts'
import { type Authority, startAuthority } from './support/authority.ts'
import { addConnection, grantOf, openTokenDesk, signal, type TokenDesk } from './support/desk.ts'

const HALF_AN_HOUR = 1_800_000

let folder: ReturnType<typeof tempFolder>
let authority: Authority
let desk: TokenDesk
let connection: Connection

beforeEach(async () => {
  folder = tempFolder()
  authority = await startAuthority('strict')
  desk = await openTokenDesk({ folder: folder.path, origin: authority.server.origin })
  connection = addConnection(desk)
  desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
})

afterEach(async () => {
  await desk[Symbol.asyncDispose]()
  await authority[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

async function restart(box?: SecretBox): Promise<void> {
  await desk[Symbol.asyncDispose]()
  desk = await openTokenDesk({ folder: folder.path, origin: authority.server.origin, ...(box ? { box } : {}) })
}

const interrupt = (generation = 1): void =>
  putIntent(desk.db.writer, { connectionId: connection.id, generation, startedAt: desk.ports.clock.now(), attempts: 1 })
const state = (): string => {
  const now = getConnection(desk.db.reader, connection.id)?.state
  return now?.kind === 'needs-sign-in' ? now.because : (now?.kind ?? 'gone')
}

test('a refresh that met a locked vault waits for nothing once it is open', async () => {
  noteFailure(desk.db.writer, connection.id, {
    startedAt: null,
    error: new AppError('vault/locked'),
    failures: 9,
    retryAt: Instant.plus(desk.ports.clock.now(), 300_000),
  })
  await restart()
  expect(desk.tokens.standing(connection.id)).toMatchObject({ lastError: { code: 'vault/locked' } })
  desk.ports.clock.jump(HALF_AN_HOUR)
  await desk.tokens.recover({ signal })
  expect(desk.tokens.standing(connection.id)).toMatchObject({ lastError: null, retryAt: null })
  expect(await desk.tokens.sweep({ dueWithinMs: 0 })).toMatchObject({ renewed: 1 })
})

describe('a refresh that a crash cut off', () => {
  test('waits through a start with a locked vault; unlocked, the old refresh token is presented once', async () => {
    interrupt()
    const good = testBox()
    let open = false
    await restart(testBox({ unwrap: (key, backend) => (open ? good.unwrap(key, backend) : Promise.reject(new AppError('vault/locked'))) }))
    await desk.tokens.recover({ signal })
    expect({ state: state(), intent: readIntent(desk.db.reader, connection.id) }).toMatchObject({
      state: 'vault-locked',
      intent: { generation: 1, attempts: 1 },
    })
    open = true
    await desk.vault.unlock()
    await desk.tokens.recover({ signal })
    expect({ state: state(), generation: readToken(desk.db.reader, connection.id)?.generation, presented: authority.presented }).toEqual({
      state: 'connected',
      generation: 2,
      presented: ['refresh-1'],
    })
    expect(readIntent(desk.db.reader, connection.id)).toBeNull()
  })

  test('is forgotten when its tokens moved on, or its connection is gone', async () => {
    await desk.tokens.refresh(connection.id, { signal })
    interrupt(1)
    await desk.tokens.recover({ signal })
    expect(readIntent(desk.db.reader, connection.id)).toBeNull()
    interrupt(2)
    removeConnection(desk.db.writer, connection.id, desk.ports.clock.now())
    await desk.tokens.recover({ signal })
    expect(readIntent(desk.db.reader, connection.id)).toBeNull()
    expect(authority.presented).toEqual(['refresh-1'])
  })
})

describe('a token that cannot be used any more', () => {
  const refusals = {
    'was changed': {
      damage: () => desk.db.writer.run(sql`UPDATE secrets SET tag = zeroblob(16) WHERE field = 'refresh'`),
      code: 'vault/tampered',
    },
    'is missing': {
      damage: () => desk.db.writer.run(sql`DELETE FROM secrets WHERE field = 'refresh'`),
      code: 'auth/sign-in-needed',
    },
  }

  test.each(Object.entries(refusals))(
    'ends the connection where the refresh token %s: the sign-in is lost',
    async (_, { damage, code }) => {
      damage()
      desk.ports.clock.jump(HALF_AN_HOUR)
      const { authorize } = desk.tokens.credentials(connection)
      await expect(authorize({ signal })).rejects.toMatchObject({ code })
      expect(state()).toBe('lost')
      expect(desk.changed.at(-1)).toBe(connection.id)
      await expect(authorize({ signal })).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
      expect({ presented: authority.presented, next: desk.tokens.nextRefreshAt(connection.id) }).toEqual({ presented: [], next: null })
    },
  )

  test('ends the connection where the access token is missing', async () => {
    desk.db.writer.run(sql`DELETE FROM secrets WHERE field = 'access'`)
    await expect(desk.tokens.credentials(connection).authorize({ signal })).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(state()).toBe('lost')
  })
})

test('after the computer slept, the refreshes of all connections are spread over half a minute', async () => {
  const ids = [connection, ...Array.from({ length: 7 }, () => addConnection(desk))].map(({ id }) => id)
  for (const id of ids) desk.tokens.save(id, grantOf(desk), { signInBy: null })
  desk.tokens.start()
  desk.tokens.pause()
  desk.ports.clock.jump(8 * 3_600_000)
  let drawn = 0
  Object.assign(desk.ports.random, { fraction: () => (drawn++ % 8) / 8 })
  desk.tokens.resume()
  for (const [ms, asked] of [
    [1, 1],
    [15_000, 5],
    [15_000, 8],
  ] as const) {
    desk.ports.clock.jump(ms)
    await eventually(() => expect(authority.presented).toHaveLength(asked))
  }
})
