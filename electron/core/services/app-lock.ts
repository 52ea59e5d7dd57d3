import { scrypt, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../../shared/contract/errors.ts'
import type { NewEvent } from '../../../shared/contract/events.ts'
import type { AppLockView } from '../../../shared/contract/vault.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Handlers } from '../bus/router.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { Clock, Power, Random } from '../ports.ts'
import { deleteAppLock, deleteLockTries, readAppLock, readLockTries, writeAppLock, writeLockTries } from '../store/app-lock.ts'

export interface AppLockDeps {
  readonly db: Db
  readonly clock: Clock
  readonly random: Random
  readonly power: Power
  readonly log: Log
  readonly emit: (event: NewEvent) => void
}

type LockHandlers = Pick<Handlers, 'lock.status' | 'lock.set' | 'lock.clear' | 'lock.now' | 'lock.open' | 'lock.touch'>

export interface AppLock {
  readonly handlers: LockHandlers
  isLocked(): boolean
  stop(): void
}

const MINUTE_MS = 60_000
const FIRST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 300_000
const SALT = 16
/** About a tenth of a second and 32 MiB for each guess. */
const COST = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }

/** The lock of the windows and the command line. It starts locked when one is set, and locks itself when nobody touched it for its idle time. */
export function createAppLock({ db, clock, random, power, log, emit }: AppLockDeps): AppLock {
  let lock = readAppLock(db.reader)
  let isLocked = lock !== null
  let touched = present()
  let notBeforeMs = clock.monotonicMs() + storedWaitMs()
  let stopTimer = (): void => undefined
  let last: Promise<unknown> = Promise.resolve()

  function present(): { readonly ms: number; readonly at: Instant } {
    return { ms: clock.monotonicMs(), at: clock.now() }
  }

  // The wall clock counts the time asleep, the other one cannot be set back.
  function idleLeftMs(minutes: number): number {
    return minutes * MINUTE_MS - Math.max(clock.monotonicMs() - touched.ms, Instant.msBetween(touched.at, clock.now()))
  }

  function watch(): void {
    stopTimer()
    const minutes = lock?.idleMinutes ?? null
    if (isLocked || minutes === null) return
    const left = idleLeftMs(minutes)
    if (left <= 0) close('idle')
    else stopTimer = clock.after(left, watch)
  }

  function close(why: 'idle' | 'asked'): void {
    stopTimer()
    if (isLocked) return
    isLocked = true
    log.info('lock.closed', { why })
    emit({ type: 'lock.changed' })
  }

  /** What is left of a wait a restart cut short; never longer than such a wait is, should the wall clock have been set back. */
  function storedWaitMs(): number {
    const { wrong, waitUntil } = readLockTries(db.reader)
    return waitUntil === null ? 0 : Math.min(Math.max(Instant.msBetween(clock.now(), waitUntil), 0), waitAfter(wrong))
  }

  const waitMs = (): number => Math.max(0, Math.ceil(notBeforeMs - clock.monotonicMs()))

  const view = (): AppLockView => ({ on: lock !== null, locked: isClosed(), waitMs: waitMs(), idleMinutes: lock?.idleMinutes ?? null })

  async function prove(passphrase: string): Promise<void> {
    if (lock === null) throw new AppError('lock/not-set')
    const left = waitMs()
    if (left > 0) throw new AppError('lock/wait', { details: { seconds: Math.ceil(left / 1000) }, retryAfterMs: left })
    // Counted before it is checked, so that ending the process in between gains no further try.
    const wrong = readLockTries(db.reader).wrong + 1
    const wait = waitAfter(wrong)
    writeLockTries(db.writer, { wrong, waitUntil: Instant.plus(clock.now(), wait) })
    notBeforeMs = clock.monotonicMs() + wait
    if (!timingSafeEqual(await hashOf(passphrase, lock.salt), lock.hash)) {
      log.warn('lock.refused', { wrong })
      emit({ type: 'lock.changed' })
      throw new AppError('lock/wrong-passphrase', { retryAfterMs: wait })
    }
    deleteLockTries(db.writer)
    notBeforeMs = 0
  }

  /** One after the other, so that tries made together are counted like tries made in turn. */
  function inTurn(event: string, change: () => Promise<void>): Promise<AppLockView> {
    const next = last.then(change).then(() => {
      touched = present()
      watch()
      log.info(event)
      emit({ type: 'lock.changed' })
      return view()
    })
    last = next.catch(() => undefined)
    return next
  }

  /** Timers stand still while the computer sleeps, so whoever asks first after it looks at the time. */
  function isClosed(): boolean {
    const minutes = lock?.idleMinutes ?? null
    if (!isLocked && minutes !== null && idleLeftMs(minutes) <= 0) close('idle')
    return isLocked
  }

  const forget = power.onResume(watch)
  watch()
  const handlers: LockHandlers = {
    'lock.status': view,
    'lock.set': ({ passphrase, idleMinutes, current }) =>
      inTurn('lock.set', async () => {
        if (lock !== null) await prove(current ?? passphrase)
        const salt = random.bytes(SALT)
        lock = { salt, hash: await hashOf(passphrase, salt), idleMinutes }
        writeAppLock(db.writer, lock)
      }),
    'lock.clear': ({ passphrase }) =>
      inTurn('lock.cleared', async () => {
        await prove(passphrase)
        deleteAppLock(db.writer)
        lock = null
        isLocked = false
      }),
    'lock.now': () => {
      if (lock === null) throw new AppError('lock/not-set')
      close('asked')
      return view()
    },
    'lock.open': ({ passphrase }) =>
      inTurn('lock.opened', async () => {
        await prove(passphrase)
        isLocked = false
      }),
    'lock.touch': () => {
      if (!isClosed()) touched = present()
      return {}
    },
  }
  return {
    handlers,
    isLocked: isClosed,
    stop() {
      forget()
      stopTimer()
    },
  }
}

/** 1 s, 2 s, 4 s and so on up to five minutes. */
function waitAfter(wrong: number): number {
  return wrong === 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(wrong - 1, 20))
}

/** The asynchronous scrypt runs on the thread pool, so requests go on meanwhile. */
function hashOf(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, COST, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
