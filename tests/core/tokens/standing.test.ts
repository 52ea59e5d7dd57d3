import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { getConnection, getTrouble } from '../../../electron/core/store/connections.ts'
import { readStanding } from '../../../electron/core/store/token-standing.ts'
import { readIntent } from '../../../electron/core/store/tokens.ts'
import { QUICK_TRIES_MS, quickWaitMs } from '../../../electron/core/tokens/presentation.ts'
import { AppError } from '../../../shared/contract/errors.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { Instant } from '../../../shared/domain/time.ts'
import { jumpingClock, tempFolder } from '../../support/fake-ports.ts'
import type { Reply } from '../oauth/support/token-server.ts'
import { type Authority, SCHWAB_DEAD, startAuthority } from './support/authority.ts'
import { addConnection, grantOf, openTokenDesk, signal, type TokenDesk, type TokenDeskOptions } from './support/desk.ts'

const LIFE_MS = 1_800_000
const down = (retryAfter?: number): Reply => ({
  status: 503,
  body: '',
  ...(retryAfter === undefined ? {} : { headers: { 'retry-after': String(retryAfter) } }),
})

let folder: ReturnType<typeof tempFolder>
let authority: Authority
let desk: TokenDesk
let connection: Connection

const open = (options: Partial<TokenDeskOptions> = {}): Promise<TokenDesk> =>
  openTokenDesk({ folder: folder.path, origin: authority.server.origin, clock: jumpingClock(), ...options })
const signIn = (): void => {
  connection = addConnection(desk)
  desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
}
const refresh = (): Promise<void> => desk.tokens.refresh(connection.id, { signal })
const bearer = async (): Promise<string | undefined> =>
  (await desk.tokens.credentials(connection).authorize({ signal })).headers['authorization']
const standing = () => desk.tokens.standing(connection.id)

