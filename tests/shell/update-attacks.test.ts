import fc from 'fast-check'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type Installed, installed, lookThrough, startPlainFeed, type Wish } from './support/installed-copy.ts'
import { type Feed, HASH, manifestOf, publish, type Release, signatureOf, updateKey } from './support/update-feed.ts'

const EVIL = Buffer.from('#!/bin/sh\necho evil > /dev/null\n')
const MANIFEST = 'latest-linux.yml'

/** Nothing was installed or run, the app was not touched, and the old version still starts. */
async function expectNoInstall(copy: Installed, before: Buffer): Promise<void> {
  await expect(copy.updates.install()).rejects.toMatchObject({ code: 'desktop/no-update' })
  expect(copy.endings).toEqual([])
  expect(copy.ran()).toEqual([])
  expect(readFileSync(copy.program)).toEqual(before)
  execFileSync(copy.program)
  expect(copy.ran()).toEqual([copy.copy.version])
}

interface Attack {
  readonly name: string
  readonly wish?: Wish
  readonly change?: Partial<Release>
  /** What an attacker does to a feed with a good release. A server it answers must never be asked. */
  readonly attack?: (copy: Installed) => unknown
  readonly outcome: string
  /** The file of the release is not even asked for. */
  readonly isLoaded?: true
}

function changeManifest(copy: Installed, change: (text: string) => string): void {
  copy.feed.files.set(MANIFEST, change(String(copy.feed.files.get(MANIFEST))))
}

async function redirectToPlain(copy: Installed, name: string): Promise<Feed> {
  const plain = await startPlainFeed()
  const good = copy.feed.files.get(name)
  if (good !== undefined) plain.files.set(name, good)
  copy.feed.files.set(name, (_request, response) => response.writeHead(302, { location: `${plain.url}${name}` }).end())
  return plain
}

const isFeed = (value: unknown): value is Feed => typeof value === 'object' && value !== null && 'asked' in value

