import { backupDaily } from '../db/backup.ts'
import type { Db } from '../db/open.ts'
import type { Log } from '../log/log.ts'
import type { Clock, Power } from '../ports.ts'

export interface BackupsDeps {
  readonly db: Db
  readonly dir: string
  readonly clock: Clock
  readonly power: Power
  readonly log: Log
}

const DAY_MS = 86_400_000
/** The first copy waits until the start is over. */
const SETTLE_MS = 10_000

export interface Backups {
  start(): void
  /** Makes today's copy; false when it is there already. Throws app/disk-full and app/data-damaged. */
  now(): Promise<boolean>
  stop(): Promise<void>
}

/** Copies the database once a day for as long as the host runs, also after the computer slept. */
export function createBackups({ db, dir, clock, power, log }: BackupsDeps): Backups {
  let stopTimer = (): void => undefined
  let forget = (): void => undefined
  let running: Promise<void> = Promise.resolve()
  const plan = (ms: number): void => {
    stopTimer()
    stopTimer = clock.after(ms, run)
  }
  // One after another: both would write the same half-made copy.
  const make = (): Promise<boolean> => {
    const made = running.then(() => backupDaily(db, dir, clock.now())).then(file => file !== null)
    running = made.then(
      isNew => {
        if (isNew) log.info('backup.made')
      },
      (cause: unknown) => log.warn('backup.failed', { cause }),
    )
    return made
  }
  const run = (): void => {
    make().catch(() => undefined)
    plan(DAY_MS)
  }
  return {
    start() {
      plan(SETTLE_MS)
      forget = power.onResume(() => plan(SETTLE_MS))
    },
    now: make,
    async stop() {
      forget()
      stopTimer()
      await running
    },
  }
}
