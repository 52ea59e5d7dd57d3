import { Instant, instantAt, LocalDate, toLocalDate } from './time.ts'

/** How often a connection is synced by itself. */
export const SYNC_INTERVALS = ['manual', '15m', 'hourly', 'daily'] as const
export type SyncInterval = (typeof SYNC_INTERVALS)[number]

/** When a connection is synced by itself: how often, and whether only while its market trades (and once after it closed). */
export interface SyncSchedule {
  readonly every: SyncInterval
  readonly marketHours: boolean
}

export const DEFAULT_SCHEDULE: SyncSchedule = { every: 'hourly', marketHours: true }

/** Hours of each day in which nothing syncs by itself: wall-clock times (`HH:MM`) in a zone (IANA name), over midnight when `to` is earlier. */
export interface QuietHours {
  readonly from: string
  readonly to: string
  readonly zone: string
}

const WALL_TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/

/** Whether quiet hours can be kept: two different times of day, in a zone this machine knows. */
export function isQuietHours({ from, to, zone }: QuietHours): boolean {
  return WALL_TIME.test(from) && WALL_TIME.test(to) && from !== to && isZone(zone)
}

/** When the quiet hours in which an instant falls are over; null outside of them. An hour left out or repeated that night moves nothing else. */
export function quietUntil({ from, to, zone }: QuietHours, at: Instant): Instant | null {
  const today = toLocalDate(at, zone)
  for (const day of [LocalDate.plusDays(today, -1), today]) {
    const begin = instantAt(day, `${from}:00`, zone)
    const end = instantAt(from < to ? day : LocalDate.plusDays(day, 1), `${to}:00`, zone)
    if (!Instant.isBefore(at, begin) && Instant.isBefore(at, end)) return end
  }
  return null
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