const file = 'Keelson-1.3.0.AppImage'
const ATTACKS: readonly Attack[] = [
  {
    name: 'a version raised in the manifest',
    attack: copy => changeManifest(copy, text => text.replace('1.3.0', '1.9.0')),
    outcome: 'refused: update/wrong-signature',
  },
  {
    name: 'the hash of another file in the manifest',
    attack: copy => {
      changeManifest(copy, text => text.replaceAll(HASH(copy.release().bytes), HASH(EVIL)))
      copy.feed.files.set(file, EVIL)
    },
    outcome: 'refused: update/wrong-signature',
  },
  {
    name: 'one line more in the manifest',
    attack: copy => changeManifest(copy, text => `${text}stagingPercentage: 100\n`),
    outcome: 'refused: update/wrong-signature',
  },
  { name: 'no signature', attack: copy => void copy.feed.files.delete(`${MANIFEST}.sig`), outcome: 'refused: update/unsigned' },
  { name: 'an empty signature', attack: copy => void copy.feed.files.set(`${MANIFEST}.sig`, '\n'), outcome: 'refused: update/unsigned' },
  {
    name: 'a page in place of the signature',
    attack: copy => void copy.feed.files.set(`${MANIFEST}.sig`, '<html>not found</html>'),
    outcome: 'refused: update/wrong-signature',
  },
  {
    name: 'an endless signature',
    attack: copy => void copy.feed.files.set(`${MANIFEST}.sig`, 'A'.repeat(5000)),
    outcome: 'refused: update/wrong-signature',
  },
  {
    name: 'the signature of another key',
    attack: copy => void copy.feed.files.set(`${MANIFEST}.sig`, signatureOf(MANIFEST, manifestOf(copy.release()), updateKey())),
    outcome: 'refused: update/wrong-signature',
  },
  {
    name: 'the manifest of another system, well signed for that one',
    attack: copy => void copy.feed.files.set(`${MANIFEST}.sig`, signatureOf('latest.yml', manifestOf(copy.release()), copy.key)),
    outcome: 'refused: update/wrong-signature',
  },
  { name: 'a manifest past its time', change: { expires: '2026-11-20T14:59:59.000Z' }, outcome: 'refused: update/expired' },
  { name: 'a manifest of a time to come', change: { signed: '2026-11-22T15:00:00.000Z' }, outcome: 'refused: update/expired' },
  { name: 'a manifest without an end', change: { expires: 'never' }, outcome: 'refused: update/unreadable' },
  { name: 'an older version', change: { version: '1.2.2' }, outcome: 'idle' },
  { name: 'the same version again', change: { version: '1.2.3' }, outcome: 'idle' },
  { name: 'a preview, to a release', change: { version: '1.3.0-beta.1' }, outcome: 'idle' },
  { name: 'an older preview, to a preview', wish: { version: '1.2.3-beta.10' }, change: { version: '1.2.3-beta.9' }, outcome: 'idle' },
  { name: 'what is no version', change: { version: 'v2' }, outcome: 'refused: update/unreadable' },
  { name: 'a file on another server', change: { file: 'https://evil.test/Keelson-1.3.0.AppImage' }, outcome: 'refused: update/unreadable' },
  { name: 'a file in another folder', change: { file: '../Keelson-1.3.0.AppImage' }, outcome: 'refused: update/unreadable' },
  { name: 'a file for another processor', change: { file: 'Keelson-1.3.0-arm64.AppImage' }, outcome: 'refused: update/unreadable' },
  { name: 'a file for another system', change: { file: 'Keelson-Setup-1.3.0.exe' }, outcome: 'refused: update/unreadable' },
  {
    name: 'a manifest that is a page',
    attack: copy => signAnything(copy, '<html>welcome to the hotel</html>'),
    outcome: 'refused: update/unreadable',
  },
  { name: 'a manifest that is no YAML', attack: copy => signAnything(copy, 'version: [1'), outcome: 'refused: update/unreadable' },
  {
    name: 'an endless manifest',
    attack: copy => signAnything(copy, `version: 1.3.0\n#${'x'.repeat(300_000)}`),
    outcome: 'refused: update/unreadable',
  },
  { name: 'a manifest led away from encryption', attack: copy => redirectToPlain(copy, MANIFEST), outcome: 'refused: update/not-secure' },
  {
    name: 'a signature led away from encryption',
    attack: copy => redirectToPlain(copy, `${MANIFEST}.sig`),
    outcome: 'refused: update/not-secure',
  },
  {
    name: 'a file led away from encryption',
    attack: copy => redirectToPlain(copy, file),
    outcome: 'refused: update/not-secure',
    isLoaded: true,
  },
  {
    name: 'a feed that leads in circles',
    attack: copy => void copy.feed.files.set(MANIFEST, (_, response) => response.writeHead(302, { location: `/${MANIFEST}` }).end()),
    outcome: 'failed: update/unreachable',
  },
  { name: 'a certificate nobody vouches for', wish: { deps: { ca: '' } }, outcome: 'failed: update/unreachable' },
  { name: 'a feed that is gone', attack: copy => copy.feed.files.clear(), outcome: 'failed: update/unreachable' },
  {
    name: 'another file of the same size',
    attack: copy => void copy.feed.files.set(file, Buffer.alloc(copy.release().bytes.length, 'x')),
    outcome: 'refused: update/damaged',
    isLoaded: true,
  },
  {
    name: 'a longer file',
    attack: copy => void copy.feed.files.set(file, Buffer.concat([copy.release().bytes, EVIL])),
    outcome: 'refused: update/damaged',
    isLoaded: true,
  },
  {
    name: 'a shorter file',
    attack: copy => void copy.feed.files.set(file, copy.release().bytes.subarray(0, -1)),
    outcome: 'failed: update/cut-off',
    isLoaded: true,
  },
  {
    name: 'a download that breaks off',
    attack: copy =>
      void copy.feed.files.set(file, (_request, response) => {
        response.writeHead(200, { 'content-length': copy.release().bytes.length })
        response.write(copy.release().bytes.subarray(0, 10), () => response.destroy())
      }),
    outcome: 'failed: update/cut-off',
    isLoaded: true,
  },
  { name: 'a file that is gone', attack: copy => void copy.feed.files.delete(file), outcome: 'failed: update/unreachable', isLoaded: true },
]

function signAnything(copy: Installed, manifest: string): void {
  copy.feed.files.set(MANIFEST, manifest)
  copy.feed.files.set(`${MANIFEST}.sig`, signatureOf(MANIFEST, manifest, copy.key))
}

