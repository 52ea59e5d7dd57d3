import type { Knobs } from '../../knobs.ts'
import { eastern } from '../eastern.ts'
import type { EasternTime } from '../eastern.ts'

/** How a query writes its dates: the user chooses all three parts when setting it up. */
export interface DateStyle {
  /** A calendar day `2026-11-20` in the query's format. */
  day(day: string): string
  /** A moment, its day and time with the separator between them. */
  moment(ms: number): string
  /** A moment of which only the day is known to matter. */
  at(day: string, clock: string): string
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const

/**
 * The style the knobs ask for, or a query's own: `date-format` yyyyMMdd, yyyy-MM-dd, MM/dd/yyyy, MM/dd/yy or dd-MMM-yy, `time-format`
 * HHmmss, HH:mm:ss or `HH:mm:ss zone`, and any `separator`.
 */
export function dateStyle(knobs: Knobs, own: { readonly day: string; readonly time: string }): DateStyle {
  const dayFormat = knobs.get('date-format') ?? own.day
  const timeFormat = knobs.get('time-format') ?? own.time
  const separator = knobs.get('separator') ?? ';'
  const day = (text: string): string => dayIn(dayFormat, text)
  const clockOf = (clock: string, zone: EasternTime['zone']): string => {
    if (timeFormat === 'HHmmss') return clock.replaceAll(':', '')
    return timeFormat === 'HH:mm:ss zone' ? `${clock} ${zone}` : clock
  }
  return {
    day,
    moment(ms) {
      const at = eastern(ms)
      return `${day(at.day)}${separator}${clockOf(at.clock, at.zone)}`
    },
    at: (text, clock) => `${day(text)}${separator}${clockOf(clock, eastern(Date.parse(`${text}T17:00:00Z`)).zone)}`,
  }
}

function dayIn(format: string, text: string): string {
  const [year = '', month = '', day = ''] = text.split('-')
  if (format === 'yyyy-MM-dd') return text
  if (format === 'MM/dd/yyyy') return `${month}/${day}/${year}`
  if (format === 'MM/dd/yy') return `${month}/${day}/${year.slice(2)}`
  if (format === 'dd-MMM-yy') return `${day}-${MONTHS[Number(month) - 1] ?? ''}-${year.slice(2)}`
  return `${year}${month}${day}`
}
