import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderOwner, lockDataFolder } from '../../../electron/core/db/folder-lock.ts'
import { withRefreshLock } from '../../../electron/core/db/refresh-lock.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { ConnectionId } from '../../../shared/domain/ids.ts'
import { openToOthers, otherProcess, tempFolder } from '../../support/data-folder.ts'
import { jumpingClock } from '../../support/fake-ports.ts'

const ID = 'con_1' as ConnectionId
const clock = jumpingClock()
const patient = () => ({ clock, signal: new AbortController().signal })

const holdFolder = (dir: string) =>
  otherProcess(`
  const { lockDataFolder } = await import(source('electron/core/db/folder-lock.ts'))
  lockDataFolder(${JSON.stringify(dir)}, { url: 'http://127.0.0.1:8123' })
  console.log('held')
  setInterval(() => {}, 1000)`)

/** Holds the refresh lock until it is told to let go by a line on its input. */
const holdRefresh = (dir: string) =>
  otherProcess(`
  const { withRefreshLock } = await import(source('electron/core/db/refresh-lock.ts'))
  const clock = { now: () => '', monotonicMs: () => performance.now(), after: (ms, run) => { const t = setTimeout(run, ms); return () => clearTimeout(t) } }
  await withRefreshLock(${JSON.stringify(dir)}, 'con_1', { clock, signal: new AbortController().signal }, async () => {
    console.log('held')
    await new Promise(done => process.stdin.once('data', done))
    console.log('letting go')
  })
  process.exit(0)`)

describe('a data folder', () => {
  test('has one owner; a second one is told which', async () => {
    const dir = tempFolder()
    const other = holdFolder(dir)
    expect(await other.line()).toBe('held')
    expect(() => lockDataFolder(dir)).toThrow(
      new AppError('app/busy', { details: { owner: `process ${other.process.pid} at http://127.0.0.1:8123` } }),
    )
    expect(folderOwner(dir)).toMatchObject({ pid: other.process.pid, url: 'http://127.0.0.1:8123' })
  })

  test('is free the moment its owner is killed, whatever it left behind', async () => {
    const dir = tempFolder()
    const other = holdFolder(dir)
    await other.line()
    other.kill('SIGKILL')
    await other.ended
    expect(existsSync(join(dir, 'owner.json'))).toBe(true)
    expect(folderOwner(dir)).toBeNull()
    const lock = lockDataFolder(dir)
    expect(folderOwner(dir)).toMatchObject({ pid: process.pid, url: null })
    lock.release()
  })

  test.runIf(process.platform === 'linux')('that may not be written is refused in words', () => {
    expect(() => lockDataFolder('/sys')).toThrow(new AppError('app/folder-unusable', { details: { reason: 'it may not be written' } }))
  })

  test('whose owner cannot be written down is refused in words, and is free again', () => {
    const dir = tempFolder()
    mkdirSync(join(dir, 'owner.json/in-the-way'), { recursive: true })
    expect(() => lockDataFolder(dir)).toThrow(
      new AppError('app/folder-unusable', { details: { reason: 'its files cannot be written' } }),
    )
    rmSync(join(dir, 'owner.json'), { recursive: true })
    lockDataFolder(dir).release()
  })

  test('says what its owner does with it', () => {
    const dir = tempFolder()
    const lock = lockDataFolder(dir, { task: 'keelson connect' })
    expect(() => lockDataFolder(dir)).toThrow(`Another Keelson (process ${process.pid}, keelson connect) is using this data folder.`)
    lock.release()
  })

  test('has one owner inside one process too', () => {
    const dir = tempFolder()
    const lock = lockDataFolder(dir)
    expect(() => lockDataFolder(dir)).toThrow(expect.objectContaining({ code: 'app/busy' }))
    lock.release()
    lock.release()
    lockDataFolder(dir).release()
  })

  test("says more about its owner once it serves, to its owner's user alone", () => {
    const dir = tempFolder()
    const lock = lockDataFolder(dir, { startedAt: '2026-11-20T20:59:58.000Z' })
    lock.describe({ url: 'http://127.0.0.1:9000', key: 'let me in' })
    expect(folderOwner(dir)).toEqual({
      pid: process.pid,
      startedAt: '2026-11-20T20:59:58.000Z',
      url: 'http://127.0.0.1:9000',
      key: 'let me in',
      task: null,
    })
    expect(openToOthers(dir)).toEqual([])
    lock.release()
    expect(folderOwner(dir)).toBeNull()
  })

  test('that never had an owner has none', () => {
    expect(folderOwner(join(tempFolder(), 'nowhere'))).toBeNull()
  })
})

