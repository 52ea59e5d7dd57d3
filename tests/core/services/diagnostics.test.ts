import { appendFileSync, mkdirSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Db, openConnection } from '../../../electron/core/db/open.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { type TestCore, testCore } from '../../support/test-core.ts'

interface Bundle {
  readonly program: { readonly version: string }
  readonly storage: { readonly integrity: string; readonly schemaVersion: number }
  readonly connections: readonly {
    readonly broker: string
    readonly accounts: { readonly all: number }
    readonly lastSync: { readonly result: string }
  }[]
  readonly lastRuns: readonly { readonly kind: string; readonly class: string | null }[]
  readonly log: readonly { readonly event: string }[]
  readonly settings: Readonly<Record<string, string>>
}

const bundleOf = (text: string): Bundle => JSON.parse(text) as Bundle

function within(app: TestCore, look: (db: Db) => void): void {
  const db = openConnection(path.join(app.ports.paths.dataDir, 'keelson.db'))
  try {
    look(db)
  } finally {
    db.close()
  }
}

/** Puts a text wherever a user, a broker or a failure could have put one. */
function plant(app: TestCore, canary: string): void {
  const view = JSON.stringify({ code: 'broker/refused', message: canary, action: canary, brokerSays: canary })
  within(app, db =>
    db.writer.tx(w => {
      w.run(sql`UPDATE connections SET label = ${canary}, trouble = ${view}, scopes = ${JSON.stringify([canary])}`)
      w.run(sql`UPDATE connection_methods SET settings = ${JSON.stringify({ host: canary, address: canary })}, trouble = ${view}`)
      w.run(sql`UPDATE accounts SET name = ${canary}, masked_number = ${canary}, type = ${canary}, broker_key = ${canary}`)
      w.run(sql`UPDATE tokens SET last_refresh_error = ${view}`)
      w.run(sql`UPDATE sync_runs SET error = ${view}`)
      w.run(sql`UPDATE metric_runs SET class = ${canary} WHERE kind = 'sync'`)
      w.run(sql`UPDATE metric_calls SET host = ${canary}, calls = 100, failed = 60`)
      w.run(sql`INSERT OR REPLACE INTO meta (name, value) VALUES ('mail.host', ${canary})`)
    }),
  )
  const logs = path.join(app.ports.paths.dataDir, 'logs')
  mkdirSync(logs, { recursive: true })
  const fields = { cause: `Error: ${canary}`, path: canary, host: canary, list: JSON.stringify([canary]), code: canary }
  appendFileSync(
    path.join(logs, 'keelson.log'),
    `${JSON.stringify({ at: '2026-01-01T00:00:00.000Z', level: 'warn', event: 'http.failed', fields })}\n`,
  )
  appendFileSync(path.join(logs, 'keelson.log'), `${canary}\n{"at":"${canary.replaceAll(/["\\]/g, '')}"}\n`)
}

const canaries = fc.oneof(
  fc.stringMatching(/^[A-Z]{0,2}[0-9]{7,12}$/),
  fc.stringMatching(/^[a-z]{4,10}\.[a-z]{4,10}@[a-z]{4,12}\.(com|org)$/),
  fc.stringMatching(/^[A-Za-z0-9_-]{24,60}$/),
  fc.stringMatching(/^\/home\/[a-z]{6,12}$/),
  fc.stringMatching(/^C:\\Users\\[A-Z][a-z]{6,12}$/),
  fc.stringMatching(/^[a-z]{6,12}-macbook\.local$/),
  fc.stringMatching(/^[A-Z][a-z]{5,10} [A-Z][a-z]{5,12}$/),
)

test('the bundle tells of versions, storage, connections, runs and the log', async () => {
  await using app = await testCore()
  const connectionId = await app.connect('schwab')
  await app.call('sync.run', { connectionId })
  await app.call('sync.pause', { paused: true })
  const { name, text, bytes } = await app.call('diagnostics.preview', {})
  expect(name).toMatch(/^keelson-diagnostics-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.json$/)
  expect(bytes).toBe(Buffer.byteLength(text))
  const bundle = bundleOf(text)
  expect(bundle.program.version).toBe('0.0.0-test')
  expect(bundle.storage).toMatchObject({ integrity: 'ok' })
  expect(bundle.connections).toMatchObject([{ id: connectionId, broker: 'schwab', accounts: { all: 2 }, lastSync: { result: 'success' } }])
  expect(bundle.lastRuns.map(({ kind }) => kind)).toEqual(['sync', 'sign-in'])
  expect(bundle.log.map(({ event }) => event)).toContain('sync.finished')
  expect(bundle.settings).toMatchObject({ 'sync.paused': '1', 'account-salt': 'set' })
})

test('it holds nothing of a user, wherever that was put: no secret, number, address, folder or name', async () => {
  await using app = await testCore()
  const connectionId = await app.connect('schwab')
  await app.call('sync.run', { connectionId })
  await app.call('health.summary', {})
  await fc.assert(
    fc.asyncProperty(canaries, async canary => {
      plant(app, canary)
      await app.call('connections.list', {})
      const { text } = await app.call('diagnostics.preview', {})
      expect(text).not.toContain(JSON.stringify(canary).slice(1, -1))
    }),
    { numRuns: 25 },
  )
})

test('it names neither this computer, nor its folders, nor the accounts and keys of the simulators', async () => {
  await using app = await testCore()
  const connectionId = await app.connect('schwab')
  await app.call('sync.run', { connectionId })
  const hidden = [homedir(), hostname(), app.ports.paths.dataDir].filter(one => one.length >= 4)
  within(app, db => {
    for (const row of db.reader.all(sql`SELECT name, broker_key, number_hash, masked_number FROM accounts`))
      hidden.push(...Object.values(row).map(String))
    for (const row of db.reader.all(sql`SELECT value FROM meta WHERE name = 'account-salt'`)) hidden.push(String(row['value']))
    for (const row of db.reader.all(sql`SELECT external_id FROM activities LIMIT 50`)) hidden.push(String(row['external_id']))
  })
  const { text } = await app.call('diagnostics.preview', {})
  expect(hidden.length).toBeGreaterThan(50)
  expect(hidden.filter(one => text.includes(one))).toEqual([])
})

test('it holds nothing of a form that was refused, nor of what a caller asked for in vain', async () => {
  await using app = await testCore()
  const secret = 'PKCANARY0000KEELSON'
  const values = { 'api-key-id': secret, 'api-key-secret': `${secret}-secret` }
  const input = { broker: 'alpaca', environment: 'sandbox', method: 'api-key', values } as const
  await expect(app.call('connections.try', input)).rejects.toMatchObject({ view: { code: 'auth/bad-keys' } })
  await expect(app.call('connections.test', { connectionId: `con_${secret}` })).rejects.toMatchObject({ view: { code: 'app/not-found' } })
  await app.core.dispatch({ id: 'x', route: secret, input: { secret } }, { signal: new AbortController().signal })
  const { text } = await app.call('diagnostics.preview', {})
  expect(text).not.toContain(secret)
  expect(bundleOf(text).lastRuns).toMatchObject([{ kind: 'test', outcome: 'failed', class: 'auth/bad-keys' }])
  expect(bundleOf(text).log.filter(({ event }) => event === 'request.failed')).toHaveLength(3)
})
