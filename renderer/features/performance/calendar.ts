import type { DayResult } from '../../../shared/contract/ledger.ts'
import { Dec } from '../../../shared/domain/decimal.ts'
import { LocalDate } from '../../../shared/domain/time.ts'

/** A month as it hangs on a wall: weeks from Monday, null outside of it. */
export interface Month {
  /** `2026-11`. */
  readonly id: string
  readonly weeks: readonly (readonly (LocalDate | null)[])[]
}

const WEEK = 7

/** The years there are results in, newest first; the year of `today` at least. */
export function yearsOf(days: readonly DayResult[], today: LocalDate): string[] {
  const years = new Set([...days.map(({ day }) => day.slice(0, 4)), today.slice(0, 4)])
  return [...years].toSorted().toReversed()
}

/** The twelve months of a year. */
export function monthsOf(year: string): Month[] {
  return Array.from({ length: 12 }, (_, index) => monthOf(`${year}-${String(index + 1).padStart(2, '0')}`))
}

/** A month by its name, such as `2026-11`. */
export function monthOf(id: string): Month {
  const first = LocalDate.of(`${id}-01`)
  // Monday is 0.
  const before = (new Date(`${first}T00:00:00Z`).getUTCDay() + WEEK - 1) % WEEK
  const cells: (LocalDate | null)[] = Array.from({ length: before }, () => null)
  for (let day = first; day.startsWith(id); day = LocalDate.plusDays(day, 1)) cells.push(day)
  while (cells.length % WEEK !== 0) cells.push(null)
  return { id, weeks: Array.from({ length: cells.length / WEEK }, (_, week) => cells.slice(week * WEEK, (week + 1) * WEEK)) }
}

/** The largest gain or loss of a day among these. */
export function largest(days: readonly DayResult[]): Dec {
  return days.reduce<Dec>((most, { realized }) => (Dec.cmp(Dec.abs(realized), most) > 0 ? Dec.abs(realized) : most), Dec.zero)
}

/** How strong a day's colour is: 0 for none, 1 to 4 by its share of the largest. For the eye only. */
export function strength(result: DayResult | undefined, most: Dec): 0 | 1 | 2 | 3 | 4 {
  if (!result || Dec.isZero(result.realized) || Dec.isZero(most)) return 0
  const share = Math.abs(Number(result.realized)) / Number(most)
  return share > 0.6 ? 4 : share > 0.3 ? 3 : share > 0.1 ? 2 : 1
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: WEEK, ArrowUp: -WEEK }

/** The day a key leads to, kept inside the year; undefined for keys that lead nowhere. */
export function dayFor(key: string, from: LocalDate): LocalDate | undefined {
  const year = from.slice(0, 4)
  const inside = (day: LocalDate) =>
    day < `${year}-01-01` ? LocalDate.of(`${year}-01-01`) : day > `${year}-12-31` ? LocalDate.of(`${year}-12-31`) : day
  const step = STEPS[key]
  if (step !== undefined) return inside(LocalDate.plusDays(from, step))
  if (key === 'Home') return LocalDate.of(`${from.slice(0, 7)}-01`)
  if (key === 'End') return lastOf(from)
  if (key === 'PageDown') return sameIn(from, 1)
  return key === 'PageUp' ? sameIn(from, -1) : undefined
}

function lastOf(day: LocalDate): LocalDate {
  let last = day
  for (let next = day; next.slice(0, 7) === day.slice(0, 7); next = LocalDate.plusDays(next, 1)) last = next
  return last
}

/** The same day a month on or back, or the last one the month has. */
function sameIn(day: LocalDate, months: 1 | -1): LocalDate {
  const month = Number(day.slice(5, 7)) + months
  if (month < 1 || month > 12) return day
  const id = `${day.slice(0, 4)}-${String(month).padStart(2, '0')}`
  const same = `${id}-${day.slice(8)}`
  return LocalDate.is(same) ? same : lastOf(LocalDate.of(`${id}-01`))
}

/** The month before or after one: `2026-12` comes before `2027-01`. */
export function monthBeside(id: string, step: 1 | -1): string {
  const count = Number(id.slice(0, 4)) * 12 + Number(id.slice(5)) - 1 + step
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`
}
