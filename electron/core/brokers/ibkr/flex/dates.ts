import { Instant, instantAt, LocalDate } from '../../../../../shared/domain/time.ts'

/** A date of a statement: its day as written and, where a time stands beside it, the moment. */
export interface FlexTime {
  readonly day: LocalDate
  /** Null for a day alone, and for a time in a zone whose name does not say its offset. */
  readonly at: Instant | null
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const WHOLE = /^(.*?\d)(?:\s*[;,T]\s*|\s+)(\d{2}:?\d{2}(?::?\d{2})?)(?:\s+([A-Z]{2,5}))?$/
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/
const DASHED = /^(\d{4})-(\d{2})-(\d{2})$/
const SLASHED = /^(\d{2})\/(\d{2})\/(\d{4}|\d{2})$/
const NAMED = /^(\d{2})-([A-Za-z]{3})-(\d{4}|\d{2})$/
const OFFSETS = new Map([
  ['EDT', '-04:00'],
  ['EST', '-05:00'],
  ['UTC', 'Z'],
  ['GMT', 'Z'],
])

/**
 * Reads a date or date and time in any of the forms a Flex query can be set to. `ambiguous` is a date whose month and day cannot
 * be told apart; null is anything that is no date. `zone` (IANA) holds where the text names none.
 */
export function readFlexTime(text: string, zone: string): FlexTime | 'ambiguous' | null {
  const trimmed = text.trim()
  const whole = WHOLE.exec(trimmed)
  const found = readDay(whole?.[1] ?? trimmed)
  if (found === null) return null
  if (found === 'ambiguous') return 'ambiguous'
  const day = LocalDate.of(found)
  if (!whole) return { day, at: null }
  const clock = readClock(whole[2] ?? '')
  return clock === null ? null : { day, at: moment(day, clock, whole[3], zone) }
}

function readDay(text: string): LocalDate | 'ambiguous' | null {
  const [, year, month, day] = COMPACT.exec(text) ?? DASHED.exec(text) ?? []
  if (year !== undefined && month !== undefined && day !== undefined) return dayOf(year, month, day)
  const named = NAMED.exec(text)
  if (named) {
    const index = MONTHS.indexOf((named[2] ?? '').toUpperCase())
    return index < 0 ? null : dayOf(named[3] ?? '', String(index + 1).padStart(2, '0'), named[1] ?? '')
  }
  const slashed = SLASHED.exec(text)
  return slashed ? slashedDay(slashed[1] ?? '', slashed[2] ?? '', slashed[3] ?? '') : null
}

/** MM/dd or dd/MM: only a part over twelve says which is which. */
function slashedDay(first: string, second: string, year: string): LocalDate | 'ambiguous' | null {
  if (first === second || Number(second) > 12) return dayOf(year, first, second)
  return Number(first) > 12 ? dayOf(year, second, first) : 'ambiguous'
}

function dayOf(year: string, month: string, day: string): LocalDate | null {
  const century = Number(year) >= 70 ? '19' : '20'
  const text = `${year.length === 2 ? `${century}${year}` : year}-${month}-${day}`
  return LocalDate.is(text) ? text : null
}

function readClock(text: string): string | null {
  const digits = text.replaceAll(':', '').padEnd(6, '0')
  const [hours, minutes, seconds] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)]
  return Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60 ? `${hours}:${minutes}:${seconds}` : null
}

function moment(day: LocalDate, clock: string, zoneName: string | undefined, zone: string): Instant | null {
  if (zoneName === undefined) return instantAt(day, clock, zone)
  const offset = OFFSETS.get(zoneName)
  return offset === undefined ? null : Instant.parse(`${day}T${clock}${offset}`)
}
