import { spawnSync } from 'node:child_process'
import { chmodSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { isSignedBy } from '../../electron/shell/updates/publisher.ts'
import { eventually } from '../support/eventually.ts'
import { installed, lookThrough, program } from './support/installed-copy.ts'
import { publish } from './support/update-feed.ts'

const answer =
  (change: object = {}) =>
  (_script: string, env: Readonly<Record<string, string>>) =>
    Promise.resolve(
      JSON.stringify({
        status: 0,
        path: env['KEELSON_UPDATE_FILE'],
        name: 'Keelson Works',
        subject: 'CN=Keelson Works, O=Keelson Works, C=DE',
        ...change,
      }),
    )
const noPowerShell = (): Promise<string> => Promise.reject(new Error('spawn powershell.exe ENOENT'))

describe('An installer for Windows', () => {
  test('of the right publisher is run quietly, and starts the app again', async () => {
    const copy = await installed({ platform: 'win32', deps: { runPowerShell: answer() } })
    const release = copy.release()
    publish(copy.feed, release, copy.key)
    expect(await lookThrough(copy)).toBe('ready')
    // Where this test runs, a program needs a bit that Windows does not know.
    chmodSync(path.join(copy.folder, 'updates/keelson-updater/pending', release.file), 0o700)
    await copy.updates.install()
    await eventually(() => expect(copy.ran()).toEqual(['1.3.0 --updated /S --force-run']))
    expect(copy.endings).toEqual(['drained', 'exit'])
  })

  test.each([
    ['of another publisher', answer({ name: 'Evil Works', subject: 'CN=Evil Works' })],
    ['whose publisher only begins like the right one', answer({ name: 'Keelson Works Ltd', subject: 'CN=Keelson Works Ltd' })],
    ['whose publisher names the right one elsewhere', answer({ name: 'Evil', subject: 'CN=Evil, O="CN=Keelson Works"' })],
    ['without a signature', answer({ status: 2, name: '', subject: '' })],
    ['whose signature does not hold', answer({ status: 3 })],
    ['of which another file was checked', answer({ path: 'C:\\Windows\\explorer.exe' })],
    ['that PowerShell says nothing of', () => Promise.resolve('')],
    ['that cannot be checked, because there is no PowerShell', noPowerShell],
  ])('%s is thrown away', async (_name, runPowerShell) => {
    const copy = await installed({ platform: 'win32', deps: { runPowerShell } })
    publish(copy.feed, copy.release(), copy.key)
    expect(await lookThrough(copy)).toBe('refused: update/wrong-publisher')
    await expect(copy.updates.install()).rejects.toMatchObject({ code: 'desktop/no-update' })
    expect([copy.ran(), copy.endings]).toEqual([[], []])
  })

  test('that stayed from an earlier run has its publisher checked again', async () => {
    const copy = await installed({ platform: 'win32', deps: { runPowerShell: answer() } })
    publish(copy.feed, copy.release(), copy.key)
    expect(await lookThrough(copy)).toBe('ready')
    expect(await lookThrough({ updates: copy.again({ runPowerShell: answer({ name: 'Evil Works', subject: '' }) }) })).toBe(
      'refused: update/wrong-publisher',
    )
  })

  test('that was changed while the app ended is not run: the old version starts again', async () => {
    const copy = await installed({ platform: 'win32', deps: { runPowerShell: answer() } })
    const release = copy.release()
    const place = path.join(copy.folder, 'updates/keelson-updater/pending', release.file)
    const evil = program(path.join(path.dirname(copy.program), 'ran.txt'), 'evil!')
    publish(copy.feed, release, copy.key)
    const ending = {
      drain: () => Promise.resolve(writeFileSync(place, evil)),
      exit: () => void copy.endings.push('exit'),
      relaunch: () => void copy.endings.push('relaunch'),
    }
    const updates = copy.again({ ending })
    expect(await lookThrough({ updates })).toBe('ready')
    chmodSync(place, 0o700)
    await expect(updates.install()).rejects.toMatchObject({ code: 'update/damaged' })
    expect([updates.view().state, copy.endings]).toEqual(['refused', ['relaunch']])
    // What runs after it would have run too.
    expect(spawnSync(place).status).toBe(0)
    await eventually(() => expect(copy.ran()).toEqual(['evil!']))
  })

  test('that is gone when the app ended is not mistaken for one that runs', async () => {
    const copy = await installed({ platform: 'win32', deps: { runPowerShell: answer() } })
    const release = copy.release()
    publish(copy.feed, release, copy.key)
    const ending = {
      drain: () => Promise.resolve(rmSync(path.join(copy.folder, 'updates/keelson-updater/pending', release.file))),
      exit: () => void copy.endings.push('exit'),
      relaunch: () => void copy.endings.push('relaunch'),
    }
    const updates = copy.again({ ending })
    expect(await lookThrough({ updates })).toBe('ready')
    await expect(updates.install()).rejects.toMatchObject({ code: 'update/damaged' })
    expect(copy.endings).toEqual(['relaunch'])
  })

  test('is not even looked for by a copy that names no publisher', async () => {
    const copy = await installed({ platform: 'win32', config: url => `provider: generic\nurl: ${url}\n` })
    publish(copy.feed, copy.release(), copy.key)
    expect(await lookThrough(copy)).toBe('off: update/no-publisher')
    expect(copy.feed.asked).toEqual([])
  })

  test('that cannot be started leaves the old version, which starts again', async () => {
    const copy = await installed({ platform: 'win32', deps: { runPowerShell: answer() } })
    publish(copy.feed, copy.release({ bytes: Buffer.from('#!/nonexistent/program\n') }), copy.key)
    expect(await lookThrough(copy)).toBe('ready')
    // Electron sets it: where the program for elevation would lie.
    Object.assign(process, { resourcesPath: path.join(copy.folder, 'none') })
    await expect(copy.updates.install()).rejects.toMatchObject({ code: 'update/install-failed' })
    expect(copy.endings).toEqual(['drained', 'relaunch'])
    expect(copy.updates.view()).toMatchObject({ state: 'failed', trouble: { code: 'update/install-failed' } })
  })
})

describe('A publisher', () => {
  test('is known by its common name or its whole subject, and by nothing else', async () => {
    const run = answer()
    expect(await isSignedBy(['Keelson Works'], 'C:\\a.exe', run)).toBe(true)
    expect(await isSignedBy(['CN=Keelson Works, O=Keelson Works, C=DE'], 'C:\\a.exe', run)).toBe(true)
    expect(await isSignedBy(['CN=Keelson Works'], 'C:\\a.exe', run)).toBe(false)
    expect(await isSignedBy(['keelson works'], 'C:\\a.exe', run)).toBe(false)
    expect(await isSignedBy([''], 'C:\\a.exe', answer({ name: '', subject: '' }))).toBe(false)
    expect(await isSignedBy([], 'C:\\a.exe', run)).toBe(false)
  })
})
