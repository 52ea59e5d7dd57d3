import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { AppError } from '../../../shared/contract/errors.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Db } from '../db/connection.ts'
import type { Log } from '../log/log.ts'
import type { Clock } from '../ports.ts'
import { type KillState, readKill, writeKill } from '../store/trading-switches.ts'

/** One switch for every account and every program. It is on when the file is there or the database says so. */
export interface KillSwitch {
  /** Null while it is off. Looks at the file anew each time: another program may have put it there. */
  state(): KillState | null
  /** Throws order/stopped-killed. */
  check(): void
  /** Answers whether this run pulled it now, and not before. */
  pull(by: string): boolean
  /** Off again, in both places. */
  release(): void
  /** Aborted when the switch is pulled; to be released once what was guarded is over. */
  guard(): { readonly signal: AbortSignal; release(): void }
}

export interface KillSwitchDeps {
  readonly db: Db
  readonly file: string
  readonly clock: Clock
  readonly log: Log
}

/** How often the file is looked at while something is on its way out. */
const LOOK_MS = 100

export function createKillSwitch({ db, file, clock, log }: KillSwitchDeps): KillSwitch {
  const guards = new Set<AbortController>()
  /** Pulled in this run: holds even where neither file nor database could be written. */
  let pulled: KillState | null = null
  let stopLooking: (() => void) | null = null

  const state = (): KillState | null => pulled ?? fromFile(file) ?? readKill(db.reader)
  const stopAll = (): void => {
    for (const each of guards) each.abort(new AppError('order/stopped-killed'))
  }

  function look(): void {
    stopLooking = null
    if (guards.size === 0) return
    if (state() !== null) stopAll()
    stopLooking = clock.after(LOOK_MS, look)
  }

  return {
    state,
    check() {
      if (state() !== null) throw new AppError('order/stopped-killed')
    },
    pull(by) {
      const isFirst = pulled === null
      pulled ??= state() ?? { since: clock.now(), by }
      stopAll()
      const text = JSON.stringify(pulled)
      for (const write of [() => writeThrough(file, text), () => writeKill(db.writer, pulled)]) {
        try {
          write()
        } catch (cause) {
          log.error('orders.kill-not-kept', { cause })
        }
      }
      return isFirst
    },
    release() {
      writeKill(db.writer, null)
      rmSync(file, { force: true })
      pulled = null
    },
    guard() {
      const controller = new AbortController()
      guards.add(controller)
      stopLooking ??= clock.after(LOOK_MS, look)
      return { signal: controller.signal, release: () => void guards.delete(controller) }
    },
  }
}

/** A file that cannot be read stops as well: it is there. */
function fromFile(file: string): KillState | null {
  if (!existsSync(file)) return null
  const unknown = { since: Instant.fromEpochMs(Math.floor(statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)), by: 'file' }
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const since: unknown = Reflect.get(Object(read), 'since')
    const by: unknown = Reflect.get(Object(read), 'by')
    return {
      since: typeof since === 'string' && Instant.is(since) ? since : unknown.since,
      by: typeof by === 'string' ? by.slice(0, 40) : unknown.by,
    }
  } catch {
    return unknown
  }
}

/** On disk when this returns; readable by its owner only. */
function writeThrough(file: string, text: string): void {
  const descriptor = openSync(file, 'w', 0o600)
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
