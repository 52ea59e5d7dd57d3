import { formatCount } from '../../../shared/words/decimal.ts'
import { formatDuration } from '../../../shared/words/duration.ts'

/** A share as per cent with one decimal, rounded down so that nothing short of all reads 100 %: `98.7 %`. */
export function formatShare(share: number): string {
  return share >= 1 ? '100 %' : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`
}

/** A measured time: `412 ms`, `4.2 s`, `2 min`. */
export function formatMs(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  return ms < 59_950 ? `${(ms / 1000).toFixed(1)} s` : formatDuration(ms)
}

/** A pace: `120 requests each minute`, `2 requests each second`. */
export function formatPace(requests: number, perMs: number): string {
  const each = perMs === 1000 ? 'second' : perMs === 60_000 ? 'minute' : perMs === 3_600_000 ? 'hour' : formatMs(perMs)
  return `${formatCount(requests)} each ${each}`
}
