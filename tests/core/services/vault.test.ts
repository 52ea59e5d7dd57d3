import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../shared/contract/errors.ts'
import type { SecretBox } from '../../../electron/core/ports.ts'
import { openConnection } from '../../../electron/core/db/open.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import { testBox } from '../../support/fake-ports.ts'
import { type Refused, type TestCore, testCore } from '../../support/test-core.ts'

/** A store whose master key was replaced: it opens what it wraps itself, and nothing else. */
function otherBox(): SecretBox {
  const mask = createHash('sha256').update(randomBytes(8)).digest()
  const flip = (key: Uint8Array): Uint8Array => key.map((byte, at) => byte ^ (mask[at % mask.length] ?? 0))
  return testBox({ wrap: key => Promise.resolve(flip(key)), unwrap: wrapped => Promise.resolve(flip(wrapped)) })
}

/** A store that stays shut until it is told. */
function shutBox(): { box: SecretBox; open: () => void; asked: () => number } {
  const good = testBox()
  let [isOpen, asked] = [false, 0]
  const unwrap: SecretBox['unwrap'] = (wrapped, backend) => {
    asked += 1
    return isOpen ? good.unwrap(wrapped, backend) : Promise.reject(new AppError('vault/locked'))
  }
  return { box: testBox({ unwrap }), open: () => (isOpen = true), asked: () => asked }
}

const types = (app: TestCore): string[] => app.events.map(({ type }) => type)
const signIn = { broker: 'schwab', environment: 'sandbox', consent: true } as const

describe('a locked vault', () => {
  test('refuses a sign-in and keys at once, before any browser opens or any broker is asked', async () => {
    await using before = await testCore()
    await before.connect('schwab')
    await using app = await before.restart({ secretBox: shutBox().box })
    const requests = app.sandbox.control('alpaca').requests().length
    await expect(app.call('connections.signIn', { ...signIn, open: true })).rejects.toMatchObject({ view: { code: 'vault/locked' } })
    await expect(
      app.call('connections.withForm', { broker: 'alpaca', environment: 'sandbox', method: 'api-key', values: { 'api-key-id': 'id', 'api-key-secret': 'secret' }, consent: true }),
    ).rejects.toMatchObject({ view: { code: 'vault/locked' } })
    await expect(app.call('sandbox.explore', {})).rejects.toMatchObject({ view: { code: 'vault/locked' } })
    expect({ opened: app.ports.opened, requests: app.sandbox.control('alpaca').requests().length }).toEqual({ opened: [], requests })
    expect(types(app)).not.toContain('flow.changed')
  })

  test('opens without a restart once its store does: the connections work again and everyone is told', async () => {
    await using before = await testCore()
    const connectionId = await before.connect('schwab')
    await before.call('brokers.setApp', { broker: 'schwab', clientId: 'my-id', clientSecret: 'my-secret' })
    const shut = shutBox()
    await using app = await before.restart({ secretBox: shut.box })
    expect(await app.call('vault.unlock', {})).toMatchObject({ state: 'locked' })
    shut.open()
    expect(await app.call('vault.unlock', {})).toEqual({ state: 'open', protection: 'passphrase', notice: null })
    expect(types(app)).toEqual(expect.arrayContaining(['vault.changed', 'connections.changed', 'brokers.changed']))
    expect(await app.call('connections.list', {})).toMatchObject([{ state: { kind: 'connected' } }])
    expect((await app.call('brokers.list', {})).find(({ id }) => id === 'schwab')?.app).toEqual({ clientId: 'my-id', source: 'settings' })
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
  })

  test('asks its store once for callers who ask together', async () => {
    await using before = await testCore()
    const shut = shutBox()
    await using app = await before.restart({ secretBox: shut.box })
    const asked = shut.asked()
    shut.open()
    const answers = await Promise.all([app.call('vault.unlock', {}), app.call('vault.unlock', {}), app.call('vault.unlock', {})])
    expect(answers.map(({ state }) => state)).toEqual(['open', 'open', 'open'])
    expect(shut.asked()).toBe(asked + 1)
  })
})

