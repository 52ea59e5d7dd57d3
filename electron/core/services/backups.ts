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

/** Copies the database once a day for as long as the host runs, also after the computer slept. */
export function createBackups({ db, dir, clock, power, log }: BackupsDeps): { start(): void; stop(): Promise<void> } {
  let stopTimer = (): void => undefined
  let forget = (): void => undefined
  let running: Promise<void> = Promise.resolve()
  const plan = (ms: number): void => {
    stopTimer()
    stopTimer = clock.after(ms, run)
  }
  const run = (): void => {
    running = backupDaily(db, dir, clock.now()).then(
      file => {
        if (file !== null) log.info('backup.made')
      },
      (cause: unknown) => log.warn('backup.failed', { cause }),
    )
    plan(DAY_MS)
  }
  return {
    start() {
      plan(SETTLE_MS)
      forget = power.onResume(() => plan(SETTLE_MS))
    },
    async stop() {
      forget()
      stopTimer()
      await running
    },
  }
}
