/** Counts of durations by bands: one below 1 ms, then four bands to each doubling, the last one open. */
export type Histogram = readonly number[]

/** A duration known to lie in a band, in milliseconds. */
export interface BandedMs {
  /** The middle of the band. */
  readonly ms: number
  readonly fromMs: number
  readonly toMs: number
}

const BANDS_A_DOUBLING = 4
/** 2^17 ms, some two minutes: longer than any call may take. */
const LAST_BAND = 1 + 17 * BANDS_A_DOUBLING

/** How far a figure read from the bands can be from the true one, as a share of it. */
export const BAND_ERROR = 2 ** (1 / (2 * BANDS_A_DOUBLING)) - 1

/** The band of a duration. */
export function bandOf(ms: number): number {
  return ms < 1 ? 0 : Math.min(LAST_BAND, 1 + Math.floor(Math.log2(ms) * BANDS_A_DOUBLING))
}

/** Both counts together. */
export function addHistograms(a: Histogram, b: Histogram): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, at) => (a[at] ?? 0) + (b[at] ?? 0))
}

/** The band that holds the given share of all durations (nearest rank), such as 0.95; null when there are none. */
export function quantile(histogram: Histogram, share: number): BandedMs | null {
  const total = histogram.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  const rank = Math.max(1, Math.ceil(total * share))
  let passed = 0
  const band = histogram.findIndex(count => (passed += count) >= rank)
  if (band <= 0) return { ms: 1, fromMs: 0, toMs: 1 }
  const fromMs = 2 ** ((band - 1) / BANDS_A_DOUBLING)
  const toMs = 2 ** (band / BANDS_A_DOUBLING)
  return { ms: Math.sqrt(fromMs * toMs), fromMs, toMs }
}