describe('a store that is only busy', () => {
  test('joins by itself: the connections work again without a restart, and everyone is told', async () => {
    await using before = await testCore()
    const connectionId = await before.connect('schwab')
    const good = testBox()
    let left = 3
    const unwrap: SecretBox['unwrap'] = (...wrapped) => ((left -= 1) < 0 ? good.unwrap(...wrapped) : Promise.reject(new AppError('vault/store-busy')))
    await using app = await before.restart({ secretBox: testBox({ unwrap }) })
    expect(await app.call('connections.list', {})).toMatchObject([{ state: { kind: 'needs-sign-in', because: 'vault-locked' } }])
    expect(await app.call('vault.status', {})).toMatchObject({ trouble: { code: 'vault/store-busy' }, nextTry: { attempt: 1, of: 8 } })
    for (const seconds of [1, 2, 4]) {
      app.ports.clock.jump(1_000 * seconds)
      await new Promise(resolve => setImmediate(resolve))
    }
    await app.waitFor(({ type }) => type === 'brokers.changed')
    expect(await app.call('vault.status', {})).toMatchObject({ state: 'open', trouble: null, nextTry: null })
    expect(await app.call('connections.list', {})).toMatchObject([{ state: { kind: 'connected' } }])
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
  })

  test('is not asked for ever: after eight tries somebody has to ask', async () => {
    await using before = await testCore()
    let asked = 0
    const unwrap: SecretBox['unwrap'] = () => ((asked += 1), Promise.reject(new AppError('vault/store-busy')))
    await using app = await before.restart({ secretBox: testBox({ unwrap }) })
    for (let minute = 0; minute < 60; minute += 1) {
      app.ports.clock.jump(120_000)
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(asked).toBe(9)
    expect(await app.call('vault.status', {})).toMatchObject({ state: 'locked', nextTry: null })
    await app.call('vault.unlock', {})
    expect(await app.call('vault.status', {})).toMatchObject({ nextTry: { attempt: 1 } })
  })
})

describe('a vault whose key cannot be had any more', () => {
  test('starts over: every broker needs a sign-in, which works again and lasts; the history and the old seals stay', async () => {
    await using before = await testCore()
    const connectionId = await before.connect('schwab')
    await before.call('sync.run', { connectionId })
    const { count } = await before.call('activities.count', {})
    const sealed = (app: TestCore): number => {
      const db = openConnection(`${app.ports.paths.dataDir}/keelson.db`, { readonly: true })
      const row = db.reader.get(sql`SELECT count(*) AS secrets FROM secrets`)
      db.close()
      return Number(row?.['secrets'])
    }
    const secrets = sealed(before)
    const other = otherBox()
    const app = await before.restart({ secretBox: other })
    expect((await app.call('vault.unlock', {})).state).toBe('locked')
    expect((await app.call('vault.startOver', { confirm: true })).state).toBe('open')
    expect(types(app)).toContain('vault.changed')
    expect(sealed(app)).toBe(secrets)
    expect(await app.call('connections.list', {})).toMatchObject([{ id: connectionId, state: { kind: 'needs-sign-in', because: 'lost' } }])
    expect((await app.call('activities.count', {})).count).toBe(count)
    expect(await app.connect('schwab', { reconnect: connectionId })).toBe(connectionId)
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
    await using later = await app.restart({ secretBox: other })
    expect((await later.call('app.status', {})).vault.state).toBe('open')
    expect(await later.call('connections.list', {})).toMatchObject([{ state: { kind: 'connected' } }])
  })

  test('stays as it is without the confirmation, and where the store takes no new key', async () => {
    await using before = await testCore()
    const box = testBox({ unwrap: () => Promise.resolve(randomBytes(32)) })
    await using app = await before.restart({ secretBox: box })
    const unconfirmed = app.call('vault.startOver', {} as never)
    await expect(unconfirmed).rejects.toMatchObject({ view: { code: 'app/invalid-request' } } satisfies { view: Partial<Refused['view']> })
    await expect(app.call('vault.startOver', { confirm: true })).rejects.toMatchObject({ view: { code: 'vault/no-store' } })
    expect((await app.call('app.status', {})).vault.state).toBe('locked')
  })

  test('is not left behind while it is open', async () => {
    await using app = await testCore()
    await app.connect('schwab')
    expect(await app.call('vault.startOver', { confirm: true })).toMatchObject({ state: 'open' })
    expect(await app.call('connections.list', {})).toMatchObject([{ state: { kind: 'connected' } }])
    expect(types(app)).not.toContain('vault.changed')
  })
})

test('app keys that fail their seal count as none: the brokers stay listed, and the log says so once', async () => {
  await using app = await testCore()
  await app.call('brokers.setApp', { broker: 'schwab', clientId: 'my-id', clientSecret: 'my-secret' })
  const db = openConnection(`${app.ports.paths.dataDir}/keelson.db`)
  db.writer.run(sql`UPDATE secrets SET tag = zeroblob(16) WHERE field = 'client-id'`)
  db.close()
  for (let round = 0; round < 2; round += 1) {
    const brokers = await app.call('brokers.list', {})
    expect(brokers.find(({ id }) => id === 'schwab')?.app).toEqual({ clientId: null, source: 'none' })
  }
  expect(app.ports.records.filter(({ event }) => event === 'app-keys.tampered')).toMatchObject([
    { level: 'warn', fields: { broker: 'schwab' } },
  ])
  await app.call('brokers.setApp', { broker: 'schwab', clientId: 'new-id', clientSecret: 'my-secret' })
  expect((await app.call('brokers.list', {})).find(({ id }) => id === 'schwab')?.app).toEqual({ clientId: 'new-id', source: 'settings' })
})
