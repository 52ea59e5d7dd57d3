import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../../electron/core/db/open.ts'
import type { SecretBox } from '../../../electron/core/ports.ts'
import { listDataKeys } from '../../../electron/core/store/data-keys.ts'
import { listSecrets, readSecret, writeSecret } from '../../../electron/core/store/secrets.ts'
import { openVault, type OpenVault } from '../../../electron/core/vault/data-key.ts'
import { Secret } from '../../../electron/core/vault/secret.ts'
import { createPassphraseBox } from '../../../electron/node/passphrase-box.ts'
import { createRandom } from '../../../electron/node/random.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { AT, otherProcess, tempFolder } from '../../support/data-folder.ts'
import { fakePorts, testBox } from '../../support/fake-ports.ts'
import { quickPassphraseBox } from './support/quick-passphrase-box.ts'

const { clock } = fakePorts('unused')
const random = createRandom()
const MANY = 120

type Opened = { readonly db: ReturnType<typeof openDatabase>; readonly vault: OpenVault; close(): void }

async function opened(dir: string, box: SecretBox = testBox()): Promise<Opened> {
  const db = openDatabase({ file: path.join(dir, 'keelson.db'), now: () => AT })
  const vault = await openVault({ db, box, random, clock })
  return { db, vault, close: () => (vault.close(), db.close()) }
}

async function withSecrets(dir: string, box?: SecretBox): Promise<void> {
  const { db, vault, close } = await opened(dir, box)
  for (let at = 0; at < MANY; at += 1) {
    const scope = { owner: `con_${at}`, field: 'refresh', version: 1 } as const
    writeSecret(db.writer, scope, vault.seal(scope, Secret.of(`token ${at}`)))
  }
  close()
}

/** How many of the secrets open with what they were. */
function readable({ db, vault }: Opened): number {
  return listSecrets(db.reader).filter(({ scope, sealed }) => vault.open(scope, sealed).reveal() === `token ${scope.owner.slice(4)}`).length
}

const passphraseBox = (passphrase: string): SecretBox => createPassphraseBox({ source: { ask: () => Promise.resolve(passphrase), tries: 1 }, random })

describe('a new key', () => {
  test('tells how far it is, lets other work in between, and takes what was renewed meanwhile along', async () => {
    const dir = tempFolder()
    await withSecrets(dir)
    const one = await opened(dir)
    const scope = { owner: 'con_3', field: 'refresh', version: 2 } as const
    const seen: number[] = []
    await one.vault.rotate({
      onProgress: ({ done, total }) => {
        expect(total).toBe(MANY)
        if (seen.length === 0) writeSecret(one.db.writer, scope, one.vault.seal(scope, Secret.of('renewed')))
        seen.push(done)
      },
    })
    expect(seen).toEqual([50, 100, 120])
    const renewed = readSecret(one.db.reader, 'con_3', 'refresh')
    expect(renewed && one.vault.open(scope, renewed.sealed).reveal()).toBe('renewed')
    expect(readable(one)).toBe(MANY - 1)
    expect(listDataKeys(one.db.reader).map(({ wrapped, retiredAt }) => [wrapped === null, retiredAt === null])).toEqual([[true, false], [false, true]])
    one.close()
  })

  test('waits for its turn to write', async () => {
    const dir = tempFolder()
    await withSecrets(dir)
    const one = await opened(dir)
    const { promise: turn, resolve: go } = Promise.withResolvers<void>()
    const rotating = one.vault.rotate({ between: run => turn.then(run) })
    for (let step = 0; step < 20; step += 1) await new Promise(resolve => setImmediate(resolve))
    expect(listDataKeys(one.db.reader)).toHaveLength(1)
    go()
    await rotating
    expect(listDataKeys(one.db.reader)).toHaveLength(2)
    one.close()
  })

  test('is not written once the vault was closed', async () => {
    const dir = tempFolder()
    await withSecrets(dir)
    const one = await opened(dir)
    const rotating = one.vault.rotate({ between: run => Promise.resolve().then(() => (one.vault.close(), run())) })
    await expect(rotating).rejects.toMatchObject({ code: 'vault/locked' })
    one.db.close()
    const later = await opened(dir)
    expect(readable(later)).toBe(MANY)
    later.close()
  })

  test('in memory only stays there', async () => {
    const dir = tempFolder()
    const one = await opened(dir, testBox({ protection: 'memory' }))
    await one.vault.rotate()
    expect(listDataKeys(one.db.reader).every(({ wrapped }) => wrapped === null)).toBe(true)
    expect(one.vault.status()).toMatchObject({ state: 'open', protection: 'memory' })
    one.close()
  })
})

