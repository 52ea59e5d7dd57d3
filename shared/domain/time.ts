/**
 * A moment in UTC as fixed-form text: `2026-11-20T20:59:58.000Z`, or with six fraction digits when microseconds are known.
 * Finer digits a broker sends stay in the raw row.
 */
export type Instant = string & { readonly __brand: 'Instant' }

/** A calendar day in some stated zone: `2026-11-20`. It has no time and no zone of its own. */
export type LocalDate = string & { readonly __brand: 'LocalDate' }

/** The zone of the US exchanges: trade dates of US brokers belong to it. */
export const EXCHANGE_ZONE = 'America/New_York'

const RFC3339 = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:?\d{2})$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}(?:\d{3})?Z$/
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const DAY_MS = 86_400_000

/** Reads RFC 3339 text, with `Z`, `+hh:mm` or `+hhmm` (Schwab writes no colon). Throws RangeError on anything else. */
function parse(text: string): Instant {
  const match = RFC3339.exec(text)
  if (!match) throw new RangeError('not an instant')
  const [, day, clock, fraction = '', zone = 'Z'] = match
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()
  const seconds = Date.parse(`${day}T${clock}${offset}`)
  if (Number.isNaN(seconds) || !isCalendarDay(day ?? '')) throw new RangeError('not an instant')
  return fromEpochMicros(seconds * 1000 + Number(fraction.padEnd(9, '0').slice(0, 6)))
}

function fromEpochMs(ms: number): Instant {
  return new Date(ms).toISOString() as Instant
}

function fromEpochMicros(micros: number): Instant {
  const ms = Math.floor(micros / 1000)
  const rest = micros - ms * 1000
  const text = new Date(ms).toISOString()
  return (rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`) as Instant
}

function toEpochMs(instant: Instant): number {
  return Date.parse(instant.length > 24 ? `${instant.slice(0, 23)}Z` : instant)
}

function toEpochMicros(instant: Instant): number {
  return toEpochMs(instant) * 1000 + (instant.length > 24 ? Number(instant.slice(23, 26)) : 0)
}

/** Operations on instants. Milliseconds in, milliseconds out, unless the name says micros. */
export const Instant = {
  parse,
  is: (text: string): text is Instant => INSTANT.test(text) && !Number.isNaN(toEpochMs(text as Instant)),
  fromEpochMs,
  fromEpochMicros,
  toEpochMs,
  toEpochMicros,
  plus: (instant: Instant, ms: number): Instant => fromEpochMicros(toEpochMicros(instant) + ms * 1000),
  msBetween: (from: Instant, to: Instant): number => toEpochMs(to) - toEpochMs(from),
  isBefore: (a: Instant, b: Instant): boolean => toEpochMicros(a) < toEpochMicros(b),
  earliest: (a: Instant, b: Instant): Instant => (toEpochMicros(a) <= toEpochMicros(b) ? a : b),
}

function isCalendarDay(text: string): boolean {
  const match = DATE.exec(text)
  if (!match) return false
  const at = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  return new Date(at).toISOString().startsWith(text)
}

/** Operations on calendar days. `of` throws RangeError when the text is not a real day. */
export const LocalDate = {
  of(text: string): LocalDate {
    if (!isCalendarDay(text)) throw new RangeError('not a calendar day')
    return text as LocalDate
  },
  is: (text: string): text is LocalDate => isCalendarDay(text),
  plusDays: (day: LocalDate, days: number): LocalDate =>
    new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10) as LocalDate,
}

const formatters = new Map<string, Intl.DateTimeFormat>()
const weeks = new Map<string, Map<number, number>>()
const WEEK_MS = 604_800_000
const WEEKS_CACHE = 20_000

/** A week that begins and ends with one offset has it throughout: clocks are not moved there and back within days. */
function zoneOffsetMs(epochMs: number, zone: string): number {
  let known = weeks.get(zone)
  if (!known) weeks.set(zone, (known = new Map<number, number>()))
  const week = Math.floor(epochMs / WEEK_MS)
  let offset = known.get(week)
  if (offset === undefined) {
    const begin = offsetAt(week * WEEK_MS, zone)
    offset = begin === offsetAt((week + 1) * WEEK_MS, zone) ? begin : Number.NaN
    if (known.size >= WEEKS_CACHE) known.clear()
    known.set(week, offset)
  }
  return Number.isNaN(offset) ? offsetAt(epochMs, zone) : offset
}

const offsets = new Map<string, number>()
// Every zone in use moves its offset on a quarter of an hour, so one look-up serves all instants inside it.
const OFFSET_BUCKET_MS = 900_000
const OFFSET_CACHE = 20_000

function offsetAt(epochMs: number, zone: string): number {
  const bucket = Math.floor(epochMs / OFFSET_BUCKET_MS)
  const key = `${zone}@${bucket}`
  const known = offsets.get(key)
  if (known !== undefined) return known
  let formatter = formatters.get(zone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    })
    formatters.set(zone, formatter)
  }
  const at = bucket * OFFSET_BUCKET_MS
  const part: Record<string, number> = {}
  for (const { type, value } of formatter.formatToParts(at)) part[type] = Number(value)
  const wall = Date.UTC(part['year'] ?? 0, (part['month'] ?? 1) - 1, part['day'] ?? 1, part['hour'] ?? 0, part['minute'] ?? 0, part['second'] ?? 0)
  if (offsets.size >= OFFSET_CACHE) offsets.clear()
  offsets.set(key, wall - at)
  return wall - at
}

/** The calendar day on which an instant falls in a zone (IANA name). */
export function toLocalDate(instant: Instant, zone: string): LocalDate {
  const ms = toEpochMs(instant)
  return new Date(ms + zoneOffsetMs(ms, zone)).toISOString().slice(0, 10) as LocalDate
}

/** The instant at which a calendar day begins in a zone (IANA name). */
export function startOfDay(day: LocalDate, zone: string): Instant {
  return instantAt(day, '00:00:00', zone)
}

/**
 * The instant a clock (`hh:mm:ss`) on a wall in a zone shows on a day. Of an hour that comes twice it is the first; one that is left out
 * counts from the hour before it (02:30 on such a night is 03:30).
 */
export function instantAt(day: LocalDate, clock: string, zone: string): Instant {
  const wall = Date.parse(`${day}T${clock}Z`)
  const before = zoneOffsetMs(wall - DAY_MS, zone)
  const after = zoneOffsetMs(wall + DAY_MS, zone)
  if (before === after) return fromEpochMs(wall - before)
  const shown = [wall - before, wall - after].filter(ms => ms + zoneOffsetMs(ms, zone) === wall)
  return fromEpochMs(shown.length > 0 ? Math.min(...shown) : wall - before)
}
