import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Db } from '../../../electron/core/db/open.ts'
import { sql } from '../../../electron/core/db/sql.ts'
import type { Random, SecretBox } from '../../../electron/core/ports.ts'
import { listDataKeys } from '../../../electron/core/store/data-keys.ts'
import { deleteSecrets, listSecrets, readSecret, writeSecret } from '../../../electron/core/store/secrets.ts'
import { openVault, type OpenVault } from '../../../electron/core/vault/data-key.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'
import type { SealedField, SecretScope, Vault } from '../../../electron/core/vault/vault.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { fakePorts, jumpingClock, testBox } from '../../support/fake-ports.ts'

const { clock, random } = fakePorts('unused')
const FIELDS = ['access', 'refresh', 'api-key-id', 'api-key-secret', 'client-id', 'client-secret'] as const
const scopes = fc.record({
  owner: fc.oneof(fc.constantFrom('con_1', 'con_2', 'app:alpaca', 'con_1|access'), fc.string({ minLength: 1 })),
  field: fc.constantFrom(...FIELDS),
  version: fc.nat(),
})
const access: SecretScope = { owner: 'con_1', field: 'access', version: 1 }
const open = (db: Db, box: SecretBox = testBox(), from: Random = random): Promise<OpenVault> => openVault({ db, box, random: from, clock })
const shut = (code: 'vault/locked' | 'vault/wrong-passphrase'): SecretBox => testBox({ unwrap: () => Promise.reject(new AppError(code)) })

function save(db: Db, vault: Vault, scope: SecretScope, value: string): void {
  writeSecret(db.writer, scope, vault.seal(scope, Secret.of(value)))
}

function saved(db: Db, vault: Vault, scope: SecretScope): string {
  const stored = readSecret(db.reader, scope.owner, scope.field)
  return stored ? vault.open({ ...scope, version: stored.version }, stored.sealed).reveal() : 'nothing'
}

describe('the seal', () => {
  test('gives back what was put in, in its own place', async () => {
    const vault = await open(tempDatabase())
    fc.assert(
      fc.property(scopes, fc.string({ unit: 'grapheme' }), (scope, value) => {
        expect(vault.open(scope, vault.seal(scope, Secret.of(value))).reveal()).toBe(value)
      }),
    )
  })

  test('does not open in any other place', async () => {
    const vault = await open(tempDatabase())
    fc.assert(
      fc.property(scopes, scopes, (scope, other) => {
        fc.pre(scope.owner !== other.owner || scope.field !== other.field || scope.version !== other.version)
        expect(() => vault.open(other, vault.seal(scope, Secret.of('token')))).toThrow(expect.objectContaining({ code: 'vault/tampered' }))
      }),
    )
  })

  test('does not open with any bit changed, cut or added', async () => {
    const vault = await open(tempDatabase())
    const sealed = vault.seal(access, Secret.of('a token of some length'))
    const part = fc.constantFrom('iv', 'tag', 'ciphertext')
    fc.assert(
      fc.property(part, fc.nat(), fc.integer({ min: 1, max: 255 }), fc.constantFrom('flip', 'cut', 'add'), (name, at, mask, how) => {
        const bytes = Buffer.from(sealed[name])
        const index = at % bytes.length
        bytes[index] = (bytes[index] ?? 0) ^ mask
        const changed =
          how === 'flip' ? bytes : how === 'cut' ? sealed[name].subarray(0, index) : Buffer.concat([sealed[name], bytes.subarray(0, 1)])
        const broken: SealedField = { ...sealed, [name]: changed }
        expect(() => vault.open(access, broken)).toThrow(expect.objectContaining({ code: 'vault/tampered' }))
      }),
    )
  })

  test('never uses an IV twice and never shows the same bytes for the same value', async () => {
    const vault = await open(tempDatabase())
    const seals = Array.from({ length: 500 }, () => vault.seal(access, Secret.of('same')))
    expect(new Set(seals.map(({ iv }) => Buffer.from(iv).toString('hex'))).size).toBe(500)
    expect(new Set(seals.map(({ ciphertext }) => Buffer.from(ciphertext).toString('hex'))).size).toBeGreaterThan(400)
    expect(seals.every(({ iv, tag }) => iv.length === 12 && tag.length === 16)).toBe(true)
  })

  test('does not open with a key id the vault never had', async () => {
    const vault = await open(tempDatabase())
    const sealed = vault.seal(access, Secret.of('token'))
    expect(() => vault.open(access, { ...sealed, keyId: 'feedfeedfeedfeed' })).toThrow(expect.objectContaining({ code: 'vault/tampered' }))
  })

  test('opens after a restart, and rows swapped in the file do not', async () => {
    const db = tempDatabase()
    const first = await open(db)
    save(db, first, access, 'one')
    save(db, first, { owner: 'con_2', field: 'access', version: 1 }, 'two')
    first.close()
    const vault = await open(db)
    expect(saved(db, vault, access)).toBe('one')
    db.raw.exec(`UPDATE secrets SET owner = 'x' WHERE owner = 'con_1'; UPDATE secrets SET owner = 'con_1' WHERE owner = 'con_2'`)
    expect(() => saved(db, vault, access)).toThrow(expect.objectContaining({ code: 'vault/tampered' }))
  })
})

