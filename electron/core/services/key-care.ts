import { Instant } from '../../../shared/domain/time.ts'
import type { Events } from '../bus/events.ts'
import type { Log } from '../log/log.ts'
import type { Clock } from '../ports.ts'
import type { OpenVault } from '../vault/data-key.ts'
import type { Progress, RotateOptions } from '../vault/rotation.ts'

export interface KeyCareDeps {
  readonly vault: Pick<OpenVault, 'rotate' | 'standing'>
  readonly clock: Clock
  readonly events: Pick<Events, 'emit'>
  readonly log: Log
  /** Runs a write while nothing else writes in bulk. */
  readonly between: NonNullable<RotateOptions['between']>
}

/** Renews the vault's key: once a year by itself, and when asked. */
export interface KeyCare {
  /** One new key at a time, however many ask for it. */
  rotate(): Promise<void>
  progress(): Progress | null
  /** When the key is renewed by itself; null for a key in memory, and while the vault is locked. */
  rotateAt(): Instant | null
  start(): void
  /** Looks no more; a new key on the way gets 5 s to be saved. */
  stop(): Promise<void>
}

const DAY_MS = 86_400_000
const YEAR_MS = 365 * DAY_MS
/** The first look waits until the start is over. */
const SETTLE_MS = 60_000
const LOOK_MS = DAY_MS / 4
/** A store that hangs must not keep Keelson from ending; the old key stays in use then. */
const DRAIN_MS = 5_000

export function createKeyCare({ vault, clock, events, log, between }: KeyCareDeps): KeyCare {
  let running: Promise<void> | null = null
  let progress: Progress | null = null
  let stopTimer = (): void => undefined

  async function renew(): Promise<void> {
    progress = { done: 0, total: 0 }
    const onProgress = (next: Progress): void => {
      progress = next
      events.emit({ type: 'vault.progress', ...next })
    }
    try {
      await vault.rotate({ between, onProgress })
      log.info('vault.rotated', { secrets: progress.total })
    } finally {
      progress = null
      running = null
      events.emit({ type: 'vault.changed' })
    }
  }

  function rotateAt(): Instant | null {
    const { keyCreatedAt, protection } = vault.standing()
    return keyCreatedAt === null || protection === 'memory' ? null : Instant.plus(keyCreatedAt, YEAR_MS)
  }

  const rotate = (): Promise<void> => (running ??= renew())

  function look(): void {
    const due = rotateAt()
    // A store that refuses is asked again with the next look; the old key is good until then.
    if (due !== null && !Instant.isBefore(clock.now(), due)) rotate().catch((cause: unknown) => log.warn('vault.rotation-failed', { cause }))
    stopTimer = clock.after(LOOK_MS, look)
  }

  return {
    rotate,
    progress: () => progress,
    rotateAt,
    start: () => void (stopTimer = clock.after(SETTLE_MS, look)),
    async stop() {
      stopTimer()
      if (!running) return
      const { promise: enough, resolve } = Promise.withResolvers<void>()
      const stopWaiting = clock.after(DRAIN_MS, resolve)
      await Promise.race([running.catch(() => undefined), enough])
      stopWaiting()
    },
  }
}
