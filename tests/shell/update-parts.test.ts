import fc from 'fast-check'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { appImageOf, type RunningCopy, whyOff } from '../../electron/shell/updates/copy.ts'
import { readHttps } from '../../electron/shell/updates/https.ts'
import { readManifest } from '../../electron/shell/updates/manifest.ts'
import { plainNotes } from '../../electron/shell/updates/notes.ts'
import { createSeen } from '../../electron/shell/updates/seen.ts'
import { assertSigned, readKeys } from '../../electron/shell/updates/signature.ts'
import { isInRollout } from '../../electron/shell/updates/staging.ts'
import { compareVersions, isUpgrade, readVersionText, type Version } from '../../electron/shell/updates/version.ts'
import { createRandom } from '../../electron/node/random.ts'
import { tempFolder } from '../support/data-folder.ts'
import { startFeed } from './support/installed-copy.ts'
import { HASH, manifestOf, signatureOf, updateKey } from './support/update-feed.ts'

const key = updateKey()
const keys = readKeys(key.pem)
const name = 'latest.yml'
const release = {
  version: '1.3.0',
  bytes: Buffer.from('new'),
  file: 'Keelson-Setup-1.3.0.exe',
  name,
  signed: '2026-11-20T12:00:00.000Z',
  expires: '2027-02-20T12:00:00.000Z',
  more: [],
}
const text = manifestOf(release)
const signature = signatureOf(name, text, key)

describe('A signature', () => {
  test('holds for the very manifest, under its very name, by any of the keys', () => {
    const other = readKeys(updateKey().pem)
    expect(() => assertSigned({ name, manifest: Buffer.from(text), signature }, [...other, ...keys])).not.toThrow()
    expect(() => assertSigned({ name, manifest: Buffer.from(text), signature }, other)).toThrow(
      expect.objectContaining({ code: 'update/wrong-signature' }),
    )
    expect(() => assertSigned({ name, manifest: Buffer.from(text), signature }, [])).toThrow(
      expect.objectContaining({ code: 'update/wrong-signature' }),
    )
  })

  test('holds for no manifest with a single byte changed, left out or put in', () => {
    const good = Buffer.from(text)
    const accepted = (bytes: Buffer): boolean => {
      try {
        assertSigned({ name, manifest: bytes, signature }, keys)
        return true
      } catch {
        return false
      }
    }
    expect(accepted(good)).toBe(true)
    for (const [at, byte] of good.entries()) {
      const rest = [good.subarray(0, at), good.subarray(at + 1)] as const
      for (const other of [byte ^ 1, byte ^ 0x20, byte ^ 0x80])
        expect(accepted(Buffer.concat([rest[0], Buffer.from([other]), rest[1]])), `byte ${at}`).toBe(false)
      expect(accepted(Buffer.concat(rest)), `without byte ${at}`).toBe(false)
    }
    fc.assert(
      fc.property(
        fc.nat(good.length),
        fc.uint8Array({ minLength: 1, maxLength: 4 }),
        (at, more) => !accepted(Buffer.concat([good.subarray(0, at), more, good.subarray(at)])),
      ),
    )
  })

  test('is refused with any character of it or of the name changed', () => {
    const refused = (given: { name: string; signature: string }): boolean => {
      try {
        assertSigned({ manifest: Buffer.from(text), ...given }, keys)
        return false
      } catch {
        return true
      }
    }
    const line = signature.trimEnd()
    const changed = Array.from({ length: line.length }, (_, at) =>
      ['A', 'B', '/', '=', ' ', '\n', '-'].map(other => line.slice(0, at) + other + line.slice(at + 1)),
    ).flat()
    expect(changed.filter(other => other !== line && !refused({ name, signature: other }))).toEqual([])
    expect(['latest-mac.yml', 'latest.yml ', 'Latest.yml', ''].every(other => refused({ name: other, signature }))).toBe(true)
    expect(refused({ name, signature: `${signature}\n` })).toBe(true)
    expect(refused({ name, signature: line })).toBe(false)
  })

  test('is checked by Ed25519 keys alone: what is none of them is no key', () => {
    expect(readKeys(`${key.pem}${updateKey().pem}`)).toHaveLength(2)
    expect(readKeys('')).toEqual([])
    expect(readKeys('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----')).toEqual([])
    expect(readKeys(key.pem.replace('MCowBQYDK2Vw', 'MCowBQYDK2Vu'))).toEqual([])
    expect(readKeys(key.pem.slice(0, -30))).toEqual([])
  })
})