describe('a box that stays shut', () => {
  test.each(['vault/locked', 'vault/wrong-passphrase'] as const)('leaves the vault locked and deletes nothing: %s', async code => {
    const db = tempDatabase()
    const first = await open(db)
    save(db, first, access, 'token')
    const before = [listDataKeys(db.reader), listSecrets(db.reader)]
    const vault = await open(db, shut(code))
    expect(vault.status()).toMatchObject({ state: 'locked', notice: new AppError(code).message })
    expect(() => vault.seal(access, Secret.of('new'))).toThrow(expect.objectContaining({ code: 'vault/locked' }))
    expect(() => saved(db, vault, access)).toThrow(expect.objectContaining({ code: 'vault/locked' }))
    await expect(vault.rotate()).rejects.toMatchObject({ code: 'vault/locked' })
    expect([listDataKeys(db.reader), listSecrets(db.reader)]).toEqual(before)
    expect(saved(db, await open(db), access)).toBe('token')
  })

  test.each([
    ['an empty key', new Uint8Array()],
    ['a short key', new Uint8Array(16)],
    ['another key', new Uint8Array(32)],
  ])('may answer with %s instead: the vault is locked just the same', async (_, answer) => {
    const db = tempDatabase()
    save(db, await open(db), access, 'token')
    const vault = await open(db, testBox({ unwrap: () => Promise.resolve(answer) }))
    expect(vault.status().state).toBe('locked')
    expect(saved(db, await open(db), access)).toBe('token')
  })

  test('opens later without a restart', async () => {
    const db = tempDatabase()
    save(db, await open(db), access, 'token')
    let ready = false
    const good = testBox()
    const vault = await open(
      db,
      testBox({ unwrap: (key, backend) => (ready ? good.unwrap(key, backend) : Promise.reject(new AppError('vault/locked'))) }),
    )
    expect((await vault.unlock()).state).toBe('locked')
    ready = true
    expect((await vault.unlock()).state).toBe('open')
    expect(saved(db, vault, access)).toBe('token')
  })

  test('that cannot give back what it took is not trusted with the first key', async () => {
    const db = tempDatabase()
    const vault = await open(db, testBox({ unwrap: () => Promise.resolve(new Uint8Array(32)) }))
    expect(vault.status().state).toBe('locked')
    expect(listDataKeys(db.reader)).toEqual([])
  })

  test('can be left behind by beginning again: new secrets work, old ones count as lost and wait', async () => {
    const db = tempDatabase()
    save(db, await open(db), access, 'old')
    let lost = true
    const good = testBox()
    const box = testBox({
      unwrap: (key, backend) => (lost && fresh !== key ? Promise.reject(new AppError('vault/locked')) : good.unwrap(key, backend)),
    })
    let fresh: Uint8Array | null = null
    const vault = await open(db, { ...box, wrap: async key => (fresh = await good.wrap(key)) })
    expect(vault.status().state).toBe('locked')
    await vault.startOver()
    const keyId = readSecret(db.reader, 'con_1', 'access')?.sealed.keyId ?? ''
    expect(vault.status().state).toBe('open')
    expect(vault.isLost(keyId)).toBe(true)
    expect(() => saved(db, vault, access)).toThrow(expect.objectContaining({ code: 'vault/locked' }))
    save(db, vault, { owner: 'con_2', field: 'access', version: 1 }, 'new')
    lost = false
    const later = await open(db)
    expect(saved(db, later, access)).toBe('old')
    expect(saved(db, later, { owner: 'con_2', field: 'access', version: 1 })).toBe('new')
  })
})

