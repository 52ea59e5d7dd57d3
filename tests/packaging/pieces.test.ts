import { getCurrentFuseWire } from '@electron/fuses'
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import setFuses from '../../electron/packaging/fuses.ts'
import { readLicences } from '../../electron/packaging/licences.ts'
import { builtFor, strangeIn } from './contents.ts'
import { layFakeDist } from './fake-dist.ts'

const root = path.resolve(import.meta.dirname, '../..')
const prebuilds = path.join(root, 'node_modules/better-sqlite3/prebuilds')
let work = ''
beforeEach(() => (work = mkdtempSync(path.join(tmpdir(), 'keelson-pieces-'))))
afterEach(() => rmSync(work, { recursive: true, force: true }))

describe('the look into a package', () => {
  test('finds whatever does not belong there', () => {
    const strangers = [
      '.env',
      'tests/gate/run.ts',
      'electron/core/create-core.ts',
      'out/main/index.js.map',
      'out/headless/keelson.js',
      'out/main/secret.json',
      'out/renderer/assets/notes.txt',
      'node_modules/@napi-rs/keyring/index.js',
      'node_modules/better-sqlite3/prebuilds/linux-arm64.node',
      'node_modules/better-sqlite3/src/better_sqlite3.cpp',
      'resources/update-key.pem',
      'resources/tray/tray.svg',
    ]
    expect(strangeIn(strangers, 'linux', 'x64').unexpected).toEqual(strangers)
  })

  test('misses what a package cannot do without', () => {
    const { missing } = strangeIn([], 'win32', 'arm64')
    expect(missing).toContain('out/main/index.js')
    expect(missing).toContain('node_modules/better-sqlite3/prebuilds/win32-arm64.node')
  })

  test('reads from a native module itself what it was built for', () => {
    const said = Object.fromEntries(readdirSync(prebuilds).map(name => [name, builtFor(path.join(prebuilds, name))]))
    expect(said).toEqual(
      Object.fromEntries(readdirSync(prebuilds).map(name => [name, name.replace('linuxmusl', 'linux').replace('.node', '')])),
    )
    expect(builtFor(path.join(root, 'package.json'))).toBeUndefined()
  })
})

describe('the fuses', () => {
  const ConfigSchema = z.object({ electronFuses: z.record(z.string(), z.boolean()) })
  const { electronFuses } = ConfigSchema.parse(parse(readFileSync(path.join(root, 'electron-builder.yml'), 'utf8')))

  function packed(wire?: (fuses: string) => string): string {
    layFakeDist('linux', work)
    renameSync(path.join(work, 'electron'), path.join(work, 'keelson'))
    const program = readFileSync(path.join(work, 'keelson'), 'latin1')
    // Its last ten characters are the length of the wire and its nine fuses.
    if (wire) writeFileSync(path.join(work, 'keelson'), program.slice(0, -10) + wire(program.slice(-9)), 'latin1')
    return work
  }
  const set = (fuses: Record<string, boolean>, folder: string): Promise<void> =>
    setFuses({
      appOutDir: folder,
      electronPlatformName: 'linux',
      packager: { executableName: 'keelson', appInfo: { productFilename: 'Keelson' }, config: { electronFuses: fuses } },
    })

  test('are all set, and none is left as Electron ships it', async () => {
    await set(electronFuses, packed())
    const { version: _version, ...wire } = await getCurrentFuseWire(path.join(work, 'keelson'))
    expect(
      Object.values(wire)
        .map(state => String.fromCharCode(Number(state)))
        .join(''),
    ).toBe('010011001')
  })

  test('are not set at all when one is not decided on', async () => {
    const { runAsNode: _left, ...others } = electronFuses
    await expect(set(others, packed())).rejects.toThrow('runAsNode')
  })

  test('stop the packaging when a new Electron has one more', async () => {
    await expect(
      set(
        electronFuses,
        packed(fuses => `\x0a${fuses}1`),
      ),
    ).rejects.toThrow('strictlyRequireAllFuses')
  })
})

describe('the list of licences', () => {
  function packageWith(name: string, manifest: object, text?: string): string {
    const folder = path.join(work, name)
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', ...manifest }))
    if (text !== undefined) writeFileSync(path.join(folder, 'LICENSE.md'), text)
    return folder
  }

  test('takes a text from its file, writes out the MIT licence where a package only names it, and invents no other', () => {
    const folders = [
      packageWith('b', { license: 'MIT', author: 'Ada <ada@example.org>' }),
      packageWith('a', { license: 'ISC' }, 'Do as you like.\n'),
      packageWith('c', { license: 'GPL-3.0-only' }),
      packageWith('d', {}),
    ]
    const listed = readLicences(folders)
    expect(listed.map(({ name, licence }) => [name, licence])).toEqual([
      ['a', 'ISC'],
      ['b', 'MIT'],
      ['c', 'GPL-3.0-only'],
      ['d', ''],
      ['Chromium and Node.js', 'BSD-3-Clause and others'],
    ])
    expect(listed[0]?.text).toBe('Do as you like.')
    expect(listed[1]?.text).toContain('Copyright (c) Ada\n')
    expect([listed[2]?.text, listed[3]?.text]).toEqual(['', ''])
  })
})
