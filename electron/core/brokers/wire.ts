import { z } from 'zod'
import { Dec } from '../../../shared/domain/decimal.ts'
import { Instant, LocalDate } from '../../../shared/domain/time.ts'

/** Reads a JSON number or a string that holds one. Undefined for anything else. */
function toDec(value: unknown): Dec | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  try {
    return Dec.of(typeof value === 'number' ? String(value) : value)
  } catch {
    return undefined
  }
}

/** An exact decimal, sent as a number or as text. */
export const decimal = z.unknown().transform((value, ctx): Dec => {
  const dec = toDec(value)
  if (dec !== undefined) return dec
  ctx.addIssue({ code: 'custom', message: 'not a decimal' })
  return z.NEVER
})

/** The same where a broker may leave it out, send null or send empty text: null then. */
export const decimalOrNull = z
  .unknown()
  .optional()
  .transform((value, ctx): Dec | null => {
    if (value === undefined || value === null || value === '') return null
    const dec = toDec(value)
    if (dec !== undefined) return dec
    ctx.addIssue({ code: 'custom', message: 'not a decimal' })
    return z.NEVER
  })

/** Text that may be missing, null or blank: null then; trimmed otherwise. */
export const textOrNull = z
  .string()
  .nullish()
  .transform(text => {
    const trimmed = text?.trim() ?? ''
    return trimmed === '' ? null : trimmed
  })

/** An id sent as text or as a number of any length; opaque text from here on. */
export const idText = z.union([z.string().trim().min(1), z.number()]).transform(String)

/** An id that may be missing; 0 and blanks mean "none". */
export const idOrNull = z
  .union([z.string(), z.number()])
  .nullish()
  .transform(id => {
    const text = String(id ?? '').trim()
    return text === '' || text === '0' ? null : text
  })

/** A moment in RFC 3339, also with `+0000`. */
export const instant = z.string().transform((text, ctx): Instant => {
  const moment = readInstant(text)
  if (moment !== undefined) return moment
  ctx.addIssue({ code: 'custom', message: 'not an instant' })
  return z.NEVER
})

export const instantOrNull = z
  .string()
  .nullish()
  .transform((text, ctx): Instant | null => {
    if (text === undefined || text === null || text === '') return null
    const moment = readInstant(text)
    if (moment !== undefined) return moment
    ctx.addIssue({ code: 'custom', message: 'not an instant' })
    return z.NEVER
  })

/** A calendar day, or a moment whose day is worked out by the map. */
export const dayOrInstant = z
  .string()
  .nullish()
  .transform((text, ctx): LocalDate | Instant | null => {
    if (text === undefined || text === null || text === '') return null
    if (LocalDate.is(text)) return text
    const moment = readInstant(text)
    if (moment !== undefined) return moment
    ctx.addIssue({ code: 'custom', message: 'not a day' })
    return z.NEVER
  })

/** Most times arrive in Keelson's own form already; the others are rewritten. */
function readInstant(text: string): Instant | undefined {
  if (Instant.is(text) && !text.endsWith('000Z')) return text
  try {
    return Instant.parse(text)
  } catch {
    return undefined
  }
}
