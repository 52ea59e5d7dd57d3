import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { SecretBox } from '../../electron/core/ports.ts'
import { type ChooseBoxDeps, chooseSecretBox, type OsStore } from '../../electron/node/choose-box.ts'
import type { Keyring } from '../../electron/node/keyring-box.ts'
import { createRandom } from '../../electron/node/random.ts'
import { tempFolder } from '../support/fake-ports.ts'

const random = createRandom()
const key = randomBytes(32)

function workingKeyring(): Keyring & { entries: Map<string, string> } {
  const entries = new Map<string, string>()
  return {
    entries,
    get: account => Promise.resolve(entries.get(account) ?? null),
    set: (account, secret) => Promise.resolve(void entries.set(account, secret)),
  }
}

/** What a machine without a desktop session answers. */
const deniedKeyring: Keyring = {
  get: () => Promise.reject(new Error("Couldn't access platform storage: AccessDenied")),
  set: () => Promise.reject(new Error("Couldn't access platform storage: AccessDenied")),
}

/** Takes everything and keeps nothing. */
const forgetfulKeyring: Keyring = { get: () => Promise.resolve(null), set: () => Promise.resolve() }

function deps(dataDir: string, rest: Partial<ChooseBoxDeps> = {}): ChooseBoxDeps {
  return { dataDir, env: {}, random, keyring: deniedKeyring, prompt: null, ...rest }
}

describe('a new data folder', () => {
  test('is guarded by the keyring where there is one', async () => {
    using folder = tempFolder()
    const keyring = workingKeyring()
    const box = await chooseSecretBox(deps(folder.path, { keyring, env: { KEELSON_PASSPHRASE: 'unused' } }))
    expect({ protection: box.protection, notice: box.notice }).toEqual({ protection: 'keyring', notice: null })
    const wrapped = await box.wrap(key)
    expect(Buffer.from(wrapped).includes(key)).toBe(false)
    const again = await chooseSecretBox(deps(folder.path, { keyring }))
    expect(Buffer.from(await again.unwrap(wrapped, box.backend))).toEqual(key)
    expect([...keyring.entries.keys()].join()).not.toContain(folder.path)
  })

  test('falls through a keyring that is denied or forgets to the passphrase', async () => {
    using folder = tempFolder()
    for (const keyring of [deniedKeyring, forgetfulKeyring]) {
      const box = await chooseSecretBox(deps(folder.path, { keyring, env: { KEELSON_PASSPHRASE: 'pass' } }))
      expect(box.protection).toBe('passphrase')
    }
  })

  test('leaves the keyring alone when told to', async () => {
    using folder = tempFolder()
    const keyring = workingKeyring()
    const box = await chooseSecretBox(deps(folder.path, { keyring, env: { KEELSON_KEYRING: 'off', KEELSON_PASSPHRASE: 'pass' } }))
    expect({ protection: box.protection, entries: keyring.entries.size }).toEqual({ protection: 'passphrase', entries: 0 })
  })

  test('asks for a passphrase where someone can answer', async () => {
    using folder = tempFolder()
    const asked: string[] = []
    const prompt = (kind: string): Promise<string> => Promise.resolve(asked.push(kind) ? 'typed' : '')
    const box = await chooseSecretBox(deps(folder.path, { prompt }))
    expect({ protection: box.protection, asked }).toEqual({ protection: 'passphrase', asked: ['new'] })
  })

  test('lives in memory where the store of the desktop keeps nothing, and says that it may only be locked', async () => {
    using folder = tempFolder()
    const box = await chooseSecretBox(deps(folder.path, { os: fakeOsStore(false) }))
    expect(box).toMatchObject({ protection: 'memory', notice: expect.stringMatching(/locked.*until Keelson closes.*start Keelson again/) as unknown })
  })

  test('lives in memory otherwise, and says so', async () => {
    using folder = tempFolder()
    for (const prompt of [null, () => Promise.resolve('')]) {
      const box = await chooseSecretBox(deps(folder.path, { prompt, env: { KEELSON_PASSPHRASE: '' } }))
      expect(box.protection).toBe('memory')
      expect(box.notice).toMatch(/until Keelson closes/)
    }
  })

  test('takes the desktop store first, and goes on when that is too weak', async () => {
    using folder = tempFolder()
    const os = await chooseSecretBox(deps(folder.path, { keyring: workingKeyring(), os: fakeOsStore(true) }))
    expect(os.protection).toBe('os')
    const weak = await chooseSecretBox(deps(folder.path, { keyring: workingKeyring(), os: fakeOsStore(false) }))
    expect(weak.protection).toBe('keyring')
  })
})