describe('a box that hangs', () => {
  const hanging = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const good = testBox()
    let isFirst = true
    const unwrap: SecretBox['unwrap'] = async (...wrapped) => {
      const waits = isFirst
      isFirst = false
      if (waits) await promise
      return good.unwrap(...wrapped)
    }
    return { box: testBox({ unwrap }), answer: resolve }
  }

  test('is waited for no longer than its patience, and joins when it answers', async () => {
    const db = tempDatabase()
    save(db, await open(db), access, 'token')
    const { box, answer } = hanging()
    const own = jumpingClock()
    const opening = openVault({ db, box, random, clock: own, patienceMs: 3_000 })
    own.jump(3_000)
    const vault = await opening
    expect(vault.standing()).toMatchObject({ state: 'locked', trouble: { code: 'vault/store-slow' }, notice: new AppError('vault/store-slow').message })
    const joined = new Promise<void>(resolve => vault.onChange(resolve))
    answer()
    await joined
    expect(vault.standing()).toMatchObject({ state: 'open', trouble: null, notice: null })
    expect(saved(db, vault, access)).toBe('token')
  })

  test('is waited for however long it takes when it reckons by itself or asks a person: nothing finds the vault locked meanwhile', async () => {
    const db = tempDatabase()
    save(db, await open(db), access, 'token')
    const { box, answer } = hanging()
    const own = jumpingClock()
    const opening = openVault({ db, box: { ...box, isWaitedFor: true }, random, clock: own, patienceMs: 3_000 })
    own.jump(60_000)
    answer()
    expect((await opening).standing()).toMatchObject({ state: 'open', trouble: null })
  })

  test('may be left behind: its late answer changes nothing any more', async () => {
    const db = tempDatabase()
    save(db, await open(db), access, 'token')
    const { box, answer } = hanging()
    const own = jumpingClock()
    const opening = openVault({ db, box, random, clock: own, patienceMs: 3_000 })
    own.jump(3_000)
    const vault = await opening
    await vault.startOver()
    const next = { ...access, version: 2 }
    save(db, vault, next, 'new')
    answer()
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
    expect(saved(db, vault, next)).toBe('new')
    expect(vault.seal(next, Secret.of('x')).keyId).toBe(readSecret(db.reader, 'con_1', 'access')?.sealed.keyId)
  })

  test('for a new key is not waited for without end either', async () => {
    const db = tempDatabase()
    save(db, await open(db), access, 'token')
    const { promise: late, resolve: answer } = Promise.withResolvers<void>()
    const good = testBox()
    const unwrap: SecretBox['unwrap'] = (wrapped, backend) => (wrapped === made ? good.unwrap(wrapped, backend) : Promise.reject(new AppError('vault/key-missing')))
    let made: Uint8Array | null = null
    const wrap: SecretBox['wrap'] = async key => (await late, (made = await good.wrap(key)))
    const own = jumpingClock()
    const vault = await openVault({ db, box: testBox({ wrap, unwrap }), random, clock: own })
    const begun = vault.startOver()
    own.jump(300_000)
    await expect(begun).rejects.toMatchObject({ code: 'vault/store-slow' })
    const joined = new Promise<void>(resolve => vault.onChange(resolve))
    answer()
    await joined
    expect(vault.status().state).toBe('open')
  })

  test('does not come back to life after the vault was closed', async () => {
    const db = tempDatabase()
    save(db, await open(db), access, 'token')
    const { box, answer } = hanging()
    const own = jumpingClock()
    const opening = openVault({ db, box, random, clock: own, patienceMs: 3_000 })
    own.jump(3_000)
    const vault = await opening
    vault.close()
    answer()
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
    expect(vault.status().state).toBe('locked')
  })
})

describe('a run that keeps its key in memory', () => {
  const memory = () => testBox({ protection: 'memory' })

  test('writes no key down, and the next run knows the secrets are lost', async () => {
    const db = tempDatabase()
    const first = await open(db, memory())
    save(db, first, access, 'token')
    expect(first.status()).toMatchObject({ state: 'open', protection: 'memory' })
    expect(saved(db, first, access)).toBe('token')
    expect(listDataKeys(db.reader)).toMatchObject([{ wrapped: null, retiredAt: null }])
    const { keyId } = first.seal(access, Secret.of('x'))
    expect(first.isLost(keyId)).toBe(false)
    const second = await open(db, memory())
    expect(second.isLost(keyId)).toBe(true)
    expect(() => saved(db, second, access)).toThrow(expect.objectContaining({ code: 'vault/locked' }))
    expect(listDataKeys(db.reader).map(key => key.retiredAt === null)).toEqual([false, true])
  })

  test('does not touch the key a keyring keeps: the secrets are back when the keyring is', async () => {
    const db = tempDatabase()
    const kept = await open(db)
    save(db, kept, access, 'token')
    const without = await open(db, memory())
    expect(without.isLost(readSecret(db.reader, 'con_1', 'access')?.sealed.keyId ?? '')).toBe(true)
    expect(saved(db, await open(db), access)).toBe('token')
  })
})