describe('Nothing is installed from', () => {
  test.each(ATTACKS)('$name', async ({ wish, change, attack, outcome, isLoaded }) => {
    const copy = await installed(wish)
    const before = readFileSync(copy.program)
    publish(copy.feed, copy.release(change), copy.key)
    const forbidden = await attack?.(copy)
    expect(await lookThrough(copy)).toBe(outcome)
    expect(copy.feed.asked.includes(copy.release(change).file)).toBe(isLoaded === true)
    expect(isFeed(forbidden) ? forbidden.asked : []).toEqual([])
    expect(copy.updates.view().checkedAt === null || outcome === 'idle' || isLoaded === true).toBe(true)
    await expectNoInstall(copy, before)
  })

  test('a manifest or a signature with any single byte changed', async () => {
    const copy = await installed()
    const before = readFileSync(copy.program)
    publish(copy.feed, copy.release(), copy.key)
    const good = new Map([MANIFEST, `${MANIFEST}.sig`].map(name => [name, Buffer.from(String(copy.feed.files.get(name)))]))
    const change = fc.record({ name: fc.constantFrom(...good.keys()), at: fc.nat(), by: fc.integer({ min: 1, max: 255 }) })
    await fc.assert(
      fc.asyncProperty(change, async ({ name, at, by }) => {
        const bytes = Buffer.from(good.get(name) ?? '')
        const place = at % (bytes.length - 1)
        bytes.writeUInt8(bytes.readUInt8(place) ^ by, place)
        for (const [each, whole] of good) copy.feed.files.set(each, each === name ? bytes : whole)
        expect(await lookThrough(copy)).toBe('refused: update/wrong-signature')
      }),
      { numRuns: 100 },
    )
    expect(copy.feed.asked).not.toContain(file)
    await expectNoInstall(copy, before)
  })

  test('a feed without encryption, which is not even asked', async () => {
    const plain = await startPlainFeed()
    const copy = await installed({ feedUrl: plain.url })
    const before = readFileSync(copy.program)
    publish(plain, copy.release(), copy.key)
    expect(await lookThrough(copy)).toBe('refused: update/not-secure')
    expect(plain.asked).toEqual([])
    await expectNoInstall(copy, before)
  })

  test('an old copy of the feed, once a newer one was seen, after a restart too', async () => {
    const copy = await installed()
    const before = readFileSync(copy.program)
    publish(copy.feed, copy.release({ version: '1.2.3', signed: '2026-11-20T13:00:00.000Z' }), copy.key)
    expect(await lookThrough(copy)).toBe('idle')
    publish(copy.feed, copy.release({ signed: '2026-11-20T12:59:59.999Z' }), copy.key)
    expect(await lookThrough(copy)).toBe('refused: update/replayed')
    expect(await lookThrough({ updates: copy.again() })).toBe('refused: update/replayed')
    await expectNoInstall(copy, before)
  })

  test('a file changed on the disk after it was downloaded', async () => {
    const copy = await installed()
    const before = readFileSync(copy.program)
    publish(copy.feed, copy.release(), copy.key)
    expect(await lookThrough(copy)).toBe('ready')
    const pending = path.join(copy.folder, 'updates/keelson-updater/pending', file)
    writeFileSync(pending, Buffer.alloc(copy.release().bytes.length, 'x'))
    await expect(copy.updates.install()).rejects.toMatchObject({ code: 'update/damaged' })
    expect(copy.updates.view()).toMatchObject({ state: 'refused', trouble: { code: 'update/damaged' } })
    expect(existsSync(path.join(copy.folder, 'updates'))).toBe(false)
    await expectNoInstall(copy, before)
  })

  test('a file that stayed from an earlier run and was changed there: it is downloaded again', async () => {
    const copy = await installed()
    publish(copy.feed, copy.release(), copy.key)
    expect(await lookThrough(copy)).toBe('ready')
    writeFileSync(path.join(copy.folder, 'updates/keelson-updater/pending', file), EVIL)
    const next = copy.again()
    expect(await lookThrough({ updates: next })).toBe('ready')
    expect(copy.feed.asked.filter(name => name === file)).toHaveLength(2)
    await next.install()
    await eventually(() => expect(copy.ran()).toEqual(['1.3.0']))
    expect(readFileSync(copy.program)).toEqual(copy.release().bytes)
  })

  test('a manifest that went out of force before the user said so', async () => {
    const copy = await installed()
    const before = readFileSync(copy.program)
    publish(copy.feed, copy.release({ expires: '2026-11-20T15:01:00.000Z' }), copy.key)
    expect(await lookThrough(copy)).toBe('ready')
    copy.clock.set(60_000)
    await expect(copy.updates.install()).rejects.toMatchObject({ code: 'update/expired' })
    await expectNoInstall(copy, before)
  })

  test('a place the user may not write to', async () => {
    const copy = await installed()
    publish(copy.feed, copy.release(), copy.key)
    expect(await lookThrough(copy)).toBe('ready')
    const before = readFileSync(copy.program)
    // A folder in its place: that holds for a superuser too, who may write everywhere else.
    renameSync(copy.program, `${copy.program}.aside`)
    mkdirSync(path.join(copy.program, 'taken'), { recursive: true })
    await expect(copy.updates.install()).rejects.toMatchObject({ code: 'update/not-writable' })
    expect(copy.updates.view()).toMatchObject({ state: 'failed', trouble: { code: 'update/not-writable' } })
    rmSync(copy.program, { recursive: true })
    renameSync(`${copy.program}.aside`, copy.program)
    await expectNoInstall(copy, before)
  })
})
