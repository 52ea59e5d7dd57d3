import { existsSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Core } from '../../electron/core/create-core.ts'
import { openConnection } from '../../electron/core/db/open.ts'
import { SANDBOX_FLEX, SANDBOX_TASTYTRADE_GRANT } from '../../electron/core/sandbox/client-keys.ts'
import { listSecrets } from '../../electron/core/store/secrets.ts'
import { openVault } from '../../electron/core/vault/data-key.ts'
import { createDoorkeeper } from '../../electron/headless/doorkeeper.ts'
import { createServer, openDoor } from '../../electron/headless/server.ts'
import { createSocketDoor } from '../../electron/headless/socket.ts'
import { createLogFile } from '../../electron/node/log-sink.ts'
import type { Envelope } from '../../shared/contract/envelope.ts'
import { isRouteName, routes } from '../../shared/contract/routes.ts'
import { overIpc } from '../contract/carriers.ts'
import { filesIn, hits, hitsIn } from '../support/canaries.ts'
import { tempFolder, testBox } from '../support/fake-ports.ts'
import { callerOf, type TestCore, testCore } from '../support/test-core.ts'

const APP_SECRET = 'CANARY-app-secret-41b7e09c5d'
const KEY_SECRET = 'CANARY-refused-key-secret-92ac'
const MAIL_PASSWORD = 'CANARY-mail-password-7d30f2a6'
const LOCK_PASSPHRASE = 'CANARY-lock-passphrase-c85e14'

