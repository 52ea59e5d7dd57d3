import path from 'node:path'
import { forgetAppLock } from '../core/forget-app-lock.ts'
import { createClock } from '../node/clock.ts'
import { createLogFile } from '../node/log-sink.ts'

/** Takes the app lock of a data folder off; answers whether one was set. Throws app/busy while a Keelson runs on it. */
export function forgetLockIn(dataDir: string): boolean {
  return forgetAppLock({ paths: { dataDir }, clock: createClock(), log: createLogFile({ folder: path.join(dataDir, 'logs') }) })
}
