import { describe, expect, test } from 'vitest'
import { openConnection } from '../../../electron/core/db/open.ts'
import { createLog } from '../../../electron/core/log/log.ts'
import { listDataKeys } from '../../../electron/core/store/data-keys.ts'
import { createKeyCare } from '../../../electron/core/services/key-care.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { fakePorts, testBox } from '../../support/fake-ports.ts'
import { type TestCore, testCore } from '../../support/test-core.ts'

const DAY = 86_400_000

function keysOf(app: TestCore): { readonly usable: number; readonly destroyed: number } {
  const db = openConnection(`${app.ports.paths.dataDir}/keelson.db`, { readonly: true })
  const keys = listDataKeys(db.reader)
  db.close()
  return { usable: keys.filter(({ wrapped }) => wrapped !== null).length, destroyed: keys.filter(({ wrapped, retiredAt }) => wrapped === null && retiredAt !== null).length }
}

const progressOf = (app: TestCore) => app.events.filter(event => event.type === 'vault.progress').map(({ done, total }) => ({ done, total }))

describe('a new key on demand', () => {
  test('is told of on the way, and the brokers work with it, after a restart too', async () => {
    await using first = await testCore()
    const connectionId = await first.connect('schwab')
    expect(await first.call('vault.status', {})).toMatchObject({ state: 'open', trouble: null, nextTry: null, rotation: null, key: { ageDays: 0 } })
    const [one, two] = await Promise.all([first.call('vault.rotate', {}), first.call('vault.rotate', {})])
    expect(one).toEqual(two)
    const progress = progressOf(first)
    expect(progress.at(-1)).toEqual({ done: progress.at(-1)?.total, total: progress.at(-1)?.total })
    expect(keysOf(first)).toEqual({ usable: 1, destroyed: 1 })
    expect(await first.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
    await using app = await first.restart()
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
  })

  test('is refused by a locked vault, and by a store that takes no new key, with everything as it was', async () => {
    await using first = await testCore()
    const connectionId = await first.connect('schwab')
    const good = testBox()
    await using app = await first.restart({ secretBox: { ...good, wrap: () => Promise.reject(new AppError('vault/store-denied')) } })
    await expect(app.call('vault.rotate', {})).rejects.toMatchObject({ view: { code: 'vault/store-denied' } })
    expect(await app.call('vault.status', {})).toMatchObject({ state: 'open', rotation: null })
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
    await using later = await app.restart({ secretBox: testBox({ unwrap: () => Promise.reject(new AppError('vault/store-locked')) }) })
    await expect(later.call('vault.rotate', {})).rejects.toMatchObject({ view: { code: 'vault/locked' } })
    expect(await later.call('vault.status', {})).toMatchObject({ state: 'locked', key: null, trouble: { code: 'vault/store-locked' } })
  })

  test('while brokers sync loses nothing of either', async () => {
    await using app = await testCore({ activities: 3_000 })
    const connectionId = await app.connect('alpaca')
    const [synced] = await Promise.all([app.call('sync.run', { connectionId }), app.call('vault.rotate', {}), app.call('vault.rotate', {})])
    expect(synced).toMatchObject({ result: 'success' })
    expect((await app.call('activities.count', {})).count).toBeGreaterThan(0)
    expect(await app.call('sync.run', { connectionId })).toMatchObject({ result: 'success' })
  })
})

describe('a key of its own age', () => {
  const care = (options: { age: number; protection?: 'memory' | 'keyring'; fails?: boolean }) => {
    const { clock, log: sink } = fakePorts('unused')
    const rotated: Instant[] = []
    let createdAt = Instant.plus(clock.now(), -options.age)
    const vault = {
      standing: () => ({
        state: 'open', protection: options.protection ?? 'keyring', notice: null, backend: 'x', trouble: null, nextTry: null, keyCreatedAt: createdAt,
      } as const),
      rotate: () => {
        rotated.push(clock.now())
        if (options.fails) return Promise.reject(new AppError('vault/store-denied'))
        createdAt = clock.now()
        return Promise.resolve()
      },
    }
    const made = createKeyCare({ vault, clock, events: { emit: () => undefined }, log: createLog(sink, clock), between: run => Promise.resolve(run()) })
    made.start()
    const pass = async (days: number): Promise<number> => {
      for (let hour = 0; hour < days * 24; hour += 6) {
        clock.jump(DAY / 4)
        await new Promise(resolve => setImmediate(resolve))
      }
      return rotated.length
    }
    return { made, pass }
  }

  test('is renewed by itself after a year, and again a year later', async () => {
    const { made, pass } = care({ age: 364 * DAY })
    expect(made.rotateAt()).not.toBeNull()
    expect([await pass(0.5), await pass(1), await pass(363), await pass(3)]).toEqual([0, 1, 1, 2])
    await made.stop()
    expect(await pass(400)).toBe(2)
  })

  test('stays in use while its store refuses, and is tried again', async () => {
    const { made, pass } = care({ age: 366 * DAY, fails: true })
    expect(await pass(2)).toBeGreaterThanOrEqual(4)
    expect(made.progress()).toBeNull()
    await made.stop()
  })

  test('being made by a store that hangs does not keep Keelson from ending', async () => {
    const { clock, log: sink } = fakePorts('unused')
    const vault = { standing: () => expect.fail('not asked'), rotate: () => new Promise<never>(() => undefined) }
    const made = createKeyCare({ vault, clock, events: { emit: () => undefined }, log: createLog(sink, clock), between: run => Promise.resolve(run()) })
    void made.rotate()
    const stopped = made.stop()
    clock.jump(5_000)
    await expect(stopped).resolves.toBeUndefined()
  })

  test('in memory is left alone: it ends with the run', async () => {
    const { made, pass } = care({ age: 400 * DAY, protection: 'memory' })
    expect(made.rotateAt()).toBeNull()
    expect(await pass(5)).toBe(0)
    await made.stop()
  })
})
