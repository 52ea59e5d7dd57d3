import { z } from 'zod'
import { defineRoute } from './route.ts'

const none = z.strictObject({})
const passphrase = z.string().min(1).max(256)

export const LOCK_MIN_LENGTH = 6
/** A day at most: a lock that waits longer guards nothing. */
export const LOCK_MAX_IDLE_MINUTES = 24 * 60

export const AppLockSchema = z.object({
  /** True when the user has set a lock. */
  on: z.boolean(),
  locked: z.boolean(),
  /** How long until a passphrase is taken again, after wrong ones; 0 when one is taken now. */
  waitMs: z.number(),
  /** Minutes without a touch until the lock closes by itself; null when it does not. */
  idleMinutes: z.int().nullable(),
})
export type AppLockView = z.infer<typeof AppLockSchema>

/**
 * The app lock: a lock of the windows and of the command line against somebody at the desk. It is no encryption. While it is locked
 * every other route answers app/locked (`app.status` does not), and events carry nothing but `lock.changed`; syncing goes on.
 */
export const lockRoutes = {
  'lock.status': defineRoute({ kind: 'query', input: none, output: AppLockSchema }),
  /**
   * Sets the lock, or changes it. When it is on already, `current` is the passphrase it has now; left out, `passphrase` has to be that
   * one, so that only the idle time changes. Throws lock/wrong-passphrase and lock/wait.
   */
  'lock.set': defineRoute({
    kind: 'command',
    input: z.strictObject({
      passphrase: passphrase.min(LOCK_MIN_LENGTH),
      idleMinutes: z.int().min(1).max(LOCK_MAX_IDLE_MINUTES).nullable(),
      current: passphrase.optional(),
    }),
    output: AppLockSchema,
  }),
  /** Takes the lock off. Throws lock/not-set, lock/wrong-passphrase and lock/wait. */
  'lock.clear': defineRoute({ kind: 'command', input: z.strictObject({ passphrase }), output: AppLockSchema }),
  /** Locks at once. Throws lock/not-set. */
  'lock.now': defineRoute({ kind: 'command', input: none, output: AppLockSchema }),
  /** Unlocks. Throws lock/not-set, lock/wrong-passphrase and lock/wait, both with `retryAfterMs`. */
  'lock.open': defineRoute({ kind: 'command', input: z.strictObject({ passphrase }), output: AppLockSchema }),
  /**
   * Says that a person is there: a key, a pointer, a command typed at a terminal. Only this counts against the idle time, so that
   * windows that read by themselves and commands run by a clock do not keep the lock open. Once in 15 seconds is plenty.
   */
  'lock.touch': defineRoute({ kind: 'command', input: none, output: none }),
} as const
