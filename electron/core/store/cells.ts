import { Instant } from '../../../shared/domain/time.ts'
import type { Row } from '../db/connection.ts'

/** Reading cells of a row. The database's own types are STRICT, so a wrong cell is a bug and throws TypeError. */

/** Text, as the branded or literal type it was stored from. */
export function text<T extends string = string>(row: Row, name: string): T {
  const value = row[name]
  if (typeof value !== 'string') throw new TypeError(`${name} is not text`)
  return value as T
}

export function textOrNull<T extends string = string>(row: Row, name: string): T | null {
  return row[name] === null ? null : text<T>(row, name)
}

export function integer(row: Row, name: string): number {
  const value = row[name]
  if (typeof value !== 'number') throw new TypeError(`${name} is not a number`)
  return value
}

/** An instant stored as microseconds since 1970. */
export function instant(row: Row, name: string): Instant {
  return Instant.fromEpochMicros(integer(row, name))
}

export function instantOrNull(row: Row, name: string): Instant | null {
  return row[name] === null ? null : instant(row, name)
}

export function bytes(row: Row, name: string): Uint8Array {
  const value = row[name]
  if (!(value instanceof Uint8Array)) throw new TypeError(`${name} is not bytes`)
  return value
}

/** JSON this store wrote itself. */
export function json<T>(row: Row, name: string): T {
  return JSON.parse(text(row, name)) as T
}

/** An instant as it is stored. */
export function micros(value: Instant): number {
  return Instant.toEpochMicros(value)
}

export function microsOrNull(value: Instant | null): number | null {
  return value === null ? null : Instant.toEpochMicros(value)
}
