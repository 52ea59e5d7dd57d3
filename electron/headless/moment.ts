import { Instant } from '../../shared/domain/time.ts'

const formatters = new Map<string, Intl.DateTimeFormat>()

/** A moment for a person, on the clock of his zone, which is named: `20 Nov 2026, 15:59 EST`. */
export function momentWords(instant: Instant, { zone }: { readonly zone: string }): string {
  let formatter = formatters.get(zone)
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'short',
    })
    formatters.set(zone, formatter)
  }
  const part = new Map(formatter.formatToParts(Instant.toEpochMs(instant)).map(({ type, value }) => [type, value]))
  const of = (type: Intl.DateTimeFormatPartTypes): string => part.get(type) ?? ''
  return `${of('day')} ${of('month')} ${of('year')}, ${of('hour')}:${of('minute')} ${of('timeZoneName')}`
}