describe('a keyring that does not answer', () => {
  const slow = () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const good = workingKeyring()
    const keyring: Keyring = { get: account => promise.then(() => good.get(account)), set: (...entry) => promise.then(() => good.set(...entry)) }
    return { keyring, answer: resolve }
  }

  test('does not hold up a new folder, and guards it once it answers', async () => {
    using folder = tempFolder()
    const { keyring, answer } = slow()
    const box = await chooseSecretBox(deps(folder.path, { keyring, patienceMs: 1 }))
    expect(box).toMatchObject({ protection: 'keyring', notice: null })
    const wrapping = box.wrap(key)
    answer()
    const wrapped = await wrapping
    const later = await chooseSecretBox(deps(folder.path, { keyring }))
    expect(Buffer.from(await later.unwrap(wrapped, box.backend))).toEqual(key)
  })

  test('and then turns out to be none leaves the folder to memory, and says so', async () => {
    using folder = tempFolder()
    const { promise, reject } = Promise.withResolvers<never>()
    const box = await chooseSecretBox(deps(folder.path, { keyring: { get: () => promise, set: () => promise }, patienceMs: 1 }))
    reject(new Error('Secret Service: no result found'))
    await expect(box.wrap(key)).rejects.toMatchObject({ code: 'vault/locked' })
    expect(box).toMatchObject({ protection: 'memory', notice: expect.stringContaining('until Keelson closes') as unknown })
  })

  test('does not hold up a folder that has a key: it is not even asked before it is used', async () => {
    using folder = tempFolder()
    const { keyring, answer } = slow()
    answer()
    const wrapped = await (await chooseSecretBox(deps(folder.path, { keyring }))).wrap(key)
    let asked = 0
    const counting: Keyring = { ...keyring, get: account => ((asked += 1), keyring.get(account)) }
    const box = await chooseSecretBox(deps(folder.path, { keyring: counting }))
    expect(asked).toBe(0)
    await box.unwrap(wrapped, box.backend)
    expect(asked).toBe(1)
  })
})

describe('a data folder that has a key', () => {
  const made = async (dataDir: string, rest: Partial<ChooseBoxDeps>) => {
    const box = await chooseSecretBox(deps(dataDir, rest))
    return { backend: box.backend, wrapped: await box.wrap(key) }
  }

  test('asks for its passphrase even where a keyring has appeared', async () => {
    using folder = tempFolder()
    const { wrapped, backend } = await made(folder.path, { env: { KEELSON_PASSPHRASE: 'pass' } })
    const asked: string[] = []
    const prompt = (kind: string): Promise<string> => Promise.resolve(asked.push(kind) ? 'pass' : '')
    const box = await chooseSecretBox(deps(folder.path, { keyring: workingKeyring(), prompt }))
    expect(Buffer.from(await box.unwrap(wrapped, backend))).toEqual(key)
    expect(asked).toEqual(['existing'])
  })

  test('is locked without its passphrase: never replaced, never in memory', async () => {
    using folder = tempFolder()
    const { wrapped, backend } = await made(folder.path, { env: { KEELSON_PASSPHRASE: 'pass' } })
    const box = await chooseSecretBox(deps(folder.path))
    expect(box.protection).toBe('passphrase')
    await expect(box.unwrap(wrapped, backend)).rejects.toMatchObject({ code: 'vault/passphrase-needed' })
    await expect(box.wrap(key)).rejects.toMatchObject({ code: 'vault/locked' })
  })

  test('is locked when its keyring is denied, or lost the entry', async () => {
    using folder = tempFolder()
    const { wrapped, backend } = await made(folder.path, { keyring: workingKeyring() })
    const denied = await chooseSecretBox(deps(folder.path, { env: { KEELSON_PASSPHRASE: 'pass' } }))
    await expect(denied.unwrap(wrapped, backend)).rejects.toMatchObject({ code: 'vault/store-denied' })
    const empty = workingKeyring()
    const lost = await chooseSecretBox(deps(folder.path, { keyring: empty }))
    await expect(lost.unwrap(wrapped, backend)).rejects.toMatchObject({ code: 'vault/key-missing' })
    expect(empty.entries.size).toBe(0)
  })

  test('that the desktop made is locked elsewhere', async () => {
    using folder = tempFolder()
    const { wrapped, backend } = await made(folder.path, { os: fakeOsStore(true) })
    const box = await chooseSecretBox(deps(folder.path, { keyring: workingKeyring(), env: { KEELSON_PASSPHRASE: 'pass' } }))
    expect(box.protection).toBe('os')
    await expect(box.unwrap(wrapped, backend)).rejects.toMatchObject({ code: 'vault/desktop-only' })
  })

  test('notes its protection, and nothing secret, in a private file', async () => {
    using folder = tempFolder()
    await made(folder.path, { env: { KEELSON_PASSPHRASE: 'canary-passphrase' } })
    const file = path.join(folder.path, 'protection.json')
    const note = { protection: 'passphrase', backend: 'scrypt-n17', app: 'Keelson', home: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown }
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(note)
    expect(process.platform === 'win32' ? 0o600 : statSync(file).mode & 0o777).toBe(0o600)
  })
})

