import { spawnSync } from 'node:child_process'
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { isBuilt } from '../../electron/launch/build.ts'
import { downloadElectron, findElectron, noWindowBecause } from '../../electron/launch/electron-binary.ts'
import { tempFolder } from '../support/fake-ports.ts'
import { repoRoot } from '../support/repo-root.ts'

function write(root: string, file: string, seconds: number): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
  writeFileSync(path.join(root, file), '')
  utimesSync(path.join(root, file), seconds, seconds)
}

const RESULTS = ['out/main/index.js', 'out/headless/keelson.js', 'out/preload/preload.cjs', 'out/renderer/index.html']

describe('the build', () => {
  test('is skipped while everything built is newer than everything it is made of', () => {
    using folder = tempFolder()
    write(folder.path, 'shared/domain/ids.ts', 1000)
    for (const file of RESULTS) write(folder.path, file, 2000)
    expect(isBuilt(folder.path)).toBe(true)
    write(folder.path, 'renderer/ui/Button.tsx', 3000)
    expect(isBuilt(folder.path)).toBe(false)
  })

  test('is made when a part is missing', () => {
    using folder = tempFolder()
    for (const file of RESULTS.slice(1)) write(folder.path, file, 2000)
    expect(isBuilt(folder.path)).toBe(false)
  })
})

describe('the Electron binary', () => {
  test('is found where its package says, or where the user says', () => {
    using folder = tempFolder()
    expect(findElectron(folder.path, {}, 'linux')).toBeUndefined()
    write(folder.path, 'node_modules/electron/dist/electron', 1)
    expect(findElectron(folder.path, {}, 'linux')).toBe(path.join(folder.path, 'node_modules/electron/dist/electron'))
    expect(findElectron(folder.path, { ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' }, 'linux')).toBeUndefined()
    writeFileSync(path.join(folder.path, 'node_modules/electron/path.txt'), 'electron.exe')
    write(folder.path, 'mine/electron.exe', 1)
    expect(findElectron(folder.path, { ELECTRON_OVERRIDE_DIST_PATH: path.join(folder.path, 'mine') }, 'win32')).toBe(
      path.join(folder.path, 'mine/electron.exe'),
    )
  })

  test("is not downloaded over the user's own choice, nor from where nothing answers", async () => {
    using folder = tempFolder()
    expect(await downloadElectron(folder.path, { ELECTRON_OVERRIDE_DIST_PATH: '/nonexistent' })).toBe(false)
    expect(await downloadElectron(folder.path, { ELECTRON_MIRROR: 'http://127.0.0.1:9/' })).toBe(false)
  })

  test.each([
    [{}, 'linux', false, 'There is no display here'],
    [{ DISPLAY: ':0' }, 'linux', false, undefined],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', false, undefined],
    [{ DISPLAY: ':0' }, 'linux', true, 'Electron does not open a window for root'],
    [{}, 'darwin', false, undefined],
    [{}, 'win32', false, undefined],
  ] as const)('has a window with %j on %s (root: %s)? %s', (env, platform, isRoot, because) => {
    expect(noWindowBecause(env, platform, isRoot)).toBe(because)
  })
})

describe('an old Node', () => {
  const pretend = 'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.19.0"}})'

  test.each([['electron/launch/start.mjs'], ['electron/headless/keelson.ts', 'status'], ['electron/headless/keelson.ts', 'serve']])(
    'gets one sentence from %s %s',
    (...args) => {
      const [entry = '', ...rest] = args
      const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', pretend, path.join(repoRoot, entry), ...rest], {
        encoding: 'utf8',
      })
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toMatch(/^Keelson needs Node 24; this is Node 20\.19\.0\. [^\n]*\n$/)
    },
  )
})