describe('a new data key', () => {
  test('seals everything anew, and the old one is destroyed', async () => {
    const db = tempDatabase()
    const vault = await open(db)
    const places =
      fc.sample(fc.uniqueArray(scopes, { minLength: 5, maxLength: 20, selector: scope => `${scope.owner}/${scope.field}` }), 1)[0] ?? []
    for (const scope of places) save(db, vault, scope, `value of ${scope.owner}`)
    const before = listSecrets(db.reader)
    await vault.rotate()
    const after = listSecrets(db.reader)
    expect(new Set(after.map(({ sealed }) => sealed.keyId)).size).toBe(1)
    expect(after[0]?.sealed.keyId).not.toBe(before[0]?.sealed.keyId)
    for (const scope of places) expect(saved(db, vault, scope)).toBe(`value of ${scope.owner}`)
    expect(listDataKeys(db.reader).map(key => [key.wrapped === null, key.retiredAt === null])).toEqual([
      [true, false],
      [false, true],
    ])
    const reopened = await open(db)
    for (const scope of places) expect(saved(db, reopened, scope)).toBe(`value of ${scope.owner}`)
    expect(before.every(({ sealed }) => reopened.isLost(sealed.keyId))).toBe(true)
  })

  test('leaves a row that fails its seal as it is, shut', async () => {
    const db = tempDatabase()
    const vault = await open(db)
    const other: SecretScope = { owner: 'con_2', field: 'refresh', version: 3 }
    save(db, vault, access, 'token')
    save(db, vault, other, 'kept')
    db.writer.run(sql`UPDATE secrets SET version = 9 WHERE owner = 'con_1'`)
    await vault.rotate()
    expect(saved(db, vault, other)).toBe('kept')
    expect(() => saved(db, vault, access)).toThrow(AppError)
  })

  test('that cannot be wrapped changes nothing', async () => {
    const db = tempDatabase()
    let full = false
    const good = testBox()
    const vault = await open(db, { ...good, wrap: key => (full ? Promise.reject(new AppError('vault/locked')) : good.wrap(key)) })
    save(db, vault, access, 'token')
    full = true
    await expect(vault.rotate()).rejects.toMatchObject({ code: 'vault/locked' })
    expect(saved(db, vault, access)).toBe('token')
    expect(listDataKeys(db.reader)).toHaveLength(1)
  })
})

test('neither a secret nor the data key is readable anywhere in the data folder', async () => {
  const db = tempDatabase()
  const drawn: Uint8Array[] = []
  const noted: Random = {
    ...random,
    bytes: length => {
      const bytes = random.bytes(length)
      if (length === 32) drawn.push(Uint8Array.from(bytes))
      return bytes
    },
  }
  const vault = await open(db, testBox(), noted)
  const canary = 'canary-0123456789-token'
  save(db, vault, access, canary)
  await vault.rotate()
  save(db, vault, { ...access, version: 2 }, `${canary}-again`)
  deleteSecrets(db.writer, 'con_1')
  const folder = dirname(db.file)
  for (const name of readdirSync(folder)) {
    const content = readFileSync(join(folder, name))
    for (const secret of [canary, ...drawn.map(bytes => Buffer.from(bytes))]) expect(content.includes(secret)).toBe(false)
  }
  expect(drawn.length).toBeGreaterThanOrEqual(2)
})

test('a vault that was closed seals and opens nothing more', async () => {
  const vault = await open(tempDatabase())
  const sealed = vault.seal(access, Secret.of('token'))
  vault.close()
  expect(vault.status().state).toBe('locked')
  expect(() => vault.seal(access, Secret.of('x'))).toThrow(expect.objectContaining({ code: 'vault/locked' }))
  expect(() => vault.open(access, sealed)).toThrow(expect.objectContaining({ code: 'vault/locked' }))
})
