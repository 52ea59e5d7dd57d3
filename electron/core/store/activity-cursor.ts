import { AppError } from '../../../shared/contract/errors.ts'

/** A place in the history: the row a page ended with. */
export interface Place {
  /** Microseconds since 1970. */
  readonly sortAt: number
  readonly id: number
}

const FORM = /^(-?\d{1,16})\.(\d{1,15})$/

/** A place as opaque text for the outside. */
export function toCursor({ sortAt, id }: Place): string {
  return Buffer.from(`${sortAt}.${id}`).toString('base64url')
}

/** Reads a cursor; throws app/invalid-request for anything this app did not write. */
export function fromCursor(cursor: string): Place {
  const match = FORM.exec(Buffer.from(cursor, 'base64url').toString('latin1'))
  const place = { sortAt: Number(match?.[1] ?? Number.NaN), id: Number(match?.[2] ?? Number.NaN) }
  if (!Number.isSafeInteger(place.sortAt) || !Number.isSafeInteger(place.id) || toCursor(place) !== cursor) {
    throw new AppError('app/invalid-request')
  }
  return place
}
