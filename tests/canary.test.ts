import { statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openConnection } from '../electron/core/db/open.ts'
import { createLogFile } from '../electron/node/log-sink.ts'
import { SANDBOX_FLEX, SANDBOX_TASTYTRADE_GRANT } from '../electron/core/sandbox/client-keys.ts'
import { listSecrets } from '../electron/core/store/secrets.ts'
import { openVault } from '../electron/core/vault/data-key.ts'
import { copyAsTheyAre, filesIn, hits } from './support/canaries.ts'
import { tempFolder, testBox } from './support/fake-ports.ts'
import { testCore } from './support/test-core.ts'

const CANARY = 'CANARY-7f1c9a52d0'

test('no secret is readable in the data folder, the log or any answer, while running, after a crash and after a clean end', async () => {
  using logs = tempFolder()
  using crash = tempFolder()
  await using app = await testCore({ impatient: true, ports: { log: createLogFile({ folder: logs.path }) } })
  const { dataDir } = app.ports.paths
  await app.call('brokers.setApp', { broker: 'schwab', clientId: `${CANARY}-id`, clientSecret: `${CANARY}-secret` })
  await app.call('connections.withForm', { broker: 'alpaca', environment: 'sandbox', method: 'api-key', values: { 'api-key-id': `${CANARY}-key`, 'api-key-secret': `${CANARY}-keysecret` }, consent: true }).catch(() => undefined)
  // Forms: a report token that travels in addresses, a pasted grant, and tokens that sign.
  await app.call('connections.withForm', { broker: 'ibkr', environment: 'sandbox', method: 'flex', values: { token: SANDBOX_FLEX.token, 'query-id': SANDBOX_FLEX.queryId }, consent: true })
  await app.call('connections.withForm', { broker: 'tastytrade', environment: 'sandbox', method: 'personal-grant', values: { 'client-secret': SANDBOX_TASTYTRADE_GRANT.clientSecret, 'refresh-token': SANDBOX_TASTYTRADE_GRANT.refreshToken }, consent: true })
  await app.call('sandbox.explore', { broker: 'etrade' })
  const typed = [SANDBOX_FLEX.token, SANDBOX_TASTYTRADE_GRANT.clientSecret, SANDBOX_TASTYTRADE_GRANT.refreshToken]
  const connectionId = await app.connect('schwab')
  const paper = await app.connect('alpaca')
  app.sandbox.control('schwab').expireAccessTokens()
  await app.call('sync.run', { connectionId })
  await app.call('sync.run', { connectionId: paper })
  app.sandbox.control('alpaca').fault({ name: 'forbidden-html' })
  await app.call('sync.run', { connectionId: paper })

  // What the vault guards, read with the box of this test: the real tokens of this run.
  copyAsTheyAre(dataDir, crash.path)
  const db = openConnection(path.join(crash.path, 'keelson.db'))
  const vault = await openVault({ db, box: testBox(), random: app.ports.random, clock: app.ports.clock })
  const secrets = listSecrets(db.reader).map(({ scope, sealed }) => vault.open(scope, sealed).reveal())
  vault.close()
  db.close()
  expect(secrets.length).toBeGreaterThanOrEqual(5)
  expect(secrets).toContain(`${CANARY}-secret`)

  // The client id is shown in the settings on purpose; it is no secret there, but it has no business on the disk either.
  expect(secrets.filter(secret => typed.some(one => secret.includes(one))).length).toBeGreaterThanOrEqual(2)
  const all = [...secrets, ...typed, `${CANARY}-keysecret`]
  expect(hits(dataDir, all)).toEqual([])
  expect(hits(crash.path, all)).toEqual([])
  const answers = JSON.stringify(await Promise.all([app.call('connections.list', {}), app.call('app.status', {}), app.call('activities.page', { limit: 500 }), app.call('activities.csv', {})]))
  for (const secret of all) expect(answers).not.toContain(secret)
  await app.core.close()
  expect(hits(dataDir, all)).toEqual([])
  expect(filesIn(logs.path).length).toBeGreaterThan(0)
  expect(hits(logs.path, [...all, 'correct horse'])).toEqual([])
  // The search itself can find something.
  expect(hits(logs.path, ['core.started'])).not.toEqual([])
})

test.skipIf(process.platform === 'win32')('files of the data folder are private', async () => {
  await using app = await testCore()
  await app.connect('schwab')
  const { dataDir } = app.ports.paths
  expect(statSync(dataDir).mode & 0o777).toBe(0o700)
  for (const file of filesIn(dataDir)) expect(statSync(file).mode & 0o077, file).toBe(0)
})
