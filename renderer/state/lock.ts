import { create } from 'zustand'
import type { RequestOf } from '../../shared/contract/routes.ts'
import type { AppLockView } from '../../shared/contract/vault.ts'
import { Instant } from '../../shared/domain/time.ts'
import { api } from './api.ts'
import { now } from './clock.ts'
import { createLoader, dataOf, idle, type Remote } from './remote.ts'

export type LockForm = RequestOf<'lock.set'>

interface LockState {
  readonly lock: Remote<AppLockView>
  /** Until when no passphrase is taken, after wrong ones; null when one is taken now. */
  readonly waitUntil: Instant | null
}

/** The app lock: a lock of this window against somebody at the desk. */
export const useLock = create<LockState>()(() => ({ lock: idle, waitUntil: null }))

const take = (lock: AppLockView): AppLockView => {
  useLock.setState({ waitUntil: lock.waitMs > 0 ? Instant.plus(now(), lock.waitMs) : null })
  return lock
}

export const refreshLock = createLoader<LockState, AppLockView>(useLock, { get: state => state.lock, put: lock => ({ lock }) }, async () =>
  take(await api().request('lock.status', {})),
)

export function isLocked(): boolean {
  return dataOf(useLock.getState().lock)?.locked === true
}

export function isLockOn(): boolean {
  return dataOf(useLock.getState().lock)?.on === true
}

/** No passphrase is taken for a while. */
export function noteWait(ms: number): void {
  useLock.setState({ waitUntil: Instant.plus(now(), ms) })
}

/** Sets the lock or changes it; `current` when it is on already. Rejects with BridgeError, as do all below. */
export async function setLock(form: LockForm): Promise<void> {
  await api().request('lock.set', form)
  await refreshLock()
}

export async function clearLock(passphrase: string): Promise<void> {
  await api().request('lock.clear', { passphrase })
  await refreshLock()
}

export async function lockNow(): Promise<void> {
  await api().request('lock.now', {})
  await refreshLock()
}

export async function openLock(passphrase: string): Promise<void> {
  await api().request('lock.open', { passphrase })
  await refreshLock()
}

const TOUCH_MS = 15_000

/** Tells the core that a person is there, at most every 15 seconds and only while a lock counts idle time. The answer stops it. */
export function watchPresence(target: Pick<Window, 'addEventListener' | 'removeEventListener'>): () => void {
  let last = -Infinity
  const touch = () => {
    const lock = dataOf(useLock.getState().lock)
    if (!lock?.on || lock.locked || lock.idleMinutes === null || performance.now() - last < TOUCH_MS) return
    last = performance.now()
    api()
      .request('lock.touch', {})
      .catch(() => undefined)
  }
  for (const name of ['keydown', 'pointerdown', 'pointermove', 'wheel']) target.addEventListener(name, touch, { passive: true })
  return () => {
    for (const name of ['keydown', 'pointerdown', 'pointermove', 'wheel']) target.removeEventListener(name, touch)
  }
}