const linux: RunningCopy = {
  version: '1.2.3',
  platform: 'linux',
  arch: 'x64',
  isPackaged: true,
  resourcesPath: '/nowhere',
  execPath: '/tmp/.mount_Keel/keelson',
  env: { APPIMAGE: '/home/me/Keelson.AppImage', APPDIR: '/tmp/.mount_Keel' },
}

describe('A copy', () => {
  test.each([
    ['an AppImage', linux, null],
    ['installed on Windows', { ...linux, platform: 'win32', env: {} }, null],
    ['installed on macOS', { ...linux, platform: 'darwin', env: {} }, null],
    ['started from its source', { ...linux, isPackaged: false }, 'update/not-packaged'],
    ['portable', { ...linux, platform: 'win32', env: { PORTABLE_EXECUTABLE_FILE: 'C:\\Keelson.exe' } }, 'update/portable'],
    ['a snap', { ...linux, env: { SNAP: '/snap/keelson/1' } }, 'update/package-manager'],
    ['a flatpak', { ...linux, env: { FLATPAK_ID: 'app.keelson.desktop' } }, 'update/package-manager'],
    ['unpacked by hand', { ...linux, env: {} }, 'update/by-hand'],
    ['started by another AppImage', { ...linux, execPath: '/opt/Keelson/keelson' }, 'update/by-hand'],
    ['started by an AppImage whose folder begins alike', { ...linux, execPath: '/tmp/.mount_Keelson/keelson' }, 'update/by-hand'],
    ['on another system', { ...linux, platform: 'freebsd' }, 'update/by-hand'],
  ] as const)('%s updates itself or says why not', (_name, copy, code) => {
    expect(whyOff(copy, true)).toBe(code)
    expect(whyOff(copy, false)).toBe(code ?? 'update/no-key')
  })

  test.each(['deb', 'rpm'])('from a package (%s) leaves it to the package manager', kind => {
    const resourcesPath = tempFolder()
    writeFileSync(path.join(resourcesPath, 'package-type'), `${kind}\n`)
    expect(whyOff({ ...linux, resourcesPath }, true)).toBe('update/package-manager')
  })

  test('that is an AppImage knows the file it came from', () => {
    expect(appImageOf(linux)).toBe('/home/me/Keelson.AppImage')
    expect(appImageOf({ ...linux, env: { ...linux.env, APPIMAGE: 'Keelson.AppImage' } })).toBe(null)
  })
})

const inOrder = [
  '0.9.9',
  '1.0.0-1',
  '1.0.0-2',
  '1.0.0-10',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.0.1',
  '1.2.0',
  '1.10.0',
  '2.0.0',
]
const version = (from: string): Version => readVersionText(from) ?? { numbers: [], before: [] }

describe('Versions', () => {
  test('come in the order of Semantic Versioning', () => {
    const sorted = inOrder.toReversed().map(version).sort(compareVersions)
    expect(sorted).toEqual(inOrder.map(version))
    for (const one of inOrder) expect(compareVersions(version(one), version(one))).toBe(0)
  })

  test('are plain or none', () => {
    const none = [
      '',
      'v1.0.0',
      '1.0',
      '1.0.0.0',
      '01.0.0',
      '1.0.0-',
      '1.0.0-01',
      '1.0.0+5',
      ' 1.0.0',
      '1.0.0\n',
      '1.0.0-a..b',
      '-1.0.0',
      '1e3.0.0',
      '9999999999.0.0',
      `1.0.0-${'a'.repeat(80)}`,
    ]
    expect(none.filter(from => readVersionText(from) !== null)).toEqual([])
    expect(inOrder.filter(from => readVersionText(from) === null)).toEqual([])
  })

  test('only rise, and a release never becomes a preview', () => {
    const numbers = fc.record({
      numbers: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
      before: fc.array(fc.constantFrom('alpha', 'beta', '1', '2'), { maxLength: 2 }),
    })
    fc.assert(
      fc.property(
        numbers,
        numbers,
        (a, b) => !(isUpgrade(a, b) && isUpgrade(b, a)) && !(a.before.length === 0 && b.before.length > 0 && isUpgrade(a, b)),
      ),
    )
    expect(isUpgrade(version('1.0.0'), version('1.1.0-beta.1'))).toBe(false)
    expect(isUpgrade(version('1.1.0-beta.1'), version('1.1.0'))).toBe(true)
    expect(isUpgrade(version('1.1.0-beta.1'), version('1.1.0-beta.2'))).toBe(true)
    expect(isUpgrade(version('1.1.0'), version('1.1.0-beta.2'))).toBe(false)
  })
})

