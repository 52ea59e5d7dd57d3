import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { createLog } from '../../../electron/core/log/log.ts'
import { createAppLock } from '../../../electron/core/services/app-lock.ts'
import { routes } from '../../../shared/contract/routes.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { tempDatabase } from '../../support/data-folder.ts'
import { fakePorts, type JumpingClock } from '../../support/fake-ports.ts'
import { type TestCore, testCore } from '../../support/test-core.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

const PASSPHRASE = 'canary lock café'
const MINUTE = 60_000
const never = new AbortController().signal

/** A locked app. Where waits of a second are counted, its clock moves only when told to. */
async function locked(options: { idleMinutes?: number | null; clock?: JumpingClock } = {}): Promise<TestCore> {
  const app = await testCore(options.clock ? { ports: { clock: options.clock } } : {})
  await app.call('lock.set', { passphrase: PASSPHRASE, idleMinutes: options.idleMinutes ?? null })
  await app.call('lock.now', {})
  return app
}

const tryWith = (app: TestCore, passphrase: string) =>
  app.core.dispatch({ id: '1', route: 'lock.open', input: { passphrase } }, { signal: never }).then(reply => (reply.ok ? 'opened' : reply.error))
const waitOf = async (app: TestCore): Promise<number> => (await app.call('lock.status', {})).waitMs

describe('the app lock', () => {
  test('is off until it is set, and setting it locks nobody out', async () => {
    await using app = await testCore()
    expect(await app.call('lock.status', {})).toEqual({ on: false, locked: false, waitMs: 0, idleMinutes: null })
    for (const route of ['lock.now', 'lock.open', 'lock.clear'] as const) {
      await expect(app.call(route, { passphrase: PASSPHRASE } as never)).rejects.toMatchObject({
        view: { code: route === 'lock.now' ? 'app/invalid-request' : 'lock/not-set' },
      })
    }
    await expect(app.call('lock.now', {})).rejects.toMatchObject({ view: { code: 'lock/not-set' } })
    expect(await app.call('lock.set', { passphrase: PASSPHRASE, idleMinutes: 15 })).toEqual({ on: true, locked: false, waitMs: 0, idleMinutes: 15 })
    expect(await app.call('connections.list', {})).toEqual([])
  })

  test('leaves only the status, itself and the kill switch reachable while it is closed', async () => {
    await using app = await locked()
    const open: string[] = []
    for (const route of Object.keys(routes)) {
      const reply = await app.core.dispatch({ id: '1', route, input: { nonsense: true } }, { signal: never })
      if (reply.ok || reply.error.code !== 'app/locked') open.push(route)
    }
    expect(open.sort()).toEqual(['app.status', 'lock.clear', 'lock.now', 'lock.open', 'lock.set', 'lock.status', 'lock.touch', 'orders.kill'])
    expect((await app.call('app.status', {})).vault.state).toBe('open')
    expect(await app.call('lock.open', { passphrase: PASSPHRASE })).toMatchObject({ on: true, locked: false })
    expect(await app.call('connections.list', {})).toEqual([])
  })

  test('lets a sync under way go on, and tells nothing of it before it is opened', async () => {
    await using app = await testCore()
    const connectionId = await app.connect('alpaca')
    await app.call('lock.set', { passphrase: PASSPHRASE, idleMinutes: null })
    const running = app.call('sync.run', { connectionId })
    const counting = app.call('activities.count', {})
    await app.call('lock.now', {})
    const seen = app.events.length
    await expect(counting).rejects.toMatchObject({ view: { code: 'app/locked' } })
    expect(await running).toMatchObject({ result: 'success' })
    expect(app.events.slice(seen)).toEqual([])
    await app.call('lock.open', { passphrase: PASSPHRASE })
    expect(app.events.slice(seen).map(({ type }) => type)).toEqual(['lock.changed'])
    expect((await app.call('activities.count', {})).count).toBeGreaterThan(0)
  })

  test('is closed after a start, and takes the same letters in another spelling', async () => {
    await using first = await testCore()
    await first.call('lock.set', { passphrase: PASSPHRASE.normalize('NFC'), idleMinutes: 5 })
    await using app = await first.restart()
    expect(await app.call('lock.status', {})).toMatchObject({ on: true, locked: true, idleMinutes: 5 })
    expect(await tryWith(app, PASSPHRASE.normalize('NFD'))).toBe('opened')
  })

  test('comes off with its passphrase only', async () => {
    await using app = await locked()
    await expect(app.call('lock.clear', { passphrase: 'something else' })).rejects.toMatchObject({ view: { code: 'lock/wrong-passphrase' } })
    app.ports.clock.jump(1_000)
    expect(await app.call('lock.clear', { passphrase: PASSPHRASE })).toEqual({ on: false, locked: false, waitMs: 0, idleMinutes: null })
    await using later = await app.restart()
    expect(await later.call('lock.status', {})).toMatchObject({ on: false, locked: false })
  })

  test('is changed only by who knows it', async () => {
    await using app = await testCore()
    await app.call('lock.set', { passphrase: PASSPHRASE, idleMinutes: 5 })
    await expect(app.call('lock.set', { passphrase: 'another one', idleMinutes: null })).rejects.toMatchObject({ view: { code: 'lock/wrong-passphrase' } })
    app.ports.clock.jump(1_000)
    expect(await app.call('lock.set', { passphrase: PASSPHRASE, idleMinutes: 30 })).toMatchObject({ idleMinutes: 30 })
    expect(await app.call('lock.set', { passphrase: 'another one', current: PASSPHRASE, idleMinutes: null })).toMatchObject({ idleMinutes: null })
    await app.call('lock.now', {})
    expect(await tryWith(app, PASSPHRASE)).toMatchObject({ code: 'lock/wrong-passphrase' })
    app.ports.clock.jump(1_000)
    expect(await tryWith(app, 'another one')).toBe('opened')
  })

  test('keeps its passphrase nowhere readable', async () => {
    await using app = await locked()
    await tryWith(app, `${PASSPHRASE} wrong`)
    const { dataDir } = app.ports.paths
    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
    for (const { parentPath, name } of files) expect(readFileSync(path.join(parentPath, name)).includes('canary lock')).toBe(false)
    expect(JSON.stringify(app.ports.records)).not.toContain('canary lock')
  })
})

