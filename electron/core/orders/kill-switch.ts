import { lstatSync, readFileSync, rmdirSync, rmSync, type Stats, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/contract/errors.ts'
import { InstantSchema } from '../../../shared/contract/schemas.ts'
import { Instant } from '../../../shared/domain/time.ts'
import type { Db } from '../db/connection.ts'
import type { Log } from '../log/log.ts'
import type { Clock } from '../ports.ts'
import { type KillState, readKill, writeKill } from '../store/trading-switches.ts'

/** One switch for every account and every program. It is on when the file is there or cannot be looked for, or the database says so. */
export interface KillSwitch {
  /** Null while it is off. Looks at the file anew each time: another program may have put it there. */
  state(): KillState | null
  /** Throws order/stopped-killed. */
  check(): void
  /** Answers whether this run pulled it now, and not before. */
  pull(by: string): boolean
  /** Off again, in both places. Throws order/kill-stays where what stands in the place of the file cannot be taken away. */
  release(): void
  /** How often it was seen on in this run and is off again: what waited meanwhile is not meant any more. */
  timesTakenBack(): number
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
  const fromFile = fileReader({ file, clock, log })
  const guards = new Set<AbortController>()
  /** Pulled in this run: holds even where neither file nor database could be written. */
  let pulled: KillState | null = null
  let stopLooking: (() => void) | null = null

  const { state, timesTakenBack } = counting(() => pulled ?? fromFile() ?? readKill(db.reader))
  const stopAll = (): void => {
    for (const each of guards) each.abort(new AppError('order/stopped-killed'))
  }

  /** For what must not fail: undefined where nobody can tell. */
  const seen = (): KillState | null | undefined => {
    try {
      return state()
    } catch {
      return undefined
    }
  }

  function look(): void {
    stopLooking = null
    if (guards.size === 0) return
    if (seen() !== null) stopAll()
    stopLooking = clock.after(LOOK_MS, look)
  }

  return {
    state,
    check() {
      if (state() !== null) throw new AppError('order/stopped-killed')
    },
    pull(by) {
      // Before anything is read: nothing that fails may come between the user and this.
      stopAll()
      const isFirst = pulled === null
      pulled ??= seen() ?? { since: clock.now(), by }
      const text = JSON.stringify(pulled)
      // On disk when it returns; readable by its owner only.
      for (const write of [() => writeFileSync(file, text, { mode: 0o600, flush: true }), () => writeKill(db.writer, pulled)]) {
        try {
          write()
        } catch (cause) {
          log.error('orders.kill-not-kept', { cause })
        }
      }
      return isFirst
    },
    release() {
      // It may be on without anybody having looked yet.
      state()
      writeKill(db.writer, null)
      takeAway(file)
      if (fromFile() !== null) throw staysOn(file)
      pulled = null
      state()
    },
    timesTakenBack,
    guard() {
      const controller = new AbortController()
      guards.add(controller)
      stopLooking ??= clock.after(LOOK_MS, look)
      return { signal: controller.signal, release: () => void guards.delete(controller) }
    },
  }
}

const Written = z.object({ since: InstantSchema.optional().catch(undefined), by: z.string().optional().catch(undefined) })

/** The state as it is read, and how often it went from on to off. */
function counting(read: () => KillState | null): Pick<KillSwitch, 'state' | 'timesTakenBack'> {
  let times = 0
  let wasOn = false

  function state(): KillState | null {
    const now = read()
    if (wasOn && now === null) times += 1
    wasOn = now !== null
    return now
  }

  return {
    state,
    timesTakenBack() {
      state()
      return times
    },
  }
}

/**
 * What the file says. Whatever is there stops, also a link that leads nowhere and a file that cannot be read; so does a folder that nobody can
 * look into, from when that was found.
 */
function fileReader({ file, clock, log }: Pick<KillSwitchDeps, 'file' | 'clock' | 'log'>): () => KillState | null {
  let unseen: KillState | null = null

  return () => {
    try {
      const there = lstatSync(file, { throwIfNoEntry: false })
      unseen = null
      return there ? stateIn(file, there) : null
    } catch (cause) {
      if (unseen === null) log.error('orders.kill-unseen', { cause })
      unseen ??= { since: clock.now(), by: 'file' }
      return unseen
    }
  }
}

function stateIn(file: string, there: Stats): KillState {
  const unknown = { since: Instant.fromEpochMs(Math.floor(there.mtimeMs)), by: 'file' }
  try {
    const { since = unknown.since, by = unknown.by } = Written.parse(JSON.parse(readFileSync(file, 'utf8')))
    return { since, by: by.slice(0, 40) }
  } catch {
    return unknown
  }
}

/** An empty folder in its place, too. One with something in it holds what is not ours. */
function takeAway(file: string): void {
  try {
    if (lstatSync(file, { throwIfNoEntry: false })?.isDirectory()) rmdirSync(file)
    else rmSync(file, { force: true })
  } catch (cause) {
    throw staysOn(file, cause)
  }
}

function staysOn(file: string, cause?: unknown): AppError {
  return new AppError('order/kill-stays', { details: { name: path.basename(file) }, cause })
}
