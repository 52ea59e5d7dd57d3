import path from 'node:path'
import { createLog, type Log } from '../core/log/log.ts'
import type { Clock, LogSink } from '../core/ports.ts'
import { createClock } from '../node/clock.ts'
import { createLogFile } from '../node/log-sink.ts'
import { createCrashWatch, type CrashWatch } from './crash-watch.ts'
import { type DesktopFile, openDesktopFile } from './desktop-file.ts'

/** What is there before the app is ready, whatever else may fail. */
export interface Base {
  readonly dataDir: string
  readonly clock: Clock
  readonly sink: LogSink
  readonly log: Log
  readonly file: DesktopFile
  readonly crashes: CrashWatch
}

/** Opens what the shell keeps in a data folder. Never throws: a folder nobody can write to is reported when the core opens it. */
export function openBase(dataDir: string): Base {
  const clock = createClock()
  const sink = createLogFile({ folder: path.join(dataDir, 'logs') })
  const log = createLog(sink, clock)
  const file = openDesktopFile({
    folder: path.join(dataDir, 'desktop'),
    onTrouble: (what, cause) => log.warn(`shell.memory-${what}`, { cause }),
  })
  const crashes = createCrashWatch({ marks: file.read().crashes, save: marks => file.remember({ crashes: marks }), now: clock.now })
  if (crashes.crashes > 0) log.warn('shell.ended-unexpectedly', { times: crashes.crashes, safeMode: crashes.isSafeMode })
  return { dataDir, clock, sink, log, file, crashes }
}
