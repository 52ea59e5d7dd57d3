import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openConnection } from '../../../electron/core/db/open.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { insertConnection } from '../../../electron/core/store/connections.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { type Refused, type TestCore, testCore } from '../../support/test-core.ts'

const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no refusal',
    (error: Refused) => error.view.code,
  )
const tws = {
  broker: 'ibkr',
  environment: 'sandbox',
  method: 'tws',
  values: { host: '127.0.0.1', port: '7497', 'client-id': '7', 'read-only': 'yes' },
  consent: true,
} as const

describe('a sign-in that ends', () => {
  test('leaves a connection with another way in connected, and waits for its user beside it', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('ibkr')
    expect(await app.call('connections.withForm', tws)).toEqual({ connectionId, joined: true })
    app.sandbox.control('ibkr-oauth').revokeAll()
    await app.call('connections.test', { connectionId })
    const [ended] = await app.call('connections.list', {})
    expect(ended).toMatchObject({
      state: { kind: 'connected' },
      methods: [
        { method: 'oauth', trouble: { code: 'auth/sign-in-needed' } },
        { method: 'tws', trouble: null },
      ],
    })
    expect(await app.connect('ibkr')).toBe(connectionId)
    await app.call('connections.test', { connectionId })
    expect(await app.call('connections.list', {})).toMatchObject([
      {
        methods: [
          { method: 'oauth', trouble: null },
          { method: 'tws', trouble: null },
        ],
      },
    ])
  })

  test('ends a connection that has no other', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('ibkr')
    app.sandbox.control('ibkr-oauth').revokeAll()
    expect(await refusal(app.call('connections.test', { connectionId }))).toBe('auth/sign-in-needed')
    expect(await app.call('connections.list', {})).toMatchObject([{ state: { kind: 'needs-sign-in' } }])
  })
})

describe('a program that is not running', () => {
  test('is a passing trouble: the connection stays, and says what to start', async () => {
    await using app = await testCore()
    const { connectionId } = await app.call('connections.withForm', tws)
    const env: Record<string, string | undefined> = app.ports.env
    env['KEELSON_SANDBOX_IBKR_TWS'] = '127.0.0.1:1'
    await using again = await app.restart({ env })
    // At night the reason is IBKR's maintenance.
    const code: unknown = expect.stringMatching(/^(?:local\/not-running|broker\/unavailable)$/)
    expect(await again.call('sync.run', { connectionId })).toMatchObject({ result: 'failed', error: { code } })
    expect(await again.call('connections.list', {})).toMatchObject([{ state: { kind: 'connected' }, trouble: { code } }])
  })
})

describe('a connection that only holds files', () => {
  const FILES = 'con_files' as ConnectionId

  /** Puts an account under a connection made of files, as an import does. */
  function holdInFiles(app: TestCore): void {
    const db = openConnection(path.join(app.ports.paths.dataDir, 'keelson.db'))
    const now = Instant.parse('2026-11-20T12:00:00Z')
    insertConnection(db.writer, {
      id: FILES,
      broker: 'alpaca',
      environment: 'sandbox',
      method: 'file',
      state: { kind: 'connected' },
      createdAt: now,
      consentedAt: null,
      scopes: [],
    })
    db.writer.run(sql`UPDATE accounts SET connection_id = ${FILES}`)
    db.close()
  }

  test('is never asked anything', async () => {
    await using app = await testCore({ background: true })
    await app.call('connections.disconnect', { connectionId: await app.connect('alpaca') })
    holdInFiles(app)
    const before = app.sandbox.control('alpaca').requests().length
    expect(await refusal(app.call('connections.test', { connectionId: FILES }))).toBe('auth/method-unavailable')
    expect(await app.call('sync.run', { connectionId: FILES })).toMatchObject({
      result: 'failed',
      error: { code: 'auth/method-unavailable' },
    })
    expect(await app.call('connections.list', {})).toMatchObject([
      { id: FILES, state: { kind: 'connected' }, nextSyncAt: null, token: { badge: 'no-expiry' } },
    ])
    expect(app.sandbox.control('alpaca').requests().length).toBe(before)
  })

  test('gives its account to whoever signs in to it, with its history, and goes when it holds nothing more', async () => {
    await using app = await testCore()
    const first = await app.connect('alpaca')
    await app.call('sync.run', { connectionId: first })
    const { count } = await app.call('activities.count', {})
    await app.call('connections.disconnect', { connectionId: first })
    holdInFiles(app)
    const connectionId = await app.connect('alpaca')
    expect((await app.call('connections.list', {})).map(({ id, method, accounts }) => [id, method, accounts.length])).toEqual([
      [connectionId, 'oauth', 1],
    ])
    expect((await app.call('activities.count', { connectionId })).count).toBe(count)
  })
})