describe('the refresh of a connection', () => {
  test('happens one at a time and in order within a process', async () => {
    const dir = tempFolder()
    const steps: string[] = []
    const refresh = (name: string) =>
      withRefreshLock(dir, ID, patient(), async () => {
        steps.push(`${name} begins`)
        await Promise.resolve()
        steps.push(`${name} ends`)
        return name
      })
    expect(await Promise.all(['a', 'b', 'c'].map(refresh))).toEqual(['a', 'b', 'c'])
    expect(steps).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  test('does not hold up another connection', async () => {
    const dir = tempFolder()
    const other = 'con_2' as ConnectionId
    expect(await withRefreshLock(dir, ID, patient(), () => withRefreshLock(dir, other, patient(), () => Promise.resolve('both')))).toBe(
      'both',
    )
  })

  test('passes its failure on and lets the next one in', async () => {
    const dir = tempFolder()
    await expect(withRefreshLock(dir, ID, patient(), () => Promise.reject(new Error('offline')))).rejects.toThrow('offline')
    expect(await withRefreshLock(dir, ID, patient(), () => Promise.resolve('next'))).toBe('next')
  })

  test('waits for another process', async () => {
    const dir = tempFolder()
    const other = holdRefresh(dir)
    await other.line()
    let entered = false
    const mine = withRefreshLock(dir, ID, patient(), () => {
      entered = true
      return Promise.resolve('mine')
    })
    await expect(withRefreshLock(dir, ID, { clock, signal: AbortSignal.abort() }, () => Promise.resolve())).rejects.toMatchObject({
      code: 'app/canceled',
    })
    expect(entered).toBe(false)
    other.process.stdin?.write('go\n')
    expect(await other.line()).toBe('letting go')
    expect(await mine).toBe('mine')
  })

  test('goes on when the process that held it is killed', async () => {
    const dir = tempFolder()
    const other = holdRefresh(dir)
    await other.line()
    const mine = withRefreshLock(dir, ID, patient(), () => Promise.resolve('mine'))
    other.kill('SIGKILL')
    expect(await mine).toBe('mine')
  })

  test('can be given up while waiting, in line or for another process', async () => {
    const dir = tempFolder()
    const other = holdRefresh(dir)
    await other.line()
    const stop = new AbortController()
    const first = withRefreshLock(dir, ID, { clock, signal: stop.signal }, () => Promise.resolve())
    const second = withRefreshLock(dir, ID, { clock, signal: stop.signal }, () => Promise.resolve())
    stop.abort()
    await expect(first).rejects.toMatchObject({ code: 'app/canceled' })
    await expect(second).rejects.toMatchObject({ code: 'app/canceled' })
  })

  test('gives up with a sentence when the holder is stopped for over a minute', async () => {
    const dir = tempFolder()
    const other = holdRefresh(dir)
    await other.line()
    other.kill('SIGSTOP')
    const mine = withRefreshLock(dir, ID, patient(), () => Promise.resolve())
    const ended = mine.catch((error: unknown) => error)
    await new Promise(resolve => setImmediate(resolve))
    clock.jump(61_000)
    expect(await ended).toMatchObject({ code: 'app/busy' })
  })
})