/** Runs a change in another process that is killed at its nth step: each wrap, each unwrap and each statement that writes is one. */
async function killedAt(dir: string, step: number, change: string): Promise<'killed' | 'done'> {
  const other = otherProcess(`
    const { openDatabase } = await import(source('electron/core/db/open.ts'))
    const { openVault } = await import(source('electron/core/vault/data-key.ts'))
    const { quickPassphraseBox } = await import(source('tests/core/vault/support/quick-passphrase-box.ts'))
    const { createRandom } = await import(source('electron/node/random.ts'))
    const { testBox, jumpingClock } = await import(source('tests/support/fake-ports.ts'))
    let armed = false, at = 0
    const here = () => { if (armed && (at += 1) > ${step}) process.kill(process.pid, 'SIGKILL') }
    const around = run => (...args) => { here(); const answer = run(...args); if (answer instanceof Promise) return answer.finally(here); here(); return answer }
    const watched = box => ({ ...box, shouldRewrap: false, wrap: around(box.wrap), unwrap: around(box.unwrap),
      withPassphrase: (...args) => { const next = box.withPassphrase(...args); return { ...next, box: watched(next.box) } } })
    const random = createRandom()
    const db = openDatabase({ file: ${JSON.stringify(path.join(dir, 'keelson.db'))}, now: () => '2026-11-20T20:59:58.000Z' })
    const counted = w => ({ ...w, run: around(w.run), tx: fn => { here(); const answer = w.tx(inner => fn(counted(inner))); here(); return answer } })
    const box = watched(${change.includes('passphrase') ? `quickPassphraseBox('old passphrase')` : 'testBox()'})
    const vault = await openVault({ db: { ...db, writer: counted(db.writer) }, box, random, clock: jumpingClock() })
    armed = true
    ${change}
    console.log('done')
  `)
  const line = other.line()
  const end = await Promise.race([line, other.ended.then(() => 'killed')])
  other.kill('SIGKILL')
  await other.ended
  return end === 'done' ? 'done' : 'killed'
}

describe('kill -9 at every step', () => {
  test('of a new key leaves every secret readable', { timeout: 120_000 }, async () => {
    const dir = tempFolder()
    await withSecrets(dir)
    // The middle of the many equal writes tells nothing new.
    const steps = [0, 1, 2, 3, 4, 5, 6, 7, 60, 200, 243, 244, 245, 246, 247, 248, 249, 250, 251]
    const ends: string[] = []
    for (const step of steps) {
      ends.push(await killedAt(dir, step, 'await vault.rotate()'))
      const after = await opened(dir)
      expect({ step, readable: readable(after), usable: listDataKeys(after.db.reader).filter(({ retiredAt, wrapped }) => retiredAt === null && wrapped !== null).length })
        .toEqual({ step, readable: MANY, usable: 1 })
      after.close()
      if (ends.at(-1) === 'done') break
    }
    expect(ends.at(-1)).toBe('done')
    expect(ends.filter(end => end === 'killed').length).toBeGreaterThanOrEqual(12)
  })

  test('of a new passphrase leaves one that opens', { timeout: 180_000 }, async () => {
    const dir = tempFolder()
    await withSecrets(dir, quickPassphraseBox('old passphrase'))
    let end = 'killed'
    let step = 0
    for (; end === 'killed' && step < 30; step += 1) {
      end = await killedAt(dir, step, `await vault.changePassphrase('old passphrase', 'new passphrase')`)
      const [old, next] = [await opened(dir, quickPassphraseBox('old passphrase')), await opened(dir, quickPassphraseBox('new passphrase'))]
      const open = [old, next].filter(({ vault }) => vault.status().state === 'open')
      expect({ step, open: open.length, readable: open.map(readable) }).toEqual({ step, open: 1, readable: [MANY] })
      const isChanged = next.vault.status().state === 'open'
      old.close()
      next.close()
      if (isChanged) end = 'done'
    }
    expect(end).toBe('done')
    expect(step).toBeGreaterThan(5)
  })
})

