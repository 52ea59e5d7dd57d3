import type { Clock, Cron } from '../../electron/core/ports.ts'
import { Instant } from '../../shared/domain/time.ts'

const MINUTE_MS = 60_000
const LATE_MS = 60_000
const LONGEST_MS = 24 * 60 * MINUTE_MS
const QUARTER_MS = 900_000
const LONGEST_SEARCH_MS = 8 * 366 * 24 * 60 * MINUTE_MS

/**
 * The cron port over any clock, with the manners of the real one: a moment more than a minute past is left out, one run at a time, and a
 * clock set back does not silence it for longer than its five-minute watch.
 */
export function cronOver(clock: Clock, watchMs = 300_000): Cron {
  return {
    every(expression, run, { zone = 'UTC' } = {}) {
      let running = false
      let next = nextMatch(expression, clock.now(), zone)
      let stop = (): void => undefined
      const begin = async (): Promise<void> => {
        running = true
        await run()
        running = false
      }
      const beat = (setApart: number): void => {
        const now = clock.now()
        const moved = Math.abs(Instant.toEpochMs(now) - clock.monotonicMs() - setApart) > MINUTE_MS
        const late = Instant.msBetween(next, now)
        const isTime = late >= 0 && late <= LATE_MS
        if (late >= 0 || moved) next = nextMatch(expression, now, zone)
        arm()
        if (isTime && !running) void begin()
      }
      const arm = (): void => {
        const now = clock.now()
        const wait = Math.min(Math.max(0, Instant.msBetween(now, next)), watchMs, LONGEST_MS)
        stop = clock.after(wait, () => beat(Instant.toEpochMs(now) - clock.monotonicMs()))
      }
      arm()
      return () => stop()
    },
  }
}

/**
 * The first moment after an instant that a five-field expression names in a zone. Where clocks are put back the hour that comes twice
 * counts twice; node-cron passes it once. Throws RangeError when there is none within 8 years.
 */
export function nextMatch(expression: string, after: Instant, zone: string): Instant {
  const fields = expression.split(' ')
  if (fields.length !== 5) throw new RangeError('not five fields')
  const [minutes, hours, days, months, weekdays] = fields.map((field, at) => valuesOf(field, LIMITS[at] ?? [0, 0]))
  const begin = (Math.floor(Instant.toEpochMs(after) / MINUTE_MS) + 1) * MINUTE_MS
  let at = begin
  while (at - begin < LONGEST_SEARCH_MS) {
    const wall = new Date(at + offsetMs(at, zone))
    const isDay =
      days?.has(wall.getUTCDate()) === true && months?.has(wall.getUTCMonth() + 1) === true && weekdays?.has(wall.getUTCDay()) === true
    const isHour = isDay && hours?.has(wall.getUTCHours()) === true
    if (isHour && minutes?.has(wall.getUTCMinutes()) === true) return Instant.fromEpochMs(at)
    // Offsets change on a quarter of an hour, so no day or hour begins inside one.
    at = isHour ? at + MINUTE_MS : (Math.floor(at / QUARTER_MS) + 1) * QUARTER_MS
  }
  throw new RangeError('no such moment')
}

const LIMITS: readonly (readonly [number, number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
]

function valuesOf(field: string, [least, most]: readonly [number, number]): ReadonlySet<number> {
  const values = new Set<number>()
  for (const part of field.split(',')) {
    const [, range = '', step = '1'] = /^(\*|\d+(?:-\d+)?)(?:\/(\d+))?$/.exec(part) ?? []
    if (range === '') throw new RangeError(`not a cron field: ${field}`)
    const [from = least, to = from] = range === '*' ? [least, most] : range.split('-').map(Number)
    for (let value = from; value <= to; value += Number(step)) values.add(value)
  }
  return values
}

const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, number>()

/** Read from the formatter by itself, so that a mistake in the app's own zone arithmetic is not repeated here. */
function offsetMs(epochMs: number, zone: string): number {
  if (zone === 'UTC') return 0
  const bucket = Math.floor(epochMs / QUARTER_MS)
  const key = `${zone} ${bucket}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  formats.set(zone, format)
  const name = format.formatToParts(bucket * QUARTER_MS).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d{2}):(\d{2})/.exec(name) ?? []
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS
  if (offsets.size > 100_000) offsets.clear()
  offsets.set(key, offset)
  return offset
}
