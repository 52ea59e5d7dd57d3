import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { repoRoot } from '../support/repo-root.ts'
import { installed, lookThrough, startFeed } from './support/installed-copy.ts'
import { publish, updateKey } from './support/update-feed.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const looksOf = (asked: readonly string[]): number => asked.filter(name => name === 'latest-linux.yml').length

describe('Looking for updates', () => {
  test('begins some minutes after the start and goes on about once a day', async () => {
    const copy = await installed()
    publish(copy.feed, copy.release({ version: '1.2.3', expires: '2027-11-20T12:00:00.000Z' }), copy.key)
    copy.updates.start()
    await copy.clock.advance(5 * MINUTE_MS - 1)
    expect(copy.updates.view().state).toBe('idle')
    expect(copy.clock.ran).toBe(0)
    for (let day = 1; day <= 10; day += 1) {
      const before = looksOf(copy.feed.asked)
      await copy.clock.advance(day === 1 ? 10 * MINUTE_MS : 25 * HOUR_MS)
      await copy.updates.check()
      // Its own, and the one asked for, which may have joined it.
      expect(looksOf(copy.feed.asked)).toBeGreaterThan(before)
    }
    expect(copy.clock.ran).toBe(10)
    expect(copy.clock.pending).toBe(1)
    copy.updates.stop()
    expect(copy.clock.pending).toBe(0)
  })

  test('waits a day after the last time, in an earlier run too', async () => {
    const copy = await installed()
    publish(copy.feed, copy.release({ version: '1.2.3' }), copy.key)
    await copy.updates.check()
    const next = copy.again()
    expect(next.view().checkedAt).toBe('2026-11-20T15:00:00.000Z')
    next.start()
    await copy.clock.advance(24 * HOUR_MS - 1)
    expect(copy.clock.ran).toBe(0)
    await copy.clock.advance(1)
    expect(copy.clock.ran).toBe(1)
    next.stop()
  })

  test('asks nobody while the user does not want it, and asks when told to', async () => {
    let isWanted = false
    const copy = await installed({ deps: { isWanted: () => isWanted } })
    publish(copy.feed, copy.release({ version: '1.2.3' }), copy.key)
    copy.updates.start()
    await copy.clock.advance(80 * HOUR_MS)
    expect(copy.feed.asked).toEqual([])
    isWanted = true
    expect((await copy.updates.check()).state).toBe('idle')
    expect(looksOf(copy.feed.asked)).toBe(1)
    copy.updates.stop()
  })

  test.each([
    ['in safe mode', { isSafeMode: true }, 'update/safe-mode'],
    ['without a key in the build', { keys: '' }, 'update/no-key'],
    ['with what is no key in the build', { keys: 'a key' }, 'update/no-key'],
  ] as const)('never happens %s, not even when told to', async (_name, deps, code) => {
    const copy = await installed({ deps })
    publish(copy.feed, copy.release(), copy.key)
    copy.updates.start()
    await copy.clock.advance(80 * HOUR_MS)
    expect(await copy.updates.check()).toMatchObject({ state: 'off', trouble: { code } })
    expect([copy.feed.asked, copy.clock.ran]).toEqual([[], 0])
  })

  test.each([
    ['without the file of the builder', ''],
    ['with a feed of another kind', 'provider: github\nowner: me\nrepo: keelson\n'],
    ['with an address that is none', 'provider: generic\nurl: feed\n'],
  ])('is off %s', async (_name, config) => {
    const copy = await installed({ config: () => config })
    expect(await lookThrough(copy)).toBe('off: update/no-feed')
  })

  test('tells every change, and downloads a found version once', async () => {
    const copy = await installed()
    publish(copy.feed, copy.release(), copy.key)
    const states: string[] = []
    const stop = copy.updates.onChange(() => void states.push(copy.updates.view().state))
    await Promise.all([copy.updates.check(), copy.updates.check()])
    expect(await lookThrough(copy)).toBe('ready')
    expect(states[0]).toBe('checking')
    expect(new Set(states)).toEqual(new Set(['checking', 'downloading', 'ready']))
    expect(copy.feed.asked).toEqual(['latest-linux.yml', 'latest-linux.yml.sig', 'Keelson-1.3.0.AppImage'])
    stop()
    expect((await copy.updates.check()).state).toBe('ready')
    expect(copy.feed.asked.filter(name => name === 'Keelson-1.3.0.AppImage')).toHaveLength(1)
  })

  test('leads over other servers with encryption to the file', async () => {
    const copy = await installed()
    const release = copy.release()
    publish(copy.feed, release, copy.key)
    const mirror = await startFeed()
    mirror.files.set('stored', release.bytes)
    copy.feed.files.set(release.file, (_request, response) => response.writeHead(302, { location: `${mirror.url}stored` }).end())
    expect(await lookThrough(copy)).toBe('ready')
    expect(mirror.asked).toEqual(['stored'])
  })

  test('finds nothing for a copy the rollout has not come to, and finds it when it grows', async () => {
    const copy = await installed()
    publish(copy.feed, copy.release({ more: ['stagingPercentage: 0'] }), copy.key)
    expect(await lookThrough(copy)).toBe('idle')
    expect(copy.feed.asked).not.toContain('Keelson-1.3.0.AppImage')
    publish(copy.feed, copy.release({ more: ['stagingPercentage: 100'], signed: '2026-11-20T13:00:00.000Z' }), copy.key)
    expect(await lookThrough(copy)).toBe('ready')
  })

  test('drops a version that is taken back before the user said so, and takes the one that follows', async () => {
    const copy = await installed()
    publish(copy.feed, copy.release(), copy.key)
    expect(await lookThrough(copy)).toBe('ready')
    publish(
      copy.feed,
      copy.release({
        version: '1.3.1',
        file: 'Keelson-1.3.1.AppImage',
        bytes: Buffer.from('#!/bin/sh\n'),
        signed: '2026-11-20T13:00:00.000Z',
      }),
      copy.key,
    )
    expect(await lookThrough(copy)).toBe('ready')
    expect(copy.updates.view().version).toBe('1.3.1')
    copy.feed.files.set('latest-linux.yml.sig', 'gone')
    expect(await lookThrough(copy)).toBe('ready')
    publish(copy.feed, copy.release({ version: '1.2.3', signed: '2026-11-20T14:00:00.000Z' }), copy.key)
    expect(await lookThrough(copy)).toBe('idle')
    expect(copy.updates.view()).toMatchObject({ version: null, trouble: null })
    await expect(copy.updates.install()).rejects.toMatchObject({ code: 'desktop/no-update' })
  })

  test('loads nothing large before the first look', () => {
    const script = `
      const { createUpdates } = await import(${JSON.stringify(path.join(repoRoot, 'electron/shell/updates/create-updates.ts'))})
      const copy = { version: '1.2.3', platform: 'darwin', arch: 'x64', isPackaged: true, resourcesPath: '/none', execPath: '/none', env: {} }
      const clock = { now: () => '2026-11-20T15:00:00.000Z', monotonicMs: () => 0, after: () => () => undefined }
      const random = { uuid: () => 'one', fraction: () => 0.5, bytes: length => new Uint8Array(length) }
      const updates = createUpdates({ copy, keys: ${JSON.stringify(updateKey().pem)}, folder: '/none', clock, random, isSafeMode: false, isWanted: () => true, ending: {} })
      updates.start()
      const loaded = () => Object.keys(process.getBuiltinModule('module')._cache).filter(file => file.includes('electron-updater')).length
      const before = loaded()
      await updates.check()
      process.stdout.write(JSON.stringify([updates.view().trouble.code, before, loaded() > 0]))`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect(stdout, stderr).toBe('["update/no-feed",0,true]')
  })

  test('clears away what was downloaded once the version runs', async () => {
    const copy = await installed()
    publish(copy.feed, copy.release(), copy.key)
    expect(await lookThrough(copy)).toBe('ready')
    expect(existsSync(path.join(copy.folder, 'updates'))).toBe(true)
    expect(await lookThrough({ updates: copy.again({ copy: { ...copy.copy, version: '1.3.0' } }) })).toBe('idle')
    expect(existsSync(path.join(copy.folder, 'updates'))).toBe(false)
  })

  test('finds nothing for a system that is too old', async () => {
    const copy = await installed()
    publish(copy.feed, copy.release({ more: ["minimumSystemVersion: '999.0.0'"] }), copy.key)
    expect(await lookThrough(copy)).toBe('idle')
    expect(copy.updates.view()).toMatchObject({ version: null, notes: '', progress: null })
  })

  test('takes what either of two keys signed, so that a key can be changed', async () => {
    const next = updateKey()
    const copy = await installed()
    publish(copy.feed, copy.release(), next)
    expect(await lookThrough(copy)).toBe('refused: update/wrong-signature')
    const both = [copy.key.pem, next.pem].join('')
    expect(await lookThrough({ updates: copy.again({ keys: both }) })).toBe('ready')
  })

  test('comes to an end with the app in the middle of a download, without a word', async () => {
    const copy = await installed()
    const release = copy.release()
    publish(copy.feed, release, copy.key)
    const asked = Promise.withResolvers<undefined>()
    const gone = Promise.withResolvers<undefined>()
    copy.feed.files.set(release.file, (request, response) => {
      request.socket.on('close', () => gone.resolve(undefined))
      response.writeHead(200, { 'content-length': release.bytes.length })
      response.write(release.bytes.subarray(0, 10), () => asked.resolve(undefined))
    })
    expect((await copy.updates.check()).state).toBe('downloading')
    await asked.promise
    copy.updates.stop()
    await gone.promise
    expect(copy.updates.view()).toMatchObject({ state: 'downloading', trouble: null })
  })
})
