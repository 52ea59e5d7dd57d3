import { z } from 'zod'
import { VaultSchema } from './app.ts'
import { isErrorCode } from './errors.ts'
import { defineRoute } from './route.ts'
import { InstantSchema } from './schemas.ts'

const none = z.strictObject({})
const passphrase = z.string().min(1).max(256)

export const VAULT_MIN_LENGTH = 8

const ProgressSchema = z.object({ done: z.int(), total: z.int() })

export const VaultStatusSchema = VaultSchema.extend({
  /** The store that guards the key, by its technical name. */
  backend: z.string(),
  /** Why it is locked, and the way out; null while it is open. */
  trouble: z.object({ code: z.string().refine(isErrorCode), message: z.string(), action: z.string() }).nullable(),
  /** When a busy store is asked again by itself. */
  nextTry: z.object({ at: InstantSchema, attempt: z.int(), of: z.int() }).nullable(),
  /** The key in use; null while it is locked. One that lives in memory only is not renewed by itself: `rotateAt` is null. */
  key: z.object({ createdAt: InstantSchema, ageDays: z.int(), rotateAt: InstantSchema.nullable() }).nullable(),
  /** How far a new key is; null when none is being made. */
  rotation: ProgressSchema.nullable(),
})
export type VaultStatusView = z.infer<typeof VaultStatusSchema>

/** The care of the vault. Asking again and starting over are `vault.unlock` and `vault.startOver`. */
export const vaultRoutes = {
  'vault.status': defineRoute({ kind: 'query', input: none, output: VaultStatusSchema }),
  /**
   * Seals every secret anew under a new key and destroys the old one; answers when it is done, with `vault.progress` events on the way.
   * Callers who ask together share one new key. Throws vault/locked, or what the store says; then everything is as before.
   */
  'vault.rotate': defineRoute({ kind: 'command', input: none, output: VaultStatusSchema }),
  /** Changes the passphrase that guards the key. Throws vault/locked, vault/not-passphrase and vault/wrong-passphrase. */
  'vault.setPassphrase': defineRoute({
    kind: 'command',
    input: z.strictObject({ current: passphrase, passphrase: passphrase.min(VAULT_MIN_LENGTH) }),
    output: VaultStatusSchema,
  }),
} as const

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
