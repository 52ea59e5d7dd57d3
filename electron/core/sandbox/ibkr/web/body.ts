import { jsonReply } from '../../exchange.ts'
import type { Reply } from '../../exchange.ts'

export type Fields = Readonly<Record<string, unknown>>

/** The fields of a JSON object; none for anything else. */
export function fieldsOf(text: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text === '' ? '{}' : text)
  } catch {
    return {}
  }
  return fieldsIn(value)
}

export function fieldsIn(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}

/** A field as text, whether it came as text or as a number; empty when it is missing. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** The error body of the web API. */
export function webError(status: number, error: string): Reply {
  return jsonReply(status, { error, statusCode: status })
}
