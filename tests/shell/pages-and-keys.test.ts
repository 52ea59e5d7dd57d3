import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { CONTENT_SECURITY_POLICY } from '../../electron/node/page-policy.ts'
import { listStaticFiles } from '../../electron/node/static-files.ts'
import { isOwnAddress } from '../../electron/shell/origin.ts'
import { createPageHandler } from '../../electron/shell/protocol.ts'
import { createSafeStorageStore, type SafeStorage } from '../../electron/shell/safe-storage-box.ts'
import { tempFolder } from '../support/fake-ports.ts'

describe('the pages of the window', () => {
  function handler(folder: string) {
    mkdirSync(path.join(folder, 'public/assets'), { recursive: true })
    writeFileSync(path.join(folder, 'public/index.html'), 'front page')
    writeFileSync(path.join(folder, 'secret.json'), 'outside')
    return createPageHandler(listStaticFiles(path.join(folder, 'public')))
  }

  test('come with their policy', async () => {
    using folder = tempFolder()
    const answer = await handler(folder.path)({ url: 'app://keelson/index.html', method: 'GET' })
    expect({
      status: answer.status,
      body: await answer.text(),
      csp: answer.headers.get('content-security-policy'),
      sniff: answer.headers.get('x-content-type-options'),
    }).toEqual({
      status: 200,
      body: 'front page',
      csp: CONTENT_SECURITY_POLICY,
      sniff: 'nosniff',
    })
  })

  test.each([
    'app://keelson/../secret.json',
    'app://keelson/..%2fsecret.json',
    'app://keelson/%2e%2e/secret.json',
    'app://keelson/..%5csecret.json',
    'app://keelson//index.html',
    'app://keelson/%00',
    'app://keelson/%',
    'app://keelson/INDEX.HTML',
    'app://other/index.html',
    'app://keelson.evil/index.html',
    'app://user@keelson/index.html',
    'https://keelson/index.html',
    'file:///index.html',
    'nonsense',
  ])('do not include %s', async url => {
    using folder = tempFolder()
    expect((await handler(folder.path)({ url, method: 'GET' })).status).toBe(404)
  })

  test('answer nothing but GET', async () => {
    using folder = tempFolder()
    expect((await handler(folder.path)({ url: 'app://keelson/index.html', method: 'POST' })).status).toBe(404)
  })

  test('have one address', () => {
    expect(
      ['app://keelson/index.html', 'app://keelson/#/history', 'app://keelson.evil/', 'app:keelson', 'http://keelson/', ''].map(
        isOwnAddress,
      ),
    ).toEqual([true, true, false, false, false, false])
  })
})

describe('the store of the desktop', () => {
  const storage = (prefix: string, available = true): SafeStorage => ({
    isAsyncEncryptionAvailable: () => Promise.resolve(available),
    encryptStringAsync: text => Promise.resolve(Buffer.concat([Buffer.from(prefix), Buffer.from(text).map(byte => byte ^ 0x5a)])),
    decryptStringAsync: sealed =>
      sealed.subarray(0, 3).toString() === prefix
        ? Promise.resolve({
            result: sealed
              .subarray(3)
              .map(byte => byte ^ 0x5a)
              .toString(),
          })
        : Promise.reject(new Error('Error while decrypting the ciphertext')),
  })

  test('keeps a key through the asynchronous calls', async () => {
    const { box, keeps } = createSafeStorageStore(storage('v11'), 'linux')
    const key = Buffer.alloc(32, 7)
    expect(await keeps()).toBe(true)
    const wrapped = await box.wrap(key)
    expect(Buffer.from(await box.unwrap(wrapped, box.backend))).toEqual(key)
    expect(box).toMatchObject({ protection: 'os', backend: 'safe-storage-linux/unknown/v11', notice: null, shouldRewrap: false })
  })

  test('opens what folders hold from before it framed its keys', async () => {
    const { box } = createSafeStorageStore(storage('v11'), 'linux')
    const bare = await storage('v11').encryptStringAsync(Buffer.alloc(32, 7).toString('base64'))
    expect(Buffer.from(await box.unwrap(bare, 'safe-storage-linux'))).toEqual(Buffer.alloc(32, 7))
  })

  test('is refused on Linux when its key stands in public source code', async () => {
    expect(await createSafeStorageStore(storage('v10'), 'linux').keeps()).toBe(false)
    expect(await createSafeStorageStore(storage('v10'), 'darwin').keeps()).toBe(true)
  })

  test('is refused where it is not available or fails', async () => {
    expect(await createSafeStorageStore(storage('v11', false), 'linux').keeps()).toBe(false)
    const failing: SafeStorage = { ...storage('v11'), encryptStringAsync: () => Promise.reject(new Error('locked')) }
    expect(await createSafeStorageStore(failing, 'linux').keeps()).toBe(false)
  })

  test('says when its store wants the key wrapped anew, until it was', async () => {
    const rotated: SafeStorage = { ...storage('v11'), decryptStringAsync: async sealed => ({ ...(await storage('v11').decryptStringAsync(sealed)), shouldReEncrypt: true }) }
    const { box } = createSafeStorageStore(rotated, 'darwin')
    const wrapped = await createSafeStorageStore(storage('v11'), 'darwin').box.wrap(Buffer.alloc(32))
    const key = await box.unwrap(wrapped, box.backend)
    expect(box.shouldRewrap).toBe(true)
    await box.wrap(key)
    expect(box.shouldRewrap).toBe(false)
  })
})
