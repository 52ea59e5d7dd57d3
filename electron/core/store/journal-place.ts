import { AppError } from '../../../shared/contract/errors.ts'
import type { LocalDate } from '../../../shared/domain/time.ts'

const DAY_MS = 86_400_000
/** Numbers of entries stay below it; with every day of the calendar before them a place is still an exact number. */
const STEP = 2 ** 30

/** Where an entry stands among all: by day, then by its number. */
export function placeAt(day: LocalDate, n: number): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS) * STEP + n
}

export interface PlaceRange {
  readonly low: number
  readonly high: number
}

interface Bounds {
  readonly from?: LocalDate | undefined
  readonly to?: LocalDate | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
}

/** The places of some days, both included, and before the end of the page before. Throws app/invalid-request for a cursor that is none. */
export function placeRange({ from, to, after }: Bounds): PlaceRange {
  const high = to === undefined ? Number.MAX_SAFE_INTEGER : placeAt(to, STEP - 1)
  return {
    low: from === undefined ? Number.MIN_SAFE_INTEGER : placeAt(from, 0),
    high: after === undefined ? high : Math.min(high, fromCursor(after) - 1),
  }
}

/** A place as opaque text for the outside. */
export function toPlaceCursor(place: number): string {
  return Buffer.from(String(place)).toString('base64url')
}

function fromCursor(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString('latin1')
  const place = /^-?\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(place) || toPlaceCursor(place) !== cursor) throw new AppError('app/invalid-request')
  return place
}