beforeEach(async () => {
  folder = tempFolder()
  authority = await startAuthority('strict')
  desk = await open()
  signIn()
})
afterEach(async () => {
  await desk[Symbol.asyncDispose]()
  await authority[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

describe('how a renewal went', () => {
  test('is nothing at first, and nothing bad after one that worked', async () => {
    expect(standing()).toMatchObject({ underWay: false, ambiguous: false, retryAt: null, lastAttemptAt: null, lastError: null })
    await refresh()
    expect(standing()).toMatchObject({ retryAt: null, lastError: null })
    expect(standing().lastAttemptAt).not.toBeNull()
  })

  test('is under way while the broker is asked', async () => {
    const asked = Promise.withResolvers<void>()
    const go = Promise.withResolvers<'go on'>()
    authority.around({
      before: () => {
        asked.resolve()
        return go.promise
      },
    })
    const refreshed = refresh()
    await asked.promise
    expect(standing()).toMatchObject({ underWay: true, ambiguous: false })
    go.resolve('go on')
    await refreshed
    expect(standing()).toMatchObject({ underWay: false, ambiguous: false })
  })

  test('keeps its failure, with the sentence and the next try, and forgets it with the next one that works', async () => {
    authority.fail(down())
    await expect(refresh()).rejects.toMatchObject({ code: 'broker/unavailable' })
    expect(standing().lastError).toMatchObject({ code: 'broker/unavailable' })
    expect(standing().lastError?.message).toContain('503')
    expect(Instant.isBefore(desk.ports.clock.now(), standing().retryAt ?? desk.ports.clock.now())).toBe(true)
    expect(readStanding(desk.db.reader, connection.id)).toMatchObject({ isValid: true, failures: 1 })
    authority.fail(null)
    await refresh()
    expect(readStanding(desk.db.reader, connection.id)).toMatchObject({ isValid: true, failures: 0, lastError: null, retryAt: null })
  })

  test('is invalid once a sign-in is needed, and valid again after it', async () => {
    authority.fail({ status: 400, body: SCHWAB_DEAD })
    await expect(refresh()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(readStanding(desk.db.reader, connection.id)).toMatchObject({ isValid: false, retryAt: null })
    desk.tokens.save(connection.id, grantOf(desk), { signInBy: null })
    expect(readStanding(desk.db.reader, connection.id)).toMatchObject({ isValid: true, failures: 0, lastError: null })
  })

  test('is ambiguous when the answer was lost, and not when nothing had left this computer', async () => {
    authority.around({ after: () => 'drop' })
    await expect(refresh()).rejects.toMatchObject({ code: 'net/offline' })
    expect(standing().ambiguous).toBe(true)

    await desk[Symbol.asyncDispose]()
    desk = await open({ origin: 'http://127.0.0.1:9' })
    signIn()
    await expect(refresh()).rejects.toMatchObject({ code: 'net/offline' })
    expect(standing()).toMatchObject({ ambiguous: false, lastError: { code: 'net/offline' } })
    expect(readIntent(desk.db.reader, connection.id)).toBeNull()
  })

  test.each(['drop', { status: 400, body: SCHWAB_DEAD }, down(3600)] as const)(
    'is none of a sign-in that came meanwhile: %j',
    async reply => {
      authority.fail(reply)
      authority.around({
        before: () => {
          desk.tokens.save(connection.id, grantOf(desk, { access: 'newer' }), { signInBy: null })
          return 'go on'
        },
      })
      await refresh().catch(() => undefined)
      expect(standing()).toMatchObject({ lastError: null, retryAt: null, ambiguous: false })
      expect(readStanding(desk.db.reader, connection.id)).toMatchObject({ isValid: true, failures: 0, lastError: null })
      desk.ports.clock.jump(LIFE_MS / 2)
      expect(await desk.tokens.sweep({ dueWithinMs: LIFE_MS })).toMatchObject({ due: 1, waiting: 0 })
    },
  )

  test('is told with its requests and its time', async () => {
    const told: unknown[] = []
    await desk[Symbol.asyncDispose]()
    desk = await open({ quickTriesMs: [1, 1], onRenewed: (of, ended) => told.push([of.id, ended.error?.code ?? null, ended.tries]) })
    await refresh()
    authority.fail(down())
    await expect(refresh()).rejects.toMatchObject({ code: 'broker/unavailable' })
    expect(told).toEqual([
      [connection.id, null, 1],
      [connection.id, 'broker/unavailable', 3],
    ])
  })
})

describe('after a restart', () => {
  const restart = async (): Promise<void> => {
    await desk[Symbol.asyncDispose]()
    desk = await open()
  }

  test('the failures go on being counted and the next try waits for its time', async () => {
    authority.fail(down())
    for (let time = 0; time < 9; time += 1) await expect(refresh()).rejects.toMatchObject({ code: 'broker/unavailable' })
    const before = standing()
    await restart()
    expect(standing()).toMatchObject({ retryAt: before.retryAt, lastError: before.lastError, lastAttemptAt: before.lastAttemptAt })
    await expect(refresh()).rejects.toMatchObject({ code: 'broker/unavailable' })
    expect(readStanding(desk.db.reader, connection.id)?.failures).toBe(10)
  })

  test("the broker's own waiting time still runs", async () => {
    authority.fail(down(3600))
    await expect(refresh()).rejects.toMatchObject({ code: 'broker/unavailable', retryAfterMs: 3_600_000 })
    await restart()
    desk.ports.clock.jump(LIFE_MS)
    await expect(bearer()).rejects.toThrow(/503/)
    expect(await desk.tokens.sweep({ dueWithinMs: LIFE_MS })).toEqual({ due: 1, renewed: 0, failed: 0, waiting: 1 })
    expect(authority.presented).toHaveLength(1)
    desk.ports.clock.jump(LIFE_MS)
    authority.fail(null)
    expect(await bearer()).toBe('Bearer access-2')
  })

  test("the broker's own waiting time is counted from its answer, however long that took", async () => {
    await desk[Symbol.asyncDispose]()
    desk = await open({ quickTriesMs: [1] })
    const replies = [down(), down(60)]
    authority.around({
      before: () => {
        desk.ports.clock.jump(25_000)
        authority.fail(replies.shift() ?? null)
        return 'go on'
      },
    })
    await expect(refresh()).rejects.toMatchObject({ code: 'broker/unavailable', retryAfterMs: 60_000 })
    await restart()
    authority.around(null)
    authority.fail(null)
    desk.ports.clock.jump(2 * 25_000 + 30_000)
    await desk.tokens.recover()
    expect(authority.presented).toHaveLength(2)
    desk.ports.clock.jump(30_000)
    await desk.tokens.recover()
    expect(authority.presented).toHaveLength(3)
  })

  test('a renewal whose end is not known is presented at once, but not before the time its broker named', async () => {
    authority.fail(down(3600))
    await expect(refresh()).rejects.toMatchObject({ code: 'broker/unavailable' })
    await restart()
    authority.fail(null)
    await desk.tokens.recover()
    expect(authority.presented).toHaveLength(1)
    desk.ports.clock.jump(3_600_000)
    await desk.tokens.recover()
    expect(authority.presented).toHaveLength(2)
    expect(standing()).toMatchObject({ ambiguous: false, lastError: null })
  })

  test('a clock that was set back meanwhile makes nobody wait longer than was said', async () => {
    authority.fail(down(60))
    await expect(refresh()).rejects.toMatchObject({ code: 'broker/unavailable' })
    await desk[Symbol.asyncDispose]()
    desk = await open()
    desk.ports.clock.jump(-86_400_000)
    expect(standing().lastError).not.toBeNull()
    desk.ports.clock.jump(300_001)
    authority.fail(null)
    await refresh()
    expect(standing().lastError).toBeNull()
  })
})

describe('quick tries', () => {
  const failTimes = (count: number): void => {
    let left = count
    authority.around({ before: () => ((left -= 1) >= 0 ? 'drop' : 'go on') })
  }

  test('come one, two and four seconds after each other, within half a minute, and only for what may pass', () => {
    const passing = new AppError('broker/unavailable')
    expect([1, 2, 3, 4].map(tries => quickWaitMs(passing, { tries, spentMs: 0 }))).toEqual([...QUICK_TRIES_MS, null])
    expect(QUICK_TRIES_MS).toEqual([1000, 2000, 4000])
    expect(quickWaitMs(passing, { tries: 1, spentMs: 29_001 })).toBeNull()
    expect(quickWaitMs(new AppError('broker/unavailable', { retryAfterMs: 20_000 }), { tries: 1, spentMs: 0 })).toBe(20_000)
    expect(quickWaitMs(new AppError('broker/unavailable', { retryAfterMs: 31_000 }), { tries: 1, spentMs: 0 })).toBeNull()
    for (const code of ['auth/sign-in-needed', 'auth/app-misconfigured', 'broker/refused', 'broker/rate-limited', 'app/canceled'] as const)
      expect(quickWaitMs(new AppError(code), { tries: 1, spentMs: 0 })).toBeNull()
  })

  test('make a passing problem pass unseen', async () => {
    await desk[Symbol.asyncDispose]()
    desk = await open({ quickTriesMs: [1, 1, 1] })
    failTimes(3)
    await refresh()
    expect(await bearer()).toBe('Bearer access-2')
    expect(authority.presented).toEqual(['refresh-1', 'refresh-1', 'refresh-1', 'refresh-1'])
    expect(standing()).toMatchObject({ lastError: null, ambiguous: false })
    expect(getTrouble(desk.db.reader, connection.id)).toBeNull()
  })

  test('leave it to the background after the third', async () => {
    await desk[Symbol.asyncDispose]()
    desk = await open({ quickTriesMs: [1, 1, 1] })
    failTimes(100)
    await expect(refresh()).rejects.toMatchObject({ code: 'net/offline' })
    expect(authority.presented).toHaveLength(4)
    expect(standing()).toMatchObject({ ambiguous: true, lastError: { code: 'net/offline' } })
  })

  test('hold nobody up whose token still works', async () => {
    await desk[Symbol.asyncDispose]()
    desk = await open({ quickTriesMs: [20_000] })
    desk.ports.clock.jump(LIFE_MS - 10_000)
    failTimes(1)
    expect(await bearer()).toBe('Bearer access-1')
    expect(standing().underWay).toBe(true)
  })

  test('end where the broker then refuses the token: the lost answer explains why', async () => {
    await desk[Symbol.asyncDispose]()
    desk = await open({ quickTriesMs: [1] })
    let first = true
    authority.around({
      after: () => {
        const reply = first ? 'drop' : 'go on'
        first = false
        return reply
      },
    })
    await expect(refresh()).rejects.toMatchObject({ code: 'auth/sign-in-needed' })
    expect(authority.presented).toEqual(['refresh-1', 'refresh-1'])
    expect(getConnection(desk.db.reader, connection.id)?.state).toMatchObject({ because: 'lost' })
  })

  test.each(['pause', 'stop'] as const)('end at once at a %s, and present nothing more', async way => {
    await desk[Symbol.asyncDispose]()
    desk = await open({ quickTriesMs: [20_000] })
    failTimes(1)
    const asked = Promise.withResolvers<void>()
    authority.around({
      before: () => {
        asked.resolve()
        return 'drop'
      },
    })
    const refreshed = refresh()
    await asked.promise
    await Promise.all([expect(refreshed).rejects.toMatchObject({ code: 'net/offline' }), desk.tokens[way]()])
    expect(authority.presented).toHaveLength(1)
  })
})

describe('before the computer sleeps', () => {
  test('nothing is presented any more until it wakes up, or a minute later if nobody says so', async () => {
    desk.tokens.pause()
    await expect(refresh()).rejects.toMatchObject({ code: 'net/asleep' })
    expect(authority.presented).toEqual([])
    expect(standing().lastError).toBeNull()
    expect(getConnection(desk.db.reader, connection.id)?.state).toEqual({ kind: 'connected' })
    desk.tokens.resume()
    await refresh()
    desk.tokens.pause()
    desk.ports.clock.jump(60_000)
    await refresh()
    expect(authority.presented).toEqual(['refresh-1', 'refresh-2'])
  })
})

describe('a renewal that waits for its turn', () => {
  test('leaves no more once the computer is about to sleep, and is as it was', async () => {
    authority.fail({ status: 429, headers: { 'retry-after': '30' } })
    await expect(refresh()).rejects.toMatchObject({ code: 'broker/rate-limited' })
    authority.fail(null)
    const failed = standing()
    const refreshed = refresh().catch((error: unknown) => error)
    while (!standing().underWay) await new Promise(resolve => setImmediate(resolve))
    desk.tokens.pause()
    desk.ports.clock.jump(30_000)
    expect(await refreshed).toMatchObject({ code: 'net/asleep' })
    expect(authority.presented).toHaveLength(1)
    expect(standing()).toMatchObject({ ambiguous: false, lastError: failed.lastError })
    expect(getTrouble(desk.db.reader, connection.id)).toMatchObject({ code: 'broker/rate-limited' })
    desk.tokens.resume()
    await refresh()
    expect(authority.presented).toHaveLength(2)
  })

  test('is answered when it left before the computer slept', async () => {
    authority.around({
      before: () => {
        desk.tokens.pause()
        return 'go on'
      },
    })
    await refresh()
    expect(await bearer()).toBe('Bearer access-2')
  })
})

describe('a sweep', () => {
  test('renews what ends in time and is in the second half of its life, once', async () => {
    expect(await desk.tokens.sweep({ dueWithinMs: 86_400_000 })).toEqual({ due: 0, renewed: 0, failed: 0, waiting: 0 })
    desk.ports.clock.jump(LIFE_MS / 2)
    expect(await desk.tokens.sweep({ dueWithinMs: LIFE_MS / 3 })).toMatchObject({ due: 0 })
    expect(await desk.tokens.sweep({ dueWithinMs: 86_400_000 })).toEqual({ due: 1, renewed: 1, failed: 0, waiting: 0 })
    expect(await desk.tokens.sweep({ dueWithinMs: 86_400_000 })).toMatchObject({ due: 0 })
    expect(authority.presented).toEqual(['refresh-1'])
  })

  test('tries at once what was only out of reach, as after a return of the network', async () => {
    desk.ports.clock.jump(LIFE_MS)
    authority.fail('drop')
    expect(await desk.tokens.sweep({ dueWithinMs: 0 })).toMatchObject({ failed: 1 })
    authority.fail(null)
    expect(await desk.tokens.sweep({ dueWithinMs: 0 })).toEqual({ due: 1, renewed: 1, failed: 0, waiting: 0 })
  })

  test('counts what failed and leaves it waiting the next time', async () => {
    desk.ports.clock.jump(LIFE_MS)
    authority.fail(down())
    expect(await desk.tokens.sweep({ dueWithinMs: 0 })).toEqual({ due: 1, renewed: 0, failed: 1, waiting: 0 })
    expect(await desk.tokens.sweep({ dueWithinMs: 0 })).toEqual({ due: 1, renewed: 0, failed: 0, waiting: 1 })
  })
})