/** A window of a browser at the real door: calls like one, and keeps every frame it was sent, as it came. */
async function openWindow(core: Core) {
  const server = createServer()
  const port = await new Promise<number>(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  const doorkeeper = createDoorkeeper({ port, monotonicMs: () => performance.now() })
  const sockets = createSocketDoor({ dispatch: core.dispatch, subscribe: core.subscribe, close: () => Promise.resolve() })
  openDoor(server, { port, doorkeeper, files: () => undefined, about: () => ({}), givesLinks: false, takeSocket: sockets.takeSocket })
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers: { authorization: `Bearer ${doorkeeper.bearer}` } })
  const frames: string[] = []
  const waiting = new Map<string, (envelope: Envelope<unknown>) => void>()
  socket.on('message', (data: Buffer) => {
    const text = data.toString('utf8')
    frames.push(text)
    const { id, envelope } = JSON.parse(text) as { id?: string; envelope: Envelope<unknown> }
    if (id !== undefined) waiting.get(id)?.(envelope)
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const call = callerOf(
    request =>
      new Promise(resolve => {
        waiting.set(String(Reflect.get(Object(request), 'id')), resolve)
        socket.send(JSON.stringify({ type: 'request', request }))
      }),
  )
  return {
    call,
    frames,
    async [Symbol.asyncDispose]() {
      socket.terminate()
      sockets.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

/** Everything the vault guards at this moment, read from a copy with the box of this test. */
async function guarded({ ports }: TestCore): Promise<string[]> {
  using copy = tempFolder()
  const file = path.join(copy.path, 'keelson.db')
  // By the database itself: files that another thread writes, and empties, cannot be copied.
  const live = new Database(path.join(ports.paths.dataDir, 'keelson.db'), { readonly: true })
  live.prepare('VACUUM INTO ?').run(file)
  live.close()
  const db = openConnection(file)
  const vault = await openVault({ db, box: testBox(), random: ports.random, clock: ports.clock })
  const secrets = listSecrets(db.reader).map(({ scope, sealed }) => vault.open(scope, sealed).reveal())
  vault.close()
  db.close()
  return secrets
}

/** Gives whatever waits a few minutes, until something has happened. */
async function until(app: TestCore, happened: () => boolean): Promise<void> {
  for (let turn = 0; turn < 500 && !happened(); turn += 1) {
    app.ports.clock.jump(30_000)
    await new Promise(resolve => setImmediate(resolve))
  }
}

test('tokens and typed secrets are in nothing the core writes, answers, announces, mails or hands on', async () => {
  using logs = tempFolder()
  await using app = await testCore({ impatient: true, background: true, ports: { log: createLogFile({ folder: logs.path }) } })
  await using window = await openWindow(app.core)
  const ipc = await overIpc(app.core)
  const announced: string[] = []
  ipc.subscribe(event => void announced.push(JSON.stringify(event)))
  const { call } = window
  const { dataDir } = app.ports.paths
  const tokens = new Set<string>()
  const remember = async (): Promise<void> => {
    for (const secret of await guarded(app)) tokens.add(secret)
  }

  await call('brokers.setApp', { broker: 'schwab', clientId: 'CANARY-app-id-0123456789', clientSecret: APP_SECRET })
  await call('notices.setMail', {
    enabled: true,
    host: '127.0.0.1',
    port: 2525,
    security: 'none',
    user: 'me',
    password: MAIL_PASSWORD,
    from: 'me@example.com',
    to: 'you@example.com',
    least: 'notice',
  })
  await call('lock.set', { passphrase: LOCK_PASSPHRASE, idleMinutes: null })
  const form = { environment: 'sandbox', consent: true } as const
  const keys = { 'api-key-id': 'PKCANARY000000000000', 'api-key-secret': KEY_SECRET }
  await expect(call('connections.withForm', { ...form, broker: 'alpaca', method: 'api-key', values: keys })).rejects.toThrow('auth/')
  await call('connections.withForm', {
    ...form,
    broker: 'ibkr',
    method: 'flex',
    values: { token: SANDBOX_FLEX.token, 'query-id': SANDBOX_FLEX.queryId },
  })
  const grant = { 'client-secret': SANDBOX_TASTYTRADE_GRANT.clientSecret, 'refresh-token': SANDBOX_TASTYTRADE_GRANT.refreshToken }
  const { connectionId: personal } = await call('connections.withForm', {
    ...form,
    broker: 'tastytrade',
    method: 'personal-grant',
    values: grant,
  })
  await call('sandbox.explore', { broker: 'etrade' })
  const schwab = await app.connect('schwab')
  const alpaca = await app.connect('alpaca')
  await remember()
  // Renewed, broken, refused, disconnected: whatever brings tokens near a sentence.
  app.sandbox.control('schwab').expireAccessTokens()
  await call('sync.run', { connectionId: schwab })
  await remember()
  app.sandbox.control('tastytrade').fault({ name: 'forbidden-html' })
  await call('sync.run', { connectionId: personal })
  await call('connections.disconnect', { connectionId: personal })
  await remember()
  app.sandbox.control('schwab').revokeAll()
  await call('sync.run', { connectionId: schwab })
  app.sandbox.control('alpaca').fault({ name: 'server-error' })
  await call('sync.run', { connectionId: alpaca })
  await until(app, () => app.ports.mails.length > 0)
  expect(app.ports.mails.length).toBeGreaterThan(0)
  expect(app.ports.shown.length).toBeGreaterThan(0)
  await call('storage.backup', {})
  await remember()

  // Every question there is that needs no argument of its own, over both ways a window speaks.
  const questions = Object.keys(routes).filter(
    name => isRouteName(name) && routes[name].kind === 'query' && routes[name].input.safeParse({}).success,
  )
  const answered = await Promise.all(
    questions.map(async route => {
      await call(route as 'app.status', {})
      return JSON.stringify(await ipc.dispatch({ id: `ipc-${route}`, route, input: {} }, new AbortController().signal))
    }),
  )
  expect(questions).toEqual(
    expect.arrayContaining([
      'connections.list',
      'health.summary',
      'diagnostics.preview',
      'notices.list',
      'notices.settings',
      'lock.status',
      'brokers.list',
      'revocations.list',
    ]),
  )
  const { text: bundle } = await call('diagnostics.preview', {})

  const typed = [
    APP_SECRET,
    KEY_SECRET,
    MAIL_PASSWORD,
    LOCK_PASSPHRASE,
    SANDBOX_FLEX.token,
    SANDBOX_TASTYTRADE_GRANT.clientSecret,
    SANDBOX_TASTYTRADE_GRANT.refreshToken,
  ]
  // The id of an app is shown in the settings on purpose.
  const all = [...new Set([...tokens, ...typed])].filter(secret => secret !== 'CANARY-app-id-0123456789')
  expect([...tokens]).toEqual(expect.arrayContaining([APP_SECRET, MAIL_PASSWORD]))
  expect(tokens.size).toBeGreaterThanOrEqual(8)
  expect(hitsIn(window.frames.join('\n'), all)).toEqual([])
  expect(hitsIn([...answered, ...announced].join('\n'), all)).toEqual([])
  expect(hitsIn(bundle, [...all, 'me@example.com', 'you@example.com'])).toEqual([])
  expect(hitsIn(JSON.stringify([app.ports.mails, app.ports.shown]), all)).toEqual([])
  expect(['keelson.db', 'keelson.db-wal', 'keelson.db-shm'].map(name => existsSync(path.join(dataDir, name)))).toEqual([true, true, true])
  expect(hits(dataDir, all)).toEqual([])
  expect(filesIn(dataDir).some(file => file.includes('backups'))).toBe(true)
  await ipc.close()
  await app.core.close()
  expect(hits(dataDir, all)).toEqual([])
  expect(hits(logs.path, all)).toEqual([])
  // The search finds what is there.
  expect(hitsIn(window.frames.join('\n'), ['connections.changed'])).toHaveLength(1)
  expect(hits(logs.path, ['core.started'])).not.toEqual([])
})
