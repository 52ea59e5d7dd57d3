import { Instant } from '../domain/time.ts'

const UNITS = [
  { ms: 86_400_000, word: 'day', short: 'd' },
  { ms: 3_600_000, word: 'hour', short: 'h' },
  { ms: 60_000, word: 'minute', short: 'min' },
]

function twoLargest(ms: number, write: (count: number, unit: (typeof UNITS)[number]) => string): string {
  const index = UNITS.findIndex(unit => ms >= unit.ms)
  const first = UNITS[index]
  if (!first) return ''
  const count = Math.floor(ms / first.ms)
  const second = UNITS[index + 1]
  const rest = second ? Math.floor((ms - count * first.ms) / second.ms) : 0
  return second && rest > 0 ? `${write(count, first)} ${write(rest, second)}` : write(count, first)
}

/** `1 d 3 h`, `42 min`, `under 1 min`. Negative durations read as none left. */
export function formatDuration(ms: number): string {
  return twoLargest(ms, (count, unit) => `${count} ${unit.short}`) || 'under 1 min'
}

/** `1 day 3 hours`, `42 minutes`, `under a minute`: for screen readers and sentences. */
export function durationWords(ms: number): string {
  return twoLargest(ms, (count, unit) => `${count} ${unit.word}${count === 1 ? '' : 's'}`) || 'under a minute'
}

/** A countdown: `04:12`, `1:04:12`, `1 d 3 h` beyond a day; `00:00` once it is over. */
export function formatCountdown(ms: number): string {
  if (ms >= 86_400_000) return formatDuration(ms)
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const tail = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${tail}` : tail
}

/** A short wait: `0:42`, `4:12`, `1:04:12`. */
export function formatWait(ms: number): string {
  return formatCountdown(ms + 999).replace(/^0(?=\d:\d\d$)/, '')
}

/** How long ago: `just now`, `3 min ago`, `2 d 4 h ago`. */
export function formatAge(instant: Instant, now: Instant): string {
  const ms = Instant.msBetween(instant, now)
  return ms < 60_000 ? 'just now' : `${formatDuration(ms)} ago`
}