describe('wrong passphrases', () => {
  test('make each next try wait longer, up to five minutes, and the right one waits too', async () => {
    await using app = await locked({ clock: virtualClock() })
    const waits: number[] = []
    for (let wrong = 0; wrong < 11; wrong += 1) {
      expect(await tryWith(app, 'wrong one')).toMatchObject({ code: 'lock/wrong-passphrase' })
      expect(await tryWith(app, PASSPHRASE)).toMatchObject({ code: 'lock/wait', retryAfterMs: expect.any(Number) as unknown })
      waits.push(Math.ceil((await waitOf(app)) / 1000))
      app.ports.clock.jump(await waitOf(app))
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
    expect(await tryWith(app, PASSPHRASE)).toBe('opened')
    await app.call('lock.now', {})
    expect(await tryWith(app, 'wrong one')).toMatchObject({ retryAfterMs: 1_000 })
  })

  test('are counted one by one when they come together', async () => {
    await using app = await locked({ clock: virtualClock() })
    const answers = await Promise.all(Array.from({ length: 20 }, () => tryWith(app, 'wrong one')))
    const codes = answers.map(answer => (answer === 'opened' ? answer : answer.code))
    expect(codes.filter(code => code === 'lock/wrong-passphrase')).toHaveLength(1)
    expect(codes.filter(code => code === 'lock/wait')).toHaveLength(19)
  })

  test('still count after a restart', async () => {
    await using first = await locked()
    for (let wrong = 0; wrong < 8; wrong += 1) {
      await tryWith(first, 'wrong one')
      if (wrong < 7) first.ports.clock.jump(await waitOf(first))
    }
    await using app = await first.restart()
    expect(await tryWith(app, PASSPHRASE)).toMatchObject({ code: 'lock/wait' })
    // The clock of the first run was ahead, and no wait is longer than the longest for so many tries.
    expect(await waitOf(app)).toBeLessThanOrEqual(128_000)
    expect(await waitOf(app)).toBeGreaterThan(100_000)
    app.ports.clock.jump(128_000)
    expect(await tryWith(app, PASSPHRASE)).toBe('opened')
  })
})

describe('idle time', () => {
  test('closes the lock; a person who is there keeps it open, a window that reads does not', async () => {
    await using app = await testCore()
    await app.call('lock.set', { passphrase: PASSPHRASE, idleMinutes: 10 })
    const isLocked = async (): Promise<boolean> => (await app.call('lock.status', {})).locked
    for (let minute = 0; minute < 30; minute += 9) {
      app.ports.clock.jump(9 * MINUTE)
      await app.call('lock.touch', {})
      expect(await isLocked()).toBe(false)
    }
    app.ports.clock.jump(9 * MINUTE)
    await app.call('connections.list', {})
    app.ports.clock.jump(1 * MINUTE)
    expect(await isLocked()).toBe(true)
    expect(app.events.at(-1)?.type).toBe('lock.changed')
    await app.call('lock.touch', {})
    expect(await isLocked()).toBe(true)
  })

  test.each(['the first touch', 'the first question', 'the end of the sleep'])('counts while the computer sleeps: it is closed by %s', async first => {
    const db = tempDatabase()
    const { clock: real, random, log } = fakePorts('unused')
    let asleepMs = 0
    const wake: (() => void)[] = []
    const emitted: string[] = []
    const lock = createAppLock({
      db, random, log: createLog(log, real), emit: ({ type }) => void emitted.push(type),
      // The monotonic clock of many machines stands still during sleep, and so do timers.
      clock: { ...real, now: () => Instant.fromEpochMs(Instant.toEpochMs(real.now()) + asleepMs), after: () => () => undefined },
      power: { onSuspend: () => () => undefined, onResume: (run: () => void) => { wake.push(run); return () => undefined } },
    })
    const happens = (): void => {
      if (first === 'the first touch') void lock.handlers['lock.touch']({}, { signal: never })
      if (first === 'the end of the sleep') wake.forEach(run => run())
    }
    await lock.handlers['lock.set']({ passphrase: PASSPHRASE, idleMinutes: 10 }, { signal: never })
    asleepMs = 9 * MINUTE
    if (first !== 'the first touch') happens()
    expect(lock.isLocked()).toBe(false)
    asleepMs = 10 * MINUTE
    happens()
    expect(lock.isLocked()).toBe(true)
    expect(emitted).toEqual(['lock.changed', 'lock.changed'])
    lock.stop()
  })
})
