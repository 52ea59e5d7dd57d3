import { AppError } from '../../../../../shared/contract/errors.ts'
import { Dec } from '../../../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, Instant, instantAt, LocalDate } from '../../../../../shared/domain/time.ts'
import { averagePrice } from '../../average.ts'

/** A figure of TWS; null where it left it out. It counts in doubles, whose shortest text is what it sent. */
export function figure(value: number | undefined): Dec | null {
  return value === undefined || !Number.isFinite(value) || Math.abs(value) > 1e30 ? null : Dec.of(String(value))
}

/** A figure that must be there. Throws broker/unreadable. */
export function needed(value: number | undefined, name: string): Dec {
  const dec = figure(value)
  if (dec === null) throw new AppError('broker/unreadable', { details: { broker: 'TWS' }, cause: `${name} is missing` })
  return dec
}

/** The units behind one contract. TWS leaves it blank for stocks, which the client reads as zero. */
export function multiplierOf(multiplier: number | undefined): Dec {
  const dec = figure(multiplier)
  return dec === null || Dec.isZero(dec) ? Dec.of('1') : dec
}

/** The cost of one unit out of the cost of a contract of `multiplier` units, to 8 decimals. */
export function perUnit(cost: Dec, multiplier: Dec): Dec {
  const one = Dec.of('1')
  const rest = Dec.sub(multiplier, one)
  if (Dec.isZero(rest)) return cost
  return (
    averagePrice([
      { quantity: one, price: cost },
      { quantity: rest, price: Dec.zero },
    ]) ?? cost
  )
}

const TIME = /^(\d{4})(\d{2})(\d{2})[ -]+(\d{2}:\d{2}:\d{2})(?: +(\S.*))?$/

/**
 * A time of TWS: `20261120 09:31:05 US/Eastern`, or two blanks and no zone (`20250415  19:38:31`) from older ones, which then is the
 * zone TWS was started in; `zone` stands for it. Null for anything else.
 */
export function twsTime(text: string, zone: string): Instant | null {
  const [, year, month, day, clock, named] = TIME.exec(text.trim()) ?? []
  if (clock === undefined) return null
  const date = `${year}-${month}-${day}`
  if (!LocalDate.is(date)) return null
  return instantAt(date, clock, named === undefined ? zone : zoneOf(named))
}

const ZONES = new Map([
  ['EST', EXCHANGE_ZONE],
  ['EDT', EXCHANGE_ZONE],
  ['CST', 'America/Chicago'],
  ['CDT', 'America/Chicago'],
  ['PST', 'America/Los_Angeles'],
  ['PDT', 'America/Los_Angeles'],
  ['CET', 'Europe/Paris'],
  ['CEST', 'Europe/Paris'],
  ['JST', 'Asia/Tokyo'],
  ['HKT', 'Asia/Hong_Kong'],
  ['GMT', 'UTC'],
  ['BST', 'Europe/London'],
  ['British Summer Time', 'Europe/London'],
  ['Greenwich Mean Time', 'Europe/London'],
])

/** The IANA name of a zone as TWS writes it; New York for one nobody knows. */
export function zoneOf(name: string): string {
  const known = ZONES.get(name)
  if (known !== undefined) return known
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return EXCHANGE_ZONE
  }
}
