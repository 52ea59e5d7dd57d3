import { Instant } from '../../shared/domain/time.ts'

/** What tells the next start how this one ended. */
export interface CrashMarks {
  /** Since when a run is under way that has not ended in order; null after an end in order. */
  readonly running: Instant | null
  /** When starts found that the run before them had not ended in order, oldest first. */
  readonly ends: readonly Instant[]
}

export interface CrashWatch {
  /** How many times the app ended unexpectedly within the last minutes, one start after the other. */
  readonly crashes: number
  /** True when that was too often to start as usual. */
  readonly isSafeMode: boolean
  /** Marks that this run is under way. */
  began(): void
  /** Marks that this run ended in order, which also forgets what was before. */
  ended(): void
}

export interface CrashWatchDeps {
  readonly marks: CrashMarks
  readonly save: (marks: CrashMarks) => void
  readonly now: () => Instant
}

const MOST = 3
const WITHIN_MS = 5 * 60_000

/** Counts starts after an end nobody asked for: three of them within five minutes start the app in safe mode. */
export function createCrashWatch({ marks, save, now }: CrashWatchDeps): CrashWatch {
  const at = now()
  const ends = (marks.running === null ? marks.ends : [...marks.ends, at]).filter(end => isRecent(Instant.msBetween(end, at)))
  return {
    crashes: ends.length,
    isSafeMode: ends.length >= MOST,
    began: () => save({ running: at, ends }),
    ended: () => save({ running: null, ends: [] }),
  }
}

function isRecent(age: number): boolean {
  // A clock set back in between leaves an age that is none.
  return age >= 0 && age <= WITHIN_MS
}

/** Counts failures of one kind: true from the third within five minutes on. `nowMs` is a clock that only grows. */
export function createTally(nowMs: () => number): () => boolean {
  let times: number[] = []
  return () => {
    const at = nowMs()
    times = [...times.filter(time => at - time <= WITHIN_MS), at]
    return times.length >= MOST
  }
}