describe('A rollout', () => {
  const copies = Array.from({ length: 4000 }, (_, index) => `copy-${index}`)

  test('takes its share of all copies, the same ones whenever they ask, and more of them as it grows', () => {
    for (const percent of [1, 10, 50, 99]) {
      const taken = copies.filter(copy => isInRollout(percent, copy, '1.3.0'))
      expect(Math.abs(taken.length / copies.length - percent / 100)).toBeLessThan(0.03)
      expect(taken.every(copy => isInRollout(percent, copy, '1.3.0') && isInRollout(percent + 1, copy, '1.3.0'))).toBe(true)
    }
    expect(copies.some(copy => isInRollout(0, copy, '1.3.0'))).toBe(false)
    expect(copies.every(copy => isInRollout(100, copy, '1.3.0'))).toBe(true)
  })

  test('begins with other copies in the next version', () => {
    const first = copies.filter(copy => isInRollout(10, copy, '1.3.0'))
    expect(first.filter(copy => isInRollout(10, copy, '1.4.0')).length).toBeLessThan(first.length / 4)
  })
})

describe('What is new', () => {
  test.each([
    ['<h2>New</h2><ul><li>Faster <b>syncs</b></li><li>A fix</li></ul>', 'New\n\n- Faster syncs\n- A fix'],
    ['## New\n\n* **Faster** syncs, see [the notes](https://evil.test/)\n* `fix`', 'New\n\n- Faster syncs, see the notes\n- fix'],
    ['<script>alert(1)</script>Fine<img src=x onerror=alert(1)>', 'Fine'],
    ['<scr<b>ipt>alert(1)</scr</b>ipt>', 'ipt>alert(1)ipt>'],
    ['&lt;script&gt;alert(1)&lt;/script&gt;Fine', 'Fine'],
    ['&amp;lt;b&amp;gt;Fine', 'Fine'],
    ['1 &lt; 2 &amp; 3 &gt; 2', '1 < 2 & 3 > 2'],
    ['a\u202Eb\u0007c\u200B', 'abc'],
    ['a\r\n\r\n\r\n\r\nb', 'a\n\nb'],
    ['', ''],
  ])('%j is said as plain lines', (from, lines) => {
    expect(plainNotes(from)).toBe(lines)
  })

  test('never holds a tag or a control character and never grows past its measure, whatever the feed says', () => {
    const bits = fc.constantFrom(
      '<',
      '>',
      '</',
      '&lt;',
      '&amp;',
      'lt;',
      '&#60;',
      '&#x3c;',
      'script',
      'b',
      ' ',
      '\n',
      '!--',
      '-->',
      '"',
      '=',
      'x',
      '\u202E',
      '\u0000',
      '[',
      '](',
      ')',
      '#',
    )
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 60 }), parts => {
        const said = plainNotes(parts.join(''))
        return !/<[a-z!/?]/i.test(said) && !/[\p{Cc}\u202E]/u.test(said.replaceAll('\n', ''))
      }),
      { numRuns: 2000 },
    )
    expect(plainNotes('line\n'.repeat(10_000)).split('\n')).toHaveLength(60)
    expect(plainNotes('x'.repeat(100_000))).toHaveLength(4000)
    expect(plainNotes('&amp;'.repeat(5000)).length).toBeLessThanOrEqual(4000)
  })
})

