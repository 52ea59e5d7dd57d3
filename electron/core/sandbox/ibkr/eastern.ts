import { EXCHANGE_ZONE } from '../../../../shared/domain/time.ts'

/** A moment on the clock of the US exchanges. */
export interface EasternTime {
  /** `2026-11-20` */
  readonly day: string
  /** `09:31:05` */
  readonly clock: string
  /** `20261120` */
  readonly compactDay: string
  readonly zone: 'EST' | 'EDT'
}

const HOUR_MS = 3_600_000
const formatter = new Intl.DateTimeFormat('en-US', { timeZone: EXCHANGE_ZONE, timeZoneName: 'shortOffset' })
const offsets = new Map<number, number>()

/** Reads milliseconds since the epoch on the exchanges' clock. */
export function eastern(ms: number): EasternTime {
  const offset = hoursBehind(ms)
  const text = new Date(ms - offset * HOUR_MS).toISOString()
  const day = text.slice(0, 10)
  return { day, clock: text.slice(11, 19), compactDay: day.replaceAll('-', ''), zone: offset === 4 ? 'EDT' : 'EST' }
}

function hoursBehind(ms: number): number {
  const hour = Math.floor(ms / HOUR_MS)
  const known = offsets.get(hour)
  if (known !== undefined) return known
  const name = formatter.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const offset = Number(/-(\d+)/.exec(name)?.[1] ?? 5)
  if (offsets.size > 50_000) offsets.clear()
  offsets.set(hour, offset)
  return offset
}
