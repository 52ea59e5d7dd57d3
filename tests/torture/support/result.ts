/** What a check found. `value` is the figure that decides, `unit` says of what; `lost` is what could not be had again. */
export interface TortureResult {
  readonly id: string
  /** Kills, requests, files or nights: what was tried, by itself. */
  readonly runs: number
  readonly lost: number
  readonly value: number
  readonly unit: string
  /** The most `value` may be. */
  readonly limit: number
  readonly pass: boolean
  readonly seconds: number
  readonly note: string
  /** The first things that went wrong, each with what repeats it. */
  readonly failures: readonly string[]
}

/** How much is asked of a check. */
export interface TortureOptions {
  /** A part of the runs, the same checks: for every push. */
  readonly fast: boolean
  readonly seed: number
}

export interface Found {
  readonly id: string
  readonly runs: number
  readonly lost: number
  readonly value: number
  readonly unit: string
  readonly limit?: number
  readonly note: string
  readonly failures: readonly string[]
}

const SHOWN = 10

/** Judges a figure: it passes at or below its limit (none at all when left out), with nothing else gone wrong and something tried. */
export function judge({ limit = 0, failures, ...found }: Found, beganMs: number): TortureResult {
  const pass = found.runs > 0 && found.value <= limit && failures.length === 0
  const seconds = Math.round((performance.now() - beganMs) / 100) / 10
  return { ...found, limit, pass, seconds, failures: failures.slice(0, SHOWN) }
}