describe('a store that wants the key wrapped anew', () => {
  const stale = (options: { refuses?: boolean } = {}): { box: SecretBox; wraps: () => number } => {
    let [wraps, isStale] = [0, true]
    const good = testBox()
    const box: SecretBox = {
      ...good,
      get backend() {
        return isStale ? 'test-box' : 'test-box-2'
      },
      get shouldRewrap() {
        return isStale
      },
      wrap(key) {
        wraps += 1
        if (options.refuses) return Promise.reject(new AppError('vault/store-weak'))
        isStale = false
        return good.wrap(key).then(wrapped => Buffer.concat([wrapped, Buffer.of(2)]))
      },
      unwrap: (wrapped, backend) => good.unwrap(wrapped.subarray(0, 32), backend),
    }
    return { box, wraps: () => wraps }
  }

  test('gets it, once, and the old wrapping is gone', async () => {
    const dir = tempFolder()
    await withSecrets(dir)
    const { box, wraps } = stale()
    const one = await opened(dir, box)
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
    const [row] = listDataKeys(one.db.reader)
    expect({ length: row?.wrapped?.length, backend: row?.backend, wraps: wraps(), readable: readable(one) }).toEqual({ length: 33, backend: 'test-box-2', wraps: 1, readable: MANY })
    one.close()
  })

  test('keeps the old wrapping when it takes no new one', async () => {
    const dir = tempFolder()
    await withSecrets(dir)
    const one = await opened(dir, stale({ refuses: true }).box)
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
    expect(one.vault.status().state).toBe('open')
    expect(readable(one)).toBe(MANY)
    one.close()
    const later = await opened(dir)
    expect(readable(later)).toBe(MANY)
    later.close()
  })
})

describe('a new passphrase', () => {
  test('opens from then on, in this run too, and needs the old one', async () => {
    const dir = tempFolder()
    await withSecrets(dir, passphraseBox('old passphrase'))
    const one = await opened(dir, passphraseBox('old passphrase'))
    await expect(one.vault.changePassphrase('wrong', 'new passphrase')).rejects.toMatchObject({ code: 'vault/wrong-passphrase' })
    await one.vault.changePassphrase('old passphrase', 'new passphrase')
    await one.vault.rotate()
    expect(readable(one)).toBe(MANY)
    one.close()
    const old = await opened(dir, passphraseBox('old passphrase'))
    expect(old.vault.standing().trouble?.code).toBe('vault/wrong-passphrase')
    old.close()
    const next = await opened(dir, passphraseBox('new passphrase'))
    expect(readable(next)).toBe(MANY)
    next.close()
  })

  test('is not for a vault another store guards', async () => {
    const one = await opened(tempFolder())
    await expect(one.vault.changePassphrase('old passphrase', 'new passphrase')).rejects.toMatchObject({ code: 'vault/not-passphrase' })
    one.close()
  })

  test('and the old one are nowhere in the folder, nor is the old wrapping', async () => {
    const dir = tempFolder()
    await withSecrets(dir, passphraseBox('old passphrase'))
    const one = await opened(dir, passphraseBox('old passphrase'))
    const before = Buffer.from(listDataKeys(one.db.reader)[0]?.wrapped ?? [])
    await one.vault.changePassphrase('old passphrase', 'new passphrase')
    for (const name of readdirSync(dir)) {
      const bytes = readFileSync(path.join(dir, name))
      expect([name, bytes.includes('old passphrase'), bytes.includes('new passphrase'), bytes.includes(before)]).toEqual([name, false, false, false])
    }
    expect(before).toHaveLength(77)
    one.close()
  })
})
