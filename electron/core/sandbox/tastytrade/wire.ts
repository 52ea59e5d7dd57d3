import { Dec } from '../../../../shared/domain/decimal.ts'
import { EXCHANGE_ZONE, Instant, toLocalDate } from '../../../../shared/domain/time.ts'
import type { LocalDate } from '../../../../shared/domain/time.ts'
import { jsonReply } from '../exchange.ts'
import type { Reply } from '../exchange.ts'
import { paddedSymbol } from '../instrument.ts'
import type { Instrument } from '../instrument.ts'

/** A decimal as tastytrade writes it: text without a sign, with at least one place. */
export function amount(value: Dec): string {
  const text = Dec.abs(value)
  return text.includes('.') ? text : `${text}.0`
}

/** The word beside an amount that carries its sign. */
export function effectOf(value: Dec): 'Credit' | 'Debit' | 'None' {
  if (Dec.isZero(value)) return 'None'
  return Dec.isNegative(value) ? 'Debit' : 'Credit'
}

/** An amount and its effect under two keys. */
export function signed(key: string, value: Dec): Record<string, string> {
  return { [key]: amount(value), [`${key}-effect`]: effectOf(value) }
}

/** `2023-06-12T13:53:08.199+00:00` */
export function stamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 23)}+00:00`
}

/** The day at the exchange. */
export function dayAt(ms: number): LocalDate {
  return toLocalDate(Instant.fromEpochMs(ms), EXCHANGE_ZONE)
}

export function instrumentType(instrument: Instrument): string {
  return instrument.contract === null ? 'Equity' : 'Equity Option'
}

/** Symbols of options are padded to 21 characters. */
export function symbolOf(instrument: Instrument): string {
  return paddedSymbol(instrument)
}

export function underlyingOf(instrument: Instrument): string {
  return instrument.contract?.underlying ?? instrument.symbol
}

/** The error envelope of every endpoint but the token endpoint. */
export function tastyError(status: number, code: string, message: string, errors?: readonly object[]): Reply {
  return jsonReply(status, { error: { code, message, ...(errors === undefined ? {} : { errors }) } })
}

export function invalid(domain: string, reason: string): Reply {
  return tastyError(400, 'validation_error', 'Request validation failed', [{ domain, reason }])
}

/** A single answer in its envelope. */
export function single(path: string, data: unknown, status = 200): Reply {
  return jsonReply(status, { data, context: path })
}