describe('a data folder whose store does not open at the start', () => {
  const guarded = async (dataDir: string, keyring: Keyring) => {
    const box = await chooseSecretBox(deps(dataDir, { keyring }))
    return { backend: box.backend, wrapped: await box.wrap(key) }
  }

  test('opens when the keyring is unlocked later, without a restart', async () => {
    using folder = tempFolder()
    const good = workingKeyring()
    const { wrapped, backend } = await guarded(folder.path, good)
    let unlocked = false
    const keyring: Keyring = {
      get: account => (unlocked ? good.get(account) : deniedKeyring.get(account)),
      set: (...entry) => good.set(...entry),
    }
    const box = await chooseSecretBox(deps(folder.path, { keyring }))
    await expect(box.unwrap(wrapped, backend)).rejects.toMatchObject({ code: 'vault/store-denied' })
    unlocked = true
    expect(Buffer.from(await box.unwrap(wrapped, backend))).toEqual(key)
  })

  test('says so when the keyring has lost the key, and guards a new key with a new entry', async () => {
    using folder = tempFolder()
    const { wrapped, backend } = await guarded(folder.path, workingKeyring())
    const keyring = workingKeyring()
    const box = await chooseSecretBox(deps(folder.path, { keyring }))
    await expect(box.unwrap(wrapped, backend)).rejects.toMatchObject({ code: 'vault/key-missing' })
    const next = randomBytes(32)
    const rewrapped = await box.wrap(next)
    const later = await chooseSecretBox(deps(folder.path, { keyring }))
    expect(Buffer.from(await later.unwrap(rewrapped, later.backend))).toEqual(next)
  })

  test('guards a new key like a new folder would, and notes it, when its own store is gone for good', async () => {
    using folder = tempFolder()
    const { wrapped, backend } = await guarded(folder.path, workingKeyring())
    const env = { KEELSON_PASSPHRASE: 'pass' }
    const box = await chooseSecretBox(deps(folder.path, { env }))
    await expect(box.unwrap(wrapped, backend)).rejects.toMatchObject({ code: 'vault/store-denied' })
    const next = randomBytes(32)
    const rewrapped = await box.wrap(next)
    expect({ protection: box.protection, notice: box.notice }).toEqual({ protection: 'passphrase', notice: null })
    expect(Buffer.from(await box.unwrap(rewrapped, box.backend))).toEqual(next)
    const later = await chooseSecretBox(deps(folder.path, { env }))
    expect(Buffer.from(await later.unwrap(rewrapped, later.backend))).toEqual(next)
  })

  test('takes the new passphrase once the old one is forgotten, and asks for it as a new one', async () => {
    using folder = tempFolder()
    await (await chooseSecretBox(deps(folder.path, { env: { KEELSON_PASSPHRASE: 'forgotten' } }))).wrap(key)
    const asked: string[] = []
    const prompt = (kind: string): Promise<string> => Promise.resolve(asked.push(kind) ? 'new pass' : '')
    const box = await chooseSecretBox(deps(folder.path, { prompt }))
    await box.wrap(key)
    expect(asked).toEqual(['new'])
  })

  test('keeps its protection when nothing better than memory could guard a new key', async () => {
    using folder = tempFolder()
    await guarded(folder.path, workingKeyring())
    const box = await chooseSecretBox(deps(folder.path))
    await expect(box.wrap(key)).rejects.toMatchObject({ code: 'vault/locked' })
    expect(box.protection).toBe('keyring')
  })
})

function fakeOsStore(keeps: boolean): OsStore {
  const box: SecretBox = {
    protection: 'os',
    backend: 'safe-storage-test',
    notice: null,
    wrap: (bytes: Uint8Array) => Promise.resolve(bytes),
    unwrap: (bytes: Uint8Array) => Promise.resolve(bytes),
  }
  return { box, keeps: () => Promise.resolve(keeps) }
}