describe('A manifest', () => {
  const files = (...names: string[]): { url: string; sha512: string; size: number }[] =>
    names.map(url => ({ url, sha512: HASH(Buffer.from(url)), size: 1 }))
  const plain = { version: '1.3.0', signed: release.signed, expires: release.expires }
  const chosen = (names: string[], platform: NodeJS.Platform, arch: string): string =>
    readManifest({ ...plain, files: files(...names) }, { platform, arch }).file.name

  test('gives each system and processor its own file', () => {
    const mac = ['Keelson-1.3.0-mac.zip', 'Keelson-1.3.0-arm64-mac.zip', 'Keelson-1.3.0.dmg', 'Keelson-1.3.0-arm64.dmg']
    expect(chosen(mac, 'darwin', 'arm64')).toBe('Keelson-1.3.0-arm64-mac.zip')
    expect(chosen(mac, 'darwin', 'x64')).toBe('Keelson-1.3.0-mac.zip')
    expect(chosen(['Keelson-1.3.0-x86_64.AppImage', 'Keelson_1.3.0_amd64.deb', 'Keelson-1.3.0.x86_64.rpm'], 'linux', 'x64')).toBe(
      'Keelson-1.3.0-x86_64.AppImage',
    )
    expect(chosen(['Keelson-Portable-1.3.0.exe', 'Keelson-Setup-1.3.0.exe'], 'win32', 'x64')).toBe('Keelson-Setup-1.3.0.exe')
    expect(() => chosen(['a.exe', 'b.exe'], 'win32', 'x64')).toThrow(expect.objectContaining({ code: 'update/unreadable' }))
  })

  test('of any other shape is refused', () => {
    const good = { ...plain, files: files('Keelson-Setup-1.3.0.exe') }
    const target = { platform: 'win32', arch: 'x64' } as const
    expect(readManifest(good, target)).toMatchObject({ staging: 100, notes: '', minimumSystemVersion: null })
    const [file] = good.files
    const odd = [
      null,
      'text',
      [],
      {},
      { ...good, files: [] },
      { ...good, version: 1 },
      { ...good, signed: new Date() },
      { ...good, stagingPercentage: 101 },
      { ...good, stagingPercentage: '5' },
      ...[
        { size: 0 },
        { size: -1 },
        { size: 1.5 },
        { size: 2 ** 40 },
        { size: undefined },
        { sha512: 'abc' },
        { sha512: undefined },
        { url: '/etc/a.exe' },
        { url: 'a b.exe' },
        { url: '..\\a.exe' },
        { url: 'a%2f.exe' },
      ].map(change => ({ ...good, files: [{ ...file, ...change }] })),
    ]
    for (const value of odd)
      expect(() => readManifest(value, target), JSON.stringify(value)).toThrow(expect.objectContaining({ code: 'update/unreadable' }))
  })
})

describe('What was seen', () => {
  test('is kept between runs, and begun anew when it cannot be read', () => {
    const folder = tempFolder()
    const first = createSeen(folder, createRandom())
    first.set({ signedAt: null })
    expect(createSeen(folder, createRandom()).get()).toEqual(first.get())
    for (const text of ['', '{', 'null', '[]', '{"copyId":5}']) {
      writeFileSync(path.join(folder, 'updates.json'), text)
      expect(createSeen(folder, createRandom()).get()).toMatchObject({ checkedAt: null, signedAt: null })
    }
    writeFileSync(path.join(folder, 'updates.json'), '{"copyId":"mine","checkedAt":"yesterday","signedAt":7}')
    expect(createSeen(folder, createRandom()).get()).toEqual({ copyId: 'mine', checkedAt: null, signedAt: null })
    const taken = tempFolder()
    mkdirSync(path.join(taken, 'updates.json'))
    expect(createSeen(taken, createRandom()).get().signedAt).toBe(null)
  })
})

describe('A feed', () => {
  test('that sends its text a byte at a time and never to its end is given up', async () => {
    const feed = await startFeed()
    feed.files.set('latest.yml', (_request, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('#'), 5)
      response.once('close', () => clearInterval(drip))
    })
    const options = { signal: new AbortController().signal, ca: feed.ca }
    await expect(readHttps(new URL('latest.yml', feed.url), 1024 ** 2, options, 100)).rejects.toMatchObject({ code: 'update/unreachable' })
  })
})
